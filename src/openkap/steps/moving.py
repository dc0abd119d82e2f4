"""Moving, calling off, missing and extending a session of one's own practice.

Decided here: a session is changed by the practice that holds it, and by nobody else. What follows for the
other practice's session is proposed in the same breath (`steps.consequences`), never done for them. Calling
one's own session off is always possible, also once the patient shares nothing: then nobody else is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.booking import DOSING, INTEGRATION, clashes
from openkap.records.models import Proposal, Room, Session
from openkap.steps.changes import call_off, keep_change, retime
from openkap.steps.clashes import ends_at, length_of
from openkap.steps.consequences import follow, other_of, tie
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.notes import refuse_unshared, session_subject
from openkap.steps.proposals import Change, settle
from openkap.steps.tasks import make_task

OVERRUN_TASK = "overrun"
DAY = timedelta(days=1)
Why, State = Proposal.Why, Proposal.State


@step
def move_session(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    planned_from: datetime,
    minutes: int | None = None,
    room: Room | None = None,
    words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> Proposal | None:
    """Move one's own planned session; gives what was proposed about the other practice's, if anything."""
    row = _own(by, session, at)
    refuse_unshared(by, row.course, at)
    expect(row, version, words=_("session"))
    row.version -= 1  # counted by whoever writes
    length = ends_at(planned_from, minutes) - planned_from if minutes is not None else length_of(row)
    if (planned_from, length, room or row.room) == (row.planned_from, length_of(row), row.room):
        raise Refused(_("This is when it is planned now. Choose another time."), field="planned_from")
    was, other = row.planned_from, other_of(row, at)
    _bind(row, other, at)
    retime(by, row, planned_from, length, at=at, words=words, room=room, bound=other)
    settle(by, row, State.OTHER_TIME, _("Moved to another time."), at=at)
    return follow(by, Change(row, Why.MOVED, was, words), other, at=at)


@step
def cancel_session(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> Proposal | None:
    """Call one's own session off, with a reason in words that both practices read."""
    if not words.strip():
        raise Refused(_("Say in a few words why. Both practices read it."), field="words")
    return _call_off(by, session, "cancel", Why.CANCELLED, words, version, at)


@step
def miss_session(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> Proposal | None:
    """Nobody came. Only once it should have begun."""
    if at < session.planned_from:
        raise Refused(_("This session is still to come. Cancel it, or wait until it should begin."))
    return _call_off(by, session, "miss", Why.NO_SHOW, words, version, at)


def _call_off(
    by: Actor, session: Session, verb: str, why: str, words: str, version: int | None, at: datetime
) -> Proposal | None:
    row = _own(by, session, at)
    expect(row, version, words=_("session"))
    row.version -= 1
    other = other_of(row, at)
    _bind(row, other, at)
    call_off(by, row, verb, words, at=at)
    settle(by, row, State.CLOSED, _("The session was called off."), at=at)
    return follow(by, Change(row, why, row.planned_from, words), other, at=at)


@step
def overrun(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    until: datetime,
    words: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> Proposal | None:
    """This session will end later than planned. Who comes next in the room is told, and the window moves."""
    row = _own(by, session, at)
    refuse_unshared(by, row.course, at)
    if row.state not in (*Session.LIVE, "planned", "arrived", "ready") or at < row.planned_from - DAY:
        raise Refused(_("Only a session of today that is not over can take longer."))
    if until <= row.planned_to or until <= at:
        raise Refused(_("This is not later than planned. Say when it will end."), field="until")
    ends_at(row.planned_from, int((until - row.planned_from) / timedelta(minutes=1)))
    expect(row, version, words=_("session"))
    other = other_of(row, at)
    _bind(row, other, at)
    keep_change(by, row, "overran", row.planned_from, until, words, at)
    row.planned_to = until
    row.save(update_fields=["planned_to", "version"])
    tell(by, "session.overran", row, at=at)
    _tell_next(by, row, at)
    return follow(by, Change(row, Why.OVERRAN, row.planned_from, words), other, at=at)


def _tell_next(by: Actor, row: Session, at: datetime) -> None:
    """Whoever is next in this room, with this lead or this patient must be told."""
    found = clashes(
        organisation=row.organisation_id,
        course=row.course,
        starts=row.planned_from,
        ends=row.planned_to,
        room=row.room_id,
        lead=row.lead_id,
        besides=(row.id,),
    )
    for other in {clash.other.id: clash.other for clash in found}.values():
        make_task(
            by,
            at=at,
            organisation=other.organisation,
            what=OVERRUN_TASK,
            text=_("A session before this one takes longer. Move the session with %(name)s, or its room.")
            % {"name": other.patient.name},
            due_at=other.planned_from,
            role=Role.FRONT_DESK if other.phase == DOSING else Role.THERAPIST,
            course=other.course,
            session=other,
        )


def _own(by: Actor, session: Session, at: datetime) -> Session:
    """The session as it is now, held until this step is done: one of the actor's own practice."""
    must(by, Kind.SCHEDULE, Act.ADD, session_subject(Kind.SCHEDULE, session), at=at)
    rows = Session.objects.select_for_update(of=("self",)).select_related(
        "course", "course__organisation", "organisation", "patient", "room", "lead"
    )
    return rows.get(pk=session.pk)


def _bind(row: Session, other: Session | None, at: datetime) -> None:
    """What was held for a dose by its time alone is now held for it by name, so that a move finds it."""
    if other is None:
        return
    if row.phase == DOSING:
        tie(row, other, at)
    elif row.phase == INTEGRATION and row.state != "done" and other.planned_from < row.planned_from:
        tie(other, row, at)
