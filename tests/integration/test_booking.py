"""A dose with its window: booked, moved, called off, late. Who is asked, what is told, and on which clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openkap.records.facts.booking import held_for, window_of
from openkap.records.models import Grant, Proposal, Session, SessionChange, Task
from openkap.steps.booking import (
    answer_proposal,
    cancel_session,
    miss_session,
    move_session,
    plan_dose_with_window,
)
from openkap.steps.cast import CLINIC
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.sharing import revoke
from tests.at_step import Stage, opened
from tests.at_step import shared as shares
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"
State, What, Why = Proposal.State, Proposal.What, Proposal.Why


def begun(people: Cast, key: str = "wren", at: datetime = NOW) -> Stage:
    """A course whose evaluation is decided, and nothing else: booking asks for no more."""
    stage = Stage(people, key, at)
    opened(stage)
    stage.course.state = "preparation"
    stage.course.save(update_fields=["state"])
    return stage


def sharing(people: Cast, at: datetime = NOW) -> Stage:
    """The patient lets Mira see dates."""
    stage = begun(people, at=at)
    shares(stage)
    return stage


@pytest.fixture
def shared(people: Cast) -> Stage:
    return sharing(people)


def on(day: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def book(stage: Stage, starts: datetime, **more: Any) -> Any:
    given: dict[str, Any] = {
        "by": stage.people.by("odette"),
        "at": stage.at,
        "course": stage.course,
        "planned_from": starts,
        "minutes": 120,
        "room": stage.people.room(),
    }
    return plan_dose_with_window(**{**given, **more})


def tasks(what: str, **such: Any) -> list[Task]:
    return list(Task.objects.filter(what=what, done_at=None, **such))


def answer(stage: Stage, proposal: Proposal, how: str, **more: Any) -> Proposal:
    return answer_proposal(
        **{"by": stage.people.by("mira"), "at": stage.at, "proposal": proposal, "answer": how, **more}
    )


def open_one(stage: Stage) -> Proposal:
    return Proposal.objects.get(course=stage.course, state=State.OPEN)


WEDNESDAY = "2027-03-17T10:00"


def test_a_dose_is_booked_with_a_session_in_its_window(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    held = booked.held
    assert booked.said == ""
    assert (held.organisation, held.lead, held.phase) == (
        shared.people.therapy,
        shared.people["mira"],
        "integration",
    )
    window = window_of(booked.dose)
    assert window is not None and window.holds_all_of(held.planned_from, held.planned_to)
    proposal = open_one(shared)
    assert (proposal.what, proposal.owner, proposal.to_organisation) == (
        What.HOLD,
        shared.people["mira"],
        shared.people.therapy,
    )
    assert tasks("proposal", organisation=shared.people.therapy, owner=shared.people["mira"])
    assert tasks("proposal_waits", organisation=shared.people.clinic, owner=shared.people["odette"])
    assert held_for(booked.dose, shared.at) == held


@pytest.mark.parametrize("who", ["odette", "tamsin", "jonah"])
def test_front_desk_prescriber_and_nurse_may_book(shared: Stage, who: str) -> None:
    assert book(shared, on(WEDNESDAY), by=shared.people.by(who)).held is not None


def test_nobody_else_may(shared: Stage) -> None:
    with pytest.raises(NotPermitted):
        book(shared, on(WEDNESDAY), by=shared.people.by("mira"))


def test_the_desk_names_another_time_and_a_time_outside_is_refused(shared: Stage) -> None:
    held = book(shared, on(WEDNESDAY), hold_from=on("2027-03-19T15:30")).held
    assert held.planned_from == on("2027-03-19T15:30")
    with pytest.raises(Refused) as outside:
        book(shared, on("2027-03-24T10:00"), hold_from=on("2027-03-24T18:00"))
    assert outside.value.field == "hold_from"
    assert "outside the window" in outside.value.because


def test_yes_is_yes_and_twice_is_told(shared: Stage) -> None:
    held = book(shared, on(WEDNESDAY)).held
    proposal = open_one(shared)
    answer(shared, proposal, "accept", version=1)
    assert tasks("integration_note", session=held)
    assert not tasks("proposal") and not tasks("proposal_waits")
    with pytest.raises(Stale, match="already answered"):
        answer(shared, proposal, "decline", words="No")


def test_another_time_is_named_inside_the_window(shared: Stage) -> None:
    held = book(shared, on(WEDNESDAY)).held
    proposal = open_one(shared)
    with pytest.raises(Refused) as outside:
        answer(shared, proposal, "other_time", planned_from=on("2027-03-22T10:00"))
    assert outside.value.hint == "window"
    answer(shared, proposal, "other_time", planned_from=on("2027-03-18T16:00"))
    held.refresh_from_db()
    assert held.planned_from == on("2027-03-18T16:00")
    waited = Task.objects.get(what="proposal_waits")
    assert "Mira" in waited.outcome and "Thu March 18, 4:00 pm" in waited.outcome


def test_no_needs_words_and_leaves_a_task(shared: Stage) -> None:
    held = book(shared, on(WEDNESDAY)).held
    proposal = open_one(shared)
    with pytest.raises(Refused) as silent:
        answer(shared, proposal, "decline")
    assert silent.value.field == "words"
    answer(shared, proposal, "decline", words="I am away that week.")
    held.refresh_from_db()
    assert held.state == "cancelled"
    assert "I am away" in tasks("proposal_declined", organisation=shared.people.clinic)[0].text


def test_without_a_therapist_it_says_so_and_makes_a_task(people: Cast) -> None:
    stage = begun(people)
    booked = book(stage, on(WEDNESDAY))
    assert booked.held is None and "Nobody holds integration" in booked.said
    assert tasks("find_therapist", organisation=people.clinic, role="front_desk")


def test_in_one_house_the_therapist_is_chosen_and_asked(people: Cast) -> None:
    stage = begun(people)
    theo = people["theo"]
    held = book(stage, on(WEDNESDAY), therapist=theo).held
    assert (held.organisation, held.lead) == (people.clinic, theo)
    proposal = open_one(stage)
    assert (proposal.owner, proposal.to_organisation) == (theo, people.clinic)
    assert tasks("proposal", owner=theo) and not tasks("proposal_waits")
    answer(stage, proposal, "accept", by=people.by("theo", CLINIC))
    assert tasks("integration_note", session=held)
    nobody = book(stage, on("2027-03-21T10:00"), therapist=people["odette"])
    assert nobody.held is None and "Nobody holds integration" in nobody.said


def test_without_dates_shared_nothing_is_held(people: Cast) -> None:
    stage = sharing(people)
    Grant.objects.update(scopes=["session_summaries"])
    booked = book(stage, on(WEDNESDAY))
    assert booked.held is None and "does not share dates" in booked.said
    assert tasks("find_therapist", organisation=people.clinic)


@pytest.mark.parametrize(
    ("clash", "field"),
    [({}, "planned_from"), ({"course": "other"}, "room"), ({"course": "other", "room": "Birch"}, "lead")],
)
def test_nothing_and_nobody_is_booked_twice(
    shared: Stage, people: Cast, clash: dict[str, str], field: str
) -> None:
    jonah = people["jonah"]
    book(shared, on(WEDNESDAY), lead=jonah)
    more: dict[str, Any] = {"lead": jonah, "words": "Tested."}
    starts = on(WEDNESDAY) + timedelta(minutes=119)
    if "course" in clash:
        more["course"] = begun(people, "ana_a").course
    if "room" in clash:
        more["room"] = people.room(clash["room"])
    with pytest.raises(Refused) as refused:
        # The spacing is asked first, so that a clash of the same patient is far enough from it.
        book(shared, starts, **more)
    if field != "planned_from":
        assert (refused.value.field, refused.value.hint) == (field, "clash")
    # Touching is no clash.
    if "course" in clash:
        assert book(shared, starts + timedelta(minutes=1), **more).dose.state == "planned"


SPACING = [(47, "stop"), (48, "caution"), (71, "caution"), (72, None)]


@pytest.mark.parametrize(("hours", "level"), SPACING)
def test_spacing_is_asked_of_medicine_and_told_with_its_source(
    shared: Stage, hours: int, level: str | None
) -> None:
    first = book(shared, on(WEDNESDAY)).dose
    answer(shared, open_one(shared), "accept")
    starts = first.planned_from + timedelta(hours=hours)
    if level is None:
        assert book(shared, starts).dose.ordinal == 2
        return
    with pytest.raises(Refused) as refused:
        book(shared, starts)
    assert refused.value.hint == "spacing"
    assert "D-SPACING" in refused.value.because and "S33" in refused.value.because
    if level == "stop":
        with pytest.raises(Refused):
            book(shared, starts, words="All the same.")
    else:
        book(shared, starts, words="Agreed with the prescriber.")
        assert "Agreed with" in tasks("spacing", role="prescriber")[0].text


# window x move x zone: what becomes of the session held for a dose that moves.
MOVES = [
    ("2027-03-17T10:00", "2027-03-17T11:00", NEW_YORK, What.KEEP),
    ("2027-03-17T10:00", "2027-03-22T10:00", NEW_YORK, What.MOVE),
    ("2027-03-11T10:00", "2027-03-12T10:00", NEW_YORK, What.MOVE),  # over the spring night
    ("2027-03-11T10:00", "2027-03-12T10:00", "Europe/Berlin", What.MOVE),
    ("2027-03-24T10:00", "2027-03-26T10:00", "Europe/Berlin", What.MOVE),  # over Berlin's own
    ("2027-11-03T10:00", "2027-11-05T10:00", NEW_YORK, What.MOVE),  # the clocks go back
    ("2027-11-03T10:00", "2027-11-05T10:00", "America/Phoenix", What.MOVE),
    ("2027-10-27T10:00", "2027-10-29T10:00", "Europe/Berlin", What.MOVE),
]


@pytest.mark.parametrize(("first", "then", "zone", "what"), MOVES)
def test_a_moved_dose_proposes_what_fits(people: Cast, first: str, then: str, zone: str, what: str) -> None:
    people.therapy.zone = zone
    people.therapy.save()
    stage = sharing(people, on(first) - timedelta(days=7))
    booked = book(stage, on(first))
    answer(stage, open_one(stage), "accept")
    proposal = move_session(
        by=people.by("odette"), at=stage.at, session=booked.dose, planned_from=on(then), words="Flu"
    )
    assert proposal is not None
    assert (proposal.what, proposal.why, proposal.words) == (what, Why.MOVED, "Flu")
    window = window_of(Session.objects.get(pk=booked.dose.pk))
    assert window is not None
    if what == What.KEEP:
        assert window.holds(booked.held.planned_from)
        return
    assert proposal.suggested_from is not None and window.holds(proposal.suggested_from)
    clock = proposal.suggested_from.astimezone(ZoneInfo(zone))
    assert 9 <= clock.hour < 18
    asked = tasks("proposal", organisation=people.therapy)[0]
    assert clock.tzname() in asked.text or zone == NEW_YORK
    answer(stage, proposal, "accept")
    booked.held.refresh_from_db()
    assert booked.held.planned_from == proposal.suggested_from
    kept = SessionChange.objects.filter(session=booked.held).get()
    assert kept.what == "moved" and kept.was_from != kept.now_from


def test_a_newer_move_takes_the_place_of_the_older_proposal_by_name(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    by = shared.people.by("odette")
    older = open_one(shared)
    move_session(by=by, at=shared.at, session=booked.dose, planned_from=on("2027-03-23T10:00"))
    newer = open_one(shared)
    assert newer.what == What.HOLD  # nobody had said yes yet
    older.refresh_from_db()
    assert (older.state, older.superseded_by) == (State.SUPERSEDED, newer)
    with pytest.raises(Stale, match="Odette"):
        answer(shared, older, "accept")
    assert len(tasks("proposal")) == 1


@pytest.mark.parametrize("how", ["cancel", "miss"])
def test_a_dose_called_off_proposes_that_the_session_goes_too(shared: Stage, how: str) -> None:
    booked = book(shared, on(WEDNESDAY))
    answer(shared, open_one(shared), "accept")
    by = shared.people.by("odette")
    if how == "cancel":
        with pytest.raises(Refused):
            cancel_session(by=by, at=shared.at, session=booked.dose, words=" ")
        proposal = cancel_session(by=by, at=shared.at, session=booked.dose, words="A cold.")
    else:
        with pytest.raises(Refused, match="still to come"):
            miss_session(by=by, at=shared.at, session=booked.dose)
        proposal = miss_session(by=by, at=on(WEDNESDAY) + timedelta(minutes=30), session=booked.dose)
    assert proposal is not None and proposal.what == What.CANCEL
    answer(shared, proposal, "accept", at=on(WEDNESDAY) + timedelta(hours=1))
    booked.held.refresh_from_db()
    assert booked.held.state == "cancelled"
    assert not tasks("integration_note")


def test_a_session_the_therapist_keeps_after_all_stays(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    answer(shared, open_one(shared), "accept")
    by = shared.people.by("odette")
    proposal = cancel_session(by=by, at=shared.at, session=booked.dose, words="A cold.")
    assert proposal is not None
    answer(shared, proposal, "decline", words="We will talk all the same.")
    booked.held.refresh_from_db()
    assert booked.held.state == "planned"


def test_a_therapist_who_moves_inside_the_window_tells_the_clinic(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    answer(shared, open_one(shared), "accept")
    proposal = move_session(
        by=shared.people.by("mira"), at=shared.at, session=booked.held, planned_from=on("2027-03-18T14:00")
    )
    assert proposal is not None
    assert (proposal.what, proposal.about, proposal.to_organisation) == (
        What.KEEP,
        booked.dose,
        shared.people.clinic,
    )
    assert tasks("proposal", organisation=shared.people.clinic, role="front_desk")
    assert tasks("proposal_waits", organisation=shared.people.therapy)
    answer(shared, proposal, "accept", by=shared.people.by("odette"))


def test_a_therapist_who_moves_outside_asks_the_clinic_to_move_the_dose(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    answer(shared, open_one(shared), "accept")
    moved_to = booked.held.planned_from + timedelta(days=7)
    proposal = move_session(
        by=shared.people.by("mira"), at=shared.at, session=booked.held, planned_from=moved_to
    )
    assert proposal is not None and proposal.what == What.MOVE
    assert proposal.suggested_from == on("2027-03-24T10:00")
    answer(shared, proposal, "accept", by=shared.people.by("tamsin"))
    booked.dose.refresh_from_db()
    window = window_of(booked.dose)
    assert window is not None and window.holds(moved_to)
    assert not Proposal.objects.filter(state=State.OPEN).exists()


def test_a_practice_moves_only_its_own(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    for who, session in (("odette", booked.held), ("mira", booked.dose)):
        with pytest.raises(NotPermitted):
            move_session(
                by=shared.people.by(who), at=shared.at, session=session, planned_from=on("2027-03-18T15:00")
            )


def test_after_a_revocation_the_therapist_neither_moves_nor_answers(shared: Stage) -> None:
    booked = book(shared, on(WEDNESDAY))
    proposal = open_one(shared)
    revoke(by=shared.people.patient("wren"), at=shared.at, grant=shared.grant)
    for act in (
        lambda: answer(shared, proposal, "accept"),
        lambda: move_session(
            by=shared.people.by("mira"),
            at=shared.at,
            session=booked.held,
            planned_from=on("2027-03-19T15:00"),
        ),
    ):
        with pytest.raises(Refused, match="no longer shares"):
            act()
