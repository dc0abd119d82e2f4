"""Sharing: what a grant opens, how it ends, and that both count from that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openkap.permits import Actor
from openkap.records.models import (
    Course,
    Disclosure,
    Grant,
    Participation,
    PatientFile,
    Score,
    Session,
    SessionSummary,
)
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.measures import answer_form
from openkap.steps.notes import summarise_session
from openkap.steps.open import open_record
from openkap.steps.sharing import change_scopes, grant, revoke
from tests.integration.course_of import course_of, dose_given
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
ALL = ("schedule", "session_summaries", "measures")


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


def share(people: Cast, course: Course, **changes: Any) -> Grant:
    given: dict[str, Any] = {
        "by": people.patient("wren"),
        "at": NOW,
        "course": course,
        "to_organisation": people.therapy,
        "to_person": people["mira"],
        "scopes": ALL,
        "purpose": "To plan therapy around my doses",
        "until": NOW + timedelta(days=200),
        "from_start": True,
    }
    return grant(**{**given, **changes})


def seen(model: type[Any], by: Actor, at: Any) -> int:
    return scoped(model.objects.all(), scope_now(by, at)).count()


def test_a_grant_opens_at_once_and_revoking_closes_at_once(people: Cast, course: Course) -> None:
    session = dose_given(people, course, NOW - timedelta(days=5))
    Session.objects.filter(id=session.id).update(state="done", ended_at=NOW - timedelta(days=5))
    session.refresh_from_db()
    summarise_session(by=people.by("jonah"), at=NOW - timedelta(days=5), session=session, text="Calm.")
    answer_form(
        by=people.patient("wren"), at=NOW, course=course, instrument="phq9", answers={"1": 1}, point="before"
    )
    mira = people.by("mira")
    for model in (Course, Session, SessionSummary, Score):
        assert seen(model, mira, NOW) == 0
    made = share(people, course)
    for model in (Course, Session, SessionSummary, Score):
        assert seen(model, mira, NOW) == 1
    revoke(by=people.patient("wren"), at=NOW + timedelta(seconds=1), grant=made)
    for model in (Course, Session, SessionSummary, Score):
        assert seen(model, mira, NOW + timedelta(seconds=1)) == 0


def test_a_grant_makes_a_file_and_a_part_in_the_course(people: Cast, course: Course) -> None:
    share(people, course)
    assert PatientFile.objects.filter(organisation=people.therapy, patient=people["wren"]).count() == 1
    part = Participation.objects.get(course=course, organisation=people.therapy)
    assert (part.part, part.person_id, part.until) == ("therapy", people["mira"].id, None)


def test_the_last_revocation_ends_the_part_and_keeps_the_file(people: Cast, course: Course) -> None:
    to_mira, to_theo = share(people, course), share(people, course, to_person=people["theo"])
    revoke(by=people.patient("wren"), at=NOW, grant=to_mira)
    assert Participation.objects.get(course=course, organisation=people.therapy).until is None
    revoke(by=people.patient("wren"), at=NOW, grant=to_theo)
    assert Participation.objects.get(course=course, organisation=people.therapy).until == NOW
    assert PatientFile.objects.filter(organisation=people.therapy, patient=people["wren"]).exists()
    share(people, course, at=NOW + timedelta(days=1))
    assert Participation.objects.filter(course=course, organisation=people.therapy).count() == 2


def test_a_grant_to_one_person_opens_nothing_to_another(people: Cast, course: Course) -> None:
    share(people, course)
    assert seen(Course, people.by("theo"), NOW) == 0


def test_only_what_was_granted_is_opened(people: Cast, course: Course) -> None:
    answer_form(
        by=people.patient("wren"), at=NOW, course=course, instrument="phq9", answers={"1": 1}, point="before"
    )
    share(people, course, scopes=("schedule",))
    assert seen(Course, people.by("mira"), NOW) == 1
    assert seen(Score, people.by("mira"), NOW) == 0


def test_from_now_on_leaves_what_was_before_closed(people: Cast, course: Course) -> None:
    for days in (3, -3):
        answer_form(
            by=people.patient("wren"),
            at=NOW - timedelta(days=days),
            course=course,
            instrument="phq9",
            answers={"1": 1},
            point=str(days),
        )
    share(people, course, from_start=False)
    assert seen(Score, people.by("mira"), NOW + timedelta(days=4)) == 1


def test_it_ends_by_itself(people: Cast, course: Course) -> None:
    made = share(people, course, until=NOW + timedelta(days=1))
    assert seen(Course, people.by("mira"), made.until - timedelta(seconds=1)) == 1
    assert seen(Course, people.by("mira"), made.until) == 0


def test_sharing_again_after_it_ran_out_makes_a_new_grant(people: Cast, course: Course) -> None:
    first = share(people, course, until=NOW + timedelta(days=1))
    share(people, course, at=NOW + timedelta(days=2))
    first.refresh_from_db()
    assert first.revoked_at == first.until


def test_revoking_twice_is_revoking_once(people: Cast, course: Course) -> None:
    made = share(people, course)
    revoke(by=people.patient("wren"), at=NOW, grant=made)
    again = revoke(by=people.patient("wren"), at=NOW + timedelta(hours=1), grant=made)
    assert again.revoked_at == NOW


def test_while_a_dose_may_act_more_is_refused_and_less_is_not(people: Cast, course: Course) -> None:
    made = share(people, course, scopes=("schedule", "measures"))
    dose_given(people, course, NOW)
    soon = NOW + timedelta(minutes=30)
    wren = people.patient("wren")
    with pytest.raises(Refused, match="Not today"):
        share(people, course, at=soon, to_person=people["theo"])
    with pytest.raises(Refused, match="Not today"):
        change_scopes(by=wren, at=soon, grant=made, scopes=ALL)
    with pytest.raises(Refused, match="Not today"):
        share(people, course, at=soon, scopes=("schedule",), until=made.until + timedelta(days=1))
    less = change_scopes(by=wren, at=soon, grant=made, scopes=("schedule",))
    assert less is not None
    assert less.scopes == ["schedule"]
    assert change_scopes(by=wren, at=soon, grant=less, scopes=()) is None
    assert seen(Course, people.by("mira"), soon) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("process_notes",)}, "scopes"),
        ({"until": NOW}, "until"),
        ({"until": NOW - timedelta(days=1)}, "until"),
    ],
)
def test_a_grant_that_makes_no_sense_names_its_field(
    people: Cast, course: Course, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        share(people, course, **changes)
    assert refusal.value.field == field
    assert not Grant.objects.exists()


def test_the_receiver_must_be_another_practice_and_treat_there(people: Cast, course: Course) -> None:
    with pytest.raises(Refused, match="keeps this record itself"):
        share(people, course, to_organisation=people.clinic, to_person=None)
    with pytest.raises(Refused, match="does not treat people"):
        share(people, course, to_person=people["odette"])


@pytest.mark.parametrize("who", ["tamsin", "mira", "priya"])
def test_nobody_shares_for_the_patient(people: Cast, course: Course, who: str) -> None:
    made = share(people, course)
    with pytest.raises(NotPermitted):
        share(people, course, by=people.by(who))
    with pytest.raises(NotPermitted):
        revoke(by=people.by(who), at=NOW, grant=made)


def test_another_patient_cannot_touch_it(people: Cast, course: Course) -> None:
    made = share(people, course)
    with pytest.raises(NotPermitted):
        share(people, course, by=people.patient("noor"))
    with pytest.raises(NotPermitted):
        revoke(by=people.patient("noor"), at=NOW, grant=made)


def test_what_crossed_is_kept_whatever_becomes_of_the_grant(people: Cast, course: Course) -> None:
    made = share(people, course)
    open_record(by=people.by("mira"), at=NOW, about=course, page="practice", kind=course.PATHS.kind)
    revoke(by=people.patient("wren"), at=NOW, grant=made)
    kept = Disclosure.objects.get(grant=made)
    assert (kept.what, kept.to_organisation_id, kept.by_person_id) == (
        "practice",
        people.therapy.id,
        people["mira"].id,
    )
