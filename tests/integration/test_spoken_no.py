"""A no that was said aloud: kept as it was said, and as good as the patient's own press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from openkap.records.facts.consent import consent_of
from openkap.records.ids import new_id
from openkap.records.models import Course, Declined, Signature, SpokenNo, Task
from openkap.steps.consent import library_document, publish_document, sign_consent
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.say_no import decline_consent, take_back_consent
from openkap.steps.spoken_no import record_spoken_no
from tests.integration.course_of import course_of, dose_given
from tests.integration.door_visitors import Visitor
from tests.people import NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db
SAID = "I don’t want it any more. No más. 😔"


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def course(people: Cast) -> Course:
    text = library_document()
    publish_document(
        by=SYSTEM, at=NOW, organisation=people.clinic, document=text.id, title=text.title, text=text.text
    )
    return course_of(people)


def sign(people: Cast, course: Course, at: datetime = NOW - timedelta(days=1)) -> Signature:
    version = consent_of(course, NOW).version
    assert version is not None
    return sign_consent(
        by=people.patient("wren"),
        at=at,
        course=course,
        document=version,
        sha256=version.sha256,
        typed_name="Gwendolyn Alderbrook",
        known_by="sign-in",
    )


def say(people: Cast, course: Course, key: str = "odette", **more: Any) -> SpokenNo:
    said = {
        "by": people.by(key),
        "at": NOW,
        "course": course,
        "said_by": "Wren Alderbrook",
        "heard_by": people["jonah"],
        "said_at": NOW - timedelta(minutes=10),
        "words": SAID,
    }
    return record_spoken_no(**{**said, **more})


def tasks() -> list[str]:
    return list(Task.objects.filter(done_at=None, what__startswith="consent_").values_list("what", flat=True))


def test_a_no_before_signing_is_the_patient_s_own_no(people: Cast, course: Course) -> None:
    row = say(people, course)
    assert (row.what, row.said_by, row.heard_by, row.words) == (
        "declined",
        "Wren Alderbrook",
        people["jonah"],
        SAID,
    )
    assert (row.at, row.recorded_at, row.by_person) == (NOW - timedelta(minutes=10), NOW, people["odette"])
    declined = Declined.objects.get()
    assert (declined.source, declined.at) == ("spoken", row.at)
    assert tasks() == ["consent_declined"]
    assert decline_consent(by=people.patient("wren"), at=NOW, course=course) == declined
    sign(people, course, NOW + timedelta(hours=1))
    assert consent_of(course, NOW).state == "signed" and tasks() == []


def test_what_was_signed_is_withdrawn_and_no_consent_stands(people: Cast, course: Course) -> None:
    signed = sign(people, course)
    row = say(people, course, said_by="Lou Alderbrook, brother")
    assert row.what == "taken_back"
    consent = consent_of(course, NOW)
    assert (consent.state, consent.taken_back_at) == ("unsigned", row.at)
    withdrawn = Signature.objects.get(corrects=signed)
    assert withdrawn.withdrawn and withdrawn.source == "spoken"
    assert "Lou Alderbrook, brother" in withdrawn.reason and SAID in withdrawn.reason
    assert tasks() == ["consent_taken_back"]
    assert take_back_consent(by=people.patient("wren"), at=NOW, course=course) == ()


def test_said_while_a_dose_acts_it_counts(people: Cast, course: Course) -> None:
    sign(people, course, NOW - timedelta(days=3))
    dose_given(people, course, NOW - timedelta(minutes=20))
    say(people, course, "jonah")
    assert consent_of(course, NOW).state == "unsigned"


def test_what_was_signed_after_it_was_said_is_not_undone(people: Cast, course: Course) -> None:
    signed = sign(people, course, NOW - timedelta(minutes=5))
    with pytest.raises(Refused, match="signed after that") as refused:
        say(people, course)
    assert refused.value.field == "said_at"
    assert consent_of(course, NOW).signature == signed
    assert not SpokenNo.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"words": "  "}, "words"),
        ({"said_by": ""}, "said_by"),
        ({"said_at": NOW + timedelta(minutes=1)}, "said_at"),
        ({"said_at": NOW - timedelta(days=4000)}, "said_at"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    people: Cast, course: Course, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        say(people, course, **more)
    assert refused.value.field == field


def test_only_someone_of_this_practice_heard_it(people: Cast, course: Course) -> None:
    with pytest.raises(Refused, match="not of this practice"):
        say(people, course, heard_by=people["mira"])


@pytest.mark.parametrize("key", ["tamsin", "jonah", "osric", "odette"])
def test_whoever_cares_or_answers_the_telephone_may(people: Cast, course: Course, key: str) -> None:
    assert say(people, course, key)


@pytest.mark.parametrize("key", ["mira", "priya"])
def test_others_may_not(people: Cast, course: Course, key: str) -> None:
    with pytest.raises(NotPermitted):
        say(people, course, key)


def test_the_page_says_what_it_does_keeps_words_and_counts_once(people: Cast, course: Course) -> None:
    sign(people, course)
    odette = Visitor().become("odette")
    odette.get(reverse("care-patient", args=[people.file("wren").id]))
    address = reverse("care-spoken-no", args=[course.id])
    assert address in odette.page
    odette.get(address)
    assert "what was signed is withdrawn" in odette.page
    said = {
        "submission": str(new_id()),
        "said_by": "Wren Alderbrook",
        "heard_by": str(people["jonah"].id),
        "said_at": "2027-03-09T08:50",
        "words": "",
    }
    assert odette.post(address, said).status_code == 422
    assert "as near as you can" in odette.page
    said["words"] = SAID
    assert odette.post(address, said).status_code == 302
    assert odette.post(address, said).status_code == 302
    assert SpokenNo.objects.count() == 1
    odette.get(address)
    assert SAID in odette.page and "Taken back." in odette.page
    assert Visitor().become("mira").get(address).status_code == 404
    assert Visitor().become("priya").post(address, said).status_code in (403, 404)
