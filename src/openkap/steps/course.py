"""Opening a course, who takes part in it, and when its sessions are planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from openkap.medicine.protocols import protocol
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.models import Course, Organisation, Participation, PatientFile, Person, Room, Session
from openkap.steps.frame import Refused, must, step, tell


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
        raise Refused("A course by this route is already open here. Go on with that one, or end it first.")
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


@step
def join_course(
    *, by: Actor, at: datetime, course: Course, organisation: Organisation, person: Person | None
) -> Participation:
    """Another practice takes the therapy part; it gets a file of its own for this person."""
    must(by, Kind.SHARING, Act.SHARE, Subject(Kind.SHARING, course.organisation_id, course.patient_id), at=at)
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
    if phase == Session.Phase.DOSING and room is None:
        raise Refused("A dose needs a room. Choose where it will be given.", field="room")
    if minutes <= 0:
        raise Refused("A session needs some time. Say how many minutes.", field="minutes")
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
    return session
