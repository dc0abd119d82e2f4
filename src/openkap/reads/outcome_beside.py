"""Beside an outcome's chart: the other forms in small, the bad weeks, the doses, what is asked next.

Decided here: what is asked next comes from the schedule, and says if nothing is. What the bad weeks and what
helps are is decided where they are read (`reads.bad_weeks`, `reads.what_helps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.instruments import instrument
from openkap.permits import Scope
from openkap.reads.bad_weeks import BadWeek, alerted_of
from openkap.reads.outcome import Outcome, outcome_of
from openkap.reads.outcome_chart import Chart, point_words
from openkap.reads.rows import instrument_name
from openkap.reads.said import number
from openkap.reads.what_helps import Helps, helps_of
from openkap.records.facts.clock import day, moment
from openkap.records.models import Administration, Ask, AskStop, Course, Score
from openkap.records.scoped import scoped

FORMS = ("phq9", "gad7", "pcl5", "daily", "weekly")


@dataclass(frozen=True, slots=True)
class Small:
    """Another form: its chart in small, and what the banner would say of it."""

    instrument: str
    name: str
    level: str
    says: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Beside:
    """`notes` are lines for points of the chart that is shown, by the score's id."""

    forms: tuple[tuple[str, str], ...]
    small: tuple[Small, ...]
    weeks: tuple[BadWeek, ...]
    notes: Mapping[UUID, tuple[str, ...]]
    helps: Helps
    doses: str
    next: str
    next_lines: tuple[str, ...]


def chosen(name: str) -> str:
    """A form that a chart can be drawn of; the PHQ-9 where another is asked for."""
    return name if name in FORMS else FORMS[0]


def beside_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo, shown: str) -> Beside:
    """Within `scope`. At most seven queries, and four for each other form that was answered."""
    scores = list(
        scoped(Score.objects.current().filter(course=course, at__lte=at), scope)
        .select_related("response")
        .order_by("at", "id")
    )
    alerted = alerted_of(scope, course, scores, zone, shown)
    answered = [name for name in FORMS if any(score.instrument == name for score in scores)]
    return Beside(
        forms=tuple((name, instrument(name).name) for name in dict.fromkeys((shown, *answered))),
        small=tuple(
            _small(name, outcome_of(scope, course, at, zone, name))
            for name in answered
            if name != shown and instrument(name).changes
        ),
        weeks=alerted.weeks,
        notes=alerted.notes,
        helps=helps_of(scope, course, at),
        doses=_doses(scope, course),
        next=_stopped(course, zone),
        next_lines=_next(scope, course, at, zone),
    )


def _small(name: str, outcome: Outcome) -> Small:
    return Small(name, outcome.instrument, outcome.level, outcome.says, outcome.chart)


def _doses(scope: Scope, course: Course) -> str:
    """How many doses were given and how much in all, where the reader may see it."""
    rows = scoped(Administration.objects.current().filter(session__course=course), scope)
    given: dict[UUID, Decimal | None] = {
        row["session_id"]: row["mg"] for row in rows.order_by().values("session_id").annotate(mg=Sum("mg"))
    }
    if not given:
        return ""
    return ngettext(
        "%(n)s dose, %(mg)s mg %(route)s in all", "%(n)s doses, %(mg)s mg %(route)s in all", len(given)
    ) % {
        "n": len(given),
        "mg": number(sum((mg or Decimal(0) for mg in given.values()), Decimal(0))),
        "route": course.route.upper(),
    }


def _stopped(course: Course, zone: ZoneInfo) -> str:
    if course.ended_at is not None:
        return _("The course has ended. Nothing more is asked.")
    stop = AskStop.objects.filter(course=course, until=None).first()
    if stop is None:
        return ""
    return _("No questions go out by mail since %(when)s.") % {"when": moment(stop.at, zone)}


def _next(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What is out and waits for an answer."""
    rows = scoped(
        Ask.objects.filter(course=course, closes_at__gt=at, skipped_at=None).exclude(sent_at=None), scope
    )
    return tuple(
        _("%(form)s, %(point)s: asked %(when)s")
        % {
            "form": instrument_name(ask.instrument),
            "point": point_words(ask.point),
            "when": day(ask.made_at.astimezone(zone).date()),
        }
        for ask in rows.order_by("due_at")
    )
