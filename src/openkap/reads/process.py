"""An author's own process notes about one person, newest first, each with what it corrected.

Decided here: the permit is asked of a subject that names the author; whoever is not the author gets nothing,
not even a number. Where the store cannot be opened the page says so and shows none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Kind, Need, Scope, Subject, decide
from openkap.records.models import PatientFile, Session
from openkap.records.process_store import Kept, Shelf, StoreClosed, draft_on, notes_on
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Earlier:
    """The text that a correction stands in place of. It stays."""

    words: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """One note as it stands now. `about`: the session it is about, in words."""

    id: UUID
    words: str
    written_at: datetime
    about: str
    reason: str
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """`closed` says why nothing can be shown now; `sessions` are one's own, to choose from."""

    notes: tuple[Written, ...]
    draft: Kept | None
    sessions: tuple[Session, ...]
    closed: str


def process_page(scope: Scope, file: PatientFile, author: UUID | None) -> ProcessPage:
    """The author's page about this person. One query, and the store."""
    subject = Subject(Kind.PROCESS, file.organisation_id, author=author)
    if author is None or not decide(scope, Need(Kind.PROCESS), subject):
        return ProcessPage((), None, (), "")
    rows = scoped(Session.objects.filter(patient_id=file.patient_id), scope)
    sessions = tuple(
        rows.filter(organisation_id=file.organisation_id).exclude(phase="dosing").order_by("-planned_from")
    )
    shelf = Shelf(author, file.organisation_id, file.patient_id)
    try:
        return ProcessPage(_written(notes_on(shelf), sessions), draft_on(shelf), sessions, "")
    except StoreClosed as closed:
        return ProcessPage((), None, sessions, _(str(closed)))


def _written(notes: tuple[Kept, ...], sessions: tuple[Session, ...]) -> tuple[Written, ...]:
    by_id = {note.id: note for note in notes}
    corrected = {note.corrects for note in notes}
    about = {session.id: session_words(session) for session in sessions}
    return tuple(
        Written(
            id=note.id,
            words=note.words,
            written_at=note.written_at,
            about=about.get(note.session, "") if note.session else "",
            reason=note.reason,
            earlier=_earlier(note, by_id),
        )
        for note in reversed(notes)
        if note.id not in corrected
    )


def _earlier(note: Kept, by_id: dict[UUID, Kept]) -> tuple[Earlier, ...]:
    found = []
    before = by_id.get(note.corrects) if note.corrects else None
    while before is not None:
        found.append(Earlier(before.words, before.written_at))
        before = by_id.get(before.corrects) if before.corrects else None
    return tuple(found)


def session_words(session: Session) -> str:
    """Preparation 2, Integration 1."""
    return _("%(phase)s %(n)s") % {"phase": session.get_phase_display(), "n": session.ordinal}
