"""Is this order safe to sign, and how many milligrams and milliliters is it?

Decided here: the one question a prescriber asks of an order. Findings come from the rooms beside
this file; figures are exact until they are shown, and rounding never carries a dose past a hard
limit. Contract: `openkap dose`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.esketamine import esketamine_findings
from openkap.medicine.dosing.limits import hard_cap_mg, limit_findings
from openkap.medicine.dosing.order import Order
from openkap.medicine.dosing.people import people_findings
from openkap.medicine.dosing.say import finding
from openkap.medicine.dosing.spacing import count_findings, session_findings, spacing_findings
from openkap.medicine.dosing.stepup import step_findings
from openkap.medicine.dosing.workings import workings
from openkap.medicine.protocols.routes import Route
from openkap.medicine.quantity import Mg, Ml
from openkap.medicine.rules import RuleSet, library
from openkap.medicine.verdict import Finding, Level, Verdict


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer. `mg` and `ml` are rounded to 0.01; `ml` is None without a strength.

    `arithmetic` is the working, a line a step, for people: no trailing zeros.
    """

    verdict: Verdict
    mg: Decimal
    ml: Decimal | None
    mg_per_kg: Decimal | None
    iv_equivalent_mg_per_kg: Decimal | None
    arithmetic: tuple[str, ...]
    ruleset: str


def check(order: Order, ruleset: RuleSet | None = None) -> Checked:
    """Every rule of `library/dosing` asked about one order; worst finding first."""
    rules = ruleset or library()
    case = Case(order, rules)
    findings = [
        *limit_findings(case),
        *people_findings(case),
        *spacing_findings(case),
        *session_findings(case),
        *step_findings(case),
        *count_findings(case),
        *esketamine_findings(case),
        *_drawing(case),
    ]
    mg, ml = amounts(case)
    return Checked(
        verdict=Verdict.of(findings),
        mg=mg,
        ml=ml,
        mg_per_kg=case.mg_per_kg,
        iv_equivalent_mg_per_kg=case.iv_equivalent_mg_per_kg,
        arithmetic=workings(case, mg, ml),
        ruleset=rules.name,
    )


def amounts(case: Case) -> tuple[Decimal, Decimal | None]:
    """Milligrams and milliliters to 0.01, half up, but down where half up would pass a hard limit."""
    exact, cap, strength = Mg(case.mg), hard_cap_mg(case), case.order.concentration_mg_per_ml
    within = cap is not None and case.mg <= cap
    mg = exact.rounded()
    if within and cap is not None and mg.value > cap:
        mg = exact.rounded_down()
    if strength is None:
        return mg.value, None
    volume = Ml(case.mg / strength)
    ml = volume.rounded()
    if within and cap is not None and ml.value * strength > cap:
        ml = volume.rounded_down()
    return mg.value, ml.value


def _drawing(case: Case) -> Iterator[Finding]:
    """A strong vial is diluted, and no dose is drawn from a vial of unknown strength."""
    order, dilute, known = case.order, case.rule("D-IV-DILUTE"), case.rule("D-CONCENTRATION")
    strength = order.concentration_mg_per_ml
    if strength is None and order.drawing_up and order.route in known.words["routes"]:
        yield finding(known, Level.STOP)
    if strength is not None and order.route is Route.IV and strength >= dilute["strength"]:
        # Told to whoever draws up; it is no fault of the order.
        yield finding(dilute, Level.CLEAR, value=strength)
