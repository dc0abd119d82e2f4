"""Thousands of patients from a dozen: copies of those that steps made, moved in time, with other names.

Decided here: every row that came into being while an original was made is copied, whatever its table, so that
a new kind of record is copied without a word here. In a copy each id that the original brought with it
becomes another, every time moves by the same stretch, links and tokens stay unlike all others, and the name,
birth date and therapist are the copy's own. Links of the trail's chain are made for the number of rows only:
their hashes are not hashes of anything.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from bench.engines import Postgres, Sqlite, engine
from openkap.records.ids import new_id
from openkap.records.models import ChainLink, DocumentVersion, Event, NameWord, Person, PersonWord
from openkap.records.names import words_of
from openkap.records.people import name_key

AT_ONCE = 4000
FIRST_NUMBER = 1_000_000  # of a copy's file, far from those that steps count up
# Made anew from what was copied.
DERIVED: tuple[type[models.Model], ...] = (ChainLink, NameWord, PersonWord)
# A practice's own: every patient of it has the same.
SHARED: tuple[type[models.Model], ...] = (DocumentVersion,)
NAMES = ("by_name", "typed_name")
Keys = dict[type[models.Model], set[Any]]
Marks = dict[type[models.Model], Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """One patient to come: which original, how much later (seconds, less than nothing: earlier), and who."""

    n: int
    original: int
    seconds: int
    given: str
    family: str
    born_on: str
    therapist: UUID
    therapist_name: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    def row(self, therapist: Any) -> tuple[Any, ...]:
        """As the table of copies holds it; `therapist` as this database writes an id."""
        said = (self.n, self.original, self.seconds, self.given, self.family, self.born_on, therapist)
        made = (self.seconds * 1000, self.name, name_key(self.name), str(FIRST_NUMBER + self.n))
        return (*said, self.therapist_name, *made)


COLUMNS = (
    "n integer PRIMARY KEY, original integer, seconds integer, given text, family text, born_on {date}, "
    "therapist {uuid}, therapist_name text, ms bigint, name text, name_key text, number text"
)


def tables() -> list[type[models.Model]]:
    """Every table of records but those made from the others, and what a practice has once."""
    found = apps.get_app_config("records").get_models()
    return [model for model in found if not model._meta.proxy and model not in (*DERIVED, *SHARED)]


def marks() -> Marks:
    """Where each table's keys stand now: what is made from here on has a later one. None: it has no order."""
    return {model: _mark(model) for model in tables()}


def _mark(model: type[models.Model]) -> Any:
    if isinstance(model._meta.pk, models.UUIDField):
        return UUID(int=new_id().int >> 80 << 80)  # the first of this millisecond
    if isinstance(model._meta.pk, models.AutoField):
        return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
    return None


def keys(since: Marks) -> Keys:
    """The keys of every row made since, and of copies that lie later still: take them before and after."""
    found: Keys = {}
    for model, mark in since.items():
        rows = model._base_manager.all() if mark is None else model._base_manager.filter(pk__gt=mark)
        found[model] = set(rows.values_list("pk", flat=True))
    return found


def came(before: Keys, after: Keys) -> Keys:
    return {model: after[model] - before[model] for model in after if after[model] - before[model]}


def copy_all(
    address: str,
    originals: Sequence[tuple[Person, Keys]],
    copies: Sequence[Copy],
    therapist: Person,
    *,
    few: bool = False,
) -> int:
    """Write all copies; returns how many rows were added. The database must be nobody else's meanwhile.

    `few`: into a database that is full already, so that its indexes stay where they are.
    """
    connection.close()
    filling = engine(address)
    writer = _Writer(filling, originals, therapist)
    writer.lay_out(copies)
    with contextlib.nullcontext() if few else filling.without_indexes(writer.tables):
        writer.write(min(copy.n for copy in copies), len(copies), few=few)
        _words(filling, copies)
        if not few:
            _links(filling)
    rows = writer.added()
    writer.clear()
    filling.finish()
    return rows


