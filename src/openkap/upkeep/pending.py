"""A restore that is under way: written down before anything is changed, so that a cut one can be ended.

Decided here: the database itself says whether it was exchanged (a table that only a restored one holds), so
that after a power cut either nothing was changed, or what is left to do is done again from where it stopped.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from openkap.upkeep.databases import MARK
from openkap.upkeep.places import to_disk

PLACE, NOTE = "restoring", "restoring.json"
INTERRUPTED = "A restore was interrupted. Run: openkap restore --finish"


@dataclass(frozen=True, slots=True)
class Pending:
    """`id` names this restore; `ends` are the trail's ends in the backup, `lost` those known before it."""

    id: str
    at: str
    made_at: str
    fingerprint: str
    file: str
    size: int
    process: bool
    ends: dict[str, dict[str, Any]]
    lost: dict[str, int]
    keys: dict[str, str]
    counts: dict[str, int]


def staging(folder: Path) -> Path:
    return folder / PLACE


def is_pending(folder: Path) -> bool:
    return (folder / NOTE).exists()


def read(folder: Path) -> Pending | None:
    path = folder / NOTE
    return Pending(**json.loads(path.read_text())) if path.exists() else None


def write(folder: Path, pending: Pending) -> None:
    fresh = folder / f"{NOTE}.new"
    fresh.write_text(json.dumps(asdict(pending)))
    to_disk(fresh)
    fresh.replace(folder / NOTE)
    to_disk(folder)


def clear(folder: Path) -> None:
    """No restore is under way any more; what was laid out for it goes."""
    (folder / NOTE).unlink(missing_ok=True)
    shutil.rmtree(staging(folder), ignore_errors=True)


def mark_file(database: Path, name: str) -> None:
    """Write into a SQLite file, before it takes its place, which restore it belongs to."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous=FULL")
        file.execute(f"DROP TABLE IF EXISTS {MARK}")
        file.execute(f"CREATE TABLE {MARK} (id text)")
        file.execute(f"INSERT INTO {MARK} VALUES (?)", (name,))  # noqa: S608 our own name


def mark() -> str:
    """Which restore the database here was exchanged by and not yet finished; blank: none."""
    tables = connection.introspection.table_names()
    if MARK not in tables:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {MARK}")  # noqa: S608 our own name
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def unmark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARK}")
