"""The database as a backup needs it: a true copy of one moment, what stands in it, and its way back.

Decided here: on SQLite the online backup under one read transaction, so that writers go on and the copy is
of one moment; on PostgreSQL `pg_dump` of one exported snapshot, and back in a single transaction, so that a
restore that is cut off leaves all as it was. Rows of browser sessions are left out: their keys would sign
someone in. Everything is asked in plain SQL, so that a database of an older version can be backed up too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection

from openkap.upkeep.places import CannotDo

SQLITE, POSTGRES = "sqlite", "postgresql"
FILES = {SQLITE: "database.sqlite3", POSTGRES: "database.pgdump"}
SESSIONS = ("django_session", "records_browsersession")
MARK = "openkap_restoring"
PAGES_AT_ONCE = 4096

NO_SITE = (
    "There is no site in this database. If yours lies elsewhere, read its settings first: set -a; "
    ". …/openkap.env; set +a. For a new one: openkap setup"
)

Ask = Callable[[str], list[tuple[Any, ...]]]


class Say(Protocol):
    def __call__(self, what: str, done: float | None = None) -> None: ...


def engine() -> str:
    return POSTGRES if connection.vendor == "postgresql" else SQLITE


def size_now() -> int:
    """Bytes that the database takes now."""
    if engine() == SQLITE:
        path = sqlite_path()
        return sum(each.stat().st_size for each in (path, Path(f"{path}-wal")) if each.exists())
    with _server() as server:
        return int(server.execute("SELECT pg_database_size(current_database())").fetchall()[0][0])


def copy_out(folder: Path, say: Say) -> tuple[str, dict[str, Any]]:
    """Write one moment of the database into `folder`; gives the file's name and what stands in it."""
    name = FILES[engine()]
    work = _copy_sqlite if engine() == SQLITE else _dump_postgres
    return name, work(folder / name, say)


def sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def copy_sqlite_file(source: Path, target: Path, say: Say) -> None:
    """A consistent copy of a SQLite file that others may be writing, as one file without a log beside it."""
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30, isolation_level=None)) as here,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as there,
    ):
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        here.backup(
            there,
            pages=PAGES_AT_ONCE,
            progress=lambda _status, left, whole: say("Copying", 1 - left / max(whole, 1)),
        )
        there.execute("PRAGMA journal_mode=DELETE")


def _copy_sqlite(target: Path, say: Say) -> dict[str, Any]:
    try:
        copy_sqlite_file(sqlite_path(), target, say)
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
            copy.execute("PRAGMA secure_delete=ON")
            ask = _asking(copy)
            for table in SESSIONS:
                if ask(f"SELECT name FROM sqlite_master WHERE name = '{table}'"):  # noqa: S608 our own names
                    copy.execute(f"DELETE FROM {table}")  # noqa: S608
            say("Checking the copy")
            refuse_broken(copy)
            return what_stands(ask, sqlite_tables(ask))
    except sqlite3.DatabaseError as error:
        raise CannotDo(
            f"The database cannot be copied ({error}). Look whether the disk is full or failing; if the file"
            " is damaged, restore a backup."
        ) from error


def refuse_broken(database: sqlite3.Connection) -> None:
    """Raises CannotDo where SQLite finds its file damaged."""
    found = database.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise CannotDo(f"The database file is damaged: {found[0][0]}. Restore the last good backup.")


def sqlite_tables(ask: Ask) -> list[str]:
    rows = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return sorted(name for (name,) in rows)


def _asking(database: sqlite3.Connection) -> Ask:
    return lambda query: database.execute(query).fetchall()


def _dump_postgres(target: Path, say: Say) -> dict[str, Any]:
    with _server() as server:
        server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

        def ask(query: str) -> list[tuple[Any, ...]]:
            return server.execute(query).fetchall()

        (snapshot,) = ask("SELECT pg_export_snapshot()")[0]
        say("Copying")
        left_out = [f"--exclude-table-data=public.{table}" for table in SESSIONS]
        _run_program(
            "pg_dump",
            *("--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
            *left_out,
            *("--file", str(target)),
        )
        say("Counting what was copied")
        return what_stands(ask, postgres_tables(ask))


def postgres_tables(ask: Ask) -> list[str]:
    return sorted(name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))


def what_stands(ask: Ask, tables: list[str]) -> dict[str, Any]:
    """Migrations, row counts, the site's birth and the ends of the trail's chains, as JSON takes them."""
    if "records_site" not in tables:
        raise CannotDo(NO_SITE)
    counted = [name for name in tables if name not in (*SESSIONS, MARK)]
    born = ask("SELECT demonstration, born_at FROM records_site")
    ends = ask(
        "SELECT chain, place, hash FROM records_chainlink AS link WHERE place ="
        " (SELECT max(place) FROM records_chainlink WHERE chain = link.chain)"
    )
    return {
        "migrations": [
            [app, name] for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")
        ],
        "counts": {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in counted},  # noqa: S608
        "site": {"demonstration": bool(born[0][0]), "born_at": str(born[0][1])} if born else None,
        "trail": {chain: {"place": place, "hash": hash_} for chain, place, hash_ in ends},
    }


@contextlib.contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    settings = connection.settings_dict
    parts = {
        "dbname": settings["NAME"],
        "user": settings["USER"] or None,
        "password": settings["PASSWORD"] or None,
        "host": settings["HOST"] or None,
        "port": settings["PORT"] or None,
    }
    with psycopg.connect(**parts, autocommit=True) as server:
        yield server


server = _server


def environment() -> dict[str, str]:
    """For PostgreSQL's own programs: the password by the environment, which no list of processes shows."""
    settings = connection.settings_dict
    given = {
        "PGDATABASE": settings["NAME"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
    }
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def program(name: str) -> str:
    """Where one of PostgreSQL's programs lies, the newest first. Raises CannotDo where it is missing."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    path = str(found[0]) if found else shutil.which(name)
    if path is None:
        raise CannotDo(f"{name} is missing. On Debian: apt-get install postgresql-client")
    return path


def _run_program(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [program(name), *arguments], env=environment(), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise CannotDo(f"{name} could not do its work: {done.stderr.strip().splitlines()[-1:]}")
