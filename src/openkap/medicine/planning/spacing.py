"""How far a planned dose is from its neighbors, before any order is written.

Decided here: nothing of its own. The row `D-SPACING` says how close is too close; a plan is asked the same
as an order will be, towards the dose before it and towards the one after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from openkap.medicine.dosing.say import beyond, finding
from openkap.medicine.rules import RuleSet, library
from openkap.medicine.verdict import Finding as Said
from openkap.medicine.verdict import Level, Verdict
from openkap.medicine.window import instant

SECONDS_PER_HOUR = Decimal(3600)


def apart(planned: datetime, others: Iterable[datetime], ruleset: RuleSet | None = None) -> Verdict:
    """What `D-SPACING` says of a dose beginning at `planned`, beside doses beginning at `others`."""
    rules = ruleset or library()
    return Verdict.of(_asked(instant(planned), [instant(other) for other in others], rules))


def _asked(planned: datetime, others: list[datetime], rules: RuleSet) -> Iterator[Said]:
    rule = rules.rule("D-SPACING")
    for other in others:
        hours = Decimal(str(abs((planned - other).total_seconds()))) / SECONDS_PER_HOUR
        if hours >= rule["soft_h"]:
            continue
        level = Level.STOP if hours < rule["hard_h"] else Level.CAUTION
        limit = rule["hard_h"] if level is Level.STOP else rule["soft_h"]
        action = "action_hard" if level is Level.STOP else "action_soft"
        yield finding(
            rule,
            level,
            because="because_hours" if other <= planned else "because_before",
            action=action,
            value=beyond(hours, limit),
            last=other.date(),
        )
