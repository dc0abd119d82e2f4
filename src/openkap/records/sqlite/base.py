"""One writer on SQLite, across every process of one data folder.

Decided here (docs/adr/0002-one-writer.md): SQLite's own busy wait starves writers for seconds when
several write at once. Every transaction begins IMMEDIATE and takes a file lock first, inside a
process lock, so that writers queue in order and short. Reads outside transactions never wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from sqlite3 import dbapi2 as Database  # noqa: F401  (Django asks the module for it)
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations

from openkap.records.ids import id_of
from openkap.records.sqlite.kept import KEPT, File, file_at
from openkap.records.sqlite.lock import WriteLock, lock_beside


class Operations(DatabaseOperations):
    """SQLite keeps an id as text; it is read some thousand times a page."""

    def convert_uuidfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else id_of(value)


class Cursor(base.SQLiteCursorWrapper):
    """Puts SQLite's marks in place of Django's once for each query, not each time one is asked."""

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        if param_names is not None:
            return super().convert_query(query, param_names=param_names)
        return _marked(query)


@lru_cache(1000)
def _marked(query: str) -> str:
    return base.SQLiteCursorWrapper.convert_query(None, query)  # type: ignore[arg-type]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection; `BEGIN IMMEDIATE` waits for the folder's write lock."""

    ops_class = Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: WriteLock | None = None
        self._holds = False
        self._opened: File | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            # A commit refused by the database leaves the transaction open; its rollback gives back.
            if not self._in_sqlite_transaction():
                self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        path = str(conn_params["database"])
        kept = None if self.is_in_memory_db() else KEPT.take(path)
        if kept is not None:
            self._opened = file_at(path)
            return kept
        made = super().get_new_connection(conn_params)
        self._opened = None if self.is_in_memory_db() else file_at(path)
        return made

    def _close(self) -> None:
        try:
            if not self._let_wait():
                super()._close()  # type: ignore[misc]
        finally:
            self._give_back()

    def _let_wait(self) -> bool:
        """Keep a connection in which nothing went wrong for the next request."""
        if self.connection is None or self.errors_occurred or self.in_atomic_block:
            return False
        return KEPT.keep(str(self.settings_dict["NAME"]), self._opened, self.connection)

    def _in_sqlite_transaction(self) -> bool:
        return bool(self.connection is not None and self.connection.in_transaction)

    def _take(self) -> None:
        if self._write_lock is None:
            self._write_lock = lock_beside(str(self.settings_dict["NAME"]))
        if self._write_lock is not None and not self._holds:
            self._write_lock.acquire()
            self._holds = True

    def _give_back(self) -> None:
        if self._holds and self._write_lock is not None:
            self._holds = False
            self._write_lock.release()
