"""Esketamine: the doses of the US label and the duties of its REMS.

Decided here: how the rows `D-ESK-*` are read. Where the practice's country is one of `D-ESK-ELSEWHERE`, the
labels there also know 28 mg, which is where a person of 65 begins; anywhere else a dose that is not the US
label's is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.say import finding
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

DUTIES = ("D-ESK-CERTIFIED", "D-ESK-ENROLLED", "D-ESK-PRESCRIBER")


def esketamine_findings(case: Case) -> Iterator[Finding]:
    if case.order.route is not Route.ESKETAMINE:
        return
    dose = case.rule("D-ESK-DOSE")
    elsewhere = case.rule("D-ESK-ELSEWHERE")
    here = (case.order.country or "").upper() in elsewhere.words["countries"]
    if case.mg not in (dose["low"], dose["high"], *((elsewhere["start"],) if here else ())):
        yield finding(dose, Level.STOP, value=case.mg)
    if here:
        yield from _elsewhere(case, elsewhere)
    yield from _day(case)
    yield from _week(case)
    yield from _indication(case)
    yield from _duties(case)


def _elsewhere(case: Case, rule: Rule) -> Iterator[Finding]:
    """From the row's age on: the first dose is its start, and each step up is no more than that."""
    age, earlier = case.order.age, [d.mg for d in case.earlier if d.route is Route.ESKETAMINE]
    most = rule["start"] + (earlier[-1] if earlier and not case.order.is_first else Decimal(0))
    if age is not None and age >= rule["from_age"] and case.mg > most:
        yield finding(rule, Level.CAUTION, value=case.mg)


def _day(case: Case) -> Iterator[Finding]:
    rule = case.rule("D-ESK-DAILY")
    if case.session_mg > rule["limit"]:
        yield finding(rule, Level.STOP, value=case.session_mg, limit=rule["limit"])


def _week(case: Case) -> Iterator[Finding]:
    """The last 7 days are the dates after `on` minus 7."""
    rule, on = case.rule("D-ESK-WEEK"), case.order.on
    if on is None:
        return
    stretch = timedelta(days=int(rule["days"]))
    esketamine = {dose.on for dose in case.order.history if dose.route is Route.ESKETAMINE}
    visits = sorted({day for day in esketamine if day > on - stretch} | {on})
    if len(visits) > rule["limit"]:
        # It fits once the older of the two visits before it lies seven days back.
        earliest = visits[-int(rule["limit"]) - 1] + stretch
        yield finding(rule, Level.STOP, value=len(visits), limit=rule["limit"], earliest=earliest)


def _indication(case: Case) -> Iterator[Finding]:
    order, day1, end = case.order, case.rule("D-ESK-DAY1"), case.rule("D-ESK-MDSI-END")
    if order.is_first and case.mg > day1["limit"] and order.indication is None:
        yield finding(day1, Level.UNKNOWN, because="unknown", action="", could_be=Level.CAUTION)
    elif order.is_first and case.mg > day1["limit"] and order.indication == "trd":
        yield finding(day1, Level.CAUTION, limit=day1["limit"])
    earlier = [dose.on for dose in case.earlier if dose.route is Route.ESKETAMINE]
    if order.indication == "mdsi" and order.on is not None and earlier:
        days = (order.on - earlier[0]).days
        if days > end["limit"]:
            yield finding(end, Level.CAUTION, value=Decimal(days), limit=end["limit"])


def _duties(case: Case) -> Iterator[Finding]:
    """Said no is a stop; not said is told, and does not change the verdict of the arithmetic."""
    for id in DUTIES:
        rule = case.rule(id)
        answer = getattr(case.order, rule.words["field"])
        if answer is None:
            yield finding(rule, Level.UNKNOWN, because="unknown", could_be=Level.CAUTION)
        elif answer is False:
            yield finding(rule, Level.STOP)
