"""The write lock of a data folder: a lock of this process around a lock of the file system.

Decided here: waiting has an end. A writer that cannot get the lock in time says so in words; nothing
was written, and the page keeps what was typed. A lock file that was deleted is made again: the next
writer notices that the name no longer leads to the file it holds.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

from django.db import OperationalError

PATIENCE_S = 20.0
# Short and constant: a writer who slept longer the longer it waited would be overtaken by newcomers.
PAUSE_S = 0.0003

_locks: dict[str, WriteLock] = {}
_making = threading.Lock()


class FileLock:
    """A lock of the file system under one name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, until: float) -> None:
        """Raise OperationalError when it cannot be had before `until` (monotonic seconds)."""
        while not self._try(fcntl.LOCK_NB):
            if time.monotonic() >= until:
                raise _busy()
            time.sleep(PAUSE_S)

    def stand_in_line(self) -> None:
        """Wait in the kernel's own order, first come first served."""
        while not self._try():
            pass

    def release(self) -> None:
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def _try(self, how: int = 0) -> bool:
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | how)
        except BlockingIOError:
            return False
        if self._leads_here(self._fd):
            return True
        os.close(self._fd)
        self._fd = None
        return False

    def _leads_here(self, fd: int) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        held = os.fstat(fd)
        return (named.st_ino, named.st_dev) == (held.st_ino, held.st_dev)


class WriteLock:
    """Not reentrant: one transaction holds it at a time.

    Whoever waits stands in line (a second lock): the process that just wrote cannot take the lock again
    before those who were waiting. The head of the line gives up after its patience, so the line moves.
    """

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._inside = threading.Lock()
        self._queue = FileLock(path.with_name(path.name + "-queue"))
        self._file = FileLock(path)

    def acquire(self) -> None:
        """Raise OperationalError when the lock cannot be had in time."""
        until = time.monotonic() + self.patience_s
        if not self._inside.acquire(timeout=self.patience_s):
            raise _busy()
        try:
            self._queue.stand_in_line()
            try:
                self._file.acquire(until)
            finally:
                self._queue.release()
        except BaseException:
            self._inside.release()
            raise

    def release(self) -> None:
        self._file.release()
        self._inside.release()


def lock_beside(database: str) -> WriteLock | None:
    """The one lock of this process for a database file; none for a database in memory."""
    if ":memory:" in database or "mode=memory" in database:
        return None
    path = Path(database).resolve()
    with _making:
        return _locks.setdefault(str(path), WriteLock(path.with_name(path.name + ".lock")))


def _busy() -> OperationalError:
    return OperationalError("the write lock could not be had in time; nothing was written")
