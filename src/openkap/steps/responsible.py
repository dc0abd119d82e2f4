"""Who watches over a session: one person at a time, named, from their own sign-in.

Decided here: whoever starts the dose is responsible until another person takes over under their own name;
nobody is handed it unasked. The stretch of each stays on record (`SessionPart`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.models import Session, SessionPart
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.presence import come_along
from openkap.steps.room import a_person, held, in_session, must_be_in, note

MONITOR = "monitor"


@step
def take_over(
    *, by: Actor, at: datetime, session: Session, words: str = "", submission: UUID | None = None
) -> SessionPart:
    """I watch over this session from now on; whoever did until now is out. `words`: what was told."""
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    who = a_person(by)
    session = held(session)
    must_be_in(session, Session.LIVE)
    now = SessionPart.objects.filter(session=session, role=MONITOR, out_at=None)
    if now.filter(person_id=who).exists():
        raise Refused(_("You already watch over this session."))
    now.update(out_at=at)
    part = begin_watch(session, who, at=at)
    come_along(by, session, at=at)
    note(by, session, "took_over", at=at, words=words)
    tell(by, "session.taken_over", session, at=at)
    return part


def begin_watch(session: Session, person: UUID, *, at: datetime) -> SessionPart:
    """This person is responsible from `at` on, inside the step that makes them so."""
    return SessionPart.objects.create(session=session, person_id=person, role=MONITOR, in_at=at)


def everyone_out(session: Session, *, at: datetime) -> None:
    """The session is over: nobody is responsible any more."""
    SessionPart.objects.filter(session=session, out_at=None).update(out_at=at)
