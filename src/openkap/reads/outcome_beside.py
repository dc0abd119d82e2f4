"""Beside an outcome's chart: the other forms in small, the bad weeks, the doses, what is asked next.

Decided here: a bad week is a score that alerted, with what came of its alert in the words of whoever closed
it; where it is open still, that is said. What is asked next comes from the schedule, and says if nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.instruments import instrument
from openkap.permits import Scope
from openkap.reads.outcome import Chart, Outcome, outcome_of, point_words
from openkap.reads.rows import instrument_name
from openkap.reads.said import day, moment, number, stretch
from openkap.records.models import Administration, Ask, AskStop, Course, Score, Task
from openkap.records.scoped import scoped

FORMS = ("phq9", "gad7", "pcl5", "daily", "weekly")
SHOWN_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Small:
    """Another form: its chart in small, and what the banner would say of it."""

    instrument: str
    name: str
    level: str
    says: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class BadWeek:
    """A score that alerted, and what came of it."""

    when: str
    says: str
    came: str
    open: bool


@dataclass(frozen=True, slots=True)
class Beside:
    forms: tuple[tuple[str, str], ...]
    small: tuple[Small, ...]
    weeks: tuple[BadWeek, ...]
    doses: str
    next: str
    next_lines: tuple[str, ...]


def chosen(name: str) -> str:
    """A form that a chart can be drawn of; the PHQ-9 where another is asked for."""
    return name if name in FORMS else FORMS[0]


def beside_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo, shown: str) -> Beside:
    """Within `scope`. At most five queries, and four for each other form that was answered."""
    scores = list(
        scoped(Score.objects.current().filter(course=course, at__lte=at), scope)
        .select_related("response")
        .order_by("at", "id")
    )
    answered = [name for name in FORMS if any(score.instrument == name for score in scores)]
    return Beside(
        forms=tuple((name, instrument(name).name) for name in dict.fromkeys((shown, *answered))),
        small=tuple(
            _small(name, outcome_of(scope, course, at, zone, name))
            for name in answered
            if name != shown and instrument(name).changes
        ),
        weeks=tuple(_weeks(scope, course, scores, zone)),
        doses=_doses(scope, course),
        next=_stopped(course, zone),
        next_lines=_next(scope, course, at, zone),
    )


def _small(name: str, outcome: Outcome) -> Small:
    return Small(name, outcome.instrument, outcome.level, outcome.says, outcome.chart)


def _weeks(scope: Scope, course: Course, scores: Iterable[Score], zone: ZoneInfo) -> Iterable[BadWeek]:
    """The latest few, the last first."""
    alerted = [score for score in scores if any(_is_bad(alert) for alert in score.alerts)]
    if not alerted:
        return
    tasks = list(
        scoped(Task.objects.filter(course=course, what__startswith="alert_"), scope)
        .select_related("owner", "done_by")
        .order_by("made_at")
    )
    for score in reversed(alerted[-SHOWN_WEEKS:]):
        rules = {f"alert_{alert['rule']}"[:38] for alert in score.alerts}
        own = [task for task in tasks if task.what in rules and task.made_at <= score.recorded_at]
        task = next((each for each in own if each.done_at is None), own[-1] if own else None)
        total = _("no total") if score.total is None else str(score.total)
        yield BadWeek(
            when=day(score.at.astimezone(zone).date()),
            says=_("%(form)s %(total)s. %(why)s")
            % {
                "form": instrument_name(score.instrument),
                "total": total,
                "why": score.alerts[0]["because"],
            },
            came=_came(task, score, zone),
            open=task is not None and task.done_at is None,
        )


def _is_bad(alert: dict[str, str]) -> bool:
    return alert["level"] >= "L2" or alert["rule"].endswith("worse")


def _came(task: Task | None, score: Score, zone: ZoneInfo) -> str:
    if task is None:
        return ""
    if task.done_at is None:
        owner = task.owner.name if task.owner is not None else _("nobody yet")
        return _("Still open, with %(who)s.") % {"who": owner}
    who = task.done_by.name if task.done_by is not None else ""
    return _("%(what)s %(who)s, %(time)s later, %(when)s.") % {
        "what": task.outcome.rstrip(".") + ".",
        "who": who,
        "time": stretch(max(task.done_at - score.recorded_at, timedelta(0))),
        "when": moment(task.done_at, zone),
    }


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
