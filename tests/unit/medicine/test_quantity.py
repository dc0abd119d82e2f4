"""Amounts: exact, and never of two kinds at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.quantity import (
    Celsius,
    Cm,
    Kg,
    Mg,
    MgPerKg,
    MgPerMl,
    Ml,
    Mmhg,
    celsius_from_fahrenheit,
    cm_from_feet_and_inches,
    kg_from_pounds,
)

amounts = st.decimals(min_value="0.01", max_value="1000", places=2)


def test_a_dose_by_weight_in_each_strength_of_vial() -> None:
    dose = MgPerKg("0.5") * Kg(70)
    assert dose == Mg(35)
    assert [(dose / MgPerMl(s)).plain for s in ("10", "50", "100")] == ["3.5", "0.7", "0.35"]


@pytest.mark.parametrize("mixed", [lambda: Mg(1) + Kg(1), lambda: Mg(1) < Ml(1), lambda: Mg(1) / Ml(1)])
def test_units_do_not_mix(mixed: object) -> None:
    with pytest.raises(TypeError):
        mixed()  # type: ignore[operator]
    assert Mg(1) != Kg(1)


@pytest.mark.parametrize("value", [0.1, True, None, "NaN", "Infinity", "five", ""])
def test_what_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Mg(value)  # type: ignore[arg-type]


def test_rounding_is_half_up_and_down_where_a_limit_asks() -> None:
    assert Ml("0.705").rounded() == Ml("0.71")
    assert Ml("0.709").rounded_down() == Ml("0.70")
    assert Mg("35").two_decimals == "35.00"
    assert str(Mg("100.00")) == "100 mg"


def test_conversions_by_definition() -> None:
    assert kg_from_pounds(154).rounded("0.01") == Kg("69.85")
    assert cm_from_feet_and_inches(5, 8) == Cm("172.72")
    assert celsius_from_fahrenheit("98.6") == Celsius(37)
    assert Mmhg(140).share_of(Mmhg(100)) == Decimal("1.4")


@given(amounts, amounts)
def test_weight_and_strength_undo_themselves(mg: Decimal, by: Decimal) -> None:
    assert ((Mg(mg) / Kg(by)) * Kg(by)).rounded("0.0001") == Mg(mg)
    assert ((Mg(mg) / MgPerMl(by)) * MgPerMl(by)).rounded("0.0001") == Mg(mg)
