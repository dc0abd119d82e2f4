"""A window that will be missed is a task before it is missed; a dose that ends late moves its window."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from openkap.permits import Actor
from openkap.records.models import Grant, Proposal, Session, Task
from openkap.steps.after_dose import ask_for_integration, open_window
from openkap.steps.booking import answer_proposal, cancel_session, plan_dose_with_window
from openkap.steps.notes import hold_integration
from openkap.steps.sharing import revoke
from openkap.steps.windows import warn_of_closing_windows
from tests.at_step import Stage
from tests.integration.test_booking import WEDNESDAY, begun, book, on, open_one, sharing
from tests.people import Cast

pytestmark = pytest.mark.django_db
WATCH = Actor.system("watch")
DOSE = on(WEDNESDAY)


@pytest.fixture
def booked(people: Cast) -> Stage:
    """A dose and its session, to which the therapist said yes."""
    stage = sharing(people)
    both = book(stage, DOSE)
    stage.dose, stage.integration = both.dose, both.held
    agree(stage)
    return stage


def agree(stage: Stage) -> None:
    answer_proposal(by=stage.people.by("mira"), at=stage.at, proposal=open_one(stage), answer="accept")


def look(at: datetime) -> list[Task]:
    """Twice, since a round may be done twice."""
    warn_of_closing_windows(by=WATCH, at=at)
    warn_of_closing_windows(by=WATCH, at=at)
    return list(Task.objects.filter(what__startswith="window_", done_at=None))


def end(stage: Stage, at: datetime) -> None:
    """The dose ended at `at`."""
    dose = stage.dose
    dose.state, dose.started_at = "recovering", dose.planned_from
    dose.save()
    window = open_window(dose, ended_at=at)
    ask_for_integration(stage.people.by("jonah"), dose, window, at=at)


def test_a_dose_with_its_session_needs_nobody(booked: Stage) -> None:
    assert look(DOSE - timedelta(hours=47)) == []


@pytest.mark.parametrize(("hours", "warned"), [(49, 0), (48, 1), (1, 1)])
def test_before_a_dose_without_a_session_the_therapist_is_named_in_time(
    booked: Stage, hours: int, warned: int
) -> None:
    cancel_session(by=booked.people.by("mira"), at=booked.at, session=booked.integration, words="I am ill.")
    found = look(DOSE - timedelta(hours=hours))
    assert len(found) == warned
    if warned:
        assert (found[0].organisation, found[0].owner) == (booked.people.therapy, booked.people["mira"])
        assert found[0].due_at == DOSE


def test_where_nobody_treats_the_front_desk_is_named(people: Cast) -> None:
    stage = begun(people)
    book(stage, DOSE)
    found = look(DOSE - timedelta(hours=40))
    assert [(t.organisation, t.role, t.owner) for t in found] == [(people.clinic, "front_desk", None)]


def test_where_dates_are_not_shared_no_date_crosses(people: Cast) -> None:
    stage = sharing(people)
    Grant.objects.update(scopes=["session_summaries"])
    book(stage, DOSE)
    assert {t.organisation for t in look(DOSE - timedelta(hours=40))} == {people.clinic}


def test_a_session_nobody_said_yes_to_is_not_held(people: Cast) -> None:
    stage = sharing(people)
    book(stage, DOSE)
    assert len(look(DOSE - timedelta(hours=40))) == 1
    agree(stage)
    assert look(DOSE - timedelta(hours=39)) == []
    assert Task.objects.get(what="window_ahead").outcome == "A session is held in the window."


def test_mended_by_another_session_it_closes_itself(booked: Stage) -> None:
    by = booked.people.by("mira")
    cancel_session(by=by, at=booked.at, session=booked.integration, words="I am ill.")
    at = DOSE - timedelta(hours=30)
    assert look(at)
    hold_integration(
        by=by,
        at=at,
        course=booked.course,
        organisation=booked.people.therapy,
        planned_from=DOSE + timedelta(hours=48),
        minutes=60,
    )
    assert look(at) == []


def test_a_dose_called_off_closes_it(people: Cast) -> None:
    stage = begun(people)
    dose = book(stage, DOSE).dose
    at = DOSE - timedelta(hours=40)
    assert look(at)
    cancel_session(by=people.by("odette"), at=at, session=dose, words="A cold.")
    assert look(at) == []


def test_after_the_dose_the_target_is_the_time(booked: Stage) -> None:
    end(booked, DOSE + timedelta(minutes=40))
    cancel_session(
        by=booked.people.by("mira"), at=DOSE + timedelta(hours=20), session=booked.integration, words="Ill."
    )
    assert look(DOSE + timedelta(hours=48)) == []
    found = look(DOSE + timedelta(hours=48, minutes=40))
    assert [t.what for t in found] == ["window_closing"]
    assert "closes" in found[0].text


def test_a_practice_that_left_is_asked_nothing_more(people: Cast) -> None:
    stage = sharing(people)
    book(stage, DOSE)
    revoke(by=people.patient("wren"), at=stage.at, grant=stage.grant)
    look(stage.at)
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.answer) == ("closed", "The patient no longer shares dates.")
    assert not Task.objects.filter(what__in=("proposal", "proposal_waits"), done_at=None).exists()


# The dose's true end, and whether a session held early or late in the expected window still fits.
ENDS = [
    ("2027-03-17T12:00", 40, 26.0, True),
    ("2027-03-17T12:00", 240, 26.0, False),  # ended four hours in: the window opens later
    ("2027-03-12T10:00", 300, 26.0, False),  # over the spring night
    ("2027-11-05T10:00", 300, 26.0, False),  # over the autumn night
    ("2027-11-05T10:00", 120, 26.0, True),
]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "America/Phoenix"])
@pytest.mark.parametrize(("starts", "minutes", "held_after", "fits"), ENDS)
def test_a_late_end_moves_the_window_and_proposes_anew(
    people: Cast, starts: str, minutes: int, held_after: float, fits: bool, zone: str
) -> None:
    people.therapy.zone = zone
    people.therapy.save()
    begins = on(starts)
    stage = sharing(people, begins - timedelta(days=5))
    both = plan_dose_with_window(
        by=people.by("odette"),
        at=stage.at,
        course=stage.course,
        planned_from=begins,
        minutes=120,
        room=people.room(),
        hold_from=begins + timedelta(hours=held_after),
    )
    stage.dose, stage.integration = both.dose, both.held
    agree(stage)
    ended = begins + timedelta(minutes=minutes)
    end(stage, ended)
    waiting = Proposal.objects.filter(state="open").first()
    assert (waiting is None) is fits
    assert not Task.objects.filter(what="hold_integration").exists()
    if waiting is not None:
        assert (waiting.what, waiting.why) == ("move", "ended")
        assert waiting.suggested_from is not None
        assert ended + timedelta(hours=24) <= waiting.suggested_from < ended + timedelta(hours=72)
        clock = waiting.suggested_from.astimezone(ZoneInfo(zone))
        assert 9 <= clock.hour < 18 and clock.minute in (0, 30)
        asked = Task.objects.get(what="proposal", done_at=None)
        assert zone == "America/New_York" or str(clock.tzname()) in asked.text


def test_the_round_asks_a_bounded_number_of_questions(
    booked: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        warn_of_closing_windows(by=WATCH, at=DOSE - timedelta(hours=40))
    assert Session.objects.count() == 2
