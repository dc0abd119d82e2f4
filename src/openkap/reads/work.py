"""My work: what this person or their role owes in the practice whose hat they wear.

Decided here: overdue first, then by time; what someone else owns is not on my list, what nobody owns is
on the list of everyone who holds the role. What stands on other lists is counted beside it, so that an
empty list never hides that something waits. A patient's name stands there only within Scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from openkap.medicine.course.alerts import has_outcomes
from openkap.permits import Actor, Kind, Need, Role, Scope, decide
from openkap.reads.said import ago, stretch
from openkap.records.compiled import Compiled, Question
from openkap.records.facts.clock import hour, long_day, moment
from openkap.records.models import Membership, PatientFile, Proposal, Task
from openkap.records.scoped import scoped

SHOWN, DONE_SHOWN = 100, 10
WITH = ("patient", "owner", "done_by", "course")
CALLS = ("next_day_call", "next_day_unreached")
REQUEST, LICENSE = "request_", "license_"
# A license or certificate: to be looked at, to be renewed by its holder, or to be asked for.
PAPER, RENEW, ENDS = "paper_", "renew_", "ends_"
PROPOSALS = ("proposal", "proposal_waits")
# What is done on the page around a dose, and what on the page of a course's way.
AROUND = ("hand_over_before", "hand_over_after", "read_hand_over", "read_hand_back", "monitoring_form")
OF_THE_WAY = ("name_therapist", "way_evaluate")
MINE, ROLE, LATE, ALL = "mine", "role", "late", "all"
WHOSE = (MINE, ROLE, LATE, ALL)


@dataclass(frozen=True, slots=True)
class Owed:
    """One task. `who` and `file` are its patient, where the reader may see them.

    `call`: it is written down on the call page of this session. `request`: it is answered on this request.
    `proposal`: what one practice asks of the other, and where it is answered. `answers`: the course whose
    forms say what an alert is about, where the reader may see them. `on_its_page`: it is closed on its own
    page only, with an outcome from a list.
    """

    id: UUID
    title: str
    for_words: str
    when: str
    late: bool
    level: str
    who: str
    file: UUID | None
    mine: bool
    can: bool = False
    taken: bool = False
    alert: bool = False
    goes_on: str = ""
    outcome: str = ""
    call: UUID | None = None
    request: UUID | None = None
    proposal: UUID | None = None
    license: bool = False
    paper: UUID | None = None
    renews: bool = False
    ends: bool = False
    around: UUID | None = None
    course: UUID | None = None
    answers: UUID | None = None
    day: str = ""
    on_its_page: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """The alerts of one person's one day, as one line that folds open: the worst of them stands for all."""

    who: str
    file: UUID
    day: str
    each: tuple[Owed, ...]

    @property
    def level(self) -> str:
        return next(
            (level for level in ("stop", "caution") if any(one.level == level for one in self.each)), ""
        )

    @property
    def late(self) -> bool:
        return any(one.late for one in self.each)

    @property
    def when(self) -> str:
        """Of the one that is due first."""
        return self.each[0].when


@dataclass(frozen=True, slots=True)
class Work:
    """`counts` by list (mine, role, late, all); `colleagues` (id and name) may be given a task."""

    whose: str
    waiting: tuple[Owed, ...]
    done: tuple[Owed, ...]
    more: int
    counts: dict[str, int]
    colleagues: tuple[tuple[UUID, str], ...]

    @property
    def late(self) -> int:
        return sum(task.late for task in self.waiting)

    @property
    def lines(self) -> tuple[Owed | Together, ...]:
        """What waits, with several alerts of one person's one day as one, where the first of them stands."""
        days: dict[tuple[UUID, str], list[Owed]] = {}
        for task in self.waiting:
            if task.alert and task.file is not None:
                days.setdefault((task.file, task.day), []).append(task)
        lines: list[Owed | Together] = []
        for task in self.waiting:
            same = days.get((task.file, task.day), []) if task.alert and task.file is not None else []
            if len(same) < 2 or task.file is None:
                lines.append(task)
            elif same[0] is task:
                lines.append(Together(task.who, task.file, task.day, tuple(same)))
        return tuple(lines)


def work_of(
    scope: Scope, by: Actor, roles: frozenset[Role], at: datetime, zone: ZoneInfo, whose: str = MINE
) -> Work:
    """What waits on this list under this hat, and what was done here last. Six queries at most."""
    rows = scoped(Task.objects.select_related(*WITH), scope).filter(organisation=by.organisation)
    lists = _lists(by, roles, at)
    waiting = list(rows.filter(lists[whose], done_at=None).order_by("due_at", "id")[: SHOWN + 1])
    done = list(rows.filter(lists[MINE]).exclude(done_at=None).order_by("-done_at")[:DONE_SHOWN])
    patients = {task.patient_id for task in (*waiting, *done)}
    files = scoped(PatientFile.objects.filter(patient_id__in=patients, organisation=by.organisation), scope)
    by_patient = {file.patient_id: file.id for file in files}
    seen = Seen(by, roles, by_patient, at, zone, _proposals(waiting, scope), scope)
    return Work(
        whose=whose,
        waiting=tuple(_owed(task, seen) for task in waiting[:SHOWN]),
        done=tuple(_owed(task, seen) for task in done),
        more=max(len(waiting) - SHOWN, 0),
        counts=_counted(rows.filter(done_at=None), lists),
        colleagues=_colleagues(by, at),
    )


