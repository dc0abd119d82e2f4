"""Limits by route: the soft one asks for a reason, the hard one refuses the order.

Decided here: how a limit row of `library/dosing` is read. Which limits exist, and on whose word, is
data: `measure` says what is compared, `side` which way, `when` whether for a first dose only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.say import beyond, finding
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

NOT_KNOWN = {
    "duration_min": "How long the infusion takes was not said.",
    "session_mg_per_kg": "The weight is not known, so the limit by weight could not be checked.",
    "mg_per_kg": "The weight is not known, so the limit by weight could not be checked.",
}


def limit_findings(case: Case) -> Iterator[Finding]:
    """What the limits of this route say, and what could not be checked."""
    for rule in limits_of(case):
        if rule.words["when"] == "first" and not case.order.is_first:
            continue
        value = measure(case, rule.words["measure"])
        if value is None:
            yield _unknown(case, rule)
        elif _past(rule, value):
            yield finding(
                rule, Level(rule.words["level"]), value=beyond(value, rule["limit"]), limit=rule["limit"]
            )
    yield from _always(case)
    yield from _iv_equivalent(case)


def limits_of(case: Case) -> Iterator[Rule]:
    for rule in case.rows.values():
        if rule.words.get("kind") == "limit" and rule.words["route"] == case.order.route:
            yield rule


def measure(case: Case, name: str) -> Decimal | None:
    """What a limit compares. None where the order does not hold it."""
    if name == "mg":
        return case.mg
    if name == "session_mg":
        return case.session_mg
    if name == "duration_min":
        return case.order.duration_min
    if case.limit_weight is None:
        return None
    return (case.mg if name == "mg_per_kg" else case.session_mg) / case.limit_weight


def hard_cap_mg(case: Case) -> Decimal | None:
    """The most milligrams of this dose that pass no hard limit; None where none can be worked out."""
    caps = []
    already = case.session_mg - case.mg
    for rule in limits_of(case):
        if rule.words["level"] != Level.STOP or rule.words["side"] != "over":
            continue
        if rule.words["measure"] == "session_mg":
            caps.append(rule["limit"] - already)
        elif case.limit_weight is not None:
            caps.append(rule["limit"] * case.limit_weight - already)
    if case.session_iv_equivalent_mg is not None and case.limit_weight is not None:
        most = case.rule("D-IV-EQUIVALENT")["hard"] * case.limit_weight
        others = case.session_iv_equivalent_mg - (case.iv_equivalent_mg or Decimal(0))
        caps.append((most - others) / case.share(case.order.route))
    return min(caps, default=None)


def _past(rule: Rule, value: Decimal) -> bool:
    return value > rule["limit"] if rule.words["side"] == "over" else value < rule["limit"]


def _unknown(case: Case, rule: Rule) -> Finding:
    """Missing data weighs where the limit could refuse, unless even the lightest adult would pass."""
    name, could_be = rule.words["measure"], Level(rule.words["level"])
    lightest = case.rule("D-WEIGHT-RANGE")["least"]
    if name != "duration_min" and case.session_mg <= rule["limit"] * lightest:
        could_be = Level.CLEAR
    said = finding(rule, Level.UNKNOWN, action="", could_be=could_be, value="?")
    return replace(said, because=NOT_KNOWN[name], data={})


def _always(case: Case) -> Iterator[Finding]:
    for rule in case.rows.values():
        if rule.words.get("kind") == "always" and rule.words["route"] == case.order.route:
            yield finding(rule, Level(rule.words["level"]))


def _iv_equivalent(case: Case) -> Iterator[Finding]:
    """Every route's dose as if into a vein; esketamine is counted apart."""
    total, rule = case.session_iv_equivalent_mg, case.rule("D-IV-EQUIVALENT")
    if total is None or case.order.route is Route.ESKETAMINE:
        return
    if case.limit_weight is None:
        lightest = case.rule("D-WEIGHT-RANGE")["least"]
        could_be = Level.STOP if total > rule["hard"] * lightest else Level.CAUTION
        yield finding(rule, Level.UNKNOWN, because="unknown", action="", could_be=could_be)
        return
    value = total / case.limit_weight
    for name, level in (("hard", Level.STOP), ("soft", Level.CAUTION)):
        if value > rule[name]:
            figure = beyond(value, rule[name])
            yield finding(rule, level, action=f"action_{name}", value=figure, limit=rule[name])
            return
