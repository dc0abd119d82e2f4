"""Invitations as their pages show them: to the patient who sends them, and to whoever was asked.

Decided here: the code is only ever shown to the patient. To the one who was asked, nothing but the
practice's name is shown before the code was right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.reads.sharing import SCOPE_WORDS, Switch, switches
from openkap.records.facts.clock import day
from openkap.records.invitations import code_of
from openkap.records.models import Invitation
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation. `stands` as in `Invitation.stands`; `asked_by` where the clinic asked first."""

    id: UUID
    who: str
    email: str
    practice: str
    purpose: str
    until: str
    expires: str
    stands: str
    says: str
    code: str
    asked_by: str
    rows: tuple[Switch, ...]

    @property
    def waits_for_me(self) -> bool:
        return self.stands == "asked"

    @property
    def waits_for_them(self) -> bool:
        return self.stands == "sent"

    @property
    def can_be_sent_again(self) -> bool:
        return self.stands in ("sent", "expired") and bool(self.email)


def invitations_of(scope: Scope, patient: UUID, at: datetime) -> tuple[Invited, ...]:
    """What waits for an answer, and what came back as no or ran out. Newest first. One query."""
    rows = scoped(
        Invitation.objects.filter(patient_id=patient, ended_at=None, accepted_at=None).select_related(
            "organisation", "by_person"
        ),
        scope,
    )
    return tuple(invitation_of(row, at) for row in rows[:20])


def invitation_of(row: Invitation, at: datetime) -> Invited:
    zone = ZoneInfo(row.organisation.zone)
    stands = row.stands(at)
    return Invited(
        id=row.pk,
        who=row.to_name,
        email=row.to_email,
        practice=row.organisation.name,
        purpose=row.purpose.rstrip(".") + ".",
        until=day(row.until.astimezone(zone).date()),
        expires=day(row.expires_at.astimezone(zone).date()),
        stands=stands,
        says=_SAYS[stands]() % {"who": row.to_name, "day": day(row.expires_at.astimezone(zone).date())},
        code=code_of(row) if stands == "sent" and row.to_email else "",
        asked_by=row.by_name if row.by_person_id != row.patient_id else "",
        rows=tuple(switch for switch in switches(row.scopes) if switch.key in SCOPE_WORDS),
    )


_SAYS = {
    "asked": lambda: _("Waiting for your answer."),
    "sent": lambda: _("Sent. It waits for %(who)s until %(day)s."),
    "accepted": lambda: _("%(who)s has joined."),
    "declined": lambda: _("%(who)s is not able to. Nothing was opened."),
    "ended": lambda: _("Taken back. Nothing was opened."),
    "expired": lambda: _("Not answered by %(day)s. You can send it again."),
}
