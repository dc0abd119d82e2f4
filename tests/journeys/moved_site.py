"""A demonstration site made by the commands a newcomer types, one imported patient, and a clock to move."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import psycopg
from psycopg import sql
from tests.moving_clock import FILE
from tests.nursery import ROOT
from tests.serving import serve


@dataclass
class MovedSite:
    """Where it is, and what moves its clock."""

    address: str
    data: Path
    database: str

    def move_clock(self, offset: timedelta) -> None:
        set_clock(self.data, offset)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`openkap …` on this site's folder and database."""
        return self._run("openkap.cli", *arguments)

    def mail_after_round(self, at: datetime, says: str) -> str:
        """The watcher goes its round at this time; gives the newest message that says this."""
        done = self._run("tests.journeys.round", at.astimezone(UTC).isoformat())
        assert done.returncode == 0, done.stderr
        for path in sorted((self.data / "outbox").iterdir(), reverse=True):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if says in (text := str(message.get_content())):
                return text
        raise AssertionError(f"No message says: {says}")

    def where(self, word: str) -> list[str]:
        """Every file of the data folder, and every table of a database server, that holds this word."""
        sought = word.lower().encode()
        return [name for name, held in self._kept() if sought in held.lower()]

    def _kept(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self.data.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.data).as_posix(), path.read_bytes()
        if self.database.startswith("postgres"):
            with psycopg.connect(self.database) as server:
                tables = server.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                ).fetchall()
                for (table,) in tables:
                    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
                    with server.cursor().copy(query) as rows:
                        yield f"table {table}", b"".join(bytes(row) for row in rows)

    def _run(self, *module: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "OPENKAP_DATA": str(self.data), "DATABASE_URL": self.database}
        environment["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
        command = [sys.executable, "-m", *module]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def verify_trail(self) -> int:
        """Chain what is not yet chained, then prove it."""
        from django.utils import timezone

        from openkap.steps.chain import link_events

        while link_events(at=timezone.now(), folder=self.data):
            pass
        return self.command("verify-trail").returncode


def set_clock(data: Path, offset: timedelta) -> None:
    """The server over this folder lives so much later from its next request on."""
    # In one go: the server may look at any moment.
    new = data / f"{FILE}-new"
    new.write_text(str(offset.total_seconds()))
    new.replace(data / FILE)


@contextlib.contextmanager
def moved_site(data: Path, database: str, bundle: Path, recording: Path | None = None) -> Iterator[MovedSite]:
    """`recording` is laid into the data folder, as someone who has one would."""
    data.chmod(0o700)
    if recording is not None:
        (data / "recordings").mkdir()
        shutil.copy(recording, data / "recordings")
    site = MovedSite("", data, database)
    brought = (
        "import-patient",
        str(bundle),
        "--organisation",
        "Larkmoor Clinic",
        "--by",
        "tamsin@example.org",
    )
    for command in (("demo", "--people-only"), brought):
        done = site.command(*command)
        assert done.returncode == 0, done.stderr
    with serve(data, database, "tests.moving_clock:application") as running:
        site.address = running.address
        yield site
