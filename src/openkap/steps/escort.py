"""Who takes the patient home: named, and asked whether they come.

Decided here: an escort is of a kind of its own, so that whoever answers the telephone may name and ask them
and reads nothing clinical for it. Someone named anew is asked anew; a yes counts for the one who said it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.gate import escort_of
from openkap.records.models import Escort, EscortYes, Session
from openkap.records.words import one_line
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.room import a_person, authored_in, held, in_session

OVER = ("done", "stopped", "cancelled", "no_show")


@step
def name_escort(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    name: str,
    phone: str = "",
    relation: str = "",
    submission: UUID | None = None,
) -> Escort:
    """The adult who takes the patient home, with a number to reach them. Named again, it is another row."""
    must(by, Kind.ESCORT, Act.ADD, escort_subject(session, at), at=at)
    _refuse_over(session)
    if not name.strip():
        raise Refused(_("Name the adult who takes the patient home."), field="escort_name")
    if not phone.strip():
        raise Refused(_("A telephone number is needed, to reach the escort."), field="escort_phone")
    before = escort_of(session)
    said = {
        "name": one_line(name)[:200],
        "phone": phone.strip()[:40],
        "relation": relation.strip()[:80],
    }
    if before is not None and all(getattr(before, column) == value for column, value in said.items()):
        return before
    row = Escort.objects.create(
        **authored_in(by, session, at),
        session=session,
        corrects=before,
        reason=_("Named again") if before is not None else "",
        **said,
    )
    tell(by, "escort.named", row, at=at)
    return row


@step
def escort_said_yes(*, by: Actor, at: datetime, escort: Escort, submission: UUID | None = None) -> EscortYes:
    """The one who was named says that they come. Said twice it counts once."""
    must(by, Kind.ESCORT, Act.ADD, escort_subject(escort.session, at), at=at)
    a_person(by)
    _refuse_over(held(escort.session))
    if escort_of(escort.session) != escort:
        raise Stale(_("Somebody else was named since you opened this page. Look at it again, then ask them."))
    yes, new = EscortYes.objects.get_or_create(
        escort=escort, defaults={**authored_in(by, escort.session, at), "session": escort.session}
    )
    if new:
        tell(by, "escort.said_yes", yes, at=at)
    return yes


def escort_subject(session: Session, at: datetime) -> Subject:
    """The escort of this session, as permission sees them."""
    return replace(in_session(session, at), kind=Kind.ESCORT)


def _refuse_over(session: Session) -> None:
    if session.phase != Session.Phase.DOSING:
        raise Refused(_("Only after a dose is somebody taken home."))
    if session.state in OVER:
        raise Refused(_("This session is over, or was called off. Nobody is taken home from it any more."))
