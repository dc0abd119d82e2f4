"""What a form says to an absurd vital sign, and the units it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.physiology import check_pressure, check_vital


@pytest.mark.parametrize(
    ("name", "value", "unit", "canonical"),
    [
        ("weight_kg", "70", "kg", "70"),
        ("weight_kg", "154", "lb", "69.9"),
        ("height_cm", "172", "", "172"),
        ("height_cm", "1.72", "m", "172"),
        ("height_cm", "5 ft 8", "", "172.7"),
        ("height_cm", "5'8\"", "", "172.7"),
        ("height_cm", "68", "in", "172.7"),
        ("temperature", "98.6", "F", "37"),
        ("temperature", "37", "°C", "37"),
        ("hr", 72, "", "72"),
        ("spo2", "98", "%", "98"),
    ],
)
def test_units_come_out_canonical(name: str, value: Any, unit: str, canonical: str) -> None:
    assert check_vital(name, value, unit) == Decimal(canonical)


@pytest.mark.parametrize(
    ("name", "value", "unit", "told"),
    [
        ("weight_kg", "700", "", "700 kg is out of range. Did you mean 70.0?"),
        ("weight_kg", "1540", "lb", "Did you mean 69.85?"),
        ("height_cm", "1.72", "", "Did you mean 172?"),
        ("sbp", "12", "", "12 mmHg is out of range. Did you mean 120?"),
        ("temperature", "98.6", "", "Did you mean 98.6 °F (37 °C)?"),
        ("temperature", "370", "", "Did you mean 37.0?"),
        ("spo2", "0", "", "It must be 20 to 100."),
        ("spo2", "980", "", "Did you mean 98.0?"),
        ("hr", "-70", "", "It must be 20 to 250."),
        ("moaas", "6", "", "6 is no step of this scale. It has 0 to 5."),
        ("moaas", "2.5", "", "is no step"),
        ("hr", "fast", "", "fast is not a number."),
        ("weight_kg", "70", "stone", "stone is not a unit for this."),
    ],
)
def test_the_absurd_is_refused_with_a_guess(name: str, value: str, unit: str, told: str) -> None:
    with pytest.raises(Unusable) as refused:
        check_vital(name, value, unit)
    assert told in str(refused.value)
    assert refused.value.field == name


def test_pressure_has_its_larger_number_first_and_its_mean_between() -> None:
    assert check_pressure("120", "80", "93") == (Decimal(120), Decimal(80))
    for sbp, dbp, mean, told in [
        (80, 130, None, "Did you mean 130/80?"),
        (120, 120, None, "120/120 cannot be"),
        (120, 80, 130, "is not between 80 and 120"),
    ]:
        with pytest.raises(Unusable, match=told):
            check_pressure(sbp, dbp, mean)
