"""The two databases as the bench fills them: the same few statements, said in each one's words.

Decided here: filling is fast because nothing is checked twice: indexes and references that come from the
copied rows are put back, and checked, once all rows are there; PostgreSQL does two tables at a time. A site
is never written this way.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import psycopg

from openkap.records.statistics import STATEMENTS

AT_ONCE = 2


class Sqlite:
    """A file, written without waiting for the disk and without its own checks."""

    vendor = "sqlite"
    # Text as Django keeps it: a UUID as 32 hex digits, a time as `2027-03-09 14:00:00.123456`.
    own_id = (
        "printf('%012x', o.{c}__ms + c.ms) || o.{c}__mid || printf('%08x', (o.{c}__low + c.n) % 4294967296)"
    )
    later = "strftime('%Y-%m-%d %H:%M:%S', o.{c}, c.seconds || ' seconds') || substr(o.{c}, 20)"
    later_day = "date(o.{c}, c.seconds || ' seconds')"
    token = "substr(o.{c}, 1, length(o.{c}) - 8) || printf('%08x', c.n)"
    dashed = (
        "substr({x}, 1, 8) || '-' || substr({x}, 9, 4) || '-' || substr({x}, 13, 4) || '-' || "
        "substr({x}, 17, 4) || '-' || substr({x}, 21)"
    )
    hex_of = "replace({x}, '-', '')"
    number_of = "hexnum({x})"
    random_hash = "lower(hex(randomblob(32)))"

    def __init__(self, address: str) -> None:
        self.connection = sqlite3.connect(urlparse(address).path, isolation_level=None)
        self.connection.create_function("hexnum", 1, lambda text: int(text, 16) if text else None)
        for pragma in (
            "synchronous=OFF",
            "journal_mode=MEMORY",
            "foreign_keys=OFF",
            "temp_store=MEMORY",
            "cache_size=-1500000",
            f"threads={AT_ONCE}",  # that sort an index
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    def many(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        rows = list(rows)
        marks = ", ".join("?" * len(rows[0]))
        self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        yield
        self.connection.execute("COMMIT")

    def side_by_side(self, tasks: Sequence[Sequence[str]]) -> None:
        """One writer, one after another."""
        with self.together():
            for statement in itertools.chain.from_iterable(tasks):
                self.run(statement)

    @contextlib.contextmanager
    def without_indexes(self, tables: Sequence[str]) -> Iterator[None]:
        """Nothing can be undone meanwhile: a site that was not filled to its end is thrown away."""
        for pragma in ("journal_mode=OFF", "locking_mode=EXCLUSIVE", "ignore_check_constraints=ON"):
            self.run(f"PRAGMA {pragma}")
        marks = ", ".join("?" * len(tables))
        kept = self.run(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL "
            f"AND tbl_name IN ({marks})",
            tables,
        )
        for name, _sql in kept:
            self.run(f'DROP INDEX "{name}"')
        yield
        for _name, sql in kept:
            self.run(sql)
        for statement in STATEMENTS:
            self.run(statement)
        self.run("PRAGMA locking_mode=NORMAL")

    def finish(self) -> None:
        self.run("PRAGMA journal_mode=WAL")
        self.connection.close()


class Postgres:
    """A server. References between rows are dropped and made again, which checks every row at once."""

    vendor = "postgresql"
    own_id = (
        "(lpad(to_hex(o.{c}__ms + c.ms), 12, '0') || o.{c}__mid || "
        "lpad(to_hex((o.{c}__low + c.n) % 4294967296), 8, '0'))::uuid"
    )
    later = "o.{c} + make_interval(secs => c.seconds)"
    later_day = "(o.{c} + make_interval(secs => c.seconds))::date"
    token = "substr(o.{c}, 1, length(o.{c}) - 8) || lpad(to_hex(c.n), 8, '0')"
    dashed = "{x}::text"
    hex_of = "replace(({x})::text, '-', '')"
    number_of = "('x' || lpad({x}, 16, '0'))::bit(64)::bigint"
    random_hash = "md5(random()::text) || md5(random()::text)"

    def __init__(self, address: str) -> None:
        self.address = address
        self.connection = self._connected()

    def _connected(self) -> psycopg.Connection[Any]:
        made = psycopg.connect(self.address, autocommit=True)
        for setting in ("work_mem = '256MB'", "maintenance_work_mem = '512MB'", "synchronous_commit = off"):
            made.execute(f"SET {setting}")  # type: ignore[arg-type]
        return made

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        done = self.connection.execute(statement, values or None)  # type: ignore[arg-type]
        return done.fetchall() if done.description else []

    def many(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
            for row in rows:
                copy.write_row(row)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        with self.connection.transaction():
            yield

    def side_by_side(self, tasks: Sequence[Sequence[str]]) -> None:
        """Tasks that do not touch one another, so many at once, each by a connection of its own."""
        with ThreadPoolExecutor(AT_ONCE) as workers:
            list(workers.map(self._do, tasks))

    def _do(self, task: Sequence[str]) -> None:
        with self._connected() as mine:
            for statement in task:
                mine.execute(statement)  # type: ignore[arg-type]

    @contextlib.contextmanager
    def without_indexes(self, tables: Sequence[str]) -> Iterator[None]:
        references = self._constraints("f", tables)
        unique = self._constraints("pu", tables)
        indexes = self.run(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            (list(tables),),
        )
        for table, name, _definition in (*references, *unique):
            self.run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for _table, name, _definition in indexes:
            self.run(f'DROP INDEX "{name}"')
        yield
        self._of_each('ALTER TABLE {0} ADD CONSTRAINT "{1}" {2}', unique)
        self._of_each("{2}", indexes)
        every = [name for (name,) in self.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        self._of_each("VACUUM ANALYZE {0}", [(table, "", "") for table in every])
        for table, name, definition in references:
            self.run(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
        self._of_each('ALTER TABLE {0} VALIDATE CONSTRAINT "{1}"', references)

    def _of_each(self, statement: str, made: Sequence[tuple[str, str, str]]) -> None:
        """What is made for a table, its name and its definition, side by side with that of other tables."""
        size = {table: self.run("SELECT pg_table_size(%s)", (table,))[0][0] for table, _name, _said in made}
        longest = sorted(size, key=lambda table: -size[table])
        self.side_by_side([[statement.format(*one) for one in made if one[0] == table] for table in longest])

    def _constraints(self, kinds: str, tables: Sequence[str]) -> list[Any]:
        """References (f) to or from these tables, or what is unique in them (p, u)."""
        return self.run(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype::text = ANY(%s) AND connamespace = 'public'::regnamespace "
            "AND ARRAY[conrelid::regclass::text, confrelid::regclass::text] && %s::text[] ORDER BY conname",
            (list(kinds), list(tables)),
        )

    def finish(self) -> None:
        self.connection.close()


def engine(address: str) -> Sqlite | Postgres:
    return Sqlite(address) if address.startswith("sqlite") else Postgres(address)


def size_of(address: str) -> int:
    """Bytes on disk."""
    if address.startswith("sqlite"):
        return Path(urlparse(address).path).stat().st_size
    with psycopg.connect(address) as server:
        row = server.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0
