"""What people and machines hand in: told by field and one sentence, never guessed into place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from openkap.medicine.inputs import Unusable, a_choice, a_day, a_flag, a_number, a_time, out_of_range


@pytest.mark.parametrize(
    ("given", "number"), [("70", 70), (" 0.5 ", "0.5"), (3, 3), (Decimal("1.20"), "1.2")]
)
def test_numbers_are_exact(given: Any, number: Any) -> None:
    assert a_number("x", given) == Decimal(number)


@pytest.mark.parametrize(
    "given", ["", "seventy", "1,5", "NaN", "Infinity", "1e12", None, True, 0.5, [70], {}]
)
def test_what_is_no_exact_number_is_refused_with_its_field(given: Any) -> None:
    with pytest.raises(Unusable) as refused:
        a_number("weight_kg", given)
    assert refused.value.field == "weight_kg"
    assert "None" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("700", "700 kg is out of range. Did you mean 70.0?"),
        ("7", "7 kg is out of range. Did you mean 70?"),
        ("0.7", "0.7 kg is out of range. Did you mean 70?"),
        ("26", "26 kg is out of range. It must be 30 to 250."),
    ],
)
def test_a_slip_of_the_point_is_guessed(value: str, told: str) -> None:
    with pytest.raises(Unusable) as refused:
        out_of_range("weight_kg", Decimal(value), Decimal(30), Decimal(250), "kg")
    assert str(refused.value) == told


def test_a_value_in_range_is_left_alone() -> None:
    assert out_of_range("weight_kg", Decimal(30), Decimal(30), Decimal(250), "kg") is None  # type: ignore[func-returns-value]


def test_days_and_times_are_read_and_a_time_needs_its_zone() -> None:
    assert a_day("on", "2026-11-21") == date(2026, 11, 21)
    assert a_time("at", "2026-11-21T09:00:00-05:00").isoformat() == "2026-11-21T09:00:00-05:00"
    for wrong in ("2026-11-21T09:00:00", datetime(2026, 11, 21, 9), "yesterday", 5):
        with pytest.raises(Unusable, match=r"time"):
            a_time("at", wrong)
    for wrong in ("21.11.2026", "2026-13-01", 20261121):
        with pytest.raises(Unusable, match="day"):
            a_day("on", wrong)


def test_flags_and_choices_are_never_guessed() -> None:
    assert a_flag("x", False) is False
    for wrong in ("yes", 1, None):
        with pytest.raises(Unusable):
            a_flag("x", wrong)
    with pytest.raises(Unusable, match="Use one of: iv, im"):
        a_choice("route", "nasal", ("iv", "im"))
