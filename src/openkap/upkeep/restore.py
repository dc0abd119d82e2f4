"""Reading a backup back: checked to its last byte first, exchanged in one move, and told by the trail.

Decided here (docs/adr/0031-operations.md): into an empty site, or with `--replace`, after a backup of what
was there. The site must not be running. Nothing is changed before the backup was read to its end, matched
with its manifest and counted; then the database is exchanged at once (a rename, or one transaction), and the
rest is done again from where it stopped if the power goes (`upkeep.pending`, `upkeep.after`).
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from openkap.records.ids import new_id
from openkap.steps.chain import UnsignedHead, read_heads
from openkap.upkeep import archive, databases, pending
from openkap.upkeep.backup import PROCESS, key_fingerprints, make_backup
from openkap.upkeep.databases import MARK, SQLITE, Say
from openkap.upkeep.places import CannotDo, alone, refuse_without_room, to_disk

RUNNING = "This site is running. Stop openkap serve first; a restore exchanges all its data."
LEAVING_TRIES, LEAVING_S = 20, 0.25


def restore(
    folder: Path, file: Path, *, at: datetime, say: Say, replace: bool = False, key_file: str = ""
) -> pending.Pending:
    """Exchange the data of this site for a backup's. Raises CannotDo; then nothing was changed.

    What is left to do afterwards is `upkeep.after.finish`.
    """
    with alone(folder, "serving", RUNNING), alone(folder, "backup", "A backup is being made. Wait for it."):
        pending.clear(folder)
        stage = pending.staging(folder)
        stage.mkdir(mode=0o700)
        try:
            manifest = _lay_out(file, stage, key_file or settings.BACKUP_KEY_FILE, say)
            _refuse_strange(manifest)
            _count(stage, manifest, say)
            _refuse_full(replace)
        except BaseException:
            pending.clear(folder)
            raise
    if replace and (not _readable() or is_filled()):
        _keep_what_is_there(folder, at, say)
    with alone(folder, "serving", RUNNING):
        note = _note(folder, file, manifest, at)
        pending.write(folder, note)
        say("Exchanging the database")
        try:
            _exchange(stage, note)
        except CannotDo:
            pending.clear(folder)
            raise
        return note


def _lay_out(file: Path, stage: Path, key_file: str, say: Say) -> archive.Manifest:
    """The backup's files in `stage`, each checked against the manifest."""
    if not file.is_file():
        raise CannotDo(f"There is no backup at {file}.")
    refuse_without_room(stage, file.stat().st_size)
    clear = archive.opened(file, key_file, stage)
    manifest = archive.read_manifest(clear)
    refuse_without_room(stage, sum(each["size"] for each in manifest["files"].values()))
    say("Reading the backup")
    archive.take_out(clear, manifest, stage)
    (stage / "opened").unlink(missing_ok=True)
    return manifest


def _refuse_strange(manifest: archive.Manifest) -> None:
    """A backup of another kind of database, or of a version that this one does not know."""
    if manifest["engine"] != databases.engine():
        raise CannotDo(
            f"This backup was made of {manifest['engine']}, and this site uses {databases.engine()}. "
            "Restore it into the kind of database it came from."
        )
    known = MigrationLoader(None).disk_migrations
    ours = {app for app, _name in known}
    strange = [f"{a} {n}" for a, n in manifest["migrations"] if a in ours and (a, n) not in known]
    if strange:
        raise CannotDo(
            f"This backup was made by a newer OpenKAP ({manifest['openkap']}): it holds {strange[0]}. "
            "Install that version first."
        )


def _count(stage: Path, manifest: archive.Manifest, say: Say) -> None:
    """On SQLite the copy itself is opened, checked and counted; PostgreSQL's is counted when it is in."""
    if databases.engine() != SQLITE:
        return
    say("Checking the database of the backup")
    with contextlib.closing(sqlite3.connect(stage / databases.FILES[SQLITE])) as copy:
        databases.refuse_broken(copy)
        refuse_other_counts(lambda query: copy.execute(query).fetchall(), manifest["counts"])


