"""How a person is doing, by the scores they gave: for their own page and for whoever they let see.

Decided here: the first and the latest whole form are compared; whether the change is more than chance
is said by one published rule, named, and never by us. A form without a total is a gap, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.instruments import change, instrument
from openkap.medicine.instruments.instrument import Value
from openkap.permits import Scope
from openkap.records.facts.clock import day
from openkap.records.facts.scores import ScoreAt, scores_of
from openkap.records.models import Score, Session
from openkap.records.scoped import scoped

# The rule the page quotes; the others are on the clinician's page.
RULE = "nhs_reliable"


@dataclass(frozen=True, slots=True)
class Answered:
    """One form on the line. `total` None: some of it was not answered."""

    on: date
    when: str
    total: Value | None
    band: str
    late: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """One instrument's line. `verdict`: improved, unchanged, deteriorated, or "" with fewer than two."""

    instrument: str
    name: str
    low: float
    high: float
    answered: tuple[Answered, ...]
    doses: tuple[date, ...]
    sessions: tuple[date, ...]
    first: Value | None
    last: Value | None
    verdict: str
    threshold: int

    @property
    def down(self) -> Value:
        """Points it fell by; negative where it rose."""
        return (self.first or 0) - (self.last or 0)

    @property
    def compared(self) -> bool:
        return self.verdict != ""

    @property
    def points(self) -> Value:
        return abs(self.down)


def progress_of(
    scope: Scope,
    course: UUID,
    at: datetime,
    zone: ZoneInfo,
    *,
    name: str = "phq9",
    sessions: Iterable[Session] | None = None,
) -> Progress:
    """The line of one instrument in this course, as far as `scope` sees. Two queries.

    `sessions` are those within `scope` where the caller has them already: then it is one query.
    """
    form = instrument(name)
    rows = scores_of(scoped(Score.objects.filter(course_id=course), scope), name, at)
    if sessions is None:
        sessions = scoped(Session.objects.filter(course_id=course), scope)
    began = [s for s in sessions if s.course_id == course and s.started_at and s.started_at <= at]
    held = sorted(began, key=lambda session: (session.started_at or at, session.id))
    totals = [row.total for row in rows if row.total is not None]
    found = change(form, totals[0], totals[-1]) if len(totals) > 1 else None
    ruling = next((r for r in found.rules if r.rule == RULE), None) if found else None
    return Progress(
        instrument=name,
        name=form.name,
        low=form.lowest_total,
        high=form.highest_total,
        answered=tuple(_answered(row, zone) for row in rows),
        doses=_days(held, Session.Phase.DOSING, zone),
        sessions=_days(held, Session.Phase.INTEGRATION, zone),
        first=totals[0] if totals else None,
        last=totals[-1] if totals else None,
        verdict=ruling.verdict if ruling else "",
        threshold=int(ruling.threshold) if ruling else 0,
    )


def _answered(row: ScoreAt, zone: ZoneInfo) -> Answered:
    on = row.at.astimezone(zone).date()
    return Answered(on, day(on), row.total, row.band.replace("_", " "), row.late)


def _days(sessions: list[Session], phase: str, zone: ZoneInfo) -> tuple[date, ...]:
    return tuple(s.started_at.astimezone(zone).date() for s in sessions if s.phase == phase and s.started_at)
