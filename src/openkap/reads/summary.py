"""The summaries of one session, what was given in it, and who the patient lets read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.dosing.products import product_of
from openkap.medicine.inputs import plain
from openkap.permits import Scope
from openkap.reads.given import given_shown, timed_words
from openkap.records.facts.clock import hour, moment
from openkap.records.models import Administration, Grant, Session, SessionSummary
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


def given_of_dose(scope: Scope, session: Session, zone: ZoneInfo) -> tuple[str, ...]:
    """What was given, the sum first and then each part with its time; nothing where the reader may not see
    it, or where none was given. Two queries."""
    rows = scoped(Administration.objects.current().filter(session=session), scope).select_related("order")
    dose = rows.order_by("recorded_at").last()
    if dose is None:
        return ()
    product = product_of(dose.order.route)
    said = _("%(product)s, %(mg)s mg") % {"product": product.name, "mg": plain(dose.mg)}
    when = hour(dose.at, zone)
    if dose.ended_at is not None and dose.ended_at != dose.at:
        when = _("%(start)s to %(end)s") % {"start": when, "end": hour(dose.ended_at, zone)}
    return (f"{said}, {when}", *timed_words(given_shown(scope, session).parts, zone))


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
