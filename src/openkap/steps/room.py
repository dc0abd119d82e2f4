"""What every step in a dosing room starts from: the session as permission sees it, held, and moved on.

Decided here: a step in a room holds the session's row from its first look to its commit, so that of
two hands on two tablets one is first and the other is told. What a session may do next is
`medicine.course`'s table; a refusal names the state it is in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course import COURSE, SESSION, allowed
from openkap.permits import Actor, ActorKind, Kind, Subject
from openkap.records.base import Authored
from openkap.records.compiled import Compiled
from openkap.records.models import RoomEvent, Session
from openkap.steps.frame import Refused


def in_session(session: Session, at: datetime) -> Subject:
    """A clinical fact of this session, as permission sees it."""
    return Subject(
        Kind.CLINICAL,
        keeper=session.organisation_id,
        patient=session.patient_id,
        course=session.course_id,
        session=session.id,
        room=session.room_id,
        at=at,
    )


def authored_in(by: Actor, session: Session, at: datetime, *, so: datetime | None = None) -> dict[str, Any]:
    """The columns every clinical row of this session begins with; `so` is when it was so, if earlier."""
    return {
        **Authored.authored(by),
        "organisation_id": session.organisation_id,
        "patient_id": session.patient_id,
        "at": so or at,
        "recorded_at": at,
    }


# Asked for by every tap in a room.
HELD: Compiled[Session] = Compiled(
    Session,
    lambda session: (
        Session.objects.select_for_update(of=("self",))
        .select_related("course", "organisation", "patient", "room")
        .filter(pk=session)
    ),
)


def a_person(by: Actor) -> UUID:
    """Who it is. The system, a link or a tablet neither confirms nor starts anything."""
    if by.kind is not ActorKind.PERSON or by.person is None:
        raise Refused(_("Only a person who is signed in can do this."))
    return by.person


def begin_doses(session: Session) -> None:
    """The first dose takes the course from preparation to its doses."""
    course = session.course
    if after := allowed(COURSE, course.state, "begin_doses"):
        course.state = str(after)
        course.version += 1
        course.save(update_fields=["state", "version"])


def held(session: Session) -> Session:
    """The session as it is now, held until this step is done. Only dosing sessions have a room's steps."""
    now = HELD(session=session.pk)[0]
    if now.phase != Session.Phase.DOSING:
        raise Refused(_("This is not a dosing session."))
    return now


def move(session: Session, verb: str) -> None:
    """Take the session to its next state, or refuse with the state it is in. The caller counts and saves."""
    after = allowed(SESSION, session.state, verb)
    if not after:
        raise Refused(str(after))
    session.state = str(after)


def must_be_before(session: Session) -> None:
    """Refuse once the dose has started, or the session was called off."""
    if not (answer := allowed(SESSION, session.state, "start")):
        raise Refused(str(answer))


def must_be_in(session: Session, states: tuple[str, ...]) -> None:
    """Refuse where the session is in none of these states."""
    if session.state not in states:
        raise Refused(
            _("This session is %(state)s. That cannot be done now.") % {"state": words_for(session)}
        )


def note(
    by: Actor, session: Session, what: str, *, at: datetime, words: str = "", so: datetime | None = None
) -> RoomEvent:
    """One thing that happened in the room, inside the step that causes or records it."""
    return RoomEvent.objects.create(
        **authored_in(by, session, at, so=so), session=session, what=what, words=words.strip()[:1000]
    )


def zone_of(session: Session) -> ZoneInfo:
    """The clock of the place where the dose is given."""
    return ZoneInfo(session.organisation.zone)


def words_for(session: Session) -> str:
    """The session's state inside a sentence."""
    return SESSION.words.get(session.state, session.state)
