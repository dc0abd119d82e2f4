"""What was done to the site as a whole is told like everything else: a row, and an event in its trail.

Decided here (docs/adr/0031-operations.md): only the command line and the watcher do such things, as the
system; a failure is noted as faithfully as a success, so that the age of the last good backup is true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.ids import new_id
from openkap.records.models import Pulse, Upkeep
from openkap.steps.frame import must, step, tell

What = Upkeep.What
VERBS = {
    What.BACKUP: "site.backed_up",
    What.RESTORE: "site.restored",
    What.DRILL: "site.drilled",
    What.KEYS: "site.keys_exported",
    What.MIGRATION: "site.migrated",
}


def beat(name: str, at: datetime) -> None:
    """This process is at work."""
    Pulse.objects.update_or_create(name=name, defaults={"at": at})


@step
def note_upkeep(
    *,
    by: Actor,
    at: datetime,
    what: str,
    good: bool,
    ended_at: datetime | None = None,
    says: str = "",
    file: str = "",
    size: int = 0,
    details: dict[str, Any] | None = None,
    id: UUID | None = None,
) -> Upkeep:
    """Note what was done to the site; `says` is one sentence, without a word from any record."""
    what = What(what)
    must(by, Kind.TRAIL, Act.ADD, Subject(Kind.TRAIL), at=at)
    row = Upkeep.objects.create(
        **Authored.authored(by),
        id=id or new_id(),
        what=what,
        at=at,
        ended_at=max(ended_at or at, at),
        good=good,
        says=says[:400],
        file=file,
        size=size,
        details=details or {},
    )
    tell(by, VERBS[what] + ("" if good else ".failed"), row, at=at)
    return row
