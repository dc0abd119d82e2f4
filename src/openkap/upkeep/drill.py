"""A restore that proves itself: the newest backup, read back into a place that is thrown away.

Decided here (docs/adr/0031-operations.md): the same restore as in earnest, in a process of its own with a
data folder and a database of its own, and the site's real keys to read. What is proved there: the manifest,
every table's count, the trail, the triggers, that each key opens something, and that pages open.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import quote
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from openkap.upkeep import databases
from openkap.upkeep.keys import keys_of
from openkap.upkeep.places import CannotDo

PATIENCE_S = 3600
# What would lead the throwaway place back to the site, or is none of its business.
NOT_LENT = ("OPENKAP_TLS_CERT", "OPENKAP_TLS_KEY", "OPENKAP_SECRET_KEY_FILE", "DATABASE_URL_FILE")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines`: what was proved or failed, in order, each beginning with "proved" or "failed"."""

    good: bool
    lines: tuple[str, ...]
    seconds: float


def drill(folder: Path, file: Path, key_file: str) -> Verdict:
    """Restore `file` into a throwaway place and prove it there. Raises CannotDo where no place can be had."""
    began = monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="drilling-", dir=folder) as place,
        _database(Path(place)) as address,
    ):
        _lend_trail_key(folder, Path(place))
        environment = _environment(folder, Path(place), address)
        command = [sys.executable, "-m", "openkap.cli", "drill", "--here", str(file)]
        done = subprocess.run(
            [*command, *(["--key", key_file] if key_file else [])],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("proved", "failed"))]
    if done.returncode and not any(line.startswith("failed") for line in lines):
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        lines.append(f"failed: the restore ended early: {last[0]}")
    good = done.returncode == 0 and all(line.startswith("proved") for line in lines) and bool(lines)
    return Verdict(good, tuple(lines), monotonic() - began)


def _lend_trail_key(folder: Path, place: Path) -> None:
    """So that the heads of the backup are checked with the key that signed them."""
    key = folder / "keys" / "trail"
    if key.exists():
        (place / "keys").mkdir(mode=0o700)
        shutil.copy(key, place / "keys" / "trail")


def _environment(folder: Path, place: Path, address: str) -> dict[str, str]:
    """The site's own, with another place and database, and its keys where they lie."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_LENT}
    kept |= {"OPENKAP_DATA": str(place), "DATABASE_URL": address}
    kept["OPENKAP_BACKUP_FOLDER"] = str(place / "backups")
    kept["OPENKAP_PROCESS_STORE"] = str(place / "process.sqlite3")
    kept["OPENKAP_SECRET_KEY"] = settings.SECRET_KEY
    for key in keys_of(folder):
        if key.name in ("journal", "process") and not key.given:
            kept[f"OPENKAP_{key.name.upper()}_KEY_FILE"] = str(key.path)
    return kept


@contextlib.contextmanager
def _database(place: Path) -> Iterator[str]:
    """The address of an empty database that goes when the drill ends."""
    if databases.engine() == databases.SQLITE:
        yield f"sqlite://{place}/openkap.sqlite3"
        return
    name = f"openkap_drill_{uuid4().hex[:12]}"
    try:
        with databases.server() as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        user = connection.settings_dict["USER"]
        raise CannotDo(
            f"A drill needs a database of its own, and {user} may not make one. As the server's"
            f" administrator: ALTER ROLE {user} CREATEDB"
        ) from error
    try:
        yield _address(name)
    finally:
        with databases.server() as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _address(name: str) -> str:
    has = connection.settings_dict
    password = f":{quote(has['PASSWORD'], safe='')}" if has["PASSWORD"] else ""
    port = f":{has['PORT']}" if has["PORT"] else ""
    return f"postgresql://{quote(has['USER'] or '')}{password}@{has['HOST'] or ''}{port}/{name}"


def as_json(verdict: Verdict) -> str:
    return json.dumps(
        {"good": verdict.good, "seconds": round(verdict.seconds, 1), "lines": list(verdict.lines)}
    )
