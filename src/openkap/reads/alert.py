"""One alert, or one task of the safety path: what raised it, what was tried, what may come of it.

Decided here: what was answered, and what was written on it, is shown only where its reader may see measures;
everyone else on the list sees that something was answered, what to do, until when, and that it was closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course import alerts as rules
from openkap.permits import Act, Actor, Kind, Need, Role, Scope, Subject, decide
from openkap.reads.rows import instrument_name
from openkap.reads.work import Owed, owed_of
from openkap.records.facts.clock import moment
from openkap.records.facts.safety_plan import about_plan
from openkap.records.models import AlertNote, Course, Score, Task
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to it: when, what in words, who, and what more there is to say."""

    when: str
    what: str
    who: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertShown:
    """`owed` as on the list. `screener` is the form to ask, `plan` whether the plan may be opened."""

    owed: Owed
    phone: str
    happened: tuple[Happened, ...]
    outcomes: tuple[rules.Outcome, ...]
    tries: tuple[tuple[str, str], ...]
    of_safety: bool
    course: UUID | None
    screener: str
    plan: bool
    open: bool


def alert_of(
    scope: Scope, by: Actor, roles: frozenset[Role], task: Task, at: datetime, zone: ZoneInfo
) -> AlertShown:
    """`task` is within the reader's Scope, with its patient, course, owner and organisation. Six queries."""
    course, of_safety = task.course, rules.is_of_safety(task.what)
    return AlertShown(
        owed=owed_of(scope, by, roles, task, at, zone),
        phone=task.patient.phone if task.patient is not None and _may(scope, task, Kind.IDENTITY) else "",
        happened=tuple(_happened(scope, task, zone)),
        outcomes=rules.outcomes(task.what),
        tries=tuple(rules.tries().items()),
        of_safety=of_safety,
        course=task.course_id,
        screener=screener_to_ask(scope, course, at) if of_safety and course is not None else "",
        plan=course is not None and _may_plan(scope, course, at),
        open=task.done_at is None,
    )


def _happened(scope: Scope, task: Task, zone: ZoneInfo) -> Iterable[Happened]:
    notes = list(task.notes.order_by("at", "id"))
    answered = [note.response_id for note in notes if note.response_id is not None]
    scores = scoped(Score._base_manager.filter(response_id__in=answered, corrects=None), scope)
    by_response = {score.response_id: score for score in scores}
    may_read = _may(scope, task, Kind.MEASURES)
    for note in notes:
        score = by_response.get(note.response_id) if note.response_id is not None else None
        words = tuple(_words(note, score, task)) if may_read else ()
        yield Happened(moment(note.at, zone), _what(note, score), note.by_name, words)
    if task.done_at is not None:
        who = task.done_by.name if task.done_by is not None else ""
        yield Happened(moment(task.done_at, zone), _("Closed"), who, (task.outcome,) if may_read else ())


def _what(note: AlertNote, score: Score | None) -> str:
    match note.what:
        case AlertNote.What.RAISED if score is not None:
            return _("%(form)s was answered") % {"form": instrument_name(score.instrument)}
        case AlertNote.What.RAISED:
            return _("A form was answered") if note.response_id else _("A form was begun")
        case AlertNote.What.CORRECTED:
            return _("That answer was marked as entered in error. This stays open until someone closes it.")
        case _:
            return rules.tries().get(note.key, note.key)


def _words(note: AlertNote, score: Score | None, task: Task) -> Iterable[str]:
    if note.what == AlertNote.What.RAISED and score is not None:
        for alert in score.alerts:
            if rules.alert_code(alert["rule"]) == task.what.removesuffix(rules.ELSEWHERE):
                yield alert["because"]
    if note.words:
        yield note.words


def screener_to_ask(scope: Scope, course: Course, at: datetime) -> str:
    """The form to ask now, where this reader may keep its answers."""
    subject = Subject(Kind.MEASURES, course.organisation_id, course.patient_id, course.id, at=at)
    if not decide(scope, Need(Kind.MEASURES, Act.ADD), subject):
        return ""
    both = (rules.screener_for(False), rules.screener_for(True))
    asked = Score.objects.current().filter(course=course, instrument__in=both, complete=True)
    return rules.screener_for(asked.exists())


def _may_plan(scope: Scope, course: Course, at: datetime) -> bool:
    return bool(decide(scope, Need(Kind.SAFETY_PLAN), about_plan(course, at)))


def _may(scope: Scope, task: Task, kind: Kind) -> bool:
    return bool(decide(scope, Need(kind), Subject(kind, task.organisation_id, task.patient_id)))
