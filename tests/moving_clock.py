"""The site with a clock that a journey may move: a dose takes an hour, a window opens a day later.

Decided here: only the clock is another; the server, its pages and its database are the real ones. The
offset stands in a file of the data folder; each request looks there first.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from openkap.config.asgi import application as site

FILE = "clock-offset-s"


class MovedTime:
    """Real time plus an offset, ticking."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.offset = 0.0
        self.travel: time_machine.travel | None = None

    def follow(self) -> None:
        """Take the offset that the file names now."""
        wanted = float(self.file.read_text()) if self.file.exists() else 0.0
        if wanted == self.offset:
            return
        if self.travel is not None:
            self.travel.stop()
        self.travel = time_machine.travel(datetime.now(UTC) + timedelta(seconds=wanted), tick=True)
        self.travel.start()
        self.offset = wanted


_moved = MovedTime(Path(os.environ.get("OPENKAP_DATA", ".")))


async def application(scope: Any, receive: Any, send: Any) -> None:
    _moved.follow()
    await site(scope, receive, send)
