"""A session's own time and state, changed: kept with what it was, and its tasks moved along.

Decided here: the one way a planned time is written over. What it was stays as a `SessionChange`, so that
the patient and both practices can read how it came to this. Permission is the calling step's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION, allowed
from openkap.permits import Actor, Role
from openkap.records.base import Authored
from openkap.records.facts.booking import DOSING, INTEGRATION
from openkap.records.facts.dose import draw_of, order_now
from openkap.records.facts.spacing import spacing_said
from openkap.records.models import Room, Session, SessionChange, Task
from openkap.steps.clashes import refuse_clash, refuse_spacing, refuse_time
from openkap.steps.frame import Refused, tell
from openkap.steps.hand_over_tasks import called_off, moved
from openkap.steps.notes import NOTE_TASK
from openkap.steps.tasks import close_task, make_task

CHANGES = {"cancel": "cancelled", "miss": "no_show"}
# On the list of a practice that sees no dates any more, about each session it has planned.
OWN_SESSION = "no_longer_shared"


def retime(
    by: Actor,
    session: Session,
    starts: datetime,
    length: timedelta,
    *,
    at: datetime,
    words: str = "",
    room: Room | None = None,
    bound: Session | None = None,
) -> SessionChange:
    """Move a planned session: asked of the room, the lead, the patient and, for a dose, of medicine.

    `bound` is the other practice's session that follows this one: it is proposed about, and no clash.
    """
    if session.state != "planned":
        raise Refused(str(allowed(SESSION, session.state, "miss")) or _("Only a planned session is moved."))
    refuse_drawn(session)
    refuse_time(session.course, starts, at)
    refuse_clash(
        by,
        organisation=session.organisation,
        course=session.course,
        starts=starts,
        ends=starts + length,
        room=room or session.room,
        lead=session.lead_id,
        besides=(session.id, bound.id) if bound is not None else (session.id,),
    )
    if session.phase == DOSING:
        refuse_spacing(spacing_said(session.course, starts, at, session.id), words)
    change = keep_change(by, session, "moved", starts, starts + length, words, at)
    session.planned_from, session.planned_to, session.room = starts, starts + length, room or session.room
    session.version += 1
    session.save(update_fields=["planned_from", "planned_to", "room", "version"])
    Task.objects.filter(session=session, what=NOTE_TASK, done_at=None).update(due_at=session.planned_to)
    moved(by, session, at=at)
    tell(by, "session.moved", session, at=at)
    return change


def call_off(by: Actor, session: Session, verb: str, words: str, *, at: datetime) -> SessionChange:
    """Cancel a session, or record that nobody came; what it owed is owed no more."""
    after = allowed(SESSION, session.state, verb)
    if not after:
        raise Refused(str(after))
    refuse_drawn(session)
    change = keep_change(by, session, CHANGES[verb], session.planned_from, session.planned_to, words, at)
    session.state = str(after)
    session.version += 1
    session.save(update_fields=["state", "version"])
    for task in Task.objects.filter(session=session, what__in=(NOTE_TASK, OWN_SESSION), done_at=None):
        close_task(by, task, at=at, outcome=_("The session was called off."))
    called_off(by, session, at=at)
    tell(by, f"session.{CHANGES[verb]}", session, at=at)
    return change


def refuse_drawn(session: Session) -> None:
    """Medicine that is drawn up is accounted for before its session goes elsewhere, whoever asks.

    What stands drawn is told of no amount: whoever books need not know it.
    """
    if session.phase != DOSING or draw_of(order_now(session)) is None:
        return
    raise Refused(
        _(
            "Medicine is already prepared for this session. It is returned or wasted first, in front of a "
            "witness, and written down: a prescriber cancels the order and says there what became of it. "
            "Then this session can be moved or called off. To begin later the same day, leave it as it is."
        ),
        hint="drawn",
    )


def keep_change(
    by: Actor, session: Session, what: str, starts: datetime, ends: datetime, words: str, at: datetime
) -> SessionChange:
    """Keep what it was before it is written over."""
    return SessionChange.objects.create(
        **Authored.authored(by),
        session=session,
        organisation_id=session.organisation_id,
        patient_id=session.patient_id,
        what=what,
        was_from=session.planned_from,
        was_to=session.planned_to,
        now_from=starts,
        now_to=ends,
        words=words.strip()[:300],
        at=at,
    )


def write_task(by: Actor, session: Session, at: datetime) -> None:
    """The note of an integration session that stands is a task for when it ends."""
    if session.phase != INTEGRATION:
        return
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=NOTE_TASK,
        text=_("Write the note of the integration session with %(name)s.") % {"name": session.patient.name},
        due_at=session.planned_to,
        role=Role.THERAPIST,
        course=session.course,
        session=session,
        owner=session.lead,
    )
