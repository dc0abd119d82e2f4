"""Alerts with their clocks, what is not yet written, and what is overdue.

Decided here: an alert is answered in time where a person took it, tried to reach the patient or closed it
before it went on to the next (`F-ALERT-CLOCK`). That somebody only looked is told, and stops no clock. What
is not written is the task to write it: drafts are their author's alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.course.alerts import has_outcomes
from openkap.medicine.course.follow_up import goes_on_after
from openkap.permits import ActorKind
from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.said import ago, stretch
from openkap.records.facts.law import Law, law_of
from openkap.records.models import AlertNote, Event, Task
from openkap.records.scoped import scoped

WRITING = (
    *("integration_note", "preparation_note", "hand_over_before", "hand_over_after"),
    *("read_hand_over", "read_hand_back", "monitoring_form"),
)
HANDS = ("task.taken", "alert.tried", "task.done")
MOST = 300


@dataclass(frozen=True, slots=True)
class Alerted:
    """One alert: when a person first opened one of this patient, first took, tried or closed this one, first
    tried, closed it; and by when it was to be taken. None: not by the time that is asked about."""

    task: Task
    seen_at: datetime | None
    hand_at: datetime | None
    tried_at: datetime | None
    closed_at: datetime | None
    by_when: datetime

    def late(self, at: datetime) -> bool:
        """Nobody had it by its time."""
        return (self.hand_at or at) > self.by_when


def alerts_of(asked: Asked, *, also_open: bool = True) -> tuple[Alerted, ...]:
    """Alerts raised in this stretch, and earlier ones still open. Six queries at most."""
    at = asked.period
    wanted = Q(made_at__gte=at.since, made_at__lt=at.until)
    if also_open:
        wanted |= Q(made_at__lt=at.until) & (Q(done_at=None) | Q(done_at__gt=asked.at))
    rows = Task.objects.filter(wanted, organisation=asked.place).exclude(level="")
    tasks = list(scoped(rows, asked.scope).select_related("owner", "patient").order_by("-made_at", "-id"))
    hands = _first(
        (subject.removeprefix("task "), when)
        for subject, when in scoped(
            Event.objects.filter(
                organisation=asked.place,
                by_kind=ActorKind.PERSON.value,
                verb__in=HANDS,
                subject__in=[f"task {task.pk}" for task in tasks],
                at__lte=asked.at,
            ),
            asked.scope,
        ).values_list("subject", "at")
    )
    tried = _first(
        (str(task), when)
        for task, when in scoped(
            AlertNote.objects.filter(task__in=tasks, what=AlertNote.What.TRIED, at__lte=asked.at), asked.scope
        ).values_list("task_id", "at")
    )
    law = law_of(asked.place.id)
    seen = _openings(asked, {task.patient_id for task in tasks if task.patient_id is not None})
    return tuple(
        Alerted(
            task,
            next((when for when in seen[task.patient_id] if when >= task.made_at), None),
            hands.get(str(task.pk)),
            tried.get(str(task.pk)),
            task.done_at if task.done_at is not None and task.done_at <= asked.at else None,
            _by_when(task, law),
        )
        for task in tasks
    )


def _openings(asked: Asked, patients: set[UUID]) -> dict[UUID | None, list[datetime]]:
    """When somebody opened an alert of each patient, in order: the trail tells of whom, not which."""
    rows = Event.objects.filter(
        organisation=asked.place, verb="opened.alert", patient__in=patients, at__lte=asked.at
    ).order_by("at")
    found: dict[UUID | None, list[datetime]] = defaultdict(list)
    for patient, when in scoped(rows, asked.scope).values_list("patient_id", "at"):
        found[patient].append(when)
    return found


def _first(pairs: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for key, when in pairs:
        found[key] = min(found.get(key, when), when)
    return found


def _by_when(task: Task, law: Law) -> datetime:
    """By when a person was to have it, by the practice's numbers of the moment it was raised."""
    wait = goes_on_after(task.level, law.at(task.made_at))
    return task.made_at + wait if wait is not None else task.due_at


def alerts(asked: Asked) -> Section:
    """The same as a list, those past their time and still open first."""
    found = sorted(
        alerts_of(asked),
        key=lambda one: (one.closed_at is not None, not one.late(asked.at), -one.task.made_at.timestamp()),
    )
    return Section(
        "alerts",
        _("Alerts and their times"),
        tuple(_alert(one, asked) for one in found),
        clock_words(found, asked.at),
        _(
            "First hand: a person took it, tried to reach the patient, or closed it. Seen: somebody opened "
            "an alert of this patient; which of several is not told apart."
        ),
        _("No alert was raised."),
    )


