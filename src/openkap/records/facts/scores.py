"""Scores of a course, in order of time, for whoever compares before with after.

Decided here: which answer is the first and which the last: by when the form was filled, whatever the
link it came by; an incomplete form is kept and has no total.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openkap.medicine.instruments.instrument import Value
from openkap.records.models import Score


@dataclass(frozen=True, slots=True)
class ScoreAt:
    """One filled form: when, at which point of the course, its total (None: not reckonable) and band."""

    row: UUID
    at: datetime
    point: str
    instrument: str
    total: Value | None
    band: str
    complete: bool
    late: bool
    alerts: tuple[str, ...]


def scores_of(rows: QuerySet[Score], instrument: str, at: datetime) -> tuple[ScoreAt, ...]:
    """Those of `rows` (already within someone's Scope) of one instrument, oldest first. One query."""
    found = rows.filter(instrument=instrument, at__lte=at, corrected_by__isnull=True, withdrawn=False)
    return tuple(
        ScoreAt(
            row=row.id,
            at=row.at,
            point=row.response.point,
            instrument=row.instrument,
            total=row.total,
            band=row.band,
            complete=row.complete,
            late=row.response.late,
            alerts=tuple(_alert(alert) for alert in row.alerts),
        )
        for row in found.select_related("response").order_by("at", "recorded_at", "id")
    )


def _alert(alert: object) -> str:
    return str(alert.get("because", "")) if isinstance(alert, dict) else str(alert)
