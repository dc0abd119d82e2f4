"""A demonstration site made by the commands a newcomer types, one imported patient, and a clock to move."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.moving_clock import FILE
from tests.serving import ROOT, serve


@dataclass
class MovedSite:
    """Where it is, and what moves its clock."""

    address: str
    data: Path
    database: str

    def move_clock(self, offset: timedelta) -> None:
        (self.data / FILE).write_text(str(offset.total_seconds()))

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`openkap …` on this site's folder and database."""
        environment = {**os.environ, "OPENKAP_DATA": str(self.data), "DATABASE_URL": self.database}
        environment["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
        command = [sys.executable, "-m", "openkap.cli", *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def verify_trail(self) -> int:
        """Chain what is not yet chained, then prove it."""
        from django.utils import timezone

        from openkap.steps.chain import link_events

        while link_events(at=timezone.now(), folder=self.data):
            pass
        return self.command("verify-trail").returncode


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
    for command in (("demo",), brought):
        done = site.command(*command)
        assert done.returncode == 0, done.stderr
    with serve(data, database, "tests.moving_clock:application") as running:
        site.address = running.address
        yield site
