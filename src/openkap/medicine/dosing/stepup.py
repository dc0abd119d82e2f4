"""A dose that is more than the last one.

Decided here: how `D-STEP-UP` and `D-STEP-TOLERATED` are read. A step is measured from the last dose
by the same route that was tolerated; after one that was not, nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.say import beyond, finding, shown_figure
from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

PERCENT = Decimal(100)


def step_findings(case: Case) -> Iterator[Finding]:
    before = [dose for dose in case.earlier if dose.route is case.order.route]
    if not before:
        return
    last = before[-1]
    value, was = _mg(case.mg), _mg(last.mg)
    rule = case.rule("D-STEP-TOLERATED")
    if case.mg > last.mg and last.tolerated is False:
        yield finding(rule, Level.HOLD, value=value, last=was)
    elif case.mg > last.mg and last.tolerated is None:
        yield finding(
            rule, Level.UNKNOWN, because="unknown", action="", could_be=Level.HOLD, value=value, last=was
        )
    tolerated = [dose for dose in before if dose.tolerated]
    if tolerated:
        yield from _steps(case, case.rule("D-STEP-UP"), tolerated[-1].mg)


def _steps(case: Case, rule: Rule, last: Decimal) -> Iterator[Finding]:
    """The first measure that is passed speaks; one step is one finding."""
    rise, route = case.mg - last, case.order.route
    measures = [("ratio", rise / last * PERCENT, "%")]
    if route in rule.words["mg_per_kg_routes"] and case.limit_weight is not None:
        measures.append(("mg_per_kg", rise / case.limit_weight, " mg/kg"))
    if route in rule.words["mg_routes"]:
        measures.append(("mg", rise, " mg"))
    for name, value, unit in measures:
        if value > rule[name]:
            step = plain(beyond(value, rule[name]).normalize())
            limit = plain(rule[name])
            yield finding(
                rule, Level.CAUTION, value=_mg(case.mg), last=_mg(last), step=step + unit, limit=limit + unit
            )
            return


def _mg(value: Decimal) -> str:
    return f"{shown_figure(value)} mg"
