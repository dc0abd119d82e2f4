"""Coming and going: who signed in, as whom, by what. Told to the trail; nothing else is written.

Decided here: signing in is asked of nobody's permission, since it is what gives one. The trail of the
organisation whose hat is worn tells it (docs/adr/0007-trail.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openkap.permits import Actor
from openkap.records.models import SignIn
from openkap.steps.frame import step, tell


@step
def arrive(*, by: Actor, at: datetime, how: str) -> None:
    """`by` came in; `how` is "password", "persona", "hat", "link" or "code"."""
    tell(by, f"arrived.{how}", None, at=at, organisation=by.organisation, patient=_self(by))


@step
def leave(*, by: Actor, at: datetime, how: str, sign_in: str | None = None) -> None:
    """`by` went; `how` is "signed_out", "locked" or "idle". `sign_in` is over with it, where one is named."""
    if sign_in is not None:
        SignIn.objects.filter(pk=sign_in, ended_at=None, began_at__lte=at).update(ended_at=at, ended_why=how)
    tell(by, f"left.{how}", None, at=at, organisation=by.organisation, patient=_self(by))


def _self(by: Actor) -> UUID | None:
    return by.person if by.as_patient else None
