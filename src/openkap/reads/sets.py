"""Every set of one session as a table: also those corrected or entered in error, struck through.

Decided here: nothing disappears. A corrected set stands above the one it became, with who said so and
why; only a set that stands can be corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.permits import Scope
from openkap.reads.said import number
from openkap.records.models import Reading, Session
from openkap.records.scoped import scoped

MOST = 400


@dataclass(frozen=True, slots=True)
class SetShown:
    """One set. `struck`: corrected or withdrawn; `why` is the reason of whatever did so, or of its own."""

    id: UUID
    at: datetime
    recorded_at: datetime
    row: Reading
    who: str
    struck: bool
    why: str
    late: bool

    @property
    def pressure(self) -> str:
        row = self.row
        return f"{number(row.sbp)}/{number(row.dbp)}" if row.sbp is not None and row.dbp is not None else ""


def sets_of(scope: Scope, session: Session) -> list[SetShown]:
    """The latest sets, newest first, at most `MOST`. Two queries."""
    rows = list(
        scoped(Reading.objects.filter(session=session, withdrawn=False), scope).order_by(
            "-at", "-recorded_at"
        )[:MOST]
    )
    by = {
        row.corrects_id: row
        for row in scoped(Reading.objects.filter(session=session, corrects__in=[r.id for r in rows]), scope)
    }
    return [_shown(row, by.get(row.id)) for row in rows]


def _shown(row: Reading, after: Reading | None) -> SetShown:
    return SetShown(
        id=row.id,
        at=row.at,
        recorded_at=row.recorded_at,
        row=row,
        who=row.by_name,
        struck=after is not None,
        why=after.reason if after is not None else row.reason,
        late=(row.recorded_at - row.at).total_seconds() > 120 and not row.played,
    )
