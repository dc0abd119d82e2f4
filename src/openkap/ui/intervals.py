"""Rates with their intervals, ours beside published ones: a dot and a bar, a diamond and a line.

Decided here: places on a scale of percent. Rates and intervals are computed in `registry` and come as values;
every picture stands beside its number, percent and interval as text.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 400.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent, its 95% interval. `ours` draws the dot; `size` is "78 of 96", `source` a link."""

    name: str
    percent: float
    low: float
    high: float
    size: str = ""
    ours: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome ("Response"), what it means ("PHQ-9 at least halved"), and its rates."""

    name: str
    note: str
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class RateBar:
    """Geometry of one row, in `WIDTH` user units."""

    x: float
    low: float
    width: float

    @property
    def diamond(self) -> str:
        return f"M{self.x:g} 5l7 7-7 7-7-7z"


def top_of(measures: tuple[Measure, ...]) -> int:
    """The right end of the scale: the next twenty above every interval, at most 100."""
    highest = max((rate.high for measure in measures for rate in measure.rates), default=0.0)
    return min(100, max(20, int(-(-highest // 20) * 20)))


def draw(rate: Rate, top: int) -> RateBar:
    """Place one rate on a scale from 0 to `top` percent."""
    unit = (WIDTH - 16) / top
    low, high = (8 + min(max(value, 0), top) * unit for value in (rate.low, rate.high))
    return RateBar(round(8 + min(max(rate.percent, 0), top) * unit, 1), round(low, 1), round(high - low, 1))


def marks(top: int) -> list[tuple[float, int]]:
    """The twenties under the rows: place and percent."""
    unit = (WIDTH - 16) / top
    return [(round(8 + value * unit, 1), value) for value in range(0, top + 1, 20)]
