"""What a therapist writes while they sit in the room of a dose: for the course, in their own record.

Decided here: as many notes as they like, each with its time; only somebody who was checked in as therapist
writes one, during the dose or after. It is a note like any other: it opens to nobody else by itself, and it
neither holds nor ends the dose (docs/adr/0028-ways-of-care.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.ways import presence
from openkap.records.models import CheckIn, Session, SessionNote
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.notes import refuse_unshared
from openkap.steps.room import a_person


@step
def write_room_note(
    *, by: Actor, at: datetime, session: Session, words: str, submission: UUID | None = None
) -> SessionNote:
    """Keep a note written in the room. Refused for whoever was not there as therapist, and without words."""
    keeper = by.organisation or session.organisation_id
    subject = Subject(Kind.NOTES, keeper, session.patient_id, session.course_id, session.id, at=at)
    must(by, Kind.NOTES, Act.ADD, subject, at=at)
    who = a_person(by)
    refuse_unshared(by, session.course, at)
    if not was_there(session, who):
        raise Refused(_("Notes of the room are written by the therapist who was in it."))
    if not words.strip():
        raise Refused(_("A note needs a few words."), field="words")
    note = SessionNote.objects.create(
        **Authored.authored(by),
        organisation_id=keeper,
        patient_id=session.patient_id,
        session=session,
        focus=words.strip()[:6000],
        at=at,
        recorded_at=at,
    )
    tell(by, "note.in_room", note, at=at)
    return note


def was_there(session: Session, person: UUID | None) -> bool:
    """Whether this person is, or was, in the room of this dose as therapist."""
    return session.started_at is not None and any(
        one.person == person and one.part == CheckIn.Part.THERAPIST for one in presence(session)
    )
