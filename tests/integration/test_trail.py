"""The trail: every edit, removal, new order and cut is found, and named at its first row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction

from openkap.records.chain import Fault, first_faults
from openkap.records.guards import guarded_tables, install, missing
from openkap.records.models import ChainLink, Event
from openkap.steps.chain import Linked, UnsignedHead, link_events, read_heads
from openkap.steps.frame import tell
from tests.people import NOW, SYSTEM, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def chained(people: Cast, tmp_path: Path) -> Iterator[Path]:
    """Five events of one clinic, chained; the folder that keeps the heads."""
    for number in range(5):
        tell(
            SYSTEM, f"said.{number}", None, at=NOW + timedelta(seconds=number), organisation=people.clinic.id
        )
    link_events(at=NOW, folder=tmp_path)
    yield tmp_path


def faults(folder: Path) -> list[Fault]:
    links = ChainLink.objects.select_related("event").order_by("chain", "place")
    return list(first_faults(links, read_heads(folder)))


def tamper(statement: str, *values: object) -> None:
    """As someone with the database in hand would: the triggers are taken off first."""
    with connection.cursor() as cursor:
        for table in ("records_event", "records_chainlink"):
            for kind in ("update", "delete"):
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{kind}"{on}')
        cursor.execute(statement, values)
    install()


def place_of(people: Cast, verb: str) -> int:
    return ChainLink.objects.get(event__verb=verb, chain=str(people.clinic.id)).place


def test_a_whole_trail_has_no_fault(chained: Path) -> None:
    assert faults(chained) == []


def test_an_edited_row_is_named(people: Cast, chained: Path) -> None:
    tamper("UPDATE records_event SET verb = 'said.nothing' WHERE verb = 'said.2'")
    (fault,) = faults(chained)
    assert (fault.kind, fault.chain) == ("edited", str(people.clinic.id))
    assert fault.place == place_of(people, "said.nothing")


def test_a_missing_row_is_named(people: Cast, chained: Path) -> None:
    place = place_of(people, "said.2")
    tamper("DELETE FROM records_chainlink WHERE place = %s AND chain = %s", place, str(people.clinic.id))
    (fault,) = faults(chained)
    assert (fault.kind, fault.place) == ("missing", place)


def test_two_rows_changed_about_are_named(people: Cast, chained: Path) -> None:
    one, other = (Event.objects.get(verb=verb) for verb in ("said.1", "said.3"))
    place = place_of(people, "said.1")
    tamper("UPDATE records_chainlink SET place = place + 900 WHERE event_id IN (%s, %s)", one.seq, other.seq)
    tamper("UPDATE records_chainlink SET place = %s WHERE event_id = %s", place, other.seq)
    tamper("UPDATE records_chainlink SET place = %s WHERE event_id = %s", place + 2, one.seq)
    (fault,) = faults(chained)
    assert (fault.kind, fault.place) == ("reordered", place)


def test_events_changed_about_under_their_places_are_named_as_reordered(people: Cast, chained: Path) -> None:
    one, other = (Event.objects.get(verb=verb) for verb in ("said.1", "said.3"))
    place = place_of(people, "said.1")
    hashes = {link.event_id: link.hash for link in ChainLink.objects.filter(event__in=[one, other])}
    tamper("DELETE FROM records_chainlink WHERE event_id IN (%s, %s)", one.seq, other.seq)
    chain = str(people.clinic.id)
    ChainLink.objects.create(event=other, chain=chain, place=place, hash=hashes[one.seq])
    ChainLink.objects.create(event=one, chain=chain, place=place + 2, hash=hashes[other.seq])
    (fault,) = faults(chained)
    assert (fault.kind, fault.place) == ("reordered", place)


def test_a_cut_tail_is_seen_by_the_heads_outside(people: Cast, chained: Path) -> None:
    place = place_of(people, "said.4")
    tamper("DELETE FROM records_chainlink WHERE place >= %s AND chain = %s", place, str(people.clinic.id))
    (fault,) = faults(chained)
    assert (fault.kind, fault.place) == ("cut", place)


def test_a_chain_made_again_after_an_edit_is_seen_by_its_head(people: Cast, chained: Path) -> None:
    tamper("UPDATE records_event SET verb = 'said.nothing' WHERE verb = 'said.2'")
    tamper("DELETE FROM records_chainlink WHERE chain = %s", str(people.clinic.id))
    heads = (chained / "heads").rename(chained / "before")
    link_events(at=NOW, folder=chained)
    for path in heads.iterdir():
        (chained / "heads" / path.name).write_text(path.read_text())
    (fault,) = faults(chained)
    assert fault.kind == "edited"


def test_a_head_written_by_another_hand_is_refused(chained: Path) -> None:
    path = next((chained / "heads").glob("*.jsonl"))
    path.write_text(path.read_text().replace('"place": ', '"place": 9'))
    with pytest.raises(UnsignedHead, match="line 1"):
        read_heads(chained)


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_what_was_only_added(people: Cast, verb: str) -> None:
    statement = {
        "UPDATE": "UPDATE records_event SET verb = 'x'",
        "DELETE": "DELETE FROM records_event",
    }[verb]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_truncate_is_refused_too() -> None:
    if connection.vendor == "sqlite":
        # SQLite has no TRUNCATE: a DELETE without a condition is the same, and is refused above.
        assert "records_event" in guarded_tables()
        return
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE records_event CASCADE")


def test_every_guarded_table_has_its_triggers_and_check_sees_a_missing_one(people: Cast) -> None:
    assert missing() == []
    on = ' ON "records_reading"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "records_reading_no_update"{on}')
    assert missing() == ["records_reading"]
    install()
    assert missing() == []


def test_a_site_cannot_be_unmarked(people: Cast) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE records_site SET demonstration = %s", [False])


@pytest.mark.django_db(databases=[])
def test_fifty_writers_at_once_and_the_chainer_beside_them(
    own_database: str, tmp_path: Path, django_db_blocker: object
) -> None:
    """Each writes ten events while the chainer goes round; nothing is lost and the chain holds."""
    people = cast()
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                with transaction.atomic():
                    tell(SYSTEM, f"writer.{number}.{turn}", None, at=NOW, organisation=people.clinic.id)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        writers = [threading.Thread(target=write, args=(number,)) for number in range(50)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            link_events(at=NOW, folder=tmp_path)
        for writer in writers:
            writer.join()
        while link_events(at=NOW, folder=tmp_path):
            pass
        assert failed == []
        assert Event.objects.filter(verb__startswith="writer.").count() == 500
        assert Event.objects.filter(link=None).count() == 0
        assert faults(tmp_path) == []


def test_a_chainer_that_goes_round_passes_what_it_linked_and_misses_nothing_late(tmp_path: Path) -> None:
    cast()
    linked = Linked()
    while link_events(at=NOW, folder=tmp_path, linked=linked):
        continue
    newest = Event.objects.order_by("-seq").first()
    assert newest is not None and linked.up_to == 0, "what commits late may still come below"
    for minute in range(1, 12):
        link_events(at=NOW + timedelta(minutes=minute), folder=tmp_path, linked=linked)
    assert linked.up_to == newest.seq
    later = NOW + timedelta(minutes=12)
    tell(SYSTEM, "came.later", None, at=later)
    assert link_events(at=later, folder=tmp_path, linked=linked) == 1
    assert not Event.objects.filter(link=None).exists()
