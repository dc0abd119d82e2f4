"""Forms whose time ran out without an answer, for whoever looks after these patients.

Decided here: only what was asked by the protocol and not put aside, of the last two weeks; the small question
of a day or a week is no form that is missed. Nobody is reminded from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from openkap.medicine.course.follow_up import pulses
from openkap.medicine.protocols import without_form
from openkap.permits import Scope
from openkap.reads.outcome_chart import point_words
from openkap.reads.rows import instrument_name
from openkap.records.models import Ask, Response
from openkap.records.scoped import scoped

LOOKS_BACK = timedelta(days=14)
MOST = 40
ANSWERED = Response.objects.current().filter(
    course=OuterRef("course"), instrument=OuterRef("instrument"), at__gte=OuterRef("due_at")
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What one patient left out at one point of the course."""

    course: UUID
    who: str
    point: str
    forms: tuple[str, ...]


def unanswered_of(scope: Scope, at: datetime) -> tuple[Unanswered, ...]:
    """The newest first. One query."""
    rows = (
        Ask.objects.filter(
            ~Exists(ANSWERED),
            closes_at__lte=at,
            closes_at__gt=at - LOOKS_BACK,
            skipped_at=None,
            course__ended_at=None,
        )
        .exclude(instrument__in=(*pulses(), *without_form()))
        .select_related("patient")
        .order_by("-closes_at", "id")
    )
    found: dict[tuple[UUID, str], tuple[str, list[str]]] = {}
    for ask in scoped(rows, scope)[:MOST]:
        _who, names = found.setdefault((ask.course_id, ask.point), (ask.patient.name, []))
        names.append(instrument_name(ask.instrument))
    return tuple(
        Unanswered(course, who, point_words(point), tuple(names))
        for (course, point), (who, names) in found.items()
    )
