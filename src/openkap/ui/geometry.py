"""The few sums that every picture here shares: scales, ticks, and labels that do not touch.

Decided here: nothing a clinician would argue about. Positions are user units with one decimal, floats only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values [low, high] to positions [start, end]; it does not clamp."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return round((self.start + self.end) / 2, 1)
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def steps(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` in [low, high], ends included."""
    first = -(-low // step) * step
    return [first + i * step for i in range(int((high - first) // step) + 1)] if high >= first else []


def pushed_apart(places: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """The same places, in the same order, moved as little as keeps `room` between any two."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [0.0] * len(places)
    edge = low - room
    for i in order:
        moved[i] = edge = max(places[i], edge + room)
    edge = high + room
    for i in reversed(order):
        moved[i] = edge = min(moved[i], edge - room)
    return [round(place, 1) for place in moved]


def kept_apart(places: Sequence[float], room: float) -> list[bool]:
    """Which labels stay when the earlier one wins wherever two would touch."""
    keep: list[bool] = []
    last = float("-inf")
    for place in places:
        keep.append(place - last >= room)
        last = place if keep[-1] else last
    return keep


def path(points: Sequence[tuple[float, float]]) -> str:
    """The `points` attribute of a polyline."""
    return " ".join(f"{x:g},{y:g}" for x, y in points)
