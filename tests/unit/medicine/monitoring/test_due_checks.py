"""Checks that are owed: later, now, late and done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from openkap.medicine.monitoring import CheckState, DueCheck, Reading, due_checks

START = datetime.fromisoformat("2026-03-08T06:30:00+00:00")  # half an hour before American clocks change


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def vitals(minutes: float, **more: str) -> Reading:
    values = {"hr": "70", "sbp": "120", "dbp": "78", "spo2": "98"} | more
    return Reading.read({"at": after(minutes), **{k: v for k, v in values.items() if v}})


def named(checks: tuple[DueCheck, ...], what: str = "vitals") -> dict[int, CheckState]:
    return {check.minute: check.state for check in checks if check.what == what}


def test_a_check_is_later_then_now_then_late() -> None:
    states = {m: named(due_checks("iv", None, START, [], after(m)))[10] for m in (6.9, 7, 10, 13, 13.1)}
    assert list(states.values()) == ["later", "now", "now", "now", "late"]


def test_minutes_late_are_told() -> None:
    late = next(c for c in due_checks("iv", None, START, [vitals(0)], after(24)) if c.minute == 10)
    assert (late.state, late.minutes_late, late.due_at) == ("late", 14, after(10))
    assert late.words == "Vitals at 10 min"


@pytest.mark.parametrize("minute", [7, 10, 13])
def test_a_set_within_three_minutes_does_the_check(minute: float) -> None:
    assert named(due_checks("iv", None, START, [vitals(minute)], after(20)))[10] == "done"


@pytest.mark.parametrize(
    "reading", [vitals(6.9), vitals(10, spo2=""), vitals(10, spo2="0"), vitals(10, sbp="70")]
)
def test_too_far_or_incomplete_or_impossible_does_not(reading: Reading) -> None:
    assert named(due_checks("iv", None, START, [reading], after(20)))[10] == "late"


def test_parts_may_come_one_by_one_and_in_any_order() -> None:
    parts = [
        vitals(11, sbp="", dbp="", spo2=""),
        vitals(9, hr="", spo2=""),
        vitals(10, hr="", sbp="", dbp=""),
    ]
    for readings in (parts, parts[::-1]):
        done = next(c for c in due_checks("iv", None, START, readings, after(20)) if c.minute == 10)
        assert (done.state, done.done_at) == ("done", after(11))


def test_an_infusion_is_checked_every_fifteen_minutes_without_end() -> None:
    minutes = named(due_checks("iv", None, START, [], after(200)))
    assert [m for m in minutes if m > 55] == [70, 85, 100, 115, 130, 145, 160, 175, 190, 205]


def test_scales_have_their_own_times() -> None:
    checks = due_checks("esketamine", None, START, [vitals(40, cadss6="4", moaas="5")], after(45))
    assert named(checks, "dissociation") == {40: "done", 120: "later"}
    assert named(checks, "alertness") == {0: "late", 30: "late", 60: "later"}


def test_seconds_from_the_start_serve_as_well_as_times() -> None:
    reading = Reading(
        t_seconds=Decimal(600), hr=Decimal(70), sbp=Decimal(120), dbp=Decimal(78), spo2=Decimal(98)
    )
    assert named(due_checks("iv", None, START, [reading], after(20)))[10] == "done"


def test_a_dose_that_nobody_ended_owes_no_checks_for_ever() -> None:
    year_later = due_checks("iv", None, START, [], START + timedelta(days=365))
    assert max(check.due_at for check in year_later) <= START + timedelta(days=7, minutes=15)
