"""The front desk's one tap: this person is here. And the tap taken back, where it was on the wrong line.

Decided here: an arrival is told of any session of one's own practice, of every phase. A visit without a
dose needs no more to begin; a dose has its gate.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openkap.medicine.course import SESSION, allowed
from openkap.permits import Act, Actor, Kind
from openkap.records.models import Session
from openkap.steps.frame import Refused, expect, must, step, tell


@step
def record_arrival(
    *, by: Actor, at: datetime, session: Session, version: int | None = None, submission: UUID | None = None
) -> Session:
    """This person is here for this session."""
    return _move(by, session, "arrive", version, at)


@step
def take_back_arrival(
    *, by: Actor, at: datetime, session: Session, version: int | None = None, submission: UUID | None = None
) -> Session:
    """They are not here after all: it was someone else's line."""
    return _move(by, session, "not_here", version, at)


def _move(by: Actor, session: Session, verb: str, version: int | None, at: datetime) -> Session:
    must(by, Kind.SCHEDULE, Act.ADD, session, at=at)
    expect(session, version, words="session")
    session.refresh_from_db(fields=["state"])
    after = allowed(SESSION, session.state, verb)
    if not after:
        raise Refused(str(after))
    session.state = str(after)
    session.save(update_fields=["state", "version"])
    tell(by, f"session.{verb}", session, at=at)
    return session
