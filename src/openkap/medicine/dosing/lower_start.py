"""Who starts lower, and by how much.

Decided here: how `D-LOWER-START` and `D-LOWER-INHIBITOR` are read. What the usual start is, the limits of
the route say: the most for a first dose, or, by a route that has none, what any dose needs a reason for.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.limits import limits_of, measure
from openkap.medicine.dosing.say import beyond, finding
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

INHIBITOR = "enzyme_inhibitor"
PERCENT = Decimal(100)


def lower_start_findings(case: Case) -> Iterator[Finding]:
    """A first dose that is not lower, where a lower one is asked for."""
    reasons = case.order.lower_start
    if not reasons or not case.order.is_first:
        return
    half, lower = case.rule("D-LOWER-INHIBITOR"), case.rule("D-LOWER-START")
    halved = INHIBITOR in reasons and case.order.route in half.words["routes"]
    if halved:
        yield from _half(case, half)
    named = [lower.words["reasons"][each] for each in reasons if not (halved and each == INHIBITOR)]
    if named and not_lower(case):
        yield finding(lower, Level.CAUTION, reasons=", ".join(named))


def not_lower(case: Case) -> bool:
    """True where this dose is at or over the usual most for a first dose."""
    values = [(measure(case, rule.words["measure"]), rule["limit"]) for rule in usual_start(case)]
    return any(value is not None and value >= limit for value, limit in values)


def usual_start(case: Case) -> list[Rule]:
    """The rows that say what the usual start of this route is."""
    limits = [rule for rule in limits_of(case) if rule.words["side"] == "over"]
    firsts = [rule for rule in limits if rule.words["when"] == "first"]
    return firsts or [rule for rule in limits if rule.words["level"] == Level.CAUTION]


def _half(case: Case, half: Rule) -> Iterator[Finding]:
    for rule in usual_start(case):
        value, limit = measure(case, rule.words["measure"]), rule["limit"] * half["share"] / PERCENT
        if value is not None and value > limit:
            yield finding(half, Level.CAUTION, value=beyond(value, limit), limit=limit)
            return
