"""What a clinic may change of a number, how far, and whose second name it takes; and the set it then has.

Decided here: toward the careful side a medical director goes alone, with a reason. To the other side of the
library's number, or where the library does not say which side is careful, it takes a second clinician's name.
A number of another size altogether is a slip and never held. What law or label fixes stays. A change that a
newer library overtakes is not used: the more careful one holds (dossier 10: hard limits are only ever
lowered; raising takes a second physician and a reason).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from openkap.medicine.rules import Number, Rule, RuleSet, library
from openkap.medicine.verdict import Status

MOST_PERCENT = Decimal(100)
# So many times the library's number, or so many times less, nobody can mean: it is a slip of the hand.
FARTHEST = Decimal(100)
# What is counted one by one: half of it is nothing that a rule could use.
COUNTED = frozenset(
    {"s", "min", "d", "days", "weeks", "months", "years", "doses", "visits", "sets", "tries", "reminders"}
    | {"people", "questions", "long forms", "points", "grade"}
)


class Move(StrEnum):
    """Where a value lies beside the library's: the same, on the careful side, past it, or not to be.

    `PART`: a part of what is counted one by one.
    """

    SAME = "same"
    SAFER = "safer"
    LOOSER = "looser"
    UNCLEAR = "unclear"
    FIXED = "fixed"
    ABSURD = "absurd"
    PART = "part"

    @property
    def refused(self) -> bool:
        return self in (Move.FIXED, Move.ABSURD, Move.PART)

    @property
    def asks_second(self) -> bool:
        return self in (Move.LOOSER, Move.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Change:
    """One rule's numbers as a clinic signed them. `second`: another clinician signed it too."""

    rule: str
    values: tuple[tuple[str, Decimal], ...]
    second: bool = False


def move_of(number: Number, value: Decimal) -> Move:
    """What it takes to put `value` in place of the library's number."""
    if not value.is_finite() or (value < 0 <= number.value):
        return Move.ABSURD
    if number.unit == "share" and not 0 < value <= 1:
        return Move.ABSURD
    if number.unit == "%" and value > MOST_PERCENT >= number.value:
        return Move.ABSURD
    if value == number.value:
        return Move.SAME
    if not _within_reach(number.value, value):
        return Move.ABSURD
    if number.status is Status.FIXED:
        return Move.FIXED
    if number.unit in COUNTED and value != value.to_integral_value():
        return Move.PART
    if not number.safer:
        return Move.UNCLEAR
    return Move.SAFER if (value < number.value) == (number.safer == "lower") else Move.LOOSER


def _within_reach(known: Decimal, value: Decimal) -> bool:
    """Whether `value` is of the library's own size; beside a zero, of the size of one."""
    if not known:
        return abs(value) <= FARTHEST
    return abs(known) <= FARTHEST * abs(value) and abs(value) <= FARTHEST * abs(known)


@lru_cache
def laid_over(changes: tuple[Change, ...], name: str) -> RuleSet:
    """The library with the clinic's changes, oldest first; a later one of the same number counts.

    The library itself where there are none, so that its own name is told.
    """
    return lay(library(), changes, name)


def lay(base: RuleSet, changes: Iterable[Change], name: str) -> RuleSet:
    """The same over any set."""
    values: dict[str, dict[str, Change]] = {}
    counted: dict[str, int] = {}
    for change in changes:
        counted[change.rule] = counted.get(change.rule, 0) + 1
        for number, _value in change.values:
            values.setdefault(change.rule, {})[number] = change
    if not values:
        return base
    rules = tuple(
        _with(rule, values[rule.id], counted[rule.id])
        if rule.id in values and base.rule(rule.id) is rule
        else rule
        for rule in base.rules
    )
    return RuleSet(name, rules)


def _with(rule: Rule, by_number: Mapping[str, Change], times: int) -> Rule:
    numbers = dict(rule.numbers)
    for name, change in by_number.items():
        if name not in numbers:
            continue
        value = dict(change.values)[name]
        move = move_of(numbers[name], value)
        if move.refused or (move.asks_second and not change.second):
            continue
        numbers[name] = replace(numbers[name], value=value, status=_signed(numbers[name].status))
    if numbers == dict(rule.numbers):
        return rule
    return replace(rule, version=f"{rule.version}.{times}", numbers=numbers)


def _signed(status: Status) -> Status:
    return Status.APPROVED if status is Status.PROPOSED else status
