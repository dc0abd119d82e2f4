"""An answer that a person must look at: whose it is, by when, and who is next if nobody takes it.

Decided here: whoever is on call now owns it, else the prescriber who decided on this course, else one who
is there. The clock runs from the answer's own second: L3 is now, L2 the same day in the practice's zone,
L1 before the next dose (the levels of `medicine.instruments`). One that nobody took goes on to the next
named person (`F-ALERT-CLOCK`); whoever takes it has the same time again. The mail that tells its owner
holds no name and nothing clinical. A second alert of the same kind joins the open task.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from openkap.medicine.course.alerts import ELSEWHERE, alert_code
from openkap.medicine.course.follow_up import goes_on_after, goes_on_again
from openkap.medicine.instruments import Alert
from openkap.permits import Actor, Role
from openkap.records.base import Authored
from openkap.records.facts.law import rules_at
from openkap.records.facts.on_call import on_call_at
from openkap.records.models import (
    AlertNote,
    Course,
    Decision,
    Membership,
    Organisation,
    Participation,
    Person,
    Response,
    Session,
    Task,
)
from openkap.steps.frame import step, tell
from openkap.steps.mail import post
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import make_task

ANSWERING = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


def open_alert(
    by: Actor,
    course: Course,
    alert: Alert,
    *,
    at: datetime,
    keeper: Organisation | None = None,
    response: Response | None = None,
) -> Task:
    """The task for this alert, made or already open. Its text says what to do, not what was answered.

    `keeper` is the practice that asked; where that is not the course's own, both have a task. `response` is
    the form whose answers raised it; None while it is only begun.
    """
    task = _open(by, course, alert, course.organisation, Role.PRESCRIBER, at, response)
    if keeper is not None and keeper.id != course.organisation_id:
        _open(by, course, alert, keeper, Role.THERAPIST, at, response)
    return task


def _open(
    by: Actor,
    course: Course,
    alert: Alert,
    place: Organisation,
    role: Role,
    at: datetime,
    response: Response | None,
) -> Task:
    own = place.id == course.organisation_id
    owner = owner_of(course, at) if own else owner_at(course, place, at)
    task = make_task(
        by,
        at=at,
        organisation=place,
        what=alert_code(alert.rule) + ("" if own else ELSEWHERE),
        text=_text(course, alert),
        due_at=due_by(course, alert.level, at),
        role=role,
        course=course,
        owner=owner,
    )
    if response is not None or not task.notes.exists():
        note(by, task, AlertNote.What.RAISED, at=at, response=response)
    return _sharpened(task, course, alert.level, owner, at)


def note(
    by: Actor,
    task: Task,
    what: AlertNote.What,
    *,
    at: datetime,
    response: Response | None = None,
    key: str = "",
    words: str = "",
) -> AlertNote:
    """Write down what happened to an alert, inside the step in which it happens."""
    return AlertNote.objects.create(
        **Authored.authored(by),
        task=task,
        organisation_id=task.organisation_id,
        patient_id=task.patient_id,
        response=response,
        what=what,
        key=key,
        words=words.strip()[:300],
        at=at,
    )


def note_correction(by: Actor, response: UUID, *, at: datetime, words: str) -> None:
    """The answer that raised these alerts was entered in error: each says so, and none is undone."""
    raised = Task.objects.filter(notes__response_id=response, notes__what=AlertNote.What.RAISED)
    for task in raised.distinct().order_by("id"):
        note(by, task, AlertNote.What.CORRECTED, at=at, words=words)
        tell(by, "alert.answer_corrected", task, at=at)


def _text(course: Course, alert: Alert) -> str:
    """What to do. After a death nobody is sent to ask the patient: someone else may have answered."""
    if course.state == "died":
        return for_practice(
            "A form of %(name)s was answered after their death was recorded. See who may have answered, "
            "whether they need someone now, and whether the record is right."
        ) % {"name": course.patient.name}
    return for_practice("A form of %(name)s needs a look. %(action)s") % {
        "name": course.patient.name,
        "action": alert.action,
    }


def _sharpened(task: Task, course: Course, level: str, owner: Person | None, at: datetime) -> Task:
    """A worse answer makes an open alert more urgent, never less."""
    if level <= task.level:
        return task
    task.level, task.due_at = level, min(task.due_at, due_by(course, level, at))
    wait = goes_on_after(level, rules_at(task.organisation_id, at))
    task.goes_on_at = at + wait if wait is not None else task.due_at
    task.save(update_fields=["level", "due_at", "goes_on_at"])
    tell_owner(task, owner, at)
    return task


def owner_of(course: Course, at: datetime) -> Person | None:
    """Who answers for this course now; None where the practice has nobody who could."""
    return next(iter(_in_turn(course, course.organisation, at)), None)


def owner_at(course: Course, place: Organisation, at: datetime) -> Person | None:
    """The same at another practice of the course: its therapist stands where the prescriber stood."""
    return next(iter(_in_turn(course, place, at)), None)


def _in_turn(course: Course, place: Organisation, at: datetime) -> list[Person]:
    """On call first; then whoever decided or treats; then all who could, in the order they came."""
    own = place.id == course.organisation_id
    roles = ANSWERING if own else (Role.THERAPIST,)
    here = list(
        Membership.objects.filter(Membership.in_force(at), organisation=place).select_related("person")
    )
    persons = {member.person_id: member.person for member in here}
    ranked = sorted(
        (member for member in here if member.role in roles),
        key=lambda member: (member.role != Role.PRESCRIBER, member.since, member.id),
    )
    able = {member.person_id for member in ranked}
    first = _who_decided(course) if own else _who_treats(course, place)
    wanted = [
        *on_call_at(place, at),
        *([first] if first is not None and first in able else []),
        *(member.person_id for member in ranked),
    ]
    return [persons[id] for id in dict.fromkeys(wanted) if id in persons]


def _who_decided(course: Course) -> UUID | None:
    decided = Decision.objects.current().filter(course=course).order_by("-at").first()
    return decided.by_person_id if decided is not None else None


def _who_treats(course: Course, place: Organisation) -> UUID | None:
    part = Participation.objects.filter(course=course, organisation=place, until=None).first()
    return part.person_id if part is not None else None


@step
def pass_on_alerts(*, by: Actor, at: datetime) -> int:
    """Alerts whose owner neither took nor closed them in time go to the next named person."""
    late = (
        Task.objects.select_for_update(of=("self",))
        .filter(done_at=None, goes_on_at__lte=at, course__isnull=False)
        .select_related("course__organisation", "course__patient", "organisation", "owner")
    )
    for task in late:
        pass_on(by, task, at=at)
    return len(late)


def pass_on(by: Actor, task: Task, *, at: datetime) -> None:
    """To the next in turn after its owner; alone in turn, they are told again."""
    assert task.course is not None
    turn = _in_turn(task.course, task.organisation, at)
    ids = [person.id for person in turn]
    place = ids.index(task.owner_id) + 1 if task.owner_id in ids else 0
    task.owner = turn[place % len(turn)] if turn else None
    task.goes_on_at = at + goes_on_again(task.level, rules_at(task.organisation_id, at))
    task.save(update_fields=["owner", "goes_on_at"])
    tell(by, "alert.passed_on", task, at=at)
    tell_owner(task, task.owner, at)


def tell_owner(task: Task, owner: Person | None, at: datetime) -> None:
    """A mail that says only that something waits, and where. A server that is away stops nothing."""
    if owner is None or not owner.email:
        return
    with override(owner.language):
        message = EmailMessage(
            _("Something needs you now"),
            _("Something at %(practice)s waits for you. Sign in to see it: %(address)s")
            % {
                "practice": task.organisation.name,
                "address": f"{settings.CSRF_TRUSTED_ORIGINS[0]}/my-work/",
            }
            + "\n",
            to=[owner.email],
        )
    post(message, at=at, organisation=task.organisation, what="owner_not_told", made_by=owner.id)


def due_by(course: Course, level: str, at: datetime) -> datetime:
    """L3 now; L2 by the end of the day where the practice is; L1 by the next dose, or that same day."""
    if level == "L3":
        return at
    zone = ZoneInfo(course.organisation.zone)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    tonight = datetime.combine(tomorrow, time(), tzinfo=zone)
    if level == "L2":
        return tonight
    dose = (
        Session.objects.filter(
            course=course, phase=Session.Phase.DOSING, state="planned", planned_from__gt=at
        )
        .order_by("planned_from")
        .first()
    )
    return dose.planned_from if dose is not None else tonight
