"""A database of a test's own, for tests that commit: journeys, streams, several writers at once.

Decided here: it is copied from the migrated test database and thrown away. Emptying tables afterwards, as
Django's TransactionTestCase does, is what the append-only triggers exist to refuse.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openkap.records.sqlite.kept import KEPT


def note_migrations() -> None:
    """Write down as done what led to this database's tables, so that a server finds it up to date."""
    connection = connections["default"]
    done = MigrationRecorder(connection)
    done.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        done.record_applied(app, name)


@contextlib.contextmanager
def own_copy(folder: Path) -> Iterator[str]:
    """Point Django at a fresh copy, in `folder` on SQLite; give its address; put everything back."""
    _let_go()
    settings = connections.settings["default"]
    before = settings["NAME"]
    is_sqlite = "sqlite" in settings["ENGINE"]
    made = _sqlite_copy(before, folder) if is_sqlite else _postgres_copy(before)
    with made as (name, address):
        settings["NAME"] = name
        try:
            yield address
        finally:
            _let_go()
            settings["NAME"] = before


@contextlib.contextmanager
def own_empty(folder: Path) -> Iterator[None]:
    """Point Django at a database with nothing in it, in `folder` on SQLite; put everything back."""
    _let_go()
    settings = connections.settings["default"]
    before = settings["NAME"]
    made = _sqlite_empty(folder) if "sqlite" in settings["ENGINE"] else _postgres_copy("template0")
    with made as (name, _address):
        settings["NAME"] = name
        try:
            yield
        finally:
            _let_go()
            settings["NAME"] = before


@contextlib.contextmanager
def _sqlite_empty(folder: Path) -> Iterator[tuple[str, str]]:
    target = folder / "empty.sqlite3"
    yield str(target), f"sqlite://{target}"


def _let_go() -> None:
    """Forget this thread's connection, and on PostgreSQL the pool behind it."""
    KEPT.serving = False  # a test that imports the server's entry is no server: it lets go of what it opened
    connection = connections["default"]
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    del connections["default"]


@contextlib.contextmanager
def _sqlite_copy(before: str, folder: Path) -> Iterator[tuple[str, str]]:
    target = folder / "openkap.sqlite3"
    with (
        contextlib.closing(sqlite3.connect(before)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    yield str(target), f"sqlite://{target}"


@contextlib.contextmanager
def _postgres_copy(before: str) -> Iterator[tuple[str, str]]:
    address = os.environ["OPENKAP_TEST_POSTGRES"]
    name = f"own_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as maintenance:
        maintenance.execute(f'CREATE DATABASE "{name}" TEMPLATE "{before}"')
        try:
            yield name, f"{address.rpartition('/')[0]}/{name}"
        finally:
            maintenance.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
