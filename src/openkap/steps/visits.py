"""Sessions without a dose: a preparation is planned, someone comes, it was held.

Decided here: a dose has its own way in (the gate) and its own end; these verbs refuse it. A session counts as
held from when it began; its note does the same by itself (`steps/notes.py`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION, allowed
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.models import Course, Organisation, Person, Room, Session
from openkap.steps.course import plan_session
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.notes import PREPARATION_TASK, keep_as_held, refuse_unshared, session_subject
from openkap.steps.tasks import make_task


@step
def plan_preparation(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    organisation: Organisation,
    planned_from: datetime,
    minutes: int,
    room: Room | None = None,
    submission: UUID | None = None,
) -> Session:
    """Plan a preparation session with `by` as its lead; its note is then a task for when it ends."""
    must(by, Kind.SCHEDULE, Act.ADD, Subject(Kind.SCHEDULE, organisation.id, course.patient_id), at=at)
    refuse_unshared(by, course, at)
    session = plan_session(
        by=by,
        at=at,
        course=course,
        organisation=organisation,
        phase=Session.Phase.PREPARATION,
        planned_from=planned_from,
        minutes=minutes,
        room=room,
        lead=Person.objects.filter(id__in=[by.person]).first(),
    )
    make_task(
        by,
        at=at,
        organisation=organisation,
        what=PREPARATION_TASK,
        text=_("Write the note of the preparation with %(name)s.") % {"name": course.patient.name},
        due_at=session.planned_to,
        role=Role.THERAPIST,
        course=course,
        session=session,
    )
    return session


@step
def check_in(
    *, by: Actor, at: datetime, session: Session, version: int | None = None, submission: UUID | None = None
) -> Session:
    """The patient is here."""
    must(by, Kind.SCHEDULE, Act.ADD, session_subject(Kind.SCHEDULE, session), at=at)
    _refuse_dose(session)
    after = allowed(SESSION, session.state, "arrive")
    if not isinstance(after, str):
        raise Refused(_(str(after)))
    expect(session, version, words=_("session"))
    session.state = after
    session.save(update_fields=["state", "version"])
    tell(by, "session.arrived", session, at=at)
    return session


@step
def mark_held(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    held_at: datetime | None = None,
    version: int | None = None,
    submission: UUID | None = None,
) -> Session:
    """The session was held. `held_at` is when it began, absent: as planned. Its note can follow."""
    must(by, Kind.SCHEDULE, Act.ADD, session_subject(Kind.SCHEDULE, session), at=at)
    _refuse_dose(session)
    began = held_at or session.planned_from
    if began > at:
        raise Refused(_("This session is still to come. Mark it once it has begun."), field="held_at")
    if session.ended_at is not None:
        raise Refused(_("This session is already marked as held."))
    if session.state in ("cancelled", "no_show"):
        raise Refused(_("This session was called off. Plan another one."))
    keep_as_held(session, began, at, version)
    tell(by, "session.held", session, at=at)
    return session


def _refuse_dose(session: Session) -> None:
    if session.phase == Session.Phase.DOSING:
        raise Refused(_("A dose has its own page. It begins and ends in the room."))
