"""What must hold for every order, whatever its figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.dosing import Checked, Order, PastDose, Route, check
from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.limits import hard_cap_mg
from openkap.medicine.rules import library
from openkap.medicine.verdict import Level

ON = date(2026, 11, 21)
RACEMIC = [route for route in Route if route is not Route.ESKETAMINE]
BY_WEIGHT = [Route.IV, Route.IM]
weights = st.decimals(30, 250, places=1)
amounts = st.decimals("0.5", 600, places=2)
per_kg = st.decimals("0.01", 3, places=3)
strengths = st.sampled_from([Decimal(10), Decimal(50), Decimal(100), Decimal("33.3")])
past = st.builds(
    PastDose,
    route=st.sampled_from(RACEMIC),
    mg=amounts,
    on=st.integers(1, 120).map(lambda days: ON - timedelta(days=days)),
    tolerated=st.sampled_from([True, False, None]),
)
histories = st.lists(past, max_size=6)


def ordered(**given: Any) -> Checked:
    return check(Order(on=ON, age=Decimal(44), height_cm=Decimal(172), **given))


@given(st.sampled_from(RACEMIC), weights, amounts, amounts, histories)
def test_more_is_never_judged_more_calmly(
    route: Route, weight: Decimal, mg: Decimal, more: Decimal, before: list[PastDose]
) -> None:
    some = {"route": route, "weight_kg": weight, "duration_min": Decimal(40), "history": tuple(before)}
    less, greater = ordered(mg=mg, **some), ordered(mg=mg + more, **some)
    assert greater.verdict.at_least(less.verdict.level)


@given(st.sampled_from(RACEMIC), weights, amounts, histories, st.randoms())
def test_the_order_of_the_history_never_matters(
    route: Route, weight: Decimal, mg: Decimal, before: list[PastDose], chance: Any
) -> None:
    shuffled = list(before)
    chance.shuffle(shuffled)
    some = {"route": route, "weight_kg": weight, "mg": mg}
    assert ordered(history=tuple(before), **some) == ordered(history=tuple(shuffled), **some)


@given(st.sampled_from(RACEMIC), weights, amounts)
def test_a_missing_weight_never_hides_a_refusal(route: Route, weight: Decimal, mg: Decimal) -> None:
    some = {"route": route, "mg": mg, "duration_min": Decimal(40)}
    if ordered(weight_kg=weight, **some).verdict.level is Level.STOP:
        assert ordered(**some).verdict.at_least(Level.UNKNOWN)


@given(weights, per_kg)
def test_an_infusion_of_unknown_length_is_never_clear(weight: Decimal, dose: Decimal) -> None:
    assert ordered(route=Route.IV, weight_kg=weight, mg_per_kg=dose).verdict.at_least(Level.UNKNOWN)


@given(st.sampled_from(BY_WEIGHT), weights, per_kg, strengths)
def test_rounding_never_carries_a_dose_past_a_hard_limit(
    route: Route, weight: Decimal, dose: Decimal, strength: Decimal
) -> None:
    order = Order(route=route, weight_kg=weight, mg_per_kg=dose, concentration_mg_per_ml=strength)
    case, checked = Case(order, library()), check(order)
    cap = hard_cap_mg(case)
    assert cap is not None and checked.ml is not None
    if case.mg <= cap:
        assert checked.mg <= cap
        assert checked.ml * strength <= cap
    assert abs(checked.mg - case.mg) <= Decimal("0.01")
    assert abs(checked.ml - case.mg / strength) <= Decimal("0.01")


@given(weights, per_kg, st.sampled_from(["ideal", "adjusted"]), st.sampled_from(["female", "male"]))
def test_no_weight_basis_loosens_a_limit_by_weight(
    weight: Decimal, dose: Decimal, basis: str, sex: str
) -> None:
    by_basis = Order(route=Route.IV, weight_kg=weight, mg_per_kg=dose, weight_basis=basis, sex=sex,
                     height_cm=Decimal(172), duration_min=Decimal(40))  # fmt: skip
    mg = Case(by_basis, library()).mg
    actual = Order(route=Route.IV, weight_kg=weight, mg=mg, weight_basis="actual", duration_min=Decimal(40))
    if check(actual).verdict.level is Level.STOP:
        assert check(by_basis).verdict.level is Level.STOP