def refuse_other_counts(ask: databases.Ask, counts: dict[str, int]) -> None:
    """Raises CannotDo where a table does not hold as many rows as the manifest says."""
    for table, wanted in counts.items():
        found = ask(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608 names from the manifest, quoted
        if found != wanted:
            raise CannotDo(f"The backup does not hold what it says: {table} has {found} rows, not {wanted}.")


def is_filled() -> bool:
    """Whether anything stands in this site: it was born, or holds a person."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in ("records_site", "records_person"):
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 our own names
                if cursor.fetchone():
                    return True
    return False


def _readable() -> bool:
    try:
        is_filled()
    except Exception:  # noqa: BLE001 whatever it is, this database cannot be read
        return False
    return True


def _refuse_full(replace: bool) -> None:
    if replace:
        return
    if not _readable():
        raise CannotDo("The database here cannot be read. To put the backup in its place, add --replace.")
    if is_filled():
        raise CannotDo("This site holds data already. To put the backup in its place, add --replace.")


def _keep_what_is_there(folder: Path, at: datetime, say: Say) -> None:
    """A backup of it; where it cannot be read any more, the file itself is laid aside on SQLite."""
    say("Backing up what is here now")
    try:
        make_backup(folder, at=at, say=say, why="restore")
    except CannotDo as why:
        # A disk that takes no backup takes no copy of the file either.
        if databases.engine() != SQLITE or isinstance(why.__cause__, OSError):
            raise
        aside = folder / "replaced" / f"{at:%Y%m%dT%H%M%SZ}"
        aside.mkdir(parents=True, mode=0o700, exist_ok=True)
        _let_go()
        path = databases.sqlite_path()
        for each in (path, Path(f"{path}-wal")):
            if each.exists():
                shutil.copyfile(each, aside / each.name)
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        raise CannotDo(f"What is here now could not be backed up: {type(error).__name__}.") from error


def _note(folder: Path, file: Path, manifest: archive.Manifest, at: datetime) -> pending.Pending:
    try:
        known = read_heads(folder)
    except (UnsignedHead, ValueError, KeyError):
        known = {}
    lost = {chain: max(head.place for head in heads) for chain, heads in known.items()}
    return pending.Pending(
        id=str(new_id()),
        at=at.isoformat(),
        made_at=manifest["made_at"],
        fingerprint=manifest.fingerprint,
        file=file.name,
        size=file.stat().st_size,
        process=PROCESS in manifest["files"],
        ends=manifest["trail"],
        lost=lost,
        keys=manifest["keys"],
        counts=manifest["counts"],
    )


def _let_go() -> None:
    connections.close_all()
    if databases.engine() != SQLITE:
        connection.close_pool()  # type: ignore[attr-defined]


def _exchange(stage: Path, note: pending.Pending) -> None:
    _let_go()
    if databases.engine() == SQLITE:
        _exchange_file(stage / databases.FILES[SQLITE], note)
    else:
        _exchange_schema(stage / databases.FILES[databases.POSTGRES], note)


def _exchange_file(staged: Path, note: pending.Pending) -> None:
    """The new file takes the name in one move. The old one's log is emptied first: it must not be read into
    the new file."""
    pending.mark_file(staged, note.id)
    to_disk(staged)
    path = databases.sqlite_path()
    if path.exists():
        _settle(path)
    staged.replace(path)
    to_disk(path.parent)


def _settle(path: Path) -> None:
    """Fold the log of a SQLite file into it. One that is too broken for that is replaced with its log."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as old:
            (mode,) = old.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CannotDo(RUNNING) from error
        mode = "broken"
    except sqlite3.DatabaseError:
        mode = "broken"
    if mode == "wal":
        raise CannotDo(RUNNING)
    for ending in ("-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _others() -> int:
    """How many others are connected. One that has just closed is still counted by the server for a moment."""
    count = 0
    with databases.server() as server:
        for _again in range(LEAVING_TRIES):
            found = server.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            ).fetchone()
            count = found[0] if found else 0
            if not count:
                break
            time.sleep(LEAVING_S)
    return count


def _exchange_schema(dump: Path, note: pending.Pending) -> None:
    """Everything in one transaction of the server, which ends with COMMIT or not at all."""
    others = _others()
    if others:
        raise CannotDo(f"{RUNNING} {others} others are using the database.")
    reading = subprocess.Popen(
        [databases.program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writing = subprocess.Popen(
        [databases.program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file=-"],
        env=databases.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert reading.stdout is not None and writing.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # psql says why, below
        writing.stdin.write(_BEGIN.encode())
        shutil.copyfileobj(reading.stdout, writing.stdin, archive.BLOCK)
        if reading.wait() == 0:
            writing.stdin.write(_commit(note).encode())
    with contextlib.suppress(BrokenPipeError):
        writing.stdin.close()
    complained = (writing.stderr.read() if writing.stderr else b"").decode(errors="replace")
    if writing.wait() or reading.wait():
        last = complained.strip().splitlines()[-1:] or ["it gave no reason"]
        raise CannotDo(f"PostgreSQL did not take the backup, and is as it was: {last[0]}")


_BEGIN = """
SET lock_timeout = '10s';
BEGIN;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""


def _commit(note: pending.Pending) -> str:
    return (
        f"\nCREATE TABLE public.{MARK} (id text);\nINSERT INTO public.{MARK} VALUES ('{note.id}');\nCOMMIT;\n"
    )


def warnings(folder: Path, keys: dict[str, Any]) -> list[str]:
    """Which keys of the backup are not the ones here, and what stays shut without them."""
    here = key_fingerprints(folder)
    shut = {
        "secret": "second factors do not open, so that staff cannot sign in",
        "trail": "the trail's heads of before cannot be checked",
        "journal": "journals stay shut",
        "process": "process notes stay shut",
    }
    return [
        f"The key '{name}' here is not the one of the backup: {what}. Run: openkap keys import"
        for name, what in shut.items()
        if name in keys and here.get(name) != keys[name]
    ]
