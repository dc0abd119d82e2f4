"""Notes and summaries: whose they are, which window they keep, and what a revocation leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from openkap.records.models import Course, Session, SessionNote, SessionSummary, Task, Window
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.correct import correct
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.notes import hold_integration, summarise_session, write_note
from openkap.steps.sharing import grant, revoke
from openkap.steps.tasks import make_task
from tests.integration.course_of import course_of, dose_given
from tests.integration.door_visitors import Visitor
from tests.people import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
DOSE_ENDED = NOW - timedelta(hours=30)
OPENS, TARGET, CLOSES = (DOSE_ENDED + timedelta(hours=hours) for hours in (24, 48, 72))


@pytest.fixture
def course(people: Cast) -> Course:
    course = course_of(people)
    dose = dose_given(people, course, DOSE_ENDED - timedelta(hours=2))
    dose.state, dose.ended_at = "done", DOSE_ENDED
    dose.save()
    Window.objects.create(
        dose=dose,
        course=course,
        patient=people["wren"],
        organisation=people.clinic,
        opens_at=OPENS,
        target_at=TARGET,
        closes_at=CLOSES,
    )
    grant(
        by=people.patient("wren"),
        at=NOW - timedelta(days=10),
        course=course,
        to_organisation=people.therapy,
        to_person=people["mira"],
        scopes=("schedule", "session_summaries"),
        purpose="",
        until=NOW + timedelta(days=200),
    )
    return course


def held(people: Cast, course: Course, planned_from: datetime, **more: Any) -> Session:
    given: dict[str, Any] = {
        "by": people.by("mira"),
        "at": NOW,
        "organisation": people.therapy,
        "minutes": 50,
    }
    return hold_integration(course=course, planned_from=planned_from, **{**given, **more})


def note(people: Cast, session: Session, at: datetime, **more: Any) -> SessionNote:
    given: dict[str, Any] = {
        "by": people.by("mira"),
        "focus": "The lake again.",
        "agreed": "",
        "for_clinic": "",
    }
    return write_note(at=at, session=session, **{**given, **more})


def test_holding_a_session_is_a_task_to_write_its_note(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=20))
    task = Task.objects.get(session=session)
    assert (task.organisation, task.due_at, session.lead) == (
        people.therapy,
        session.planned_to,
        people["mira"],
    )


def test_a_note_inside_the_window_keeps_it_and_settles_what_was_owed(people: Cast, course: Course) -> None:
    window = Window.objects.get()
    make_task(
        SYSTEM,
        at=NOW,
        organisation=people.therapy,
        what="window_closing",
        text="closes",
        due_at=CLOSES,
        role="therapist",  # type: ignore[arg-type]
        course=course,
        session=window.dose,
    )
    session = held(people, course, NOW + timedelta(hours=20))
    note(people, session, NOW + timedelta(hours=21))
    window.refresh_from_db()
    session.refresh_from_db()
    assert window.kept_by == session
    assert (session.state, session.started_at) == ("done", session.planned_from)
    assert not Task.objects.filter(course=course, done_at=None).exists()


@pytest.mark.parametrize(
    ("began", "keeps"),
    [
        (OPENS - timedelta(seconds=1), False),
        (OPENS, True),
        (CLOSES - timedelta(seconds=1), True),
        (CLOSES, False),
    ],
)
def test_the_window_is_half_open(people: Cast, course: Course, began: datetime, keeps: bool) -> None:
    session = held(people, course, NOW + timedelta(hours=1))
    note(people, session, CLOSES + timedelta(days=1), held_at=began)
    assert (Window.objects.get().kept_by_id is not None) is keeps


def test_a_window_is_72_hours_also_across_the_night_the_clocks_change(people: Cast, course: Course) -> None:
    # New York goes forward on March 14, 2027 at 2:00: a wall clock would say 73 hours.
    ended = datetime(2027, 3, 12, 16, 0, tzinfo=UTC)
    window = Window.objects.get()
    window.opens_at, window.target_at, window.closes_at = (ended + timedelta(hours=h) for h in (24, 48, 72))
    window.save()
    session = held(people, course, ended + timedelta(hours=60))
    note(
        people, session, ended + timedelta(days=5), held_at=ended + timedelta(hours=72) - timedelta(seconds=1)
    )
    window.refresh_from_db()
    assert window.kept_by == session


def test_a_session_still_to_come_has_no_note(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=20))
    with pytest.raises(Refused) as refusal:
        note(people, session, NOW + timedelta(hours=19))
    assert refusal.value.field == "held_at"


def test_after_revocation_a_note_is_refused_in_words_and_what_was_written_stays(
    people: Cast, course: Course
) -> None:
    first = held(people, course, NOW + timedelta(hours=1))
    note(people, first, NOW + timedelta(hours=2))
    second = held(people, course, NOW + timedelta(hours=5))
    revoke(by=people.patient("wren"), at=NOW + timedelta(hours=3), grant=course.patient.grants.get())
    with pytest.raises(Refused, match="no longer shares this course with you"):
        note(people, second, NOW + timedelta(hours=6))
    with pytest.raises(Refused, match="no longer shares"):
        held(people, course, NOW + timedelta(days=2), at=NOW + timedelta(hours=6))
    mira = scope_now(people.by("mira"), NOW + timedelta(hours=6))
    assert scoped(SessionNote.objects.all(), mira).count() == 1
    assert scoped(Course.objects.all(), mira).count() == 0


def test_the_clinic_never_sees_the_therapists_note(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=1))
    note(people, session, NOW + timedelta(hours=2))
    for who in ("tamsin", "osric", "jonah"):
        assert not scoped(SessionNote.objects.all(), scope_now(people.by(who), NOW)).exists()


def test_another_practices_session_gets_no_note_from_here(people: Cast, course: Course) -> None:
    dose = Window.objects.get().dose
    with pytest.raises(NotPermitted):
        note(people, dose, NOW)


def test_one_note_a_session_and_a_correction_has_one_pattern(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=1))
    first = note(people, session, NOW + timedelta(hours=2))
    with pytest.raises(Refused, match="already wrote the note"):
        note(people, session, NOW + timedelta(hours=3))
    better = correct(
        by=people.by("mira"),
        at=NOW + timedelta(hours=4),
        row=first,
        reason="A slip",
        changes={"focus": "The shore."},
    )
    assert list(SessionNote.objects.current()) == [better]
    with pytest.raises(Stale):
        correct(by=people.by("mira"), at=NOW, row=first, reason="Again", changes={"focus": "x"})


def test_a_note_made_from_an_older_session_is_refused(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=1))
    with pytest.raises(Stale):
        note(people, session, NOW + timedelta(hours=2), version=session.version - 1)


def test_a_note_without_words_names_its_field(people: Cast, course: Course) -> None:
    session = held(people, course, NOW + timedelta(hours=1))
    with pytest.raises(Refused) as refusal:
        note(people, session, NOW + timedelta(hours=2), focus="  ")
    assert refusal.value.field == "focus"


def test_a_summary_opens_to_whoever_the_patient_lets_know(people: Cast, course: Course) -> None:
    dose = Window.objects.get().dose
    summarise_session(by=people.by("jonah"), at=NOW, session=dose, text="Calm, some tears.")
    seen = scoped(SessionSummary.objects.all(), scope_now(people.by("mira"), NOW))
    assert [row.text for row in seen] == ["Calm, some tears."]
    assert not scoped(SessionSummary.objects.all(), scope_now(people.by("theo"), NOW)).exists()


def test_no_summary_of_what_has_not_begun(people: Cast, course: Course) -> None:
    session = dose_given(people, course, NOW + timedelta(days=2), given=False)
    with pytest.raises(Refused, match="has not begun"):
        summarise_session(by=people.by("jonah"), at=NOW, session=session, text="x")
    with pytest.raises(NotPermitted):
        summarise_session(by=people.by("mira"), at=NOW, session=session, text="x")


def test_the_clinic_writes_how_a_dose_went_and_sees_who_will_read_it(people: Cast, course: Course) -> None:
    dose = Window.objects.get().dose
    with time_machine.travel(NOW, tick=False):
        jonah = Visitor().become("jonah")
        address = reverse("care-summary", args=[dose.id])
        jonah.get(address)
        assert "Mira Fennimore-Hale, Quiet Harbor Therapy" in jonah.page
        given = {"submission": jonah.hidden("submission")}
        assert jonah.post(address, {**given, "text": " "}).status_code == 422
        for _twice in range(2):
            assert jonah.post(address, {**given, "text": "Calm, some tears."}).status_code == 302
        jonah.get(address)
        assert "Calm, some tears." in jonah.page
        mira = Visitor().become("mira")
        assert mira.get(address).status_code == 404
    assert SessionSummary.objects.count() == 1
