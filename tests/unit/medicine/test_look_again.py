"""A prompt that says "check again in 5 minutes" puts that check among what is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from openkap.medicine.monitoring import Line, look_again
from openkap.medicine.monitoring.line import Sign

STARTED = datetime(2027, 3, 9, 14, 0, tzinfo=UTC)


def minute(number: float) -> datetime:
    return STARTED + timedelta(minutes=number)


def standing(signal: str, rule: str) -> Line:
    return Line(Decimal(600), Sign.AMBER, signal, "", rule, "")


@pytest.mark.parametrize(
    ("signal", "rule", "what"),
    [
        ("bp", "M-BP-AMBER", "vitals"),
        ("hr", "M-HR-AMBER", "vitals"),
        ("spo2", "M-SPO2-AMBER", "vitals"),
        ("sedation", "M-SEDATION-AMBER", "alertness"),
        ("dissociation", "M-CADSS6-AMBER", "dissociation"),
    ],
)
def test_each_is_answered_by_its_own_look(signal: str, rule: str, what: str) -> None:
    seen = {"vitals": minute(10), "alertness": minute(10), "dissociation": minute(10)}
    (check,) = look_again([standing(signal, rule)], seen, STARTED, minute(11))
    assert (check.what, check.minute, check.due_at) == (what, 15, minute(15))


@pytest.mark.parametrize(
    ("now", "state", "late"), [(11, "later", 0), (12, "now", 0), (18, "now", 0), (18.5, "late", 3)]
)
def test_it_is_later_then_now_then_late(now: float, state: str, late: int) -> None:
    (check,) = look_again([standing("bp", "M-BP-AMBER")], {"vitals": minute(10)}, STARTED, minute(now))
    assert (check.state, check.minutes_late) == (state, late)


def test_two_prompts_ask_for_one_look_and_another_look_puts_it_off() -> None:
    both = [standing("bp", "M-BP-AMBER"), standing("hr", "M-HR-AMBER")]
    assert len(look_again(both, {"vitals": minute(10)}, STARTED, minute(11))) == 1
    (check,) = look_again(both, {"vitals": minute(15)}, STARTED, minute(16))
    assert check.due_at == minute(20)


def test_what_calls_someone_to_the_bedside_sets_no_check() -> None:
    assert look_again([standing("bp", "M-BP-RED")], {"vitals": minute(10)}, STARTED, minute(11)) == ()
