"""Preparation sessions: planned, come, held; a dose is turned away; notes and the drafts of their author."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openkap.permits import Need
from openkap.records.models import Course, Event, Grant, NoteDraft, Session, Task
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.correct import correct
from openkap.steps.drafts import discard_draft, keep_draft
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.notes import write_note
from openkap.steps.sharing import revoke
from openkap.steps.visits import check_in, mark_held, plan_preparation
from tests.integration.course_of import dose_given, shared_course
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)


@pytest.fixture
def course(people: Cast) -> Course:
    return shared_course(people)


def planned(people: Cast, course: Course) -> Session:
    return plan_preparation(
        by=people.by("mira"),
        at=NOW,
        course=course,
        organisation=people.therapy,
        planned_from=SOON,
        minutes=50,
    )


def test_a_preparation_is_planned_comes_and_is_held(people: Cast, course: Course) -> None:
    session = planned(people, course)
    assert Task.objects.get(session=session, done_at=None).what == "preparation_note"
    assert check_in(by=people.by("mira"), at=SOON, session=session, version=1).state == "arrived"
    done = mark_held(by=people.by("mira"), at=SOON + timedelta(minutes=50), session=session)
    assert (done.state, done.started_at, done.ended_at) == ("done", SOON, SOON + timedelta(minutes=50))
    write_note(by=people.by("mira"), at=SOON + timedelta(hours=1), session=session, focus="Hopes.")
    assert not Task.objects.filter(done_at=None, what="preparation_note").exists()
    assert Event.objects.filter(verb__in=("session.arrived", "session.held")).count() == 2


def test_not_before_it_began_not_twice_and_no_dose(people: Cast, course: Course) -> None:
    session, by = planned(people, course), people.by("mira")
    with pytest.raises(Refused, match="still to come"):
        mark_held(by=by, at=NOW, session=session)
    mark_held(by=by, at=SOON, session=session)
    with pytest.raises(Refused, match="already"):
        mark_held(by=by, at=SOON, session=session)
    dose = dose_given(people, course, NOW)
    for verb in (check_in, mark_held):
        with pytest.raises(Refused, match="dose"):
            verb(by=people.by("jonah"), at=SOON, session=dose)


def test_only_ones_own_practice_marks_its_sessions(people: Cast, course: Course) -> None:
    session = planned(people, course)
    with pytest.raises(NotPermitted):
        mark_held(by=people.by("jonah"), at=SOON + timedelta(hours=1), session=session)


def test_after_a_revocation_no_preparation_is_planned(people: Cast, course: Course) -> None:
    revoke(by=people.patient("wren"), at=NOW, grant=Grant.objects.get())
    with pytest.raises(Refused, match="no longer shares"):
        planned(people, course)


def kept(people: Cast, session: Session, key: str = "mira", **words: str) -> NoteDraft | None:
    return keep_draft(
        by=people.by(key), at=SOON, course=session.course, session=session, page="note", words=words
    )


def test_a_draft_is_its_authors_alone(people: Cast, course: Course) -> None:
    session = planned(people, course)
    draft = kept(people, session, focus="Half a tho")
    assert draft is not None
    for key in ("mira", "theo", "jonah", "osric", "priya"):
        found = scoped(NoteDraft.objects.all(), scope_now(people.by(key), SOON))
        assert found.exists() is (key == "mira"), key
    assert not scoped(NoteDraft.objects.all(), scope_now(people.patient("wren"), SOON)).exists()
    assert not scope_now(people.by("jonah"), SOON).allowing(Need(NoteDraft.PATHS.kind))


def test_a_draft_keeps_what_was_pasted_without_what_no_database_keeps(people: Cast, course: Course) -> None:
    draft = kept(people, planned(people, course), focus="From a\0 PDF")
    assert draft is not None and draft.words == {"focus": "From a PDF"}


def test_a_draft_is_replaced_told_once_and_gone_when_empty(people: Cast, course: Course) -> None:
    session = planned(people, course)
    kept(people, session, focus="Half")
    kept(people, session, focus="Half a thought")
    assert NoteDraft.objects.get().words == {"focus": "Half a thought"}
    assert Event.objects.filter(verb="draft.begun").count() == 1
    assert kept(people, session, focus=" ") is None
    assert not NoteDraft.objects.exists()


def test_the_note_takes_the_drafts_place(people: Cast, course: Course) -> None:
    session = planned(people, course)
    kept(people, session, focus="Half")
    note = write_note(by=people.by("mira"), at=SOON, session=session, focus="Whole")
    assert not NoteDraft.objects.exists()
    again = correct(by=people.by("mira"), at=SOON, row=note, reason="a slip", changes={"focus": "Wholer"})
    assert (again.focus, again.corrects) == ("Wholer", note)


def test_a_draft_outlives_sharing_and_its_author_may_throw_it_away(people: Cast, course: Course) -> None:
    session = planned(people, course)
    revoke(by=people.patient("wren"), at=NOW, grant=Grant.objects.get())
    draft = keep_draft(
        by=people.by("mira"),
        at=SOON,
        course=course,
        session=session,
        page="note",
        words={"focus": "Not sent"},
        unshared=True,
    )
    assert draft is not None and draft.unshared
    with pytest.raises(NotPermitted):
        discard_draft(by=people.by("theo"), at=SOON, draft=draft)
    discard_draft(by=people.by("mira"), at=SOON, draft=draft)
    assert not NoteDraft.objects.exists()


def test_two_preparations_at_one_hour_clash(people: Cast, course: Course) -> None:
    planned(people, course)
    with pytest.raises(Refused):
        planned(people, course)
