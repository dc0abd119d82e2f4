"""Several questions asked of the database at once: a page of one patient is told in one answer.

Decided here (docs/adr/0033-measured-speed.md): each question keeps its own words, its own Scope and the order
of its rows; only the asking is shared. On SQLite they are the parts of one UNION ALL, each line with the
number of its question; on PostgreSQL, where one column has one type, they go out together without waiting for
each other's answer, and the server keeps how each is best answered: to find that anew takes longer than the
answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, TypeVar, overload

from django.db import DEFAULT_DB_ALIAS, connections

from openkap.records.compiled import MOST_SHAPES, Question

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

# How often PostgreSQL is asked a thing before it keeps the plan of it; how many plans a connection keeps.
ASKED_BEFORE, MOST_KEPT = 2, 1000
# By the words of the questions, which are kept with it so that another's are never taken for them.
_known: dict[tuple[int, ...], tuple[str, list[Any]]] = {}


@overload
def answers(a: Question[A], b: Question[B], /) -> tuple[list[A], list[B]]: ...
@overload
def answers(a: Question[A], b: Question[B], c: Question[C], /) -> tuple[list[A], list[B], list[C]]: ...
@overload
def answers(
    a: Question[A], b: Question[B], c: Question[C], d: Question[D], /
) -> tuple[list[A], list[B], list[C], list[D]]: ...
@overload
def answers(
    a: Question[A], b: Question[B], c: Question[C], d: Question[D], e: Question[E], /
) -> tuple[list[A], list[B], list[C], list[D], list[E]]: ...
@overload
def answers(*questions: Question[Any]) -> tuple[list[Any], ...]: ...
def answers(*questions: Question[Any]) -> tuple[list[Any], ...]:
    """The rows of each question, in the order they were given. One query, and none where none has rows."""
    found: list[list[Any]] = [[] for _each in questions]
    asked = [(n, question) for n, question in enumerate(questions) if question.words is not None]
    if len(asked) == 1:
        ((n, question),) = asked
        found[n] = question.now()
    elif asked:
        here = connections[DEFAULT_DB_ALIAS]
        lines = _united if here.vendor == "sqlite" else _at_once
        for (n, question), rows in zip(asked, lines(here, [q for _n, q in asked]), strict=True):
            assert question.words is not None
            found[n] = [question.words.row(row) for row in rows]
    return tuple(found)


def _united(here: Any, questions: Sequence[Question[Any]]) -> list[list[Sequence[Any]]]:
    values = [value for question in questions for value in question.values]
    found: list[list[Sequence[Any]]] = [[] for _each in questions]
    wide = [question.words.columns + 1 for question in questions if question.words is not None]
    with here.cursor() as cursor:
        cursor.execute(_sql("sqlite", questions), values)
        for line in cursor.fetchall():
            found[line[0]].append(line[1 : wide[line[0]]])
    return found


def _at_once(here: Any, questions: Sequence[Question[Any]]) -> list[list[Sequence[Any]]]:
    """Counted and wrapped as the one query that it is to whoever counts queries."""

    def send(*_asked: Any) -> list[list[Sequence[Any]]]:
        with here.wrap_database_errors:
            return _piped(here.connection, questions)

    sql = _sql("postgresql", questions)
    with here.cursor() as cursor:
        counted = cursor.debug_sql(sql) if here.queries_logged else nullcontext()
        with counted:
            found: list[list[Sequence[Any]]] = cursor._execute_with_wrappers(sql, (), False, send)
    return found


def _piped(held: Any, questions: Sequence[Question[Any]]) -> list[list[Sequence[Any]]]:
    from psycopg import Cursor  # not where the database is SQLite

    held.prepare_threshold, held.prepared_max = ASKED_BEFORE, MOST_KEPT
    cursors = []
    with held.pipeline():
        for question in questions:
            assert question.words is not None
            cursors.append(Cursor(held).execute(question.words.sql, question.values))
    return [cursor.fetchall() for cursor in cursors]


def _sql(vendor: str, questions: Sequence[Question[Any]]) -> str:
    words = [question.words for question in questions]
    key = tuple(map(id, words))
    found = _known.get(key)
    if found is None:
        if len(_known) >= MOST_SHAPES:
            _known.clear()
        found = (_union(words) if vendor == "sqlite" else "; ".join(w.sql for w in words if w), words)
        _known[key] = found
    return found[0]


def _union(words: Sequence[Any]) -> str:
    """The first part has no lines: SQLite would else read each column as that of the first question.

    The order of a part is kept only where it has a limit; -1 is none.
    """
    most = max(each.columns for each in words)
    parts = [f"SELECT {', '.join(['NULL'] * (most + 1))} WHERE 0"]
    for n, each in enumerate(words):
        inner = each.sql if each.has_limit else f"{each.sql} LIMIT -1"
        parts.append(f"SELECT {n}, t.*{', NULL' * (most - each.columns)} FROM ({inner}) AS t")  # noqa: S608 our own words
    return " UNION ALL ".join(parts)
