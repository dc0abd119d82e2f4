"""My work: what this person or their role owes in the practice whose hat they wear.

Decided here: overdue first, then by time; what someone else owns is not on my list, what nobody owns is
on the list of everyone who holds the role. A patient's name stands there only within Scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.permits import Actor, Role, Scope
from openkap.reads.said import ago, moment, stretch
from openkap.records.models import PatientFile, Task
from openkap.records.scoped import scoped

SHOWN, DONE_SHOWN = 100, 10


@dataclass(frozen=True, slots=True)
class Owed:
    """One task. `who` and `file` are its patient, where the reader may see them."""

    id: UUID
    title: str
    for_words: str
    when: str
    late: bool
    level: str
    who: str
    file: UUID | None
    mine: bool
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    waiting: tuple[Owed, ...]
    done: tuple[Owed, ...]
    more: int

    @property
    def late(self) -> int:
        return sum(task.late for task in self.waiting)


def work_of(scope: Scope, by: Actor, roles: frozenset[Role], at: datetime, zone: ZoneInfo) -> Work:
    """What waits for this person under this hat, and what was done here last. Three queries."""
    rows = scoped(Task.objects.select_related("patient", "owner", "done_by"), scope).filter(
        organisation=by.organisation
    )
    mine = rows.filter(Q(owner_id=by.person) | Q(owner=None, role__in=[role.value for role in roles]))
    waiting = list(mine.filter(done_at=None).order_by("due_at", "id")[: SHOWN + 1])
    done = list(mine.exclude(done_at=None).order_by("-done_at")[:DONE_SHOWN])
    patients = {task.patient_id for task in (*waiting, *done)}
    files = scoped(PatientFile.objects.filter(patient_id__in=patients, organisation=by.organisation), scope)
    by_patient = {file.patient_id: file.id for file in files}
    return Work(
        waiting=tuple(_owed(task, by, by_patient, at, zone) for task in waiting[:SHOWN]),
        done=tuple(_owed(task, by, by_patient, at, zone) for task in done),
        more=max(len(waiting) - SHOWN, 0),
    )


def _owed(task: Task, by: Actor, files: dict[UUID, UUID], at: datetime, zone: ZoneInfo) -> Owed:
    file = files.get(task.patient_id) if task.patient_id else None
    named = task.patient if file is not None else None
    late = task.done_at is None and task.due_at <= at
    return Owed(
        id=task.id,
        title=task.text,
        for_words=_for(task),
        when=_when(task, at, zone),
        late=late,
        level="caution" if late else "",
        who=named.name if named is not None else "",
        file=file,
        mine=task.owner_id == by.person,
        outcome=_outcome(task, zone),
    )


def _for(task: Task) -> str:
    """For whom it is: a person, or everyone who holds a role."""
    owner = task.owner.name if task.owner is not None else _(task.role.replace("_", " "))
    return _("for %(who)s") % {"who": owner}


def _when(task: Task, at: datetime, zone: ZoneInfo) -> str:
    if task.done_at is not None:
        return moment(task.done_at, zone)
    if task.due_at <= at:
        return _("Due %(ago)s") % {"ago": ago(task.due_at, at)}
    left = task.due_at - at
    if left.days < 1:
        return _("Due in %(time)s") % {"time": stretch(left)}
    return _("Due %(when)s") % {"when": moment(task.due_at, zone)}


def _outcome(task: Task, zone: ZoneInfo) -> str:
    if task.done_at is None:
        return ""
    who = task.done_by.name if task.done_by is not None else ""
    return f"{task.outcome} ({who})" if who else task.outcome
