"""The journal: writing for oneself, adding to what was written, showing one entry to one person.

Decided here: writing is always possible, also after a course has ended. Showing an entry to someone opens
more than before, and waits while a dose may still act; taking it back never does. What was written is
never changed: what is put right or added is an entry of its own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.altered import altered_until
from openkap.records.facts.journal import may_be_shown, sealed_words
from openkap.records.ids import new_id
from openkap.records.models import Course, EntryReading, JournalEntry, Organisation, Person, SharedEntry
from openkap.steps.consent import said
from openkap.steps.frame import Refused, must, step, tell

LONGEST = 20_000


@step
def write_entry(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    words: str,
    adds_to: JournalEntry | None = None,
    is_safety: bool = False,
    submission: UUID | None = None,
) -> JournalEntry:
    """Keep `words` as they were typed, sealed; `adds_to` is the entry they put right or go on from.

    `is_safety`: they are what helps when it gets hard; the newest count, on a page of their own.
    """
    must(by, Kind.JOURNAL, Act.ADD, Subject(Kind.JOURNAL, None, course.patient_id, course.id), at=at)
    if not words.strip():
        raise Refused(_("Nothing is written yet. Write a few words, then keep them."), field="words")
    if len(words) > LONGEST:
        raise Refused(
            _("This is %(n)s characters long; one entry holds %(most)s. Keep it as two entries.")
            % {"n": len(words), "most": LONGEST},
            field="words",
        )
    if adds_to is not None:
        must(by, Kind.JOURNAL, Act.CORRECT, adds_to, at=at)
    name = new_id()
    entry = JournalEntry.objects.create(
        **Authored.authored(by),
        **sealed_words(name, words),
        id=name,
        patient_id=course.patient_id,
        course=course,
        adds_to=adds_to,
        is_safety=is_safety,
        at=at,
        recorded_at=at,
    )
    tell(by, "journal.written", entry, at=at)
    return entry


@step
def share_entry(
    *,
    by: Actor,
    at: datetime,
    entry: JournalEntry,
    to_organisation: Organisation,
    to_person: Person,
    submission: UUID | None = None,
) -> SharedEntry:
    """Show this one entry to this one person, until it is taken back. Twice is the same as once."""
    must(by, Kind.JOURNAL, Act.SHARE, entry, at=at)
    standing: SharedEntry | None = SharedEntry.objects.filter(
        entry=entry, to_organisation=to_organisation, to_person=to_person, ended_at=None
    ).first()
    if standing is not None:
        return standing
    if (until := altered_until(entry.patient_id, at)) is not None:
        raise Refused(
            _(
                "Not today. You had, or are having, a dose, and nothing more is shown to others until it has "
                "worn off. You can show this entry from %(time)s on. It is kept."
            )
            % {"time": said(until, entry.course.organisation)},
            field="to",
        )
    if not any(
        (one.organisation, one.person) == (to_organisation.id, to_person.id)
        for one in may_be_shown(entry.course, at)
    ):
        raise Refused(
            _(
                "%(name)s does not treat you in this course now, or you no longer share it with them. Choose "
                "someone who does, or share the course again."
            )
            % {"name": to_person.name},
            field="to",
        )
    shared = SharedEntry.objects.create(
        **Authored.authored(by),
        entry=entry,
        patient_id=entry.patient_id,
        course_id=entry.course_id,
        to_organisation=to_organisation,
        to_person=to_person,
        reader=to_person,
        shared_at=at,
    )
    tell(by, "journal.shared", shared, at=at, organisation=to_organisation.id)
    return shared


@step
def stop_sharing_entry(
    *, by: Actor, at: datetime, shared: SharedEntry, submission: UUID | None = None
) -> SharedEntry:
    """Take one entry back, at once. Always possible; taking back what is back changes nothing."""
    must(by, Kind.JOURNAL, Act.SHARE, shared.entry, at=at)
    shared = SharedEntry.objects.select_for_update().get(pk=shared.pk)
    if shared.ended_at is None:
        _end(by, shared, at)
    return shared


def stop_entries_with(
    by: Actor, *, patient: UUID, organisation: UUID, person: UUID | None, at: datetime
) -> None:
    """Inside the step that stops sharing with someone: what was shown to them of the journal ends too."""
    standing = SharedEntry.objects.select_for_update().filter(
        patient_id=patient, to_organisation_id=organisation, ended_at=None
    )
    for shared in standing.filter(to_person_id=person) if person else standing:
        _end(by, shared, at)


@step
def read_entry(
    *, by: Actor, at: datetime, shared: SharedEntry, submission: UUID | None = None
) -> EntryReading:
    """The reader opens an entry that was shown to them: kept, and the patient sees when and by whom."""
    must(by, Kind.SHARED_JOURNAL, Act.SEE, shared, at=at)
    reading = EntryReading.objects.create(
        **Authored.authored(by),
        share=shared,
        patient_id=shared.patient_id,
        organisation_id=shared.to_organisation_id,
        at=at,
    )
    tell(by, "opened.journal_entry", reading, at=at, outcome="opened")
    return reading


def _end(by: Actor, shared: SharedEntry, at: datetime) -> None:
    shared.ended_at, shared.reader = at, None
    shared.save(update_fields=["ended_at", "reader"])
    tell(by, "journal.taken_back", shared, at=at, organisation=shared.to_organisation_id)