def clock_words(found: Sequence[Alerted], at: datetime) -> tuple[str, ...]:
    """Median and longest of each time, and how many nobody had in time."""
    said = []
    for says, gaps in (
        (_("seen"), [one.seen_at - one.task.made_at for one in found if one.seen_at is not None]),
        (_("first hand"), [one.hand_at - one.task.made_at for one in found if one.hand_at is not None]),
        (_("first try"), [one.tried_at - one.task.made_at for one in found if one.tried_at is not None]),
        (_("closed"), [one.closed_at - one.task.made_at for one in found if one.closed_at is not None]),
    ):
        if gaps:
            said.append(
                _("%(what)s (%(n)s of %(of)s): median %(median)s, longest %(worst)s")
                % {
                    "what": says,
                    "n": len(gaps),
                    "of": len(found),
                    "median": stretch(_median(gaps)),
                    "worst": stretch(max(gaps)),
                }
            )
    if found:
        late = sum(one.late(at) for one in found)
        said.append(_("%(n)s of %(of)s had nobody by their time") % {"n": late, "of": len(found)})
    return tuple(said)


def _median(gaps: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps))


def _alert(one: Alerted, asked: Asked) -> Line:
    task, late = one.task, one.late(asked.at)
    more = [
        _("Level %(level)s") % {"level": task.level},
        _after(_("Seen after %(time)s"), one.seen_at, task.made_at),
        _after(_("First hand after %(time)s"), one.hand_at, task.made_at) or _("Nobody has had it yet"),
        _after(_("First try after %(time)s"), one.tried_at, task.made_at),
        _after(_("Closed after %(time)s"), one.closed_at, task.made_at) or _("Still open"),
        _("Later than its clock") if late else "",
    ]
    return Line(
        task.id,
        task.made_at,
        nameless(task),
        tuple(words for words in more if words),
        whose(task),
        "stop" if late and one.closed_at is None else "caution" if late else "",
        task.patient_id,
        ("alert", str(task.id)),
    )


def _after(says: str, when: datetime | None, since: datetime) -> str:
    return says % {"time": stretch(max(when - since, timedelta(0)))} if when is not None else ""


def nameless(task: Task) -> str:
    """What is to be done, with the patient as such: their file number stands beside it. What a patient wrote
    for the practice, and who asks for an evaluation, stand where they are answered and not here."""
    if task.what == "correction_wished":
        return _("A patient asks to put something right in their record.")
    if task.what.startswith("request_"):
        return _("A request for an evaluation waits for an answer.")
    return task.text.replace(task.patient.name, _("the patient")) if task.patient is not None else task.text


def whose(task: Task) -> str:
    """A person; or everyone who holds a role."""
    return task.owner.name if task.owner is not None else _(task.role.replace("_", " "))


def notes(asked: Asked) -> Section:
    """What was to be written and is not. One query."""
    return _overdue(
        asked,
        Q(what__in=WRITING),
        "notes",
        _("Notes and hand-overs not written"),
        _("What is written in a draft is its author’s alone, and is not shown or counted here."),
        _("Everything that was due is written."),
    )


def tasks(asked: Asked) -> Section:
    """What is overdue and is no alert and no note. One query."""
    return _overdue(
        asked,
        ~Q(what__in=WRITING),
        "tasks",
        _("Overdue work"),
        _("Whose it is, or whose list it stands on. Alerts and notes have lists of their own."),
        _("Nothing is overdue."),
    )


def _overdue(asked: Asked, wanted: Q, key: str, title: str, why: str, empty: str) -> Section:
    rows = Task.objects.filter(
        wanted, organisation=asked.place, done_at=None, level="", due_at__lte=asked.at
    ).select_related("owner", "patient")
    found = list(scoped(rows, asked.scope).order_by("due_at", "id")[: MOST + 1])
    oldest = (_("the oldest was due %(ago)s") % {"ago": ago(found[0].due_at, asked.at)},) if found else ()
    return Section(
        key,
        title,
        tuple(_task(task, asked.at) for task in found[:MOST]),
        oldest,
        why,
        empty,
        now=True,
        more=len(found) > MOST,
    )


def _task(task: Task, at: datetime) -> Line:
    opens = ("alert", str(task.id)) if has_outcomes(task.what, task.level) else ()
    return Line(
        task.id,
        task.due_at,
        nameless(task),
        (_("Due %(ago)s") % {"ago": ago(task.due_at, at)},),
        whose(task),
        "caution",
        task.patient_id,
        opens or (("chart",) if task.patient_id else ()),
    )
