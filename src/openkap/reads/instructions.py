"""What goes home in writing: for the nurse's print, and for the patient's own pages.

Decided here: a patient reads what was given to them at their last dose, for as long as it may matter;
staff read it before it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.medicine.monitoring.instructions import Instructions, instructions
from openkap.medicine.sources import resolve
from openkap.permits import Scope
from openkap.records.facts.dose import route_of
from openkap.records.facts.ways import had_therapy
from openkap.records.models import Session
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class TakenHome:
    """The words of one session, whose they are, when the visit ended, and whom to call."""

    text: Instructions
    session: UUID
    practice: str
    phone: str
    zone: str
    ended_at: datetime | None
    sources: tuple[tuple[str, str], ...]


def of_session(session: Session) -> TakenHome:
    """The words for how this dose was given, in the patient's language. Two queries at most."""
    text = instructions(route_of(session), session.patient.language, therapy=had_therapy(session))
    return TakenHome(
        text=text,
        session=session.id,
        practice=session.organisation.name,
        phone=session.organisation.phone,
        zone=session.organisation.zone,
        ended_at=session.ended_at,
        sources=tuple((key, resolve(key).text) for key in text.sources),
    )


def last_taken_home(scope: Scope, patient: UUID) -> TakenHome | None:
    """What this patient took home from their latest dose; None where there was none. Three queries."""
    rows = Session.objects.filter(
        patient_id=patient,
        phase=Session.Phase.DOSING,
        started_at__isnull=False,
        state__in=("recovering", "done"),
    )
    session = (
        scoped(rows, scope)
        .select_related("course", "patient", "organisation")
        .order_by("-started_at")
        .first()
    )
    return of_session(session) if session is not None else None
