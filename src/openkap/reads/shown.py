"""What another practice's record showed to this one: the receiving side's own dated list.

Decided here: each side keeps this list for itself; it stays when the patient stops sharing.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.reads.sharing import SCOPE_WORDS
from openkap.reads.told import page_words
from openkap.records.facts.clock import day, moment
from openkap.records.models import Shown
from openkap.records.scoped import scoped

LONGEST = 500


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Once something was looked at: when, by whom, what, and under which yes of the patient."""

    when: str
    who: str
    what: str
    of: str
    under: str


def shown_to(scope: Scope, patient: UUID, zone: ZoneInfo) -> tuple[ShownLine, ...]:
    """All that this practice was shown of one patient, newest first. One query."""
    rows = (
        scoped(Shown.objects.filter(patient_id=patient), scope)
        .select_related("organisation", "grant")
        .order_by("-at")[:LONGEST]
    )
    return tuple(
        ShownLine(
            when=moment(row.at, zone),
            who=row.by_name,
            what=page_words(row.what),
            of=row.organisation.name,
            under=_("Shared on %(day)s: %(what)s")
            % {
                "day": day(row.grant.made_at.astimezone(zone).date()),
                "what": ", ".join(str(SCOPE_WORDS[key][0]) for key in row.grant.scopes if key in SCOPE_WORDS),
            },
        )
        for row in rows
    )
