"""The scores that asked for a person's look, and what came of each.

Decided here: a bad week is a score that alerted at once or that grew worse; what came of it is in the words
of whoever closed its task, and where the task is open still, that is said, with whose it is. The same fact
stands twice: in full beside the chart, and in two short lines at its point on the chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.permits import Scope
from openkap.reads.rows import instrument_name
from openkap.reads.said import stretch
from openkap.records.facts.clock import day, moment, month_day
from openkap.records.models import Course, Score, Task
from openkap.records.scoped import scoped

SHOWN_WEEKS = 4
SHOWN_NOTES = 3
IN_DAYS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class BadWeek:
    """A score that alerted, and what came of it."""

    when: str
    says: str
    came: str
    open: bool


@dataclass(frozen=True, slots=True)
class Alerted:
    """The latest weeks, the last first; `notes` by the score's id, for the chart of its own form."""

    weeks: tuple[BadWeek, ...]
    notes: Mapping[UUID, tuple[str, ...]]


def alerted_of(scope: Scope, course: Course, scores: Sequence[Score], zone: ZoneInfo, shown: str) -> Alerted:
    """Of `scores`, oldest first, within `scope`; notes for those of the form `shown`. At most one query."""
    alerted = [score for score in scores if score.alerts]
    if not alerted:
        return Alerted((), {})
    tasks = list(
        scoped(Task.objects.filter(course=course, what__startswith="alert_"), scope)
        .select_related("owner", "done_by")
        .order_by("made_at")
    )
    bad = [score for score in alerted if any(_is_bad(alert) for alert in score.alerts)]
    before = {score.id: last for last, score in pairwise(s for s in scores if s.instrument == shown)}
    noted = [score for score in alerted if score.instrument == shown][-SHOWN_NOTES:]
    return Alerted(
        weeks=tuple(_week(score, _task(score, tasks), zone) for score in reversed(bad[-SHOWN_WEEKS:])),
        notes={
            score.id: tuple(_note(score, before.get(score.id), _task(score, tasks), zone)) for score in noted
        },
    )


def _task(score: Score, tasks: Iterable[Task]) -> Task | None:
    """The task this score opened or joined: one still open before one that is done."""
    rules = {f"alert_{alert['rule']}"[:38] for alert in score.alerts}
    own = [task for task in tasks if task.what in rules and task.made_at <= score.recorded_at]
    return next((each for each in own if each.done_at is None), own[-1] if own else None)


def _is_bad(alert: Mapping[str, str]) -> bool:
    return alert["level"] >= "L2" or alert["rule"].endswith("worse")


def _week(score: Score, task: Task | None, zone: ZoneInfo) -> BadWeek:
    total = _("no total") if score.total is None else str(score.total)
    says = _("%(form)s %(total)s. %(why)s") % {
        "form": instrument_name(score.instrument),
        "total": total,
        "why": score.alerts[0]["because"],
    }
    return BadWeek(
        when=day(score.at.astimezone(zone).date()),
        says=says,
        came=_came(task, score, zone),
        open=task is not None and task.done_at is None,
    )


def _came(task: Task | None, score: Score, zone: ZoneInfo) -> str:
    if task is None:
        return ""
    if task.done_at is None:
        return _("Still open, with %(who)s.") % {"who": _owner(task)}
    return _("%(what)s %(who)s, %(time)s later, %(when)s.") % {
        "what": task.outcome.rstrip(".") + ".",
        "who": task.done_by.name if task.done_by is not None else "",
        "time": _took(max(task.done_at - score.recorded_at, timedelta(0))),
        "when": moment(task.done_at, zone),
    }


def _note(score: Score, before: Score | None, task: Task | None, zone: ZoneInfo) -> Iterable[str]:
    on = month_day(score.at.astimezone(zone).date())
    rise = (
        score.total - before.total
        if before is not None and score.total is not None and before.total is not None
        else 0
    )
    if before is not None and rise > 0:
        yield _("Up %(n)s in %(time)s, %(day)s") % {"n": rise, "time": _weeks(before.at, score.at), "day": on}
    else:
        yield _("An answer asked for a look, %(day)s") % {"day": on}
    if task is not None and task.done_at is None:
        yield _("Still open, with %(who)s") % {"who": _owner(task)}
    elif task is not None and task.done_at is not None and task.done_by is not None:
        took = task.done_at - score.recorded_at
        yield _("%(who)s, within %(time)s") % {"who": task.done_by.name, "time": _within(took)}


def _owner(task: Task) -> str:
    return task.owner.name if task.owner is not None else _("nobody yet")


def _weeks(start: datetime, end: datetime) -> str:
    """Two weeks; 5 days: as one says how fast a score rose."""
    days = max((end.date() - start.date()).days, 1)
    if days % 7 == 0 or days > 20:
        weeks = round(days / 7)
        return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _within(took: timedelta) -> str:
    """Rounded up, so that "within" is true."""
    minutes = max(ceil(took.total_seconds() / 60), 1)
    if took >= IN_DAYS:
        return _took(timedelta(days=ceil(took / timedelta(days=1))))
    return stretch(timedelta(minutes=minutes if minutes < 120 else 60 * ceil(minutes / 60)))


def _took(time: timedelta) -> str:
    """How long it took: after some days nobody counts hours."""
    if time < IN_DAYS:
        return stretch(time)
    return ngettext("%(n)s day", "%(n)s days", time.days) % {"n": time.days}
