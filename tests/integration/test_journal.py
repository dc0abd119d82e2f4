"""The journal: sealed, private, shown entry by entry to one named person, and never lost."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from openkap.permits import Kind, Need, decide
from openkap.records.facts.journal import treating_in, words_of
from openkap.records.models import EntryReading, Event, JournalEntry, SharedEntry
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.journal import read_entry, share_entry, stop_sharing_entry, write_entry
from openkap.steps.sharing import revoke
from tests.at_step import Stage, at_step
from tests.people import SYSTEM, Cast

pytestmark = pytest.mark.django_db

WORDS = "The lake again.\n\n  Far shore, heron \u2014 zebrafinch."


@pytest.fixture
def shared(people: Cast) -> Stage:
    return at_step(people, "shared")


def wrote(stage: Stage, words: str = WORDS) -> JournalEntry:
    return write_entry(by=stage.people.patient("wren"), at=stage.at, course=stage.course, words=words)


def shown(stage: Stage, entry: JournalEntry) -> SharedEntry:
    people = stage.people
    return share_entry(
        by=people.patient("wren"),
        at=stage.at,
        entry=entry,
        to_organisation=people.therapy,
        to_person=people["mira"],
    )


def test_words_are_kept_letter_for_letter_and_sealed(shared: Stage) -> None:
    entry = wrote(shared)
    assert words_of(JournalEntry.objects.get()) == WORDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM records_journalentry")
        kept = bytes(cursor.fetchone()[0])
    assert b"zebrafinch" not in kept and b"lake" not in kept
    assert not Event.objects.filter(subject__contains="zebrafinch").exists()
    assert entry.key and entry.key not in Path(settings.JOURNAL_KEY_FILE).read_text()


def test_the_key_is_the_servers_own_to_read(shared: Stage) -> None:
    wrote(shared)
    assert stat.S_IMODE(Path(settings.JOURNAL_KEY_FILE).stat().st_mode) == 0o600


def test_a_sealed_text_does_not_open_in_another_row(shared: Stage) -> None:
    entry, other = wrote(shared), wrote(shared, "Another day.")
    entry.sealed = other.sealed
    assert words_of(entry) is None


def test_nobody_else_reaches_it_and_no_practices_trail_tells_of_it(shared: Stage) -> None:
    entry, people = wrote(shared), shared.people
    for actor in (people.by("tamsin"), people.by("mira"), people.by("odette"), people.by("priya"), SYSTEM):
        scope = scope_now(actor, shared.at)
        assert not scoped(JournalEntry.objects.all(), scope).exists(), actor.name
        assert not decide(scope, Need(Kind.JOURNAL), entry.as_subject()), actor.name
        told = scoped(Event.objects.filter(verb="journal.written"), scope)
        assert actor is SYSTEM or not told.exists(), actor.name
    with pytest.raises(NotPermitted):
        write_entry(by=people.by("mira"), at=shared.at, course=shared.course, words="Not mine.")


@pytest.mark.parametrize("words", ["", "  \n "])
def test_nothing_written_is_refused(shared: Stage, words: str) -> None:
    with pytest.raises(Refused, match="Nothing is written"):
        wrote(shared, words)


def test_what_is_put_right_is_added(shared: Stage) -> None:
    entry = wrote(shared)
    added = write_entry(
        by=shared.people.patient("wren"),
        at=shared.later(days=1),
        course=shared.course,
        words="It was a crane.",
        adds_to=entry,
    )
    assert (added.adds_to, words_of(entry)) == (entry, WORDS)


def test_shown_to_one_person_by_name_and_to_nobody_beside(shared: Stage) -> None:
    entry, people = wrote(shared), shared.people
    row = shown(shared, entry)
    assert shown(shared, entry) == row
    assert scoped(SharedEntry.objects.all(), scope_now(people.by("mira"), shared.at)).get() == row
    for key in ("tamsin", "jonah", "odette", "priya"):
        assert not scoped(SharedEntry.objects.all(), scope_now(people.by(key), shared.at)).exists(), key
    read = read_entry(by=people.by("mira"), at=shared.later(minutes=5), shared=row)
    mine = scoped(EntryReading.objects.all(), scope_now(people.patient("wren"), shared.at)).get()
    assert (mine, mine.by_name) == (read, "Mira Fennimore-Hale")
    with pytest.raises(NotPermitted):
        read_entry(by=people.by("tamsin"), at=shared.at, shared=row)


def test_taken_back_at_once_and_for_good(shared: Stage) -> None:
    row = shown(shared, wrote(shared))
    wren, mira = shared.people.patient("wren"), shared.people.by("mira")
    stop_sharing_entry(by=wren, at=shared.at, shared=row)
    stop_sharing_entry(by=wren, at=shared.at, shared=row)
    row.refresh_from_db()
    with pytest.raises(NotPermitted):
        read_entry(by=mira, at=shared.at, shared=row)
    assert SharedEntry.objects.get().ended_at == shared.at
    assert shown(shared, row.entry).pk != row.pk


def test_who_stops_sharing_with_someone_stops_the_journal_too(shared: Stage) -> None:
    row = shown(shared, wrote(shared))
    revoke(by=shared.people.patient("wren"), at=shared.later(minutes=1), grant=shared.grant)
    row.refresh_from_db()
    assert (row.ended_at, row.reader) == (shared.at, None)


def test_it_is_shown_to_those_who_treat_in_the_course_alone(shared: Stage) -> None:
    people = shared.people
    names = [one.name for one in treating_in(shared.course, shared.at)]
    assert "Mira Fennimore-Hale" in names and "Odette Farrow" not in names
    with pytest.raises(Refused, match="does not treat you"):
        share_entry(
            by=people.patient("wren"),
            at=shared.at,
            entry=wrote(shared),
            to_organisation=people.clinic,
            to_person=people["odette"],
        )


def test_while_a_dose_acts_one_writes_and_takes_back_but_shows_nothing(people: Cast) -> None:
    stage = at_step(people, "confirmed")
    earlier = shown_before(stage)
    entry = wrote(stage, "Soft light.")
    with pytest.raises(Refused, match="Not today"):
        shown(stage, entry)
    stop_sharing_entry(by=people.patient("wren"), at=stage.at, shared=earlier)
    earlier.refresh_from_db()
    assert earlier.ended_at is not None


def shown_before(stage: Stage) -> SharedEntry:
    stage.at -= timedelta(days=1)
    entry = JournalEntry(pk=wrote(stage).pk)
    entry.refresh_from_db()
    row = SharedEntry.objects.create(
        by_kind="person",
        by_name="Wren",
        entry=entry,
        patient_id=entry.patient_id,
        course=stage.course,
        to_organisation=stage.people.therapy,
        to_person=stage.people["mira"],
        reader=stage.people["mira"],
        shared_at=stage.at,
    )
    stage.at += timedelta(days=1)
    return row


def test_the_database_refuses_to_change_an_entry(shared: Stage) -> None:
    entry = wrote(shared)
    with pytest.raises(Exception, match="append-only"):
        JournalEntry.objects.filter(pk=entry.pk).update(key="0")
