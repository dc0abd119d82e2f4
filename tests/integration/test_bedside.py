"""At the bedside: stopped early, handed over, taken over, medicines given, timers, the day after."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from openkap.medicine.course.next_day import questions
from openkap.records.facts.dose import dose_now
from openkap.records.models import NextDayCall, Reading, Response, RoomEvent, SessionPart, Task, Window
from openkap.steps.bedside import end_timer, give_medicine, mark_event, set_timer
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.next_day import keep_call
from openkap.steps.responsible import take_over
from openkap.steps.stopping import hand_over_to_emergency, stop_dose
from tests.at_step import Stage, at_step
from tests.people import cast

pytestmark = pytest.mark.django_db

WELL = {asked.key: asked.key == "N-SLEPT" for asked in questions()}
CALM: dict[str, int | None] = {"1": 0, "2": 0, "6": 0}


def stage_at(name: str) -> Stage:
    return at_step(cast(), name)


# --- stopping


def test_a_dose_stopped_early_keeps_how_much_and_why() -> None:
    stage = stage_at("watched")
    stop_dose(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, mg=Decimal(20), words="Wren asked"
    )
    dose = dose_now(stage.fresh().dose)
    assert dose is not None and (dose.mg, dose.ended_at, dose.reason) == (Decimal(20), stage.at, "Wren asked")
    assert stage.dose.state == "recovering"
    assert RoomEvent.objects.get(what="stopped").words == "Wren asked"
    assert Window.objects.filter(dose=stage.dose).count() == 1
    assert Task.objects.filter(session=stage.dose, what="next_day_call", done_at=None).count() == 1


@pytest.mark.parametrize(
    ("mg", "words", "field"), [(Decimal(20), " ", "words"), (None, "Asked", "mg"), (Decimal(99), "x", "mg")]
)
def test_stopping_asks_how_much_and_why(mg: Decimal | None, words: str, field: str) -> None:
    stage = stage_at("under_way")
    with pytest.raises(Refused) as refused:
        stop_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, mg=mg, words=words)
    assert refused.value.field == field
    assert stage.fresh().dose.state == "under_way"


def test_handing_over_ends_the_session_and_tells_the_director() -> None:
    stage = stage_at("under_way")
    by = stage.people.by("jonah")
    hand_over_to_emergency(
        by=by, at=stage.later(minutes=9), session=stage.dose, called="Ambulance 12", words="Chest pain",
        mg=Decimal(8),
    )  # fmt: skip
    session = stage.fresh().dose
    assert (session.state, session.ended_at) == ("stopped", stage.at)
    dose = dose_now(session)
    assert dose is not None and (dose.mg, dose.ended_at) == (Decimal(8), stage.at)
    task = Task.objects.get(what="emergency_review")
    assert (task.role, task.due_at) == ("medical_director", stage.at)
    assert set(RoomEvent.objects.values_list("what", "words")) == {
        ("emergency", "Ambulance 12"),
        ("adverse_event", "Chest pain"),
    }
    assert not SessionPart.objects.filter(session=session, out_at=None).exists()
    with pytest.raises(Refused, match="handing over"):
        mark_event(by=by, at=stage.at, session=session, what="tears")


@pytest.mark.parametrize(("called", "words", "field"), [("", "Chest pain", "called"), ("112", " ", "words")])
def test_handing_over_asks_who_came_and_what_happened(called: str, words: str, field: str) -> None:
    stage = stage_at("recovering")
    with pytest.raises(Refused) as refused:
        hand_over_to_emergency(
            by=stage.people.by("jonah"), at=stage.at, session=stage.dose, called=called, words=words
        )
    assert refused.value.field == field


# --- who is responsible


def test_the_next_nurse_takes_over_under_their_own_name() -> None:
    stage = stage_at("under_way")
    started = stage.at
    take_over(by=stage.people.by("osric"), at=stage.later(minutes=5), session=stage.dose, words="All calm")
    parts = list(
        SessionPart.objects.filter(session=stage.dose).order_by("in_at").values_list("in_at", "out_at")
    )
    assert parts == [(started, stage.at), (stage.at, None)]
    assert SessionPart.objects.get(out_at=None).person == stage.people["osric"]
    with pytest.raises(Refused, match="already watch"):
        take_over(by=stage.people.by("osric"), at=stage.at, session=stage.dose)


def test_who_may_not_see_the_room_takes_nothing_over() -> None:
    stage = stage_at("under_way")
    for key in ("mira", "odette"):
        with pytest.raises(NotPermitted):
            take_over(by=stage.people.by(key), at=stage.at, session=stage.dose)


# --- medicines and timers


def test_a_medicine_before_the_dose_is_kept_with_its_amount() -> None:
    stage = stage_at("confirmed")
    given = give_medicine(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, name="Ondansetron",
        dose="4 mg by vein", sedative=False, words="Before the dose, as ordered",
    )  # fmt: skip
    assert (given.what, given.dose) == ("medicine", "4 mg by vein")
    assert given.words == "Ondansetron. Before the dose, as ordered"


@pytest.mark.parametrize(
    ("name", "dose", "sedative", "field"),
    [(" ", "1 mg", True, "name"), ("X", "", True, "dose"), ("X", "1 mg", None, "sedative")],
)
def test_what_a_medicine_is_asked(name: str, dose: str, sedative: bool | None, field: str) -> None:
    stage = stage_at("under_way")
    with pytest.raises(Refused) as refused:
        give_medicine(
            by=stage.people.by("jonah"), at=stage.at, session=stage.dose, name=name, dose=dose,
            sedative=sedative,
        )  # fmt: skip
    assert refused.value.field == field


def test_a_medicine_after_going_home_is_not_the_room_s() -> None:
    stage = stage_at("gone_home")
    with pytest.raises(Refused):
        give_medicine(
            by=stage.people.by("jonah"), at=stage.at, session=stage.dose, name="X", dose="1", sedative=False
        )


def test_a_timer_runs_and_ends_and_stays_on_record() -> None:
    stage = stage_at("under_way")
    by = stage.people.by("jonah")
    timer = set_timer(by=by, at=stage.at, session=stage.dose, name="Look at the drip", minutes=10)
    assert timer.due_at == stage.at + timedelta(minutes=10)
    end_timer(by=by, at=stage.later(minutes=10), timer=timer)
    assert not RoomEvent.objects.current().filter(what="timer").exists()
    assert RoomEvent.objects.filter(what="timer").count() == 2
    for minutes in (0, 241):
        with pytest.raises(Refused):
            set_timer(by=by, at=stage.at, session=stage.dose, name="x", minutes=minutes)


# --- the day after


def test_everything_is_asked_before_a_call_is_done() -> None:
    stage = stage_at("gone_home")
    by = stage.people.by("jonah")
    with pytest.raises(Refused) as refused:
        keep_call(by=by, at=stage.at, session=stage.dose, reached=True, answers={**WELL, "N-MIND": None})
    assert refused.value.field == "N-MIND"
    with pytest.raises(Refused) as refused:
        keep_call(by=by, at=stage.at, session=stage.dose, reached=True, answers=WELL, safety={"1": 0, "2": 1})
    assert refused.value.field == "s_3"
    assert not NextDayCall.objects.exists() and not Response.objects.filter(instrument="cssrs_slc").exists()


def test_a_calm_call_closes_the_task_and_keeps_the_screener() -> None:
    stage = stage_at("gone_home")
    due = Task.objects.get(what="next_day_call")
    at = stage.later(hours=22)
    call = keep_call(
        by=stage.people.by("jonah"), at=at, session=stage.dose, reached=True, answers=WELL, safety=CALM,
        words="Slept well",
    )  # fmt: skip
    due.refresh_from_db()
    assert due.done_at == at and "Slept well" in due.outcome
    assert call.findings == []
    assert Response.objects.get(instrument="cssrs_slc").point == "next_day"
    assert not Task.objects.filter(what__startswith="call_").exists()


def test_what_needs_someone_is_a_task_with_an_owner_and_a_clock() -> None:
    stage = stage_at("gone_home")
    at = stage.later(hours=22)
    keep_call(
        by=stage.people.by("jonah"), at=at, session=stage.dose, reached=True,
        answers={**WELL, "N-MIND": True, "N-BLADDER": True}, safety={**CALM, "1": 1},
    )  # fmt: skip
    mind = Task.objects.get(what="call_N-MIND")
    assert (mind.owner, mind.due_at, mind.role) == (stage.people["tamsin"], at, "prescriber")
    assert "hear" not in mind.text, "a task says what to do, not what was answered"
    assert Task.objects.get(what="call_N-BLADDER").due_at > at
    assert Task.objects.filter(what="alert_cssrs_slc-low").count() == 1


def test_nobody_reached_is_tried_again_and_then_a_prescriber_s() -> None:
    stage = stage_at("gone_home")
    by = stage.people.by("jonah")
    for turn in (1, 2):
        at = stage.later(hours=20)
        keep_call(by=by, at=at, session=stage.dose, reached=False)
        again = Task.objects.get(what="next_day_call", done_at=None)
        assert again.due_at == at + timedelta(hours=2), turn
    at = stage.later(hours=2)
    keep_call(by=by, at=at, session=stage.dose, reached=False, words="Straight to voicemail")
    assert not Task.objects.filter(what="next_day_call", done_at=None).exists()
    told = Task.objects.get(what="next_day_unreached")
    assert (told.owner, told.due_at) == (stage.people["tamsin"], at)
    keep_call(by=by, at=stage.later(hours=1), session=stage.dose, reached=True, answers=WELL, safety=CALM)
    told.refresh_from_db()
    assert told.done_at == stage.at


def test_there_is_no_call_before_the_dose_has_ended() -> None:
    stage = stage_at("under_way")
    with pytest.raises(Refused, match="has not ended"):
        keep_call(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, reached=False)


def test_an_event_tapped_without_a_network_keeps_its_own_time() -> None:
    stage = stage_at("watched")
    so = stage.at - timedelta(minutes=4)
    event = mark_event(
        by=stage.people.by("jonah"), at=stage.at, session=stage.dose, what="tears", taken_at=so
    )
    assert (event.at, event.recorded_at) == (so, stage.at)
    assert Reading.objects.filter(session=stage.dose).exists()
