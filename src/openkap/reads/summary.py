"""The summaries of one session, and who the patient lets read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openkap.permits import Scope
from openkap.reads.said import moment
from openkap.records.models import Grant, Session, SessionSummary
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Summary:
    text: str
    who: str
    when: str


def summaries_of(scope: Scope, session: Session, zone: ZoneInfo) -> tuple[Summary, ...]:
    """As they stand, the first one first. One query."""
    rows = scoped(SessionSummary.objects.current().filter(session=session), scope).order_by("recorded_at")
    return tuple(Summary(row.text, row.by_name, moment(row.recorded_at, zone)) for row in rows)


def who_sees_summaries(scope: Scope, session: Session, at: datetime) -> tuple[str, ...]:
    """People and practices outside, by the patient's grants in force. One query."""
    grants = scoped(
        Grant.objects.filter(
            Grant.in_force(at), patient_id=session.patient_id, organisation_id=session.organisation_id
        ),
        scope,
    ).select_related("to_person", "to_organisation")
    return tuple(
        dict.fromkeys(
            f"{grant.to_person.name}, {grant.to_organisation.name}"
            if grant.to_person
            else grant.to_organisation.name
            for grant in grants
            if "session_summaries" in grant.scopes
        )
    )
