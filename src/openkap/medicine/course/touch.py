"""Touch in the room: what a patient may allow, from least to most, and which of two is narrower.

Decided here: nothing is allowed unless it was agreed beforehand; a level is a menu word, never a promise
that it happens; consent to touch may be narrowed at any moment and is asked again on the day; while a
dose may act it is only narrowed; nothing erotic is on any menu (dossier 6.1, item 12: S87, with S26 and S88
on the time of a dose). What the levels are called is ours: the sources name a menu and no list.
"""

from __future__ import annotations

from enum import StrEnum

SOURCES = ("S87", "S26", "S88")


class Touch(StrEnum):
    """The levels, narrowest first."""

    NONE = "none"
    HAND = "hand"
    HAND_OR_SHOULDER = "hand_or_shoulder"


ORDER: tuple[Touch, ...] = tuple(Touch)


def is_wider(new: Touch, than: Touch) -> bool:
    """Whether `new` allows more than `than` does."""
    return ORDER.index(new) > ORDER.index(than)


def narrower(than: Touch) -> tuple[Touch, ...]:
    """Every level that allows less, widest first: what can be chosen at any moment."""
    return tuple(reversed(ORDER[: ORDER.index(than)]))
