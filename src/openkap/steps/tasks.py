"""What someone owes, and when. Made inside other steps; finished by a person with an outcome.

Decided here: making the same task twice leaves one (same course, same what, same session, not done).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course.alerts import has_outcomes
from openkap.medicine.course.follow_up import goes_on_again
from openkap.permits import Act, Actor, ActorKind, Kind, Role
from openkap.records.facts.law import rules_at
from openkap.records.facts.leaving import ALSO
from openkap.records.models import Course, Membership, Organisation, Person, Session, Task
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, must, step, tell

# A call on the day after a dose is done when everything was asked, not when someone says so.
ON_A_PAGE = ("next_day_call",)
# What is settled on the page around a dose: hand-overs written and read, the form of a REMS.
AROUND_A_DOSE = (
    *("hand_over_before", "hand_over_after", "read_hand_over", "read_hand_back"),
    "monitoring_form",
)
# What someone asked of the practice is answered on the request: else it would be open, and on no list.
REQUEST = "request_"
# A license is looked at on its own page; so is what a colleague wrote down of themselves.
LICENSE, PAPER = "license_", "paper_"
# A license or certificate ends: told to whoever holds it, and to whoever keeps the staff.
RENEW, ENDS = "renew_", "ends_"
# As the records hold it; a longer text keeps its beginning.
LONGEST = 300


def make_task(
    by: Actor,
    *,
    at: datetime,
    organisation: Organisation,
    what: str,
    text: str,
    due_at: datetime,
    role: Role,
    course: Course | None = None,
    patient: Person | None = None,
    session: Session | None = None,
    owner: Person | None = None,
) -> Task:
    """Put something on a list, inside the step that causes it; the step's own permit stands for it."""
    task, new = Task.objects.get_or_create(
        course=course,
        what=what,
        session=session,
        done_at=None,
        defaults={
            "organisation": organisation,
            "patient_id": patient.id if patient else course.patient_id if course else None,
            "text": text[:LONGEST],
            "role": role,
            "owner": owner,
            "made_at": at,
            "due_at": due_at,
        },
    )
    if new:
        tell(by, "task.made", task, at=at)
    return task


def add_to_task(
    by: Actor,
    *,
    at: datetime,
    organisation: Organisation,
    what: str,
    text: str,
    due_at: datetime,
    role: Role,
    course: Course,
) -> Task:
    """The same, where one that is open already takes in the new words too, and the earlier of two times."""
    task = make_task(
        by, at=at, organisation=organisation, what=what, text=text, due_at=due_at, role=role, course=course
    )
    if text[:LONGEST] in task.text:
        return task
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    task.text, task.due_at = _both(task.text, text), min(task.due_at, due_at)
    task.save(update_fields=["text", "due_at"])
    tell(by, "task.made", task, at=at)
    return task


def _both(before: str, now: str) -> str:
    """The newer words whole, and of the older ones as much as there is room for."""
    room = LONGEST - len(now) - 1
    kept = before if len(before) <= room else f"{before[: max(room - 1, 0)].rstrip()}…" if room > 1 else ""
    return f"{kept} {now}".strip()[:LONGEST]


@step
def take_task(*, by: Actor, at: datetime, task: Task, submission: UUID | None = None) -> Task:
    """I do this. Whose list it is on, or who owns it, takes it; an alert's clock begins anew with that."""
    must(by, Kind.TASKS, Act.ADD, task, at=at)
    task = open_one(by, task, at)
    if task.owner_id != by.person:
        _give(by, task, by.person, at=at, verb="task.taken")
    return task


@step
def hand_over_task(
    *, by: Actor, at: datetime, task: Task, to: Person, submission: UUID | None = None
) -> Task:
    """A colleague does this from now on; they are named, and the trail knows who gave it to them."""
    must(by, Kind.TASKS, Act.ADD, task, at=at)
    task = open_one(by, task, at)
    held = Membership.objects.filter(
        Membership.in_force(at), person=to, organisation_id=task.organisation_id, role__in=_able(task)
    )
    if not held.exists():
        raise Refused(
            _("%(name)s cannot take this: it is for the %(role)s.")
            % {"name": to.name, "role": _(task.role.replace("_", " "))},
            field="to",
        )
    if task.owner_id != to.id:
        _give(by, task, to.id, at=at, verb="task.handed_over")
    return task


def able_roles(role: str) -> tuple[str, ...]:
    """Who may do what is on the list of this role: its holders; a prescriber or director also a nurse's."""
    return tuple(dict.fromkeys((role, *ALSO.get(role, ()))))


def _able(task: Task) -> tuple[str, ...]:
    return able_roles(task.role)


def open_one(by: Actor, task: Task, at: datetime) -> Task:
    """The task, held, for someone whose list it is on; refused where it was done meanwhile."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    _refuse_stranger(by, task, at)
    if task.done_at is not None:
        raise Refused(_("This was already done. Open the list again to see by whom."))
    return task


def _give(by: Actor, task: Task, to: UUID | None, *, at: datetime, verb: str) -> None:
    task.owner_id = to
    if task.goes_on_at is not None:
        task.goes_on_at = at + goes_on_again(task.level, rules_at(task.organisation_id, at))
    task.save(update_fields=["owner", "goes_on_at"])
    tell(by, verb, task, at=at)


@step
def finish_task(*, by: Actor, at: datetime, task: Task, outcome: str, submission: UUID | None = None) -> Task:
    """Say what came of it. An outcome in words closes the task; nothing else does."""
    must(by, Kind.TASKS, Act.ADD, task, at=at)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    _refuse_stranger(by, task, at)
    if task.done_at is not None:
        raise Refused(_("This was already done. Open the list again to see by whom."))
    if task.what in ON_A_PAGE:
        raise Refused(_("Write this call down on its own page: it asks what must be asked."), field="outcome")
    if task.what in AROUND_A_DOSE:
        raise Refused(_("Open the page around this dose, and do it there."), field="outcome")
    if task.what.startswith((LICENSE, PAPER)):
        raise Refused(_("Open the license, and say there whether it is valid."), field="outcome")
    if task.what.startswith(REQUEST):
        raise Refused(_("Say it on the request itself, so that it is not forgotten."), field="outcome")
    if has_outcomes(task.what, task.level):
        raise Refused(_("Open it, and choose there what came of it."), field="outcome")
    if not outcome.strip():
        raise Refused(_("Say what came of it, in a few words."), field="outcome")
    return close_task(by, task, at=at, outcome=outcome.strip())


def _refuse_stranger(by: Actor, task: Task, at: datetime) -> None:
    """Its owner closes a task, or those whose list it is on: an alert is not the front desk's to close."""
    if by.kind is ActorKind.SYSTEM or by.person == task.owner_id:
        return
    if not {role.value for role in standing_of(by, at).roles} & set(able_roles(task.role)):
        raise Refused(
            _("This is for the %(role)s. One of them says what came of it.")
            % {"role": _(task.role.replace("_", " "))}
        )


def close_task(by: Actor, task: Task, *, at: datetime, outcome: str, key: str = "") -> Task:
    """Close a task inside the step that settles it; `key` is what was chosen from its list of outcomes."""
    task.done_at, task.done_by_id, task.outcome, task.outcome_key = at, by.person, outcome[:300], key
    task.save(update_fields=["done_at", "done_by", "outcome", "outcome_key"])
    tell(by, "task.done", task, at=at)
    return task
