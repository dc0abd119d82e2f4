"""Bookings sent twice, on an old page, too late or too long; and one person at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openkap.records.facts.booking import window_of
from openkap.records.ids import new_id
from openkap.records.models import Grant, Held, Proposal, Session, Task
from openkap.steps.arrival import record_arrival
from openkap.steps.booking import move_session, overrun
from openkap.steps.frame import AlreadyDone, Refused, Stale
from openkap.steps.notes import hold_integration
from openkap.steps.sharing import change_scopes, revoke
from tests.at_step import Stage
from tests.integration.test_booking import (
    WEDNESDAY,
    What,
    Why,
    answer,
    begun,
    book,
    on,
    open_one,
    sharing,
    tasks,
)
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(people: Cast) -> Stage:
    return sharing(people)


def test_versions_and_double_clicks(shared: Stage) -> None:
    submission = new_id()
    booked = book(shared, on(WEDNESDAY), submission=submission)
    with pytest.raises(AlreadyDone):
        book(shared, on(WEDNESDAY), submission=submission)
    assert Session.objects.filter(phase="dosing").count() == 1
    by, again = shared.people.by("odette"), new_id()
    given: dict[str, Any] = {"by": by, "at": shared.at, "session": booked.dose, "version": 1}
    move_session(**given, planned_from=on("2027-03-17T13:00"), submission=again)
    with pytest.raises(AlreadyDone):
        move_session(**given, planned_from=on("2027-03-17T13:00"), submission=again)
    with pytest.raises(Stale):
        move_session(**given, planned_from=on("2027-03-17T14:00"))
    with pytest.raises(Refused, match="when it is planned now"):
        move_session(by=by, at=shared.at, session=booked.dose, planned_from=on("2027-03-17T13:00"))


def test_arrived_then_no_longer_moved(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    by, at = shared.people.by("jonah"), on(WEDNESDAY)
    assert record_arrival(by=by, at=at, session=booked.dose).state == "arrived"
    with pytest.raises(Refused, match="the patient is here"):
        move_session(by=by, at=at, session=booked.dose, planned_from=on("2027-03-18T10:00"))


def test_an_overrun_tells_who_is_next_and_moves_the_window(shared: Stage, people: Cast) -> None:
    late = on("2027-03-18T12:00")  # just inside: two hours after the window is expected to open
    booked = book(shared, on(WEDNESDAY), hold_from=late)
    answer(shared, open_one(shared), "accept")
    other = begun(people, "ana_a")
    nxt = book(shared, on("2027-03-17T12:30"), course=other.course).dose
    proposal = overrun(
        by=people.by("jonah"),
        at=on("2027-03-17T11:30"),
        session=booked.dose,
        until=on("2027-03-17T13:00"),
        words="Slow to wake.",
    )
    assert tasks("overrun", session=nxt)
    assert proposal is not None and (proposal.what, proposal.why) == (What.MOVE, Why.OVERRAN)
    window = window_of(Session.objects.get(pk=booked.dose.pk))
    assert window is not None and proposal.suggested_from is not None
    assert window.holds(proposal.suggested_from) and not window.holds(late)


def test_a_therapist_is_with_one_person_at_a_time(shared: Stage) -> None:
    """Also where the therapist holds a session without being asked."""
    held = book(shared, on(WEDNESDAY)).held
    given: dict[str, Any] = {
        "by": shared.people.by("mira"),
        "at": shared.at,
        "course": shared.course,
        "organisation": shared.people.therapy,
        "minutes": 60,
    }
    with pytest.raises(Refused) as taken:
        hold_integration(**given, planned_from=held.planned_from + timedelta(minutes=59))
    assert taken.value.hint == "clash"
    assert hold_integration(**given, planned_from=held.planned_to).state == "planned"


def test_the_session_held_is_tied_to_its_dose(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    assert Held.objects.get(session=booked.held).dose == booked.dose


@pytest.mark.parametrize("stops", ["revoked", "no dates", "run out"])
def test_a_practice_that_is_shown_no_dates_is_told_none(shared: Stage, stops: str) -> None:
    """A dose moves after sharing stopped: nothing of it reaches the practice that left."""
    booked = book(shared, on(WEDNESDAY))
    answer(shared, open_one(shared), "accept")
    grant, wren = Grant.objects.get(revoked_at=None), shared.people.patient("wren")
    if stops == "revoked":
        revoke(by=wren, at=shared.later(hours=1), grant=grant)
    elif stops == "no dates":
        change_scopes(by=wren, at=shared.later(hours=1), grant=grant, scopes=["measures"])
    else:
        Grant.objects.filter(pk=grant.pk).update(until=shared.later(hours=1))
    before = Task.objects.filter(organisation=shared.people.therapy).count()
    move_session(
        by=shared.people.by("odette"),
        at=shared.later(hours=1),
        session=Session.objects.get(pk=booked.dose.pk),
        planned_from=on("2027-03-24T10:00"),
    )
    assert not Proposal.objects.filter(state="open").exists()
    assert Task.objects.filter(organisation=shared.people.therapy).count() == before
    assert Session.objects.get(pk=booked.held.pk).planned_from == booked.held.planned_from
