"""Opening a course, who takes part in it, and when its sessions are planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.protocols import protocol
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.models import (
    Course,
    Organisation,
    Participation,
    PatientFile,
    Person,
    Room,
    Session,
    Task,
)
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.hand_over_tasks import ask_before
from openkap.steps.tasks import close_task

# A session may be entered the day it was held; one further off is a slip of the pen.
LATE, AHEAD = timedelta(days=1), timedelta(days=731)
# Made when a course is opened from a request; planning the evaluation settles it.
EVALUATION_TASK = "plan_evaluation"


@step
def open_course(
    *, by: Actor, at: datetime, file: PatientFile, protocol_id: str, submission: UUID | None = None
) -> Course:
    """Begin a course by a protocol file; one open course a patient, organisation and route."""
    must(by, Kind.SCHEDULE, Act.ADD, Subject(Kind.SCHEDULE, file.organisation_id, file.patient_id), at=at)
    plan = protocol(protocol_id)
    open_one = Course.objects.filter(
        patient_id=file.patient_id, organisation_id=file.organisation_id, route=plan.route, ended_at=None
    )
    if open_one.exists():
        raise Refused(_("A course by this route is already open here. Go on with that one, or end it first."))
    course = Course.objects.create(
        patient_id=file.patient_id,
        organisation_id=file.organisation_id,
        protocol=plan.id,
        protocol_version=plan.version,
        model=plan.model,
        route=plan.route,
        opened_at=at,
    )
    Participation.objects.create(
        course=course, organisation_id=file.organisation_id, part=Participation.Part.MEDICINE, since=at
    )
    tell(by, "course.opened", course, at=at)
    return course


def take_part(
    by: Actor, *, at: datetime, course: Course, organisation: Organisation, person: Person | None
) -> Participation:
    """Another practice takes the therapy part, inside the step by which the patient lets it."""
    taking, new = Participation.objects.get_or_create(
        course=course,
        organisation=organisation,
        until=None,
        defaults={"person": person, "part": Participation.Part.THERAPY, "since": at},
    )
    if new:
        tell(by, "course.joined", taking, at=at, organisation=organisation.id, patient=course.patient_id)
    return taking


@step
def plan_session(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    organisation: Organisation,
    phase: str,
    planned_from: datetime,
    minutes: int,
    room: Room | None = None,
    lead: Person | None = None,
    submission: UUID | None = None,
) -> Session:
    """Plan one session, kept by the organisation that holds it. Ordinals count within their phase."""
    subject = Subject(Kind.SCHEDULE, organisation.id, course.patient_id, course.id, at=planned_from)
    must(by, Kind.SCHEDULE, Act.ADD, subject, at=at)
    _refuse_place(course, organisation, phase, room)
    _refuse_time(course, planned_from, at)
    if minutes <= 0:
        raise Refused(_("A session needs some time. Say how many minutes."), field="minutes")
    session = Session.objects.create(
        course=course,
        patient_id=course.patient_id,
        organisation=organisation,
        phase=phase,
        ordinal=Session.objects.filter(course=course, phase=phase).exclude(state="cancelled").count() + 1,
        planned_from=planned_from,
        planned_to=planned_from + timedelta(minutes=minutes),
        room=room,
        lead=lead,
    )
    tell(by, "session.planned", session, at=at)
    ask_before(by, session, at=at)
    if phase == Session.Phase.EVALUATION:
        for task in Task.objects.filter(course=course, what=EVALUATION_TASK, done_at=None):
            close_task(by, task, at=at, outcome=_("The evaluation is planned."))
    return session


def _refuse_place(course: Course, organisation: Organisation, phase: str, room: Room | None) -> None:
    if phase == Session.Phase.DOSING and organisation.id != course.organisation_id:
        raise Refused(
            _("Doses of this course are given at %(place)s, and planned there.")
            % {"place": course.organisation.name}
        )
    if phase == Session.Phase.DOSING and room is None:
        raise Refused(_("A dose needs a room. Choose where it will be given."), field="room")
    if room is not None and room.organisation_id != organisation.id:
        raise Refused(_("This room is not one of yours. Choose another."), field="room")


def _refuse_time(course: Course, planned_from: datetime, at: datetime) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. No session is added to it."))
    if planned_from < at - LATE:
        raise Refused(_("This time has passed. Check the day and the year."), field="planned_from")
    if planned_from > at + AHEAD:
        raise Refused(_("This is more than two years away. Check the year."), field="planned_from")
