"""Time between doses, further doses in one session, and how many there have been.

Decided here: how the rows `D-SPACING`, `D-BOOSTER`, `D-REPEAT-*`, `D-ROUTE-SAME-DAY`, `D-COUNT`,
`D-MONTH-2` and `D-CLOSER` are read. With times, hours count; with dates only, calendar days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from openkap.medicine.dosing.case import Case
from openkap.medicine.dosing.order import PastDose
from openkap.medicine.dosing.say import beyond, finding
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

SECONDS_PER_HOUR = Decimal(3600)
SECONDS_PER_MINUTE = Decimal(60)


def spacing_findings(case: Case) -> Iterator[Finding]:
    """How long since the last dose of another session, by any route."""
    rule, order = case.rule("D-SPACING"), case.order
    if not case.earlier:
        if order.first_dose is False:
            yield finding(rule, Level.UNKNOWN, because="before", action="", could_be=Level.CAUTION)
        return
    if order.on is None:
        yield finding(rule, Level.UNKNOWN, because="unknown", action="")
        return
    told = since_last(rule, case.earlier[-1], on=order.on, at=order.at)
    if told is not None:
        yield told


def since_last(rule: Rule, last: PastDose, *, on: date, at: datetime | None = None) -> Finding | None:
    """What `D-SPACING` says of a dose on `on` (at `at`, where times are known); None where it is fine."""
    shown: Decimal | str
    if at is not None and last.at is not None:
        value = Decimal(str((at - last.at).total_seconds())) / SECONDS_PER_HOUR
        level = _least(value, rule["soft_h"], rule["hard_h"], inclusive=False)
        limit = rule["hard_h"] if level is Level.STOP else rule["soft_h"]
        because, shown = "because_hours", beyond(value, limit)
    else:
        days = (on - last.on).days
        level = _least(Decimal(days), rule["soft_days"], rule["hard_days"], inclusive=True)
        because, shown = "because_days", _ago(days)
    if level is None:
        return None
    action = "action_hard" if level is Level.STOP else "action_soft"
    return finding(rule, level, because=because, action=action, value=shown, last=last.on)


def _least(value: Decimal, soft: Decimal, hard: Decimal, inclusive: bool) -> Level | None:
    """Too close is `stop`, close is `caution`; days count the limit itself as too close."""
    if value < hard or (inclusive and value == hard):
        return Level.STOP
    return Level.CAUTION if value < soft or (inclusive and value == soft) else None


def _ago(days: int) -> str:
    return {0: "the same day", 1: "the day before"}.get(days, f"{days} days ago")


def session_findings(case: Case) -> Iterator[Finding]:
    """Further doses in one session, and a second route on one day."""
    if any(dose.route is not case.order.route for dose in case.same_day):
        yield finding(case.rule("D-ROUTE-SAME-DAY"), Level.CAUTION)
    if not case.same_session:
        return
    yield finding(case.rule("D-BOOSTER"), Level.CAUTION)
    count = case.rule("D-REPEAT-COUNT")
    if len(case.same_session) > count["limit"]:
        yield finding(count, Level.STOP, value=len(case.same_session), limit=count["limit"])
    yield from _wait(case, case.same_session[-1])


def _wait(case: Case, last: PastDose) -> Iterator[Finding]:
    rule = case.rule("D-REPEAT-WAIT")
    if f"{last.route}_hard" not in rule.numbers:
        return
    soft, hard = rule[f"{last.route}_soft"], rule[f"{last.route}_hard"]
    if case.order.at is None or last.at is None:
        yield finding(rule, Level.UNKNOWN, because="unknown", action="")
        return
    value = Decimal(str((case.order.at - last.at).total_seconds())) / SECONDS_PER_MINUTE
    level = _least(value, soft, hard, inclusive=False)
    if level is not None:
        action = "action_hard" if level is Level.STOP else "action_soft"
        limit = hard if level is Level.STOP else soft
        yield finding(rule, level, action=action, value=beyond(value, limit), soft=soft, hard=hard)


def count_findings(case: Case) -> Iterator[Finding]:
    """Many doses in a stretch, and doses closer than a week long after the start. Racemic only."""
    on = case.order.on
    if on is None or case.order.route is Route.ESKETAMINE:
        return
    days = sorted({dose.on for dose in case.earlier if dose.route is not Route.ESKETAMINE} | {on})
    rule = case.rule("D-COUNT")
    for place in ("1", "2", "3"):
        stretch, most = rule[f"days_{place}"], rule[f"most_{place}"]
        value = sum(day > on - timedelta(days=int(stretch)) for day in days)
        if value > most:
            yield finding(rule, Level.CAUTION, value=value, days=stretch, limit=most)
    month = case.rule("D-MONTH-2")
    began = _run_began(days, int(month["gap"]))
    if (on - began).days >= month["from_day"]:
        yield finding(month, Level.CAUTION, value=(on - began).days, gap=month["gap"])
    yield from _closer(case.rule("D-CLOSER"), days)


def _closer(rule: Rule, days: list[date]) -> Iterator[Finding]:
    """The gap before this dose against the one before it, once doses had been spaced."""
    if len(days) <= 2:
        return
    gap, before = (days[-1] - days[-2]).days, (days[-2] - days[-3]).days
    if before >= rule["from_gap"] and gap < before:
        yield finding(rule, Level.CAUTION, value=gap, before=before)


def _run_began(days: list[date], gap: int) -> date:
    """The first day of the unbroken run, up to the last day, of doses less than `gap` days apart."""
    began = days[-1]
    for day in reversed(days):
        if (began - day).days >= gap:
            break
        began = day
    return began
