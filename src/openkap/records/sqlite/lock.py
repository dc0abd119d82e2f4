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

PATIENCE_S = 10.0
_FIRST_PAUSE_S = 0.0005
_LONGEST_PAUSE_S = 0.004

_locks: dict[str, WriteLock] = {}
_making = threading.Lock()


class WriteLock:
    """Not reentrant: one transaction holds it at a time."""

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        self.path = path
        self.patience_s = patience_s
        self._inside = threading.Lock()
        self._fd: int | None = None

    def acquire(self) -> None:
        """Raise OperationalError when the lock cannot be had in time."""
        until = time.monotonic() + self.patience_s
        if not self._inside.acquire(timeout=self.patience_s):
            raise _busy()
        try:
            self._acquire_file(until)
        except BaseException:
            self._inside.release()
            raise

    def release(self) -> None:
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
        self._inside.release()

    def _acquire_file(self, until: float) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            fd = self._open()
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise _busy() from None
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            if self._still_there(fd):
                return
            fcntl.flock(fd, fcntl.LOCK_UN)
            self._close()

    def _open(self) -> int:
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _still_there(self, fd: int) -> bool:
        try:
            named = os.stat(self.path)
        except FileNotFoundError:
            return False
        held = os.fstat(fd)
        return (named.st_ino, named.st_dev) == (held.st_ino, held.st_dev)


def lock_beside(database: str) -> WriteLock | None:
    """The one lock of this process for a database file; none for a database in memory."""
    if ":memory:" in database or "mode=memory" in database:
        return None
    path = Path(database).resolve()
    with _making:
        return _locks.setdefault(str(path), WriteLock(path.with_name(path.name + ".lock")))


def _busy() -> OperationalError:
    return OperationalError("the write lock could not be had in time; nothing was written")
