"""One hundred people: what happened to each of a hundred, as shapes that can be counted.

Decided here: places on a grid of ten by ten, and that the parts are exactly a hundred: a picture of people
that does not add up is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

STEP = 24


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a hundred, in words ("felt at least half better")."""

    count: int
    words: str
    kind: Literal["full", "hollow", "cross"]


@dataclass(frozen=True, slots=True)
class Person:
    x: int
    y: int
    kind: str

    @property
    def cross(self) -> str:
        return f"M{self.x - 6} {self.y - 6}l12 12m0-12l-12 12"


def hundred(parts: Sequence[Part]) -> tuple[Person, ...]:
    """Each of the hundred with a place, row by row. Raises ValueError where the parts are not a hundred."""
    kinds = [part.kind for part in parts for _ in range(part.count)]
    if len(kinds) != 100:
        raise ValueError(f"the parts are {len(kinds)} people, not a hundred")
    return tuple(Person(12 + i % 10 * STEP, 12 + i // 10 * STEP, kind) for i, kind in enumerate(kinds))
