"""Open connections that wait for the next request of this process.

Decided here (docs/adr/0033-measured-speed.md): opening a SQLite file means reading every table's description
and teaching it Django's functions, which takes longer than many a page, and a server opens one for each
request. So a clean connection is kept for the next to ask. Never one in which something went wrong or was
left open, nor one whose file has meanwhile become another: a restored backup is read, not what it replaced.
Only a server keeps any (`serving`, set by its entry): a command lets go of what it opened.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import dataclass

# As many as there are requests at once on one small server.
MOST = 12


@dataclass(frozen=True, slots=True)
class File:
    """A file as it lies there now, whatever its name; and the log beside it that new rows go to first."""

    device: int
    node: int
    log: int


class Kept:
    """The connections of one process. A process that was forked from it begins with none."""

    def __init__(self, *, serving: bool = False) -> None:
        self.serving = serving
        self._idle: dict[str, list[tuple[File, sqlite3.Connection]]] = {}
        self._guard = threading.Lock()
        self._process = os.getpid()

    def take(self, path: str) -> sqlite3.Connection | None:
        """A connection to the file and log that lie at `path` now, if one waits. Others are closed."""
        now = file_at(path)
        with self._guard:
            if self._process != os.getpid():
                self._idle, self._process = {}, os.getpid()
            waiting = self._idle.get(path, [])
            while waiting:
                file, connection = waiting.pop()
                if file == now:
                    return connection
                connection.close()
        return None

    def keep(self, path: str, opened: File | None, connection: sqlite3.Connection) -> bool:
        """Let it wait for the next; False where it must be closed. `opened`: the file it was made on."""
        now = file_at(path)
        if not self.serving or opened is None or now is None or connection.in_transaction:
            return False
        if (now.device, now.node) != (opened.device, opened.node):
            return False
        with self._guard:
            waiting = self._idle.setdefault(path, [])
            if self._process != os.getpid() or len(waiting) >= MOST:
                return False
            waiting.append((now, connection))
        return True


def file_at(path: str) -> File | None:
    try:
        found = os.stat(path)  # noqa: PTH116 asked with each request
    except OSError:
        return None
    try:
        log = os.stat(f"{path}-wal").st_ino  # noqa: PTH116
    except OSError:
        log = 0
    return File(found.st_dev, found.st_ino, log)


KEPT = Kept()
