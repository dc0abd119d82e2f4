"""One writer on SQLite: the lock is shared, has an end, and survives being lost."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from openkap.records.models import Person
from openkap.records.sqlite.kept import KEPT, Kept, file_at
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


def test_a_connection_waits_for_the_next_request_and_not_for_another_file(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    kept, first = Kept(serving=True), sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE here (n)")
    assert kept.keep(str(path), file_at(str(path)), first)
    assert kept.take(str(path)) is first
    assert kept.take(str(path)) is None
    first.execute("BEGIN")
    assert not kept.keep(str(path), file_at(str(path)), first), "something was left open"
    first.execute("ROLLBACK")
    assert kept.keep(str(path), file_at(str(path)), first)
    path.rename(tmp_path / "old.sqlite3")
    sqlite3.connect(path).execute("CREATE TABLE there (n)")
    assert kept.take(str(path)) is None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute("SELECT 1")


def test_requests_of_one_server_share_what_was_opened(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        return
    Person.objects.count()
    alone = connection.connection
    connection.close()
    monkeypatch.setattr(KEPT, "serving", True)
    assert Person.objects.count() == 0
    raw = connection.connection
    assert raw is not alone, "a command keeps none"
    connection.close()
    Person.objects.count()
    assert connection.connection is raw
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    connection.close()
    Person.objects.count()
    assert connection.connection is not raw, "where something went wrong, another is opened"
