"""The sets of vitals of one session, as monitoring looks at them, and what it says of them.

Decided here: the start values are the last complete pressure kept before the dose began. Time counts
from the start of the dose; sets kept before it have negative seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from openkap.medicine.monitoring import Baseline, Line, Reading, Sign, Summary, watch
from openkap.medicine.rules import RuleSet
from openkap.records import models
from openkap.records.compiled import Compiled
from openkap.records.facts.law import Law, rules_of

SIGNALS = ("sbp", "dbp", "hr", "spo2", "rr", "etco2", "moaas", "cadss6")


@dataclass(frozen=True, slots=True)
class Watched:
    """What monitoring says of a whole session so far: its lines in time order, and the figures."""

    lines: tuple[Line, ...] = ()
    summary: Summary | None = None

    @property
    def open(self) -> tuple[Line, ...]:
        """The prompts that stand: the last word on each signal, where it is amber or red; red first."""
        last: dict[str, Line] = {}
        for line in self.lines:
            if line.level in (Sign.AMBER, Sign.RED, Sign.RESOLVED):
                last[line.signal] = line
        standing = [line for line in last.values() if line.level is not Sign.RESOLVED]
        return tuple(sorted(standing, key=lambda line: (-line.level.weight, line.t_seconds)))


SETS: Compiled[models.Reading] = Compiled(
    models.Reading,
    lambda session: models.Reading.objects.current().filter(session_id=session).order_by("at", "recorded_at"),
)


def rows_of(session: models.Session) -> list[models.Reading]:
    """Every current set of this session, oldest first."""
    return SETS(session=session.pk)


def as_reading(row: models.Reading, started_at: datetime | None = None) -> Reading:
    """One row as monitoring looks at it."""
    values: dict[str, Any] = {name: _decimal(getattr(row, name)) for name in SIGNALS}
    seconds = Decimal(str((row.at - started_at).total_seconds())) if started_at is not None else None
    return Reading(t_seconds=seconds, at=row.at, **values)


def baseline_of(rows: Sequence[models.Reading], started_at: datetime | None) -> Baseline:
    """The start values: from the last complete pressure before the dose, else the first there is."""
    complete = [row for row in rows if row.sbp is not None and row.dbp is not None and not row.played]
    before = [row for row in complete if started_at is None or row.at <= started_at]
    start = before[-1] if before else complete[0] if complete else None
    if start is None:
        return Baseline()
    return Baseline(start.sbp, start.dbp, start.hr, start.spo2)


def watched(
    session: models.Session, rows: Sequence[models.Reading], route: str = "", law: Law | None = None
) -> Watched:
    """Monitoring's word on this session; nothing before the dose has begun. `route`: by which it is given.

    `law`: the practice's, where it is at hand already; else it is asked for.
    """
    if session.started_at is None:
        return Watched()
    rules = law.at(session.started_at) if law is not None else rules_of(session, session.started_at)
    return said_by(session, rows, rules, route)


def said_by(
    session: models.Session, rows: Sequence[models.Reading], rules: RuleSet, route: str = ""
) -> Watched:
    """The same by any rules."""
    readings = [as_reading(row, session.started_at) for row in rows]
    start = baseline_of(rows, session.started_at)
    said = list(watch(readings, route or session.course.route, start, ruleset=rules))
    lines = tuple(item for item in said if isinstance(item, Line))
    return Watched(lines, next((item for item in said if isinstance(item, Summary)), None))


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
