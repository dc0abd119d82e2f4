"""A stage that steps have played once in this worker is put back for the next test that asks for it.

Decided here: what is put back is what the steps themselves wrote, statement by statement, and only on the
same ground: the same stages before it, in the same order, and nothing written by anyone else in between. In
any other case the steps are played. A test that commits (`own_database`) always plays them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import AutoField

from openkap.records.models import Organisation, Person

T = TypeVar("T")
READS = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "EXPLAIN")
GOES_BACK = "ROLLBACK"


@dataclass(frozen=True)
class Played:
    """What the steps of a stage wrote, and what playing it gave."""

    writes: tuple[tuple[str, Any, bool], ...]
    gave: Any


@dataclass
class Ground:
    """What lies in this test's database: the stages played on it, as long as nobody else has written."""

    played: tuple[Hashable, ...] = ()
    untouched: bool = True
    taking: list[tuple[str, Any, bool]] | None = field(default=None, repr=False)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip()[:9].upper()
        if word.startswith(GOES_BACK) or (self.taking is None and not word.startswith(READS)):
            self.untouched = False
        elif self.taking is not None and not word.startswith(READS):
            self.taking.append((sql, params, many))
        return execute(sql, params, many, context)

    def lies_here(self) -> bool:
        return self.untouched and connection.in_atomic_block and self in connection.execute_wrappers


_kept: dict[tuple[Hashable, ...], Played] = {}
_ground = Ground()


def on_new_ground() -> None:
    """A test begins: where its database is empty, it is seen from here on who writes."""
    global _ground
    if _ground in connection.execute_wrappers:
        connection.execute_wrappers.remove(_ground)
    empty = not (Organisation.objects.exists() or Person.objects.exists())
    if empty and connection.vendor == "postgresql":
        _count_from_one()
    _ground = Ground(untouched=empty)
    connection.execute_wrappers.append(_ground)


def _count_from_one() -> None:
    """Numbers that the database gives do not go back with a transaction; rows put back point at them."""
    numbered = [
        (model._meta.db_table, model._meta.pk.column)
        for model in apps.get_app_config("records").get_models()
        if isinstance(model._meta.pk, AutoField)
    ]
    resets = ", ".join(
        f"setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)" for table, column in numbered
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {resets}")


def played_once(stage: Hashable, play: Callable[[], T], people: Any = None) -> T:
    """What `play` gives: played by steps, or put back where the same was played on the same ground."""
    if not _ground.lies_here():
        return play()
    ground, here = _ground, (*_ground.played, stage)
    if here in _kept:
        put_back: T = _put_back(ground, here, people)
        return put_back
    ground.taking = []
    try:
        gave = play()
        writes = tuple(ground.taking)
    finally:
        ground.taking = None
    if ground.untouched:
        ground.played = here
        _kept[here] = Played(writes, _copy(gave, people))
    return gave


def _put_back(ground: Ground, here: tuple[Hashable, ...], people: Any) -> Any:
    ground.taking = []
    try:
        with connection.cursor() as cursor:
            for sql, params, many in _kept[here].writes:
                (cursor.executemany if many else cursor.execute)(sql, params)
                if cursor.description:
                    cursor.fetchall()
    finally:
        ground.taking = None
    ground.played = here
    return _copy(_kept[here].gave, people)


def _copy(gave: T, people: Any) -> T:
    """Rows of a test's own; the people in a stage are the ones the test already has."""
    mine = copy.copy(gave)
    if people is not None:
        mine.people = None  # type: ignore[attr-defined]
    mine = copy.deepcopy(mine)
    if people is not None:
        mine.people = people  # type: ignore[attr-defined]
    return mine
