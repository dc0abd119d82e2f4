"""Process notes: written, corrected, opened and downloaded by their author, and by nobody else.

Decided here: the permit is the author's own (`OWN_WORDS`), asked of a subject that names the author and no
patient, so that neither an event nor a refusal says about whom a note is. The trail keeps that an author
opened, wrote or took theirs, without a word, a title or a person. A correction is added; the first text
stays. Taking them home asks for a second factor shown within the last minutes, which the door vouches for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.clock import moment
from openkap.records.ids import new_id
from openkap.records.models import PatientFile, Session
from openkap.records.process_store import Kept, Shelf, StoreClosed, add, keep_draft, notes_on
from openkap.steps.frame import Refused, must, step, tell

FRESH = timedelta(minutes=5)
LONGEST = 60_000


@step
def open_process_notes(*, by: Actor, at: datetime, file: PatientFile, again: bool = False) -> Shelf:
    """The author's own shelf about this patient. `again`: the page shows itself once more, told before."""
    shelf = _own(by, at, file, Act.SEE)
    if not again:
        tell(by, "opened.process", None, at=at, organisation=by.organisation)
    return shelf


@step
def keep_process_note(
    *,
    by: Actor,
    at: datetime,
    file: PatientFile,
    words: str,
    session: Session | None = None,
    corrects: UUID | None = None,
    reason: str = "",
    submission: UUID | None = None,
) -> Kept:
    """Add a note, or the correction of one's own. The draft has then done its work."""
    shelf = _own(by, at, file, Act.CORRECT if corrects else Act.ADD)
    if not words.strip():
        raise Refused(_("Write a few words first."), field="words")
    if len(words) > LONGEST:
        raise Refused(_("This is too long for one note. Keep it in two."), field="words")
    if session is not None and session.patient_id != file.patient_id:
        raise Refused(_("That session is of someone else. Choose one of this person's."), field="session")
    try:
        if corrects is not None:
            _refuse_correction(shelf, corrects, reason)
        note = Kept(
            submission or new_id(),
            words.strip(),
            at,
            session.id if session is not None else None,
            corrects,
            reason.strip()[:500],
        )
        tell(
            by,
            "process.corrected" if corrects else "process.kept",
            None,
            at=at,
            organisation=by.organisation,
        )
        kept = add(shelf, note)
        keep_draft(shelf, "", at)
    except StoreClosed as closed:
        raise _closed(closed) from closed
    return kept


@step
def keep_process_draft(
    *, by: Actor, at: datetime, file: PatientFile, words: str, session: UUID | None = None
) -> None:
    """What stands in the form, sealed like a note. Nothing is told: nothing was written yet."""
    shelf = _own(by, at, file, Act.ADD)
    try:
        keep_draft(shelf, words[: LONGEST * 2], at, session)
    except StoreClosed as closed:
        raise _closed(closed) from closed


@step
def take_process_notes(
    *, by: Actor, at: datetime, file: PatientFile, factor_at: datetime | None, zone: ZoneInfo
) -> str:
    """One patient's notes as text, for their author. `factor_at`: when a second factor was last shown."""
    shelf = _own(by, at, file, Act.SEE)
    if factor_at is None or not timedelta(0) <= at - factor_at < FRESH:
        raise Refused(_("Nothing was downloaded. Show your second factor again: it counts for five minutes."))
    try:
        notes = notes_on(shelf)
    except StoreClosed as closed:
        raise _closed(closed) from closed
    tell(by, "process.downloaded", None, at=at, organisation=by.organisation)
    return _as_text(notes, zone)


def _own(by: Actor, at: datetime, file: PatientFile, act: Act) -> Shelf:
    """The person must be the author's to see; the notes must be the author's own."""
    must(by, Kind.IDENTITY, Act.SEE, file, at=at)
    must(by, Kind.PROCESS, act, Subject(Kind.PROCESS, file.organisation_id, author=by.person), at=at)
    if by.person is None:
        raise Refused(_("Process notes are a person's own."))
    return Shelf(by.person, file.organisation_id, file.patient_id)


def _refuse_correction(shelf: Shelf, corrects: UUID, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why this is corrected. The reason stays beside it."), field="reason")
    notes = notes_on(shelf)
    if corrects not in {note.id for note in notes}:
        raise Refused(_("That note is not one of yours about this person."))
    if corrects in {note.corrects for note in notes}:
        raise Refused(_("You already corrected this note. Correct the newer one if it is still wrong."))


def _as_text(notes: tuple[Kept, ...], zone: ZoneInfo) -> str:
    """Oldest first, each with when it was written and what it corrects. No name: the file leaves the site."""
    parts = []
    for note in notes:
        line = moment(note.written_at, zone)
        if note.corrects:
            line += " " + _("(a correction: %(why)s)") % {"why": note.reason}
        parts.append(f"{line}\n\n{note.words}\n")
    return "\n---\n\n".join(parts) or _("No process notes.") + "\n"


def _closed(closed: StoreClosed) -> Refused:
    return Refused(
        _(str(closed)),
        hint=_("Nothing was saved. Tell whoever runs this site; your words stay on this page."),
    )
