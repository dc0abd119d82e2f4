"""Backup and restore: nothing secret inside, nothing half done, and the trail tells one from a cut."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, connections

from openkap.records.chain import first_faults, untold
from openkap.records.models import ChainLink, Event, OutgoingMail, Person, Task, Upkeep
from openkap.records.process_store import Shelf, notes_on
from openkap.steps.chain import read_heads, read_restores
from openkap.steps.frame import tell
from openkap.upkeep import after, archive, pending, places
from openkap.upkeep import restore as restoring
from openkap.upkeep.after import finish, summary
from openkap.upkeep.backup import Made, make_backup
from openkap.upkeep.keys import make_backup_key
from openkap.upkeep.places import CannotDo
from openkap.upkeep.proof import prove
from openkap.upkeep.restore import restore
from tests.integration.site_folder import PLANTED, OwnSite, own_site, quiet, raising, take_triggers_off
from tests.people import NOW, SYSTEM

pytestmark = pytest.mark.django_db(databases=[])

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def site(own_database: str, tmp_path: Path, django_db_blocker: Any) -> Iterator[OwnSite]:
    with django_db_blocker.unblock(), own_site(tmp_path / "site") as one:
        yield one
        connections.close_all()


def made(site: OwnSite, **more: Any) -> Made:
    return make_backup(site.folder, at=NOW, say=quiet, **more)


def put_back(site: OwnSite, file: Path, **more: Any) -> pending.Pending | None:
    restore(site.folder, file, at=LATER, say=quiet, replace=True, **more)
    return finish(site.folder, LATER)


def faults(site: OwnSite) -> list[str]:
    links = ChainLink.objects.select_related("event").order_by("chain", "place")
    found = [*first_faults(links, read_heads(site.folder)), *untold(read_restores(site.folder))]
    return [fault.kind for fault in found]


def shelf(site: OwnSite) -> Shelf:
    return Shelf(site.people["mira"].id, site.people.therapy.id, site.people["wren"].id)


def test_what_is_lost_comes_back_and_the_trail_tells_it_from_a_cut(site: OwnSite) -> None:
    backup = made(site)
    site.say("said.after")
    Person.objects.filter(pk=site.people["wren"].pk).update(family_name="Lost")
    Path(site.folder / "process.sqlite3").unlink()
    note = put_back(site, backup.path)
    assert note is not None
    assert Person.objects.get(pk=site.people["wren"].pk).family_name == "Alderbrook"
    assert [kept.words for kept in notes_on(shelf(site))] == [PLANTED]
    assert not Event.objects.filter(verb="said.after").exists()
    assert Event.objects.filter(verb="site.restored", subject=f"upkeep {note.id}").count() == 1
    assert faults(site) == [], "a restore is no cut"
    clinic = str(site.people.clinic.id)
    (told,) = [one for one in read_restores(site.folder) if one.chain == clinic]
    assert told.lost_to - told.place == 1
    assert any("knew of 1 more events" in line for line in summary(site.folder, note))
    site.say("said.since")
    assert faults(site) == []
    assert Upkeep.objects.filter(what="backup", good=True).exists(), "the age of the backup is known"
    assert Task.objects.filter(what__startswith="restored_").exists()


def test_a_trail_that_is_cut_after_a_restore_is_still_seen(site: OwnSite) -> None:
    backup = made(site)
    site.say("said.after")
    put_back(site, backup.path)
    take_triggers_off("records_event", "records_chainlink")
    last = ChainLink.objects.get(event__verb="site.restored")
    Event.objects.filter(pk=last.event_id).update(verb="said.nothing")
    assert sorted(faults(site)) == ["cut", "edited"], "the restore is told by the heads, and not by the trail"
    ChainLink.objects.filter(chain=last.chain, place__gte=last.place).delete()
    assert faults(site) == ["cut", "cut"]


def test_restored_twice_from_the_same_backup_is_no_cut(site: OwnSite) -> None:
    backup = made(site)
    put_back(site, backup.path)
    restore(site.folder, backup.path, at=LATER, say=quiet, replace=True)
    assert finish(site.folder, LATER + timedelta(hours=1)) is not None
    assert Event.objects.filter(verb="site.restored").count() == 1
    assert faults(site) == []


def test_no_key_no_session_and_no_process_note_is_in_it(site: OwnSite) -> None:
    (site.folder / "secret_key").write_text("the-secret-of-this-site")
    session = connection.introspection.table_names()
    table = "records_browsersession" if "records_browsersession" in session else "django_session"
    columns = "(session_key, session_data, expire_date)"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} {columns} VALUES ('a-live-session-key', 'x', %s)", [LATER])
    backup = made(site)
    whole = gzip.decompress(backup.path.read_bytes())
    keys = [site.folder / "process.key", site.folder / "keys" / "trail", site.folder / "secret_key"]
    secrets = [PLANTED.encode(), b"a-live-session-key", *(path.read_bytes().strip() for path in keys)]
    assert len(secrets) == 5
    assert [secret for secret in secrets if secret in whole] == []
    assert backup.path.stat().st_mode & 0o077 == 0
    with tarfile.open(backup.path) as tar:
        names = {name.split("/")[0] for name in tar.getnames()}
    assert names == {"manifest.json", backup_file(), "heads", "process.sqlite3"}


def backup_file() -> str:
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.pgdump"


def test_a_restored_site_proves_itself(site: OwnSite) -> None:
    note = put_back(site, made(site).path)
    assert note is not None
    lines = list(prove(site.folder, note))
    assert [line for line in lines if not line.startswith("proved")] == []
    assert len(lines) > 6


def test_a_site_that_holds_data_is_not_overwritten_by_oversight(site: OwnSite) -> None:
    backup = made(site)
    with pytest.raises(CannotDo, match="holds data already"):
        restore(site.folder, backup.path, at=LATER, say=quiet)
    assert not pending.is_pending(site.folder)


@pytest.mark.parametrize("at", [0.05, 0.5, 0.95])
def test_a_damaged_backup_changes_nothing(site: OwnSite, at: float) -> None:
    backup = made(site)
    whole = bytearray(backup.path.read_bytes())
    whole[int(len(whole) * at)] ^= 0x55
    backup.path.write_bytes(whole)
    with pytest.raises(CannotDo):
        put_back(site, backup.path)
    backup.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CannotDo):
        put_back(site, backup.path)
    assert finish(site.folder, LATER) is None
    assert not Event.objects.filter(verb="site.restored").exists()
    assert not (site.folder / "restoring").exists()


CUTS = [(restoring, "_exchange"), (after, "_tell"), (after, "_place_heads"), (after, "write_restored")]


@pytest.mark.parametrize(("where", "what"), CUTS, ids=[what for _where, what in CUTS])
def test_a_restore_that_is_cut_off_is_ended_or_taken_back(
    site: OwnSite, monkeypatch: pytest.MonkeyPatch, where: Any, what: str
) -> None:
    backup = made(site)
    site.say("said.after")
    with monkeypatch.context() as patch:
        patch.setattr(where, what, raising(KeyboardInterrupt()))  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            put_back(site, backup.path)
    assert pending.is_pending(site.folder)
    note = finish(site.folder, LATER)
    changed = what != "_exchange"
    assert (note is not None) is changed
    assert Event.objects.filter(verb="said.after").exists() is not changed
    assert Event.objects.filter(verb="site.restored").count() == int(changed)
    assert [kept.words for kept in notes_on(shelf(site))] == [PLANTED]
    assert faults(site) == []
    assert not pending.is_pending(site.folder) and finish(site.folder, LATER) is None


def test_a_backup_that_fails_leaves_no_file_and_the_one_before(
    site: OwnSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(site)
    monkeypatch.setattr(archive, "_packed", raising(OSError("no space left")))
    with pytest.raises(CannotDo, match=r"no space left\. Nothing was left .* --to"):
        make_backup(site.folder, at=LATER, say=quiet)
    monkeypatch.undo()
    whole = archive.write

    def torn(part: Path, *more: Any) -> None:
        whole(part, *more)
        part.write_bytes(part.read_bytes()[:-400])

    # A disk that says yes and keeps less is found by reading back.
    monkeypatch.setattr(archive, "write", torn)
    with pytest.raises(CannotDo):
        make_backup(site.folder, at=LATER, say=quiet)
    assert [path.name for path in first.path.parent.iterdir()] == [first.path.name]
    assert not list(site.folder.glob("backing-up-*"))


def test_a_short_disk_is_said_before_anything_is_written(
    site: OwnSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1_000_000))
    with pytest.raises(CannotDo, match=r"has 1\.0 MB free; this needs about"):
        made(site)
    assert not list((site.folder / "backups").iterdir())


def test_the_newest_stay_and_what_someone_named_is_never_removed(site: OwnSite, settings: Any) -> None:
    settings.BACKUP_KEEP = 2
    own = made(site, file=site.folder / "backups.mine")
    for day in range(4):
        make_backup(site.folder, at=NOW + timedelta(days=day), say=quiet)
    make_backup(site.folder, at=NOW, say=quiet, why="migration")
    left = [path.name for path in places.own_backups(site.folder / "backups")]
    assert len([name for name in left if "before" not in name]) == 2
    assert len([name for name in left if "before-migration" in name]) == 1
    assert places.newest(site.folder / "backups").name == max(left)
    assert own.path.exists()


def test_a_sealed_backup_opens_with_its_key_only(site: OwnSite, settings: Any) -> None:
    key = site.folder / "backup.key"
    settings.BACKUP_RECIPIENT = make_backup_key(key)
    backup = made(site)
    assert backup.path.name.endswith(".backup.age") and b"manifest" not in backup.path.read_bytes()
    other = site.folder / "other.key"
    make_backup_key(other)
    for wrong, words in (
        ("", "is sealed"),
        (str(other), "does not open"),
        (str(backup.path), "holds no key"),
    ):
        with pytest.raises(CannotDo, match=words):
            put_back(site, backup.path, key_file=wrong)
    assert put_back(site, backup.path, key_file=str(key)) is not None
    settings.BACKUP_RECIPIENT = "age1nonsense"
    with pytest.raises(CannotDo, match="no age recipient"):
        make_backup(site.folder, at=LATER, say=quiet)


def test_it_is_of_one_moment_while_others_write(site: OwnSite) -> None:
    """Each event is told twice in one transaction; a copy between the two would hold one of them."""
    stop, failed = threading.Event(), []

    def write() -> None:
        from django.db import transaction

        try:
            number = 0
            while not stop.is_set():
                number += 1
                with transaction.atomic():
                    for half in ("one", "other"):
                        tell(SYSTEM, f"{half}.{number}", None, at=NOW, organisation=site.people.clinic.id)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup = made(site)
    finally:
        stop.set()
        writer.join()
    assert failed == []
    put_back(site, backup.path)
    halves = {half: Event.objects.filter(verb__startswith=f"{half}.").count() for half in ("one", "other")}
    assert halves["one"] == halves["other"]
    site.chain()
    assert faults(site) == []


def test_mail_that_waited_is_not_sent_twice_after_a_restore(site: OwnSite) -> None:
    OutgoingMail.objects.create(
        organisation=site.people.clinic, what="x", sealed=b"words", made_at=NOW, next_at=NOW
    )
    put_back(site, made(site).path)
    row = OutgoingMail.objects.get()
    assert (row.state, row.why, bytes(row.sealed)) == ("held", "restored", b"")


def test_a_backup_of_a_newer_version_is_refused(site: OwnSite) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_later', %s)", [NOW]
        )
    with pytest.raises(CannotDo, match=r"newer OpenKAP .* records 9999_later"):
        put_back(site, made(site).path)
