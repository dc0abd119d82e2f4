"""Queries that are put into words once: the same rows for another patient cost only the asking.

Decided here (docs/adr/0033-measured-speed.md): making SQL of a query takes longer than answering it, and a
page asks forty times for the same few shapes. A `Compiled` is a query whose values (ids, moments, words) are
left open. Permission is no exception: the words come from `scoped` itself, with the Scope's own values left
open and everything else about it part of the key, so that a Scope of another shape is put into words anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

from openkap.permits import Act, Need, Reach, Scope
from openkap.records.ids import id_of
from openkap.records.scoped import scoped

M = TypeVar("M")

# The shapes of one query that are remembered: a Scope's is what each of its grants narrows.
MOST_SHAPES = 200
# What narrows a reach, as far as a query knows it: ids and a moment, each or None.
PARTS = ("keeper", "patient", "course", "session", "room", "author", "house", "since")
_narrowed_by: Callable[[Reach], tuple[UUID | datetime | None, ...]] = attrgetter(*PARTS)
Open = UUID | datetime | str
Values = Mapping[Any, Open]
Build = Callable[[Values], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class _Words:
    """SQL; its values, the open ones by place and name; and how a line becomes a row."""

    sql: str
    values: tuple[Any, ...]
    gaps: tuple[tuple[int, Hashable], ...]
    row: Callable[[Sequence[Any]], Any]
    columns: int
    has_limit: bool


@dataclass(frozen=True, slots=True)
class Question(Generic[M]):
    """A query with its values, not asked yet: `now`, or along with others (records/together.py).

    `words` is None where there can be no rows. Only for the request it was made in.
    """

    words: _Words | None
    values: Sequence[Any]

    def now(self) -> list[M]:
        if self.words is None:
            return []
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self.words.sql, self.values)
            return [self.words.row(line) for line in cursor.fetchall()]


# What nobody asks: it has no rows.
NOT_ASKED: Question[Any] = Question(None, ())


class Compiled(Generic[M]):
    """`build` gives the query for its keyword arguments, each a UUID, a moment or a text, never None.

    It is called once for each shape, with values that stand for others: it must not look at them. Rows of a
    `values_list` come as tuples. Nothing may be left to fetch later but what Django fetches by itself.
    """

    def __init__(self, model: type[Model], build: Callable[..., QuerySet[Any]]) -> None:
        self.model, self._build = model, build
        self._known: dict[Hashable, _Words | None] = {}

    def __call__(self, **values: Open) -> list[M]:
        """The rows for whoever asks. What a permit stands before goes through `within`."""
        return self.question(**values).now()

    def within(self, scope: Scope, act: Act = Act.SEE, **values: Open) -> list[M]:
        """Those of the rows upon which `scope` allows `act`."""
        return self.question_within(scope, act, **values).now()

    def question(self, **values: Open) -> Question[M]:
        """What a call asks, to be asked along with others."""
        return self._question((), values, lambda given: self._build(**given))

    def question_within(self, scope: Scope, act: Act = Act.SEE, **values: Open) -> Question[M]:
        """What `within` asks, to be asked along with others."""
        need = Need(self.model.PATHS.kind, act)  # type: ignore[attr-defined]
        # Two roles of one practice are one condition.
        reaches = list(dict.fromkeys(map(_narrowed_by, scope.allowing(need))))
        opened = [[(PARTS[n], part) for n, part in enumerate(reach) if part is not None] for reach in reaches]
        every: dict[Any, Open] = {**values}
        every.update(((n, name), value) for n, parts in enumerate(opened) for name, value in parts)

        def build(given: Values) -> QuerySet[Any]:
            bare = Reach(allows=((need.kind, frozenset({need.act})),))
            narrowed = tuple(
                replace(bare, **{name: given[n, name] for name, _value in parts})  # type: ignore[arg-type]
                for n, parts in enumerate(opened)
            )
            return scoped(self._build(**{name: given[name] for name in values}), Scope(narrowed), act)

        return self._question(
            (act, *(tuple(name for name, _value in parts) for parts in opened)), every, build
        )

    def _question(self, shape: tuple[Hashable, ...], values: Values, build: Build) -> Question[M]:
        here = connections[DEFAULT_DB_ALIAS]
        shape = (here.vendor, *shape)
        try:
            words = self._known[shape]
        except KeyError:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            words = self._known[shape] = _words(build, values)
        if words is None:
            return Question(None, ())
        given = list(words.values)
        for place, name in words.gaps:
            given[place] = _prepared(values[name], here)
        return Question(words, given)


def _prepared(value: Open, here: Any) -> Any:
    """A value as this database takes it."""
    if isinstance(value, datetime):
        return here.ops.adapt_datetimefield_value(value)
    if isinstance(value, str) or here.features.has_native_uuid_field:
        return value
    return value.hex


def _words(build: Build, values: Values) -> _Words | None:
    """The query in SQL, made with values that occur nowhere else; None where it can have no rows."""
    unlike = {name: _unlike(n, value) for n, (name, value) in enumerate(values.items())}
    query = build(unlike).query
    compiler = query.get_compiler(using=connection.alias)
    try:
        sql, said = compiler.as_sql()
    except EmptyResultSet:
        return None
    here = connections[DEFAULT_DB_ALIAS]
    stands_for = {_prepared(value, here): name for name, value in unlike.items()}
    hashable = [(place, value) for place, value in enumerate(said) if isinstance(value, Hashable)]
    gaps = tuple((place, stands_for[value]) for place, value in hashable if value in stands_for)
    for name in values:
        if isinstance(name, str) and name not in {found for _place, found in gaps}:
            raise TypeError(f"{name} does not stand in the query as it was given")
    return _Words(sql, tuple(said), gaps, _reader(compiler), len(compiler.select), query.is_sliced)


def _unlike(n: int, value: Open) -> Open:
    if isinstance(value, datetime):
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(hours=n)
    return uuid4().hex if isinstance(value, str) else uuid4()


def _reader(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """How Django makes a row of a line, from a query it has just put into words."""
    converters = compiler.get_converters([s[0] for s in compiler.select[: compiler.col_count]])
    quick = [(place, _quick(each, expression)) for place, (each, expression) in converters.items()]
    info = compiler.klass_info

    def plain(line: Sequence[Any]) -> list[Any]:
        said = list(line)
        for place, convert in quick:
            if said[place] is not None:
                said[place] = convert(said[place])
        return said

    if not compiler.query.default_cols:
        return lambda line: tuple(plain(line))
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, compiler.using)  # type: ignore[call-arg]
    model, using = info["model"], compiler.using

    def row(line: Sequence[Any]) -> Any:
        """What `Model.from_db` makes of whole lines, which these are."""
        said = plain(line)
        made = model.__new__(model)
        made._state = ModelState()
        made._state.adding, made._state.db = False, using
        made.__dict__.update(zip(names, said[first:last], strict=True))
        for populator in related:
            populator.populate(said, made)
        return made

    return row


def _quick(converters: Sequence[Any], expression: Any) -> Callable[[Any], Any]:
    """What Django does to a value as SQLite gives it, said once for all lines; hundreds stand on a page."""
    if len(converters) == 1 and (known := QUICK.get(getattr(converters[0], "__name__", ""))) is not None:
        return known

    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    return convert


def _moment(said: datetime | str) -> datetime:
    """Of a column or, as text, of an expression; SQLite keeps UTC and does not say so."""
    at = datetime.fromisoformat(said) if isinstance(said, str) else said
    return at.replace(tzinfo=UTC)


QUICK: Mapping[str, Callable[[Any], Any]] = {
    "convert_uuidfield_value": id_of,
    "convert_datetimefield_value": _moment,
}
