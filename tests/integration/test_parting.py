"""A patient no longer shares, by hand or by date: what each practice keeps, sees and may still do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from openkap.permits import Actor, Need
from openkap.reads.booking import calendar_of
from openkap.reads.header import header_of
from openkap.reads.proposals import bound_to
from openkap.records.facts.booking import held_for
from openkap.records.models import Grant, Participation, Proposal, Session, SharedEntry, Task
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.booking import cancel_session, miss_session, move_session
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.journal import read_entry, share_entry, write_entry
from openkap.steps.parting import end_run_out
from openkap.steps.sharing import change_scopes, grant, revoke
from openkap.steps.windows import warn_of_closing_windows
from tests.at_step import Stage
from tests.integration.test_booking import answer, book, on, open_one, sharing, tasks
from tests.people import Cast

pytestmark = pytest.mark.django_db
WATCH = Actor.system("watch")
DOSE = on("2027-03-17T10:00")


@pytest.fixture
def booked(people: Cast) -> Stage:
    """A dose and its session, to which the therapist said yes."""
    stage = sharing(people)
    both = book(stage, DOSE)
    stage.dose, stage.integration = both.dose, both.held
    answer(stage, open_one(stage), "accept")
    stage.grant = Grant.objects.get(patient=people["wren"])
    return stage


def stop(stage: Stage) -> None:
    revoke(by=stage.people.patient("wren"), at=stage.later(hours=1), grant=stage.grant)
    stage.fresh()


def run_out(stage: Stage) -> None:
    """Nobody pressed anything: the day that the patient chose has come."""
    Grant.objects.filter(pk=stage.grant.pk).update(until=stage.later(hours=1))
    assert end_run_out(by=WATCH, at=stage.at) == 1
    assert end_run_out(by=WATCH, at=stage.at) == 0
    stage.fresh()


def dates_stop(stage: Stage) -> None:
    """They still share something, and no dates."""
    stage.later(hours=1)
    change_scopes(by=stage.people.patient("wren"), at=stage.at, grant=stage.grant, scopes=["measures"])
    stage.fresh()


ENDS = pytest.mark.parametrize("end", [stop, run_out])


@pytest.mark.parametrize("end", [stop, run_out, dates_stop])
def test_it_is_held_for_the_dose_no_more_and_the_clinic_is_told_in_time(booked: Stage, end: object) -> None:
    end(booked)  # type: ignore[operator]
    people = booked.people
    assert booked.integration.state == "planned"
    assert held_for(booked.dose, booked.at) is None
    told = tasks("find_therapist", organisation=people.clinic, session=booked.dose)
    assert len(told) == 1 and "Find who holds integration" in told[0].text
    warn_of_closing_windows(by=WATCH, at=DOSE - timedelta(hours=40))
    assert len(tasks("window_ahead", organisation=people.clinic)) == 1
    assert not tasks("window_ahead", organisation=people.therapy)


@ENDS
def test_the_other_practice_keeps_its_session_and_may_call_it_off_without_telling(
    booked: Stage, end: object
) -> None:
    end(booked)  # type: ignore[operator]
    people = booked.people
    asked = tasks("no_longer_shared", organisation=people.therapy)
    assert [task.owner for task in asked] == [people["mira"]]
    cancel_session(by=people.by("mira"), at=booked.later(hours=1), session=booked.integration, words="Ended.")
    assert booked.fresh().integration.state == "cancelled"
    assert not tasks("no_longer_shared")
    assert not Proposal.objects.filter(state=Proposal.State.OPEN).exists()
    assert not Task.objects.filter(what__in=("proposal", "proposal_waits"), done_at=None).exists()


def test_nobody_came_can_be_kept_too_and_a_move_says_why_not(booked: Stage) -> None:
    stop(booked)
    mira, session = booked.people.by("mira"), booked.integration
    with pytest.raises(Refused, match="no longer shares this course"):
        move_session(by=mira, at=booked.at, session=session, planned_from=session.planned_from + timedelta(1))
    miss_session(by=mira, at=session.planned_from + timedelta(minutes=20), session=session)
    assert booked.fresh().integration.state == "no_show"
    assert not Proposal.objects.filter(state=Proposal.State.OPEN).exists()


def test_each_practice_cancels_only_its_own(booked: Stage) -> None:
    stop(booked)
    with pytest.raises(NotPermitted):
        cancel_session(
            by=booked.people.by("odette"), at=booked.at, session=booked.integration, words="Not ours."
        )
    with pytest.raises(NotPermitted):
        cancel_session(by=booked.people.by("mira"), at=booked.at, session=booked.dose, words="Not ours.")
    cancel_session(by=booked.people.by("odette"), at=booked.at, session=booked.dose, words="They are ill.")
    assert not Proposal.objects.filter(state=Proposal.State.OPEN).exists()


@ENDS
def test_neither_calendar_tells_of_the_other(booked: Stage, end: object) -> None:
    def bound(key: str, here: object, at: datetime) -> str:
        scope = scope_now(booked.people.by(key), at)
        days = calendar_of(scope, here, DOSE.date(), at, days=7).days  # type: ignore[arg-type]
        return "".join(slot.bound for day in days for slot in day.slots)

    people, at = booked.people, booked.at
    assert "Dose 1" in bound("mira", people.therapy, at)
    assert "Integration 1" in bound("odette", people.clinic, at)
    end(booked)  # type: ignore[operator]
    assert bound("mira", people.therapy, booked.at) == ""
    assert bound("odette", people.clinic, booked.at) == ""
    mira = scope_now(people.by("mira"), booked.at)
    assert bound_to(mira, booked.integration, people.therapy, booked.at) == (None, None)
    odette = scope_now(people.by("odette"), booked.at)
    other, window = bound_to(odette, booked.dose, people.clinic, booked.at)
    assert other is None and window is not None
    assert not scoped(Proposal.objects.all(), mira).exists()
    assert list(scoped(Session.objects.all(), mira)) == [booked.integration]


def test_what_told_of_the_dose_leaves_the_other_practice_s_list(booked: Stage) -> None:
    people = booked.people
    move_session(
        by=people.by("mira"),
        at=booked.at,
        session=booked.integration,
        planned_from=booked.integration.planned_from + timedelta(hours=2),
    )
    assert tasks("proposal_waits", organisation=people.therapy)
    stop(booked)
    left = Task.objects.filter(organisation=people.therapy, done_at=None, course=booked.course)
    assert not Proposal.objects.filter(state=Proposal.State.OPEN).exists()
    assert {task.what for task in left} == {"no_longer_shared", "integration_note"}
    assert "17" not in "".join(task.text for task in left)


def test_shared_again_it_is_held_again(booked: Stage) -> None:
    stop(booked)
    grant(
        by=booked.people.patient("wren"),
        at=booked.later(hours=1),
        course=booked.course,
        to_organisation=booked.people.therapy,
        to_person=booked.people["mira"],
        scopes=["schedule"],
        purpose="Go on",
        until=booked.at + timedelta(days=90),
    )
    assert held_for(booked.dose, booked.at) == booked.integration
    assert not tasks("no_longer_shared")
    warn_of_closing_windows(by=WATCH, at=booked.at)
    assert not tasks("find_therapist")


def test_the_header_plans_nothing_that_was_called_off(booked: Stage) -> None:
    """A session in the window that is cancelled is not said to be planned there."""
    cancel_session(by=booked.people.by("mira"), at=booked.at, session=booked.integration, words="Ill.")
    header = header_of(
        scope_now(booked.people.by("tamsin"), booked.at),
        booked.people.file("wren"),
        booked.at,
        booked.at.tzinfo,  # type: ignore[arg-type]
    )
    assert "Integration is planned" not in str(header.countdown)


def entry_shown(stage: Stage) -> SharedEntry:
    wren = stage.people.patient("wren")
    entry = write_entry(by=wren, at=stage.at, course=stage.course, words="For Mira alone.")
    return share_entry(
        by=wren,
        at=stage.at,
        entry=entry,
        to_organisation=stage.people.therapy,
        to_person=stage.people["mira"],
    )


def test_an_end_that_has_come_takes_journal_entries_back_before_any_round(booked: Stage) -> None:
    shared, mira = entry_shown(booked), booked.people.by("mira")
    read_entry(by=mira, at=booked.at, shared=shared)
    until = booked.grant.until
    before, after = until - timedelta(seconds=1), until
    assert scoped(SharedEntry.objects.all(), scope_now(mira, before)).exists()
    assert not scoped(SharedEntry.objects.all(), scope_now(mira, after)).exists()
    with pytest.raises(NotPermitted):
        read_entry(by=mira, at=after, shared=shared)


@ENDS
def test_both_ends_leave_the_same_behind(booked: Stage, end: object) -> None:
    shared = entry_shown(booked)
    end(booked)  # type: ignore[operator]
    shared.refresh_from_db()
    assert (shared.reader, shared.ended_at) == (None, booked.at)
    part = Participation.objects.get(course=booked.course, organisation=booked.people.therapy)
    assert part.until == booked.at
    assert Grant.objects.get(pk=booked.grant.pk).revoked_at == booked.at
    with pytest.raises(Refused, match="no longer share it with them"):
        entry_shown(booked)


def test_an_entry_shown_in_the_house_needs_no_grant(people: Cast) -> None:
    stage = sharing(people)
    theo = people.by("theo", people.clinic.name)
    Session.objects.create(
        course=stage.course,
        patient=people["wren"],
        organisation=people.clinic,
        phase="integration",
        planned_from=stage.at,
        planned_to=stage.at + timedelta(hours=1),
        lead=people["theo"],
    )
    wren = people.patient("wren")
    entry = write_entry(by=wren, at=stage.at, course=stage.course, words="For Theo.")
    shared = share_entry(
        by=wren, at=stage.at, entry=entry, to_organisation=people.clinic, to_person=people["theo"]
    )
    assert read_entry(by=theo, at=stage.at + timedelta(days=400), shared=shared)
    assert scope_now(theo, stage.at).allowing(Need(shared.PATHS.kind))
    elsewhere = people.by("theo", people.therapy.name)
    assert not scoped(SharedEntry.objects.all(), scope_now(elsewhere, stage.at)).exists()