ALERTS: Compiled[Task] = Compiled(
    Task,
    lambda patient, practice: (
        Task.objects.select_related(*WITH)
        .filter(organisation_id=practice, patient_id=patient, done_at=None)
        .exclude(level="")
        .order_by("due_at", "id")
    ),
)


def alerts_question(scope: Scope, patient: UUID, practice: UUID) -> Question[Task]:
    """The alerts about one patient that this practice has not closed, the soonest due first."""
    return ALERTS.question_within(scope, patient=patient, practice=practice)


def alerts_shown(
    rows: Sequence[Task], scope: Scope, by: Actor, at: datetime, zone: ZoneInfo
) -> tuple[Owed, ...]:
    """What `alerts_question` found, in words."""
    seen = Seen(by, frozenset(), {}, at, zone, {}, scope)
    return tuple(_owed(task, seen) for task in rows)


def owed_of(
    scope: Scope, by: Actor, roles: frozenset[Role], task: Task, at: datetime, zone: ZoneInfo
) -> Owed:
    """One task as its line on the list says it, for its own page. One query."""
    files = scoped(
        PatientFile.objects.filter(patient_id=task.patient_id, organisation=by.organisation), scope
    )
    by_patient = {file.patient_id: file.id for file in files}
    return _owed(task, Seen(by, roles, by_patient, at, zone, {}, scope))


def _counted(rows: QuerySet[Task], lists: dict[str, Q]) -> dict[str, int]:
    """How much waits on each list. One query."""
    counted = rows.order_by().aggregate(**{f"of_{name}": Count("id", filter=q) for name, q in lists.items()})
    return {name: counted[f"of_{name}"] for name in lists}


def _lists(by: Actor, roles: frozenset[Role], at: datetime) -> dict[str, Q]:
    held = [role.value for role in roles]
    mine = Q(owner_id=by.person) | Q(owner=None, role__in=held)
    of_role = Q(owner_id=by.person) | Q(role__in=held)
    return {MINE: mine, ROLE: of_role, LATE: of_role & Q(due_at__lte=at), ALL: Q(pk__isnull=False)}


def _colleagues(by: Actor, at: datetime) -> tuple[tuple[UUID, str], ...]:
    if by.organisation is None:
        return ()
    held = Membership.objects.filter(Membership.in_force(at), organisation_id=by.organisation).select_related(
        "person"
    )
    others = {(m.person_id, m.person.name) for m in held if m.person_id != by.person}
    return tuple(sorted(others, key=lambda pair: pair[1]))


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, with which roles, which files they may see, when and in whose clock."""

    by: Actor
    roles: frozenset[Role]
    files: dict[UUID, UUID]
    at: datetime
    zone: ZoneInfo
    proposals: dict[UUID, UUID]
    scope: Scope


def _proposals(waiting: list[Task], scope: Scope) -> dict[UUID, UUID]:
    """The open proposal about each session that a task speaks of."""
    about = [task.session_id for task in waiting if task.what in PROPOSALS]
    if not about:
        return {}
    rows = Proposal.objects.filter(about__in=about, state=Proposal.State.OPEN).order_by("made_at")
    return dict(scoped(rows, scope).values_list("about_id", "id"))


def _owed(task: Task, seen: Seen) -> Owed:
    file = seen.files.get(task.patient_id) if task.patient_id else None
    named = task.patient if file is not None else None
    late = task.done_at is None and task.due_at <= seen.at
    mine = task.owner_id == seen.by.person
    return Owed(
        id=task.id,
        title=task.text,
        for_words=_for(task),
        when=_when(task, seen.at, seen.zone),
        late=late,
        level="stop" if late and task.level >= "L2" else "caution" if late or task.level else "",
        who=named.name if named is not None else "",
        file=file,
        mine=mine,
        can=mine or task.role in {role.value for role in seen.roles},
        taken=task.owner_id is not None,
        alert=bool(task.level),
        on_its_page=has_outcomes(task.what, task.level),
        answers=_answers(task, seen),
        day=long_day(task.made_at.astimezone(seen.zone).date()),
        goes_on=_goes_on(task, seen),
        outcome=_outcome(task, seen.zone),
        call=task.session_id if task.what in CALLS else None,
        request=UUID(task.what.removeprefix(REQUEST)) if task.what.startswith(REQUEST) else None,
        proposal=seen.proposals.get(task.session_id) if task.session_id and task.what in PROPOSALS else None,
        license=task.what.startswith(LICENSE) and task.done_at is None,
        paper=UUID(task.what.removeprefix(PAPER)) if task.what.startswith(PAPER) else None,
        renews=task.what.startswith(RENEW),
        ends=task.what.startswith(ENDS),
        around=task.session_id if task.what in AROUND and task.done_at is None else None,
        course=task.course_id if task.what in OF_THE_WAY and task.done_at is None else None,
    )


def _answers(task: Task, seen: Seen) -> UUID | None:
    """The course whose answers this alert is about, where its reader may see measures of it."""
    if not task.level or task.course is None:
        return None
    about = replace(task.course.as_subject(), kind=Kind.MEASURES, at=seen.at)
    return task.course_id if decide(seen.scope, Need(Kind.MEASURES), about) else None


def _goes_on(task: Task, seen: Seen) -> str:
    """When an alert goes on to the next person, unless someone takes or closes it before."""
    if task.done_at is not None or task.goes_on_at is None:
        return ""
    return _("If nobody takes it, it goes on to the next person at %(when)s.") % {
        "when": hour(task.goes_on_at, seen.zone)
    }


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
