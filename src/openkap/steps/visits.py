"""Sessions without a dose: a preparation is planned, someone comes, it was held.

Decided here: a dose has its own way in (the gate) and its own end; these verbs refuse it. A session counts as
held from when it began; its note does the same by itself (`steps/notes.py`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION, allowed
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.models import Course, Organisation, Room, Session
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.notes import (
    PREPARATION_TASK,
    keep_as_held,
    plan_own_session,
    refuse_unshared,
    session_subject,
)


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
    return plan_own_session(
        by,
        at,
        course,
        organisation,
        phase=Session.Phase.PREPARATION,
        planned_from=planned_from,
        minutes=minutes,
        room=room,
        note_task=PREPARATION_TASK,
        note_words=_("Write the note of the preparation with %(name)s."),
    )


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
