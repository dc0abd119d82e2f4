"""When a dose does not go to its end: stopped early with a reason, or the person handed to emergency care.

Decided here: whoever is in the room may stop, and says why; nobody has to ask first. Handing over ends the
session at once, says what happened in words, and puts it before the medical director from that second.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.dose import dose_now, parts_of
from openkap.records.models import Administration, Session
from openkap.steps.adverse import emergency_event
from openkap.steps.after_dose import close_dose
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.ordering import refuse_other_amount
from openkap.steps.responsible import everyone_out
from openkap.steps.room import held, in_session, move, note
from openkap.steps.tasks import make_task
from openkap.steps.totals import given_and_over


@step
def stop_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    mg: Decimal | None,
    words: str,
    submission: UUID | None = None,
) -> Administration:
    """The dose is stopped before its end: `mg` were given by then, `words` say why."""
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    move(session, "stop_dose")
    if not words.strip():
        raise Refused(_("Say why it is stopped, in a few words."), field="words")
    ended = _closed(by, session, mg, words, at=at)
    note(by, session, "stopped", at=at, words=words)
    session.version += 1
    session.save(update_fields=["state", "version"])
    tell(by, "dose.stopped", ended, at=at)
    return ended


@step
def hand_over_to_emergency(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    called: str,
    words: str,
    mg: Decimal | None = None,
    submission: UUID | None = None,
) -> Session:
    """Emergency care takes over. `called`: who came; `words`: what happened, as it will be reported.

    A dose that still runs ends here with `mg` given. The medical director has it as a task from now.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    runs = session.state in ("under_way", "paused")
    move(session, "hand_over")
    if not called.strip():
        raise Refused(_("Say who took over: the ambulance, the emergency department."), field="called")
    if not words.strip():
        raise Refused(_("Say what happened, in a few words. It can be added to later."), field="words")
    if runs:
        _closed(by, session, mg, words, at=at)
    note(by, session, "emergency", at=at, words=called)
    note(by, session, "adverse_event", at=at, words=words)
    emergency_event(by, session, words, at=at)
    session.ended_at = at
    session.version += 1
    session.save(update_fields=["state", "ended_at", "version"])
    everyone_out(session, at=at)
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what="emergency_review",
        text=_("%(name)s was handed over to emergency care. Look at what happened and what is owed.")
        % {"name": session.patient.name},
        due_at=at,
        role=Role.MEDICAL_DIRECTOR,
        course=session.course,
        session=session,
    )
    tell(by, "session.handed_over", session, at=at)
    return session


def _closed(by: Actor, session: Session, mg: Decimal | None, words: str, *, at: datetime) -> Administration:
    dose = dose_now(session)
    assert dose is not None  # a session under way has a dose
    reckoned = given_and_over(session, at)
    if reckoned is not None:  # its parts say what was given; one still held ends here
        given, over = reckoned
        over = (
            at if any(part.ended_at is None and part.order.hold_min for part in parts_of(session)) else over
        )
        return close_dose(by, session, dose, mg=given, reason=words, at=at, over_at=over)
    if mg is None:
        raise Refused(_("Say how much was given, about. It can be corrected."), field="mg")
    refuse_other_amount(dose.order, mg, words)
    return close_dose(by, session, dose, mg=mg, reason=words, at=at)