class _Writer:
    def __init__(
        self, filling: Sqlite | Postgres, originals: Sequence[tuple[Person, Keys]], therapist: Person
    ) -> None:
        self.to, self.originals, self.therapist = filling, originals, therapist
        self.models = sorted({m for _p, rows in originals for m in rows}, key=lambda m: m._meta.db_table)
        self.uuid = "char(32)" if filling.vendor == "sqlite" else "uuid"
        self.mark = "?" if filling.vendor == "sqlite" else "%s"

    def lay_out(self, copies: Sequence[Copy]) -> None:
        """What the copies are made from: the list of copies, and the originals' rows taken apart."""
        self.clear()
        date = "text" if self.to.vendor == "sqlite" else "date"
        self.to.run(f"CREATE TABLE bench_copies ({COLUMNS.format(date=date, uuid=self.uuid)})")
        self.to.run(f"CREATE TABLE bench_own (id {self.uuid} PRIMARY KEY)")
        self.to.run("CREATE TABLE bench_names (original integer PRIMARY KEY, name text)")
        with self.to.together():
            self.to.many("bench_copies", (copy.row(self._id(copy.therapist)) for copy in copies))
            own = {
                key for _person, rows in self.originals for found in rows.values() for key in found
                if isinstance(key, UUID)
            } | set(self._event_ids())  # fmt: skip
            self.to.many("bench_own", ((self._id(key),) for key in own))
            self.to.many("bench_names", ((k, p.name) for k, (p, _rows) in enumerate(self.originals)))
        for model in self.models:
            self._take_apart(model)

    def _event_ids(self) -> Iterable[UUID]:
        """An event is numbered, and has an id beside its number."""
        numbers = [seq for _person, rows in self.originals for seq in rows.get(Event, ())]
        marks = ", ".join(str(number) for number in numbers)
        for (id_,) in self.to.run(f"SELECT id FROM {Event._meta.db_table} WHERE seq IN ({marks})"):
            yield id_ if isinstance(id_, UUID) else UUID(id_)

    def _id(self, key: Any) -> Any:
        return key.hex if isinstance(key, UUID) and self.to.vendor == "sqlite" else key

    def _take_apart(self, model: type[models.Model]) -> None:
        table, pk = model._meta.db_table, model._meta.pk.column
        parts = f"bench_{table}"
        self.to.run(f"CREATE TABLE {parts} AS SELECT 0 AS original, t.* FROM {table} t WHERE 1 = 0")
        for number, (_person, rows) in enumerate(self.originals):
            for key in rows.get(model, ()):
                self.to.run(
                    f"INSERT INTO {parts} SELECT {number}, t.* FROM {table} t WHERE {pk} = {self.mark}",
                    (self._id(key),),
                )
        for column in _ids(model):
            self._split(parts, column, f"{column}")
        if model is Event:
            text = "substr(subject, instr(subject, ' ') + 1)"
            if self.to.vendor == "postgresql":
                id_ = "split_part(subject, ' ', 2)"
                text = f"(CASE WHEN length({id_}) = 36 THEN {id_} END)::uuid"
            self._split(parts, "subject", text)
        self.to.run(f"CREATE INDEX {parts}_original ON {parts} (original)")

    def _split(self, parts: str, column: str, value: str) -> None:
        """An id as its time, what lies between, and its last digits: arithmetic makes another of it."""
        to = self.to
        digits = to.hex_of.format(x=value)
        own = value if to.vendor == "postgresql" else digits
        for name, kind in (("kind", "integer"), ("ms", "bigint"), ("mid", "text"), ("low", "bigint")):
            to.run(f"ALTER TABLE {parts} ADD COLUMN {column}__{name} {kind}")
        therapist = self._id(self.therapist.pk)
        to.run(
            f"UPDATE {parts} SET {column}__kind = CASE WHEN {own} IN (SELECT id FROM bench_own) THEN 1 "
            f"WHEN {own} = {self.mark} THEN 2 ELSE 0 END",
            (therapist,),
        )
        to.run(
            f"UPDATE {parts} SET {column}__ms = {to.number_of.format(x=f'substr({digits}, 1, 12)')}, "
            f"{column}__mid = substr({digits}, 13, 12), "
            f"{column}__low = {to.number_of.format(x=f'substr({digits}, 25, 8)')} WHERE {column}__kind = 1"
        )

    @property
    def tables(self) -> list[str]:
        return [model._meta.db_table for model in (*self.models, *DERIVED)]

    def write(self, first: int, count: int, *, few: bool = False) -> None:
        """Each table in stretches of copies, so that what happened earlier is also numbered earlier."""
        starts = range(first, first + count, AT_ONCE)
        tasks = [[self._insert(model, start) for start in starts] for model in self._longest()]
        if not few:
            self.to.side_by_side(tasks)
            return
        # References stand: in one transaction a row may be written before the one it points at.
        with self.to.together():
            for statement in itertools.chain.from_iterable(tasks):
                self.to.run(statement)

    def _longest(self) -> list[type[models.Model]]:
        """The tables with the most rows to copy first: what is done two at a time ends together."""
        rows = {model: sum(len(own.get(model, ())) for _p, own in self.originals) for model in self.models}
        return sorted(self.models, key=lambda model: -rows[model])

    def added(self) -> int:
        copies = dict(self.to.run("SELECT original, count(*) FROM bench_copies GROUP BY original"))
        each = {number: sum(map(len, rows.values())) for number, (_p, rows) in enumerate(self.originals)}
        return sum(copies.get(number, 0) * rows for number, rows in each.items())

    def _insert(self, model: type[models.Model], start: int) -> str:
        table = model._meta.db_table
        fields = [
            field
            for field in model._meta.local_concrete_fields
            if not (field.primary_key and isinstance(field, models.AutoField))
        ]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self._value(model, field) for field in fields)
        order = "c.n, o.seq" if model is Event else "c.n"
        join = "CROSS JOIN" if self.to.vendor == "sqlite" else "JOIN"  # the copies lead, on either
        return (
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM bench_copies c "
            f"{join} bench_{table} o {'WHERE' if join == 'CROSS JOIN' else 'ON'} o.original = c.original "
            f"{'AND' if join == 'CROSS JOIN' else 'WHERE'} c.n >= {start} AND c.n < {start + AT_ONCE} "
            f"ORDER BY {order}"
        )

    def _value(self, model: type[models.Model], field: Any) -> str:
        column, to = field.column, self.to
        if model is Person and column in PERSON:
            return PERSON[column]
        if (model._meta.model_name, column) == ("patientfile", "number"):
            return "c.number"
        if column in _ids(model):
            other = "c.therapist" if _target(field) is Person else f'o."{column}"'
            mine = to.own_id.format(c=column)
            return f'CASE o.{column}__kind WHEN 1 THEN {mine} WHEN 2 THEN {other} ELSE o."{column}" END'
        if model is Event and column == "subject":
            other = to.dashed.format(x=f"({to.own_id.format(c='subject')})")
            word = "substr(o.subject, 1, instr(o.subject, ' '))"
            if to.vendor == "postgresql":
                word = "split_part(o.subject, ' ', 1) || ' '"
            return f"CASE o.subject__kind WHEN 1 THEN {word} || {other} ELSE o.subject END"
        if isinstance(field, models.DateTimeField):
            return to.later.format(c=column)
        if isinstance(field, models.DateField):
            return to.later_day.format(c=column)
        if isinstance(field, models.CharField) and field.unique:
            return to.token.format(c=column)
        if column in NAMES:
            named = "(SELECT name FROM bench_names WHERE original = o.original)"
            return (
                f"CASE WHEN o.{column} = {named} THEN c.name "
                f"WHEN o.{column} = '{self.therapist.name}' THEN c.therapist_name ELSE o.{column} END"
            )
        return f'o."{column}"'

    def clear(self) -> None:
        for model in self.models:
            self.to.run(f"DROP TABLE IF EXISTS bench_{model._meta.db_table}")
        for name in ("copies", "own", "names"):
            self.to.run(f"DROP TABLE IF EXISTS bench_{name}")


