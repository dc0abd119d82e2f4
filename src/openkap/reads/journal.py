"""A patient's journal as they read it, and what of it was shown to the person who asks.

Decided here: the patient sees each entry with what was added to it, whom it is shown to and who read it
when. Staff get a line for each entry shown to them by name, without its words: opening one is an act of its
own (`steps.journal.read_entry`), kept for the patient to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.records.compiled import Compiled, Question
from openkap.records.facts.clock import moment
from openkap.records.facts.journal import words_of
from openkap.records.models import EntryReading, JournalEntry, SharedEntry
from openkap.records.scoped import scoped
from openkap.records.words import one_line

FIRST_WORDS = 80


@dataclass(frozen=True, slots=True)
class ShownTo:
    """Someone an entry is shown to. `read` holds the moments at which they opened it, newest first."""

    id: UUID
    name: str
    practice: str
    since: datetime
    ended_at: datetime | None
    read: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `words` is None where this server's key does not open it."""

    id: UUID
    at: datetime
    words: str | None
    added: tuple[Entry, ...]
    shown_to: tuple[ShownTo, ...]
    adds_to: UUID | None = None

    @property
    def begins(self) -> str:
        """Its first words, for a list."""
        line = one_line(self.words or "")
        return line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"

    @property
    def shown_now(self) -> tuple[ShownTo, ...]:
        return tuple(one for one in self.shown_to if one.ended_at is None)


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One entry shown to the reader, without its words."""

    id: UUID
    written_at: datetime
    shared_at: datetime
    read_at: datetime | None


def entries_of(scope: Scope, patient: UUID) -> tuple[Entry, ...]:
    """The whole journal, newest first; what was added stands under what it adds to. Three queries."""
    mine = JournalEntry.objects.filter(patient_id=patient, is_safety=False)
    rows = list(scoped(mine, scope).order_by("-at", "-id"))
    return _entries(rows, _shown(scope, patient))


def safety_of(scope: Scope, patient: UUID) -> Entry | None:
    """What this patient wrote for when it gets hard, as they left it last. One query."""
    rows = scoped(JournalEntry.objects.filter(patient_id=patient, is_safety=True), scope)
    newest = rows.order_by("-at", "-id").first()
    return Entry(newest.id, newest.at, words_of(newest), (), ()) if newest is not None else None


def entry_of(scope: Scope, patient: UUID, entry: UUID) -> Entry | None:
    """One entry with what was added to it. Three queries."""
    mine = scoped(JournalEntry.objects.filter(patient_id=patient), scope)
    rows = list(mine.filter(pk=entry)) + list(mine.filter(adds_to_id=entry).order_by("at"))
    if not rows or rows[0].pk != entry:
        return None
    return _entry(rows[0], {entry: rows[1:]}, _shown(scope, patient))


SHARED: Compiled[SharedEntry] = Compiled(
    SharedEntry,
    lambda patient, reader: (
        SharedEntry.objects.filter(patient_id=patient, reader_id=reader)
        .select_related("entry")
        .order_by("-shared_at")
    ),
)


def shared_entries(scope: Scope, patient: UUID, reader: UUID | None) -> tuple[SharedLine, ...]:
    """What this patient shows of their journal to whoever's Scope this is, newest first. Two queries."""
    return shared_lines(shared_question(scope, patient, reader).now()) if reader is not None else ()


def shared_question(scope: Scope, patient: UUID, reader: UUID) -> Question[SharedEntry]:
    return SHARED.question_within(scope, patient=patient, reader=reader)


def shared_lines(rows: Sequence[SharedEntry]) -> tuple[SharedLine, ...]:
    """What `shared_question` found, as lines. One query, and none where it found nothing."""
    if not rows:
        return ()
    read: dict[UUID, datetime] = {}
    for share, at in EntryReading.objects.filter(share__in=rows).order_by("at").values_list("share_id", "at"):
        read[share] = at
    return tuple(SharedLine(row.id, row.entry.at, row.shared_at, read.get(row.id)) for row in rows)


def as_text(entries: Iterable[Entry], zone: ZoneInfo) -> str:
    """The journal as plain text, oldest first, word for word: the patient's to take along."""
    parts = []
    for entry in sorted(entries, key=lambda one: one.at):
        parts.append(_part(entry, zone))
        parts.extend(_part(added, zone, to=moment(entry.at, zone)) for added in entry.added)
    return "\n\n\n".join(parts) + ("\n" if parts else "")


def _part(entry: Entry, zone: ZoneInfo, to: str = "") -> str:
    head = moment(entry.at, zone)
    if to:
        head = _("%(when)s, added to %(to)s") % {"when": head, "to": to}
    words = entry.words if entry.words is not None else _("(kept, and cannot be opened on this server)")
    return f"{head}\n\n{words}"


def _shown(scope: Scope, patient: UUID) -> dict[UUID, list[ShownTo]]:
    read: dict[UUID, list[datetime]] = defaultdict(list)
    mine = scoped(EntryReading.objects.filter(patient_id=patient), scope).order_by("-at")
    for share, at in mine.values_list("share_id", "at"):
        read[share].append(at)
    found: dict[UUID, list[ShownTo]] = defaultdict(list)
    shares = scoped(SharedEntry.objects.filter(patient_id=patient), scope)
    for row in shares.select_related("to_person", "to_organisation").order_by("-shared_at"):
        found[row.entry_id].append(
            ShownTo(
                row.id,
                row.to_person.name,
                row.to_organisation.name,
                row.shared_at,
                row.ended_at,
                tuple(read[row.id]),
            )
        )
    return found


def _entries(rows: list[JournalEntry], shown: dict[UUID, list[ShownTo]]) -> tuple[Entry, ...]:
    added: dict[UUID, list[JournalEntry]] = defaultdict(list)
    for row in reversed(rows):
        if row.adds_to_id is not None:
            added[row.adds_to_id].append(row)
    return tuple(_entry(row, added, shown) for row in rows if row.adds_to_id is None)


def _entry(
    row: JournalEntry, added: dict[UUID, list[JournalEntry]], shown: dict[UUID, list[ShownTo]]
) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        words=words_of(row),
        added=tuple(_entry(one, {}, shown) for one in added.get(row.id, ())),
        shown_to=tuple(shown.get(row.id, ())),
        adds_to=row.adds_to_id,
    )
