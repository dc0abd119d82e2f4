"""Orders that cannot be used, and how the working is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openkap.medicine.dosing import Order, Route, Unusable, check
from openkap.medicine.rules import library

GOOD: dict[str, Any] = {
    "route": "iv", "weight_kg": 70, "height_cm": 172, "age": 44, "mg_per_kg": Decimal("0.5"),
    "duration_min": 40, "concentration_mg_per_ml": 50, "on": "2026-11-21",
}  # fmt: skip


def changed(**more: Any) -> dict[str, Any]:
    return {key: value for key, value in (GOOD | more).items() if value is not None}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"route": None}, "route"),
        ({"route": "intranasal"}, "route"),
        ({"mg_per_kg": None}, "mg_per_kg"),
        ({"mg": 35}, "mg"),
        ({"mg_per_kg": 0}, "mg_per_kg"),
        ({"mg_per_kg": -1}, "mg_per_kg"),
        ({"mg_per_kg": 0.5}, "mg_per_kg"),
        ({"weight_kg": None}, "weight_kg"),
        ({"weight_kg": 251}, "weight_kg"),
        ({"weight_kg": True}, "weight_kg"),
        ({"duration_min": "long"}, "duration_min"),
        ({"concentration_mg_per_ml": -50}, "concentration_mg_per_ml"),
        ({"on": "today"}, "on"),
        ({"at": "2026-11-21T09:00"}, "at"),
        ({"weight_basis": "lean"}, "weight_basis"),
        ({"weight_basis": "ideal"}, "sex"),
        ({"weight_basis": "ideal", "sex": "male", "height_cm": None}, "height_cm"),
        ({"indication": "pain"}, "indication"),
        ({"first_dose": "yes"}, "first_dose"),
        ({"weighed_on": "2026-12-01"}, "weighed_on"),
        ({"history": "none"}, "history"),
        ({"history": [35]}, "history.0"),
        ({"history": [{"on": "2026-11-17", "route": "iv"}]}, "history.0.mg"),
        ({"history": [{"route": "iv", "mg": 35}]}, "history.0.on"),
        ({"history": [{"on": "2026-11-17", "route": "sniff", "mg": 35}]}, "history.0.route"),
        ({"history": [{"on": "2026-11-22", "route": "iv", "mg": 35}]}, "history.0.on"),
        (
            {"history": [{"on": "2026-11-17", "route": "iv", "mg": 35, "tolerated": "fine"}]},
            "history.0.tolerated",
        ),
    ],
)
def test_an_order_that_cannot_be_used_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unusable) as refused:
        Order.read(changed(**change))
    assert refused.value.field == field
    assert str(refused.value).endswith((".", "?"))
    assert isinstance(refused.value, ValueError)


def test_esketamine_is_ordered_in_milligrams() -> None:
    with pytest.raises(Unusable, match="not by weight"):
        Order.read(changed(route="esketamine"))


def test_the_working_is_shown_line_by_line_without_trailing_zeros() -> None:
    checked = check(Order.read(GOOD))
    assert checked.arithmetic == ("70 kg x 0.5 mg/kg = 35 mg", "35 mg / 50 mg/mL = 0.7 mL")
    assert (checked.mg, checked.ml) == (Decimal(35), Decimal("0.7"))


@pytest.mark.parametrize(("strength", "ml"), [(10, "3.5"), (50, "0.7"), (100, "0.35")])
def test_the_three_vials(strength: int, ml: str) -> None:
    assert check(Order.read(changed(concentration_mg_per_ml=strength))).ml == Decimal(ml)


def test_milliliters_round_half_up_but_never_past_a_hard_limit() -> None:
    # 0.995 mL rounds up where there is room, and down where the limit of 1 mg/kg is reached.
    room = changed(mg_per_kg=Decimal("0.995"), weight_kg=100, concentration_mg_per_ml=100)
    assert check(Order.read(room)).ml == Decimal("1.00")
    full = changed(mg_per_kg=Decimal(1), weight_kg=Decimal("99.5"), concentration_mg_per_ml=100)
    assert check(Order.read(full)).ml == Decimal("0.99")


def test_without_a_strength_there_are_no_milliliters_and_nothing_is_said_of_it() -> None:
    checked = check(Order.read(changed(concentration_mg_per_ml=None)))
    assert checked.ml is None
    assert checked.verdict.findings == ()


def test_every_finding_quotes_its_rule() -> None:
    checked = check(Order.read(changed(mg_per_kg=2, age=80, duration_min=10)))
    for finding in checked.verdict.findings:
        rule = library().rule(finding.rule)
        assert (finding.version, finding.sources, finding.status) == (rule.version, rule.sources, rule.status)
        assert "{" not in finding.because + finding.action
    assert checked.ruleset == "library 1"


def test_a_first_dose_is_one_by_this_route() -> None:
    history = [{"on": "2026-11-01", "route": "oral", "mg": 100, "tolerated": True}]
    assert Order.read(changed(history=history)).is_first
    assert not Order.read(changed(history=history, route=Route.ORAL)).is_first
    assert not Order.read(changed(first_dose=False)).is_first
