"""Consent: the exact bytes, the right person, never under a dose, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.records.facts.altered import same_name
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, DocumentVersion, Person, Session, Signature
from openkap.steps.consent import library_document, publish_document, sign_consent
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused, Stale
from tests.integration.course_of import course_of, dose_given
from tests.people import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


@pytest.fixture
def version(people: Cast) -> DocumentVersion:
    return published(people)


def published(people: Cast, text: str = "") -> DocumentVersion:
    document = library_document("consent.iv")
    return publish_document(
        by=SYSTEM,
        at=NOW - timedelta(days=9),
        organisation=people.clinic,
        document=document.id,
        title=document.title,
        text=text or document.text,
        language=document.language,
    )


def sign(people: Cast, course: Course, version: DocumentVersion, **changes: object) -> Signature:
    given = {
        "by": people.patient("wren"),
        "at": NOW,
        "course": course,
        "document": "consent.iv",
        "sha256": version.sha256,
        "typed_name": "Wren Alderbrook",
        "known_by": "sign-in",
    }
    return sign_consent(**{**given, **changes})  # type: ignore[arg-type]


def test_the_signature_names_the_bytes_that_were_shown(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    signature = sign(people, course, version)
    assert signature.sha256 == version.sha256 == signature.document.sha256
    assert consent_of(course, NOW).state == "signed"


def test_the_library_text_says_what_the_dossier_asks_for(version: DocumentVersion) -> None:
    text = version.text.lower()
    for word in (
        "off-label",
        "promising, not proven",
        "988",
        "bladder",
        "touch",
        "stop",
        "spravato",
        "24 hours",
    ):
        assert word in text
    assert "!" not in text


def test_a_newer_version_refuses_the_older_hash(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    published(people, version.text + "\nOne line more.\n")
    with pytest.raises(Stale, match="newer version"):
        sign(people, course, version)
    assert not Signature.objects.exists()


def test_a_signature_under_an_older_version_is_told_apart(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    sign(people, course, version)
    published(people, version.text + "\nOne line more.\n")
    assert consent_of(course, NOW).state == "older"


def test_a_hash_that_was_never_published_is_refused(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    with pytest.raises(Stale, match="not one that Larkmoor Clinic has published"):
        sign(people, course, version, sha256="0" * 64)


def test_the_same_bytes_published_again_stay_the_same_version(people: Cast, version: DocumentVersion) -> None:
    assert published(people) == version


def test_signing_twice_is_signing_once(people: Cast, course: Course, version: DocumentVersion) -> None:
    first = sign(people, course, version)
    assert sign(people, course, version, at=NOW + timedelta(minutes=5)) == first
    assert Signature.objects.count() == 1


def test_the_same_form_sent_twice_signs_once(people: Cast, course: Course, version: DocumentVersion) -> None:
    from openkap.records.ids import new_id

    submission = new_id()
    sign(people, course, version, submission=submission)
    with pytest.raises(AlreadyDone):
        sign(people, course, version, submission=submission)
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("typed", ["Mira Fennimore-Hale", "Wren", "x", "   ", "Gwendolyn"])
def test_another_name_is_refused_and_names_the_field(
    people: Cast, course: Course, version: DocumentVersion, typed: str
) -> None:
    with pytest.raises(Refused) as refusal:
        sign(people, course, version, typed_name=typed)
    assert refusal.value.field == "typed_name"


@pytest.mark.parametrize(
    "typed", ["Gwendolyn Alderbrook", "wren alderbrok", "ALDERBROOK WREN", "Gwendolyn M. Alderbrook"]
)
def test_slips_of_the_finger_are_forgiven(people: Cast, typed: str) -> None:
    assert same_name(typed, people["wren"])


def test_names_in_another_script_are_names() -> None:
    person = Person(given_name="Ольга", family_name="Иванова")
    assert same_name("ольга иванова", person)
    assert not same_name("Анна Петрова", person)


def test_nobody_signs_during_a_dose_or_before_its_next_day(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    session = dose_given(people, course, NOW)
    with pytest.raises(Refused, match="Not today"):
        sign(people, course, version, at=NOW + timedelta(minutes=20))
    session.state, session.started_at = "done", NOW
    session.ended_at = NOW + timedelta(hours=2)
    session.save()
    with pytest.raises(Refused, match="Wednesday, March 10, 11:00 am"):
        sign(people, course, version, at=NOW + timedelta(hours=25, minutes=59))
    assert sign(people, course, version, at=NOW + timedelta(hours=26))


def test_a_dose_drawn_and_called_off_holds_nothing_up(
    people: Cast, course: Course, version: DocumentVersion
) -> None:
    session = dose_given(people, course, NOW, given=False)
    with pytest.raises(Refused, match="Not today"):
        sign(people, course, version, at=NOW + timedelta(minutes=1))
    Session.objects.filter(id=session.id).update(state="cancelled")
    assert sign(people, course, version, at=NOW + timedelta(minutes=2))


def test_an_ended_course_is_not_signed_for(people: Cast, course: Course, version: DocumentVersion) -> None:
    course.ended_at, course.ended_why = NOW, "stopped"
    course.save()
    with pytest.raises(Refused, match="has ended"):
        sign(people, course, version)


@pytest.mark.parametrize("who", ["tamsin", "odette", "priya"])
def test_staff_cannot_sign_for_a_patient(
    people: Cast, course: Course, version: DocumentVersion, who: str
) -> None:
    with pytest.raises(NotPermitted):
        sign(people, course, version, by=people.by(who))


def test_another_patient_cannot_sign(people: Cast, course: Course, version: DocumentVersion) -> None:
    with pytest.raises(NotPermitted):
        sign(people, course, version, by=people.patient("noor"), typed_name="Noor Castellane")


def test_only_an_administrator_publishes(people: Cast) -> None:
    given = {"organisation": people.clinic, "document": "consent.im", "title": "t", "text": "x", "at": NOW}
    assert publish_document(by=people.by("priya"), **given).version == 1
    with pytest.raises(NotPermitted):
        publish_document(by=people.by("tamsin"), **given)
