"""The numbers that hold in one organisation at one moment: the library with what was signed there.

Decided here: this is the one place where steps and reads take a clinic's numbers from. A change holds from
the moment its signature names, and not before its second name; one put aside before that never held. A dose
under way keeps the numbers it began with, so that nothing moves under a person's hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openkap.medicine.changed import Change, laid_over, move_of
from openkap.medicine.inputs import plain
from openkap.medicine.rules import Number, Rule, RuleSet, library
from openkap.records.models import RuleChange, RuleChangeAct, Session

SIGNED, SECONDED, PUT_ASIDE = RuleChangeAct.Act
# What was read of each practice's numbers while one request is answered, or one round is made.
_held: ContextVar[dict[UUID, Law] | None] = ContextVar("held", default=None)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change with what became of it. `holds_from`: None while a name is missing, or once put aside."""

    row: RuleChange
    acts: dict[str, RuleChangeAct]

    @property
    def values(self) -> dict[str, Decimal]:
        return {name: Decimal(entry["value"]) for name, entry in self.row.numbers.items()}

    @property
    def asks_second(self) -> bool:
        return asks_second(self.row.rule, self.values)

    @property
    def holds_from(self) -> datetime | None:
        signed, second, aside = (self.acts.get(act) for act in (SIGNED, SECONDED, PUT_ASIDE))
        if signed is None or signed.from_at is None or (self.asks_second and second is None):
            return None
        since = max(signed.from_at, second.at) if second is not None else signed.from_at
        return None if aside is not None and aside.at < since else since

    def state(self, at: datetime) -> str:
        """holds, later, second (a second name is missing), proposed or put_aside."""
        since = self.holds_from
        if since is not None:
            return "holds" if since <= at else "later"
        if PUT_ASIDE in self.acts:
            return "put_aside"
        return "second" if SIGNED in self.acts else "proposed"

    def as_change(self) -> Change:
        return Change(self.row.rule, tuple(sorted(self.values.items())), SECONDED in self.acts)


@dataclass(frozen=True, slots=True)
class Law:
    """Everything an organisation ever wrote down about its numbers, oldest first."""

    name: str
    changes: tuple[Changed, ...]

    def at(self, moment: datetime, also: Change | None = None) -> RuleSet:
        """The set that holds then; `also`: as it would be with one change more."""
        held = [(since, one.as_change()) for one in self.changes if (since := one.holds_from) is not None]
        told = tuple(change for since, change in sorted(held, key=lambda pair: pair[0]) if since <= moment)
        told += (also,) if also is not None else ()
        return laid_over(told, f"{self.name} {len(told)}")

    def change(self, id: UUID) -> Changed | None:
        return next((one for one in self.changes if one.row.id == id), None)


NO_CHANGES = Law("", ())


@contextmanager
def held() -> Iterator[None]:
    """Within it a practice's numbers are read once: for one request, or one round of the watch."""
    before = _held.set({})
    try:
        yield
    finally:
        _held.reset(before)


def let_go() -> None:
    """A number was just changed: what was read before is read anew from here on."""
    _held.set(None)


def law_of(organisation: UUID) -> Law:
    """What was ever changed here. One query where nothing was, else two; none where it is `held`."""
    known = _held.get()
    if known is None:
        return _read(organisation)
    if organisation not in known:
        known[organisation] = _read(organisation)
    return known[organisation]


def _read(organisation: UUID) -> Law:
    rows = RuleChange.objects.filter(organisation_id=organisation).select_related("organisation")
    rows = rows.prefetch_related("acts").order_by("at", "id")
    changes = tuple(Changed(row, {act.act: act for act in row.acts.all()}) for row in rows)
    return Law(changes[0].row.organisation.name if changes else "", changes)


def rules_at(organisation: UUID, at: datetime) -> RuleSet:
    """The numbers that hold in this organisation at this moment."""
    return law_of(organisation).at(at)


def seen_of(rule: Rule) -> str:
    """Its numbers as they hold, in one word: what a page was made from."""
    return " ".join(f"{name}={plain(number.value)}" for name, number in sorted(rule.numbers.items()))


def rules_of(session: Session, at: datetime) -> RuleSet:
    """The same for a dose: once it has begun, the numbers it began with."""
    return rules_at(session.organisation_id, session.started_at or at)


def number_of(rule: str, name: str) -> Number | None:
    """The library's own number, or None where there is no such."""
    try:
        return library().rule(rule).numbers.get(name)
    except KeyError:
        return None


def asks_second(rule: str, values: dict[str, Decimal]) -> bool:
    """Whether any of these numbers lies where a second name is asked."""
    numbers = ((number_of(rule, name), value) for name, value in values.items())
    return any(number is not None and move_of(number, value).asks_second for number, value in numbers)
