"""One writer on SQLite: the lock is shared, has an end, and survives being lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import OperationalError

from openkap.records.sqlite.lock import WriteLock, lock_beside


def other_hand(path: Path, patience_s: float = 0.05) -> WriteLock:
    """The same lock as another process would hold it."""
    return WriteLock(path, patience_s)


def test_a_second_writer_waits_and_then_says_that_nothing_was_written(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine, theirs = WriteLock(path), other_hand(path)
    mine.acquire()
    with pytest.raises(OperationalError, match="nothing was written"):
        theirs.acquire()
    mine.release()
    theirs.acquire()
    theirs.release()


def test_two_threads_of_one_process_queue(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "lock")
    order: list[str] = []
    lock.acquire()
    waiting = threading.Thread(target=lambda: (lock.acquire(), order.append("second"), lock.release()))
    waiting.start()
    order.append("first")
    lock.release()
    waiting.join(timeout=5)
    assert order == ["first", "second"]


def test_a_lost_lock_file_is_noticed_and_made_again(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine, theirs = WriteLock(path), other_hand(path)
    mine.acquire()
    mine.release()
    path.unlink()
    theirs.acquire()
    impatient = other_hand(path)
    with pytest.raises(OperationalError):
        impatient.acquire()
    theirs.release()
    mine.patience_s = 0.05
    mine.acquire()
    with pytest.raises(OperationalError):
        theirs.acquire()
    mine.release()


def test_a_lock_that_failed_to_begin_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "lock"
    lock = WriteLock(path, 0.05)
    with pytest.raises(FileNotFoundError):
        lock.acquire()
    path.parent.mkdir()
    lock.acquire()
    lock.release()


def test_one_lock_a_database_in_a_process(tmp_path: Path) -> None:
    database = str(tmp_path / "a.sqlite3")
    assert lock_beside(database) is lock_beside(database)
    assert lock_beside("file:memorydb?mode=memory&cache=shared") is None