PERSON = {
    "given_name": "c.given",
    "family_name": "c.family",
    "chosen_name": "''",
    "name_key": "c.name_key",
    "born_on": "c.born_on",
    "email": "'p' || c.n || '@example.org'",
}


def _target(field: Any) -> type[models.Model] | None:
    return field.related_model if field.is_relation else None


def _ids(model: type[models.Model]) -> list[str]:
    """Columns that hold a UUID, of this row or of another."""
    found = []
    for field in model._meta.local_concrete_fields:
        real = field
        while real.is_relation:
            real = real.target_field
        if isinstance(real, models.UUIDField):
            found.append(field.column)
        elif field.is_relation:
            raise TypeError(f"{model.__name__}.{field.name} points at numbered rows: say how it is copied")
    return found


def _links(filling: Sqlite | Postgres) -> None:
    """A link for every event that has none, in the place it would have."""
    event, link = Event._meta.db_table, ChainLink._meta.db_table
    chain = f"coalesce({filling.dashed.format(x='e.organisation_id')}, '')"
    filling.run(f"CREATE TABLE bench_chains AS SELECT chain, max(place) AS last FROM {link} GROUP BY chain")
    filling.run(
        f"INSERT INTO {link} (event_id, chain, place, hash) SELECT e.seq, {chain}, coalesce(l.last, 0) + "
        f"row_number() OVER (PARTITION BY e.organisation_id ORDER BY e.seq), {filling.random_hash} "
        f"FROM {event} e LEFT JOIN bench_chains l ON l.chain = {chain} "
        f"LEFT JOIN {link} k ON k.event_id = e.seq WHERE k.event_id IS NULL"
    )
    filling.run("DROP TABLE bench_chains")


def _words(filling: Sqlite | Postgres, copies: Sequence[Copy]) -> None:
    """The words of the new names, as `index_names` would write them."""
    word, pair, person = NameWord._meta.db_table, PersonWord._meta.db_table, Person._meta.db_table
    filling.run("CREATE TABLE bench_words (name_key text, word text)")
    said = {
        (key := name_key(copy.name)): words_of(
            Person(given_name=copy.given, family_name=copy.family, name_key=key)
        )
        for copy in copies
    }
    with filling.together():
        filling.many("bench_words", ((key, one) for key, words in said.items() for one in sorted(words)))
    filling.run(
        f"INSERT INTO {word} (word) SELECT DISTINCT b.word FROM bench_words b "
        f"WHERE b.word NOT IN (SELECT word FROM {word})"
    )
    filling.run(
        f"INSERT INTO {pair} (word_id, person_id) SELECT w.id, p.id FROM {person} p "
        f"JOIN bench_words b ON b.name_key = p.name_key JOIN {word} w ON w.word = b.word "
        f"WHERE NOT EXISTS (SELECT 1 FROM {pair} k WHERE k.person_id = p.id AND k.word_id = w.id)"
    )
    filling.run("DROP TABLE bench_words")
