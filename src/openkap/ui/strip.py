"""The vitals strip: pressure as bars with caps, heart and oxygen as lines in lanes of their own.

Decided here: where each reading, limit, phase, the now line and the due ring stand. By authority of the
design document, section 5: ink only, limits labelled, never one axis for two units. Limits, phases and
due times come from the protocol through the caller; no number here is a clinical one, only the room a
lane keeps so that usual readings do not jump about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from openkap.ui.geometry import Scale, kept_apart, path, steps

WIDE, NARROW, HEIGHT, LOW = 664, 360, 346, 232
Signal = Literal["sbp", "dbp", "hr", "spo2"]
_ROOM: dict[str, tuple[float, float]] = {"bp": (60, 176), "hr": (50, 110), "spo2": (92, 100)}


@dataclass(frozen=True, slots=True)
class Reading:
    """One set, `minute` minutes after the dose began (negative before). None: not measured."""

    minute: float
    sbp: int | None = None
    dbp: int | None = None
    hr: int | None = None
    spo2: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A labelled dashed line. `side` says which side of it is outside: at or over, or under."""

    signal: Signal
    value: float
    label: str
    side: Literal["over", "under"] = "over"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the session in minutes, half-open."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Due:
    """A check that is due at `minute`."""

    minute: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip shows. `gap`: minutes between readings above which a line is not drawn through."""

    readings: tuple[Reading, ...]
    until: float
    ticks: tuple[float, ...] = ()
    now: float | None = None
    phases: tuple[Phase, ...] = ()
    limits: tuple[Limit, ...] = ()
    due: Due | None = None
    gap: float | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The heights of a picture: where pressure, heart and oxygen end, and where the minutes stand."""

    height: int
    bp_end: float
    hr_end: float
    end: float
    names: float

    @property
    def bp(self) -> tuple[float, float]:
        return (24.0 if self.height == HEIGHT else 34.0), self.bp_end - 8

    @property
    def hr(self) -> tuple[float, float]:
        return self.bp_end + 10 + self.names, self.hr_end - 8

    @property
    def spo2(self) -> tuple[float, float]:
        return self.hr_end + 10 + self.names, self.end - 8

    @property
    def hr_name(self) -> float:
        return self.bp_end + 13

    @property
    def spo2_name(self) -> float:
        return self.hr_end + 13


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line at `y` with its label."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A minute on the axis; `later` ones are dashed, `label` is empty where two would touch."""

    x: float
    label: str
    later: bool
    due: bool


@dataclass(frozen=True, slots=True)
class PhasePicture:
    x: float
    width: float
    middle: float
    label: str
    shaded: bool


@dataclass(frozen=True, slots=True)
class Pressure:
    """A bar from systolic (top) to diastolic (bottom), with the two caps as path data."""

    x: float
    top: float
    bottom: float
    out: bool

    @property
    def caps(self) -> str:
        return f"M{self.x - 6:g} {self.top - 5:g}h12l-6 7z M{self.x - 6:g} {self.bottom + 5:g}h12l-6-7z"


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    out: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A line lane: unbroken stretches for polylines, its points, and where its name stands."""

    name: str
    stretches: tuple[str, ...]
    points: tuple[Point, ...]
    label_y: float
    limits: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Last:
    """The last value of a signal, written beside the line."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class StripPicture:
    """Everything the template draws, between `left` and `right`. Limits are named on the emptier side."""

    width: int
    rows: Rows
    left: float
    right: float
    axis: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    phases: tuple[PhasePicture, ...]
    limits: tuple[Line, ...]
    pressures: tuple[Pressure, ...]
    lanes: tuple[Lane, ...]
    lasts: tuple[Last, ...]
    now_x: float | None
    due: tuple[float, float, str, str] | None

    @property
    def limit_x(self) -> float:
        return self.left + 6 if self.limit_anchor == "start" else self.right - 4

    @property
    def limit_anchor(self) -> str:
        reached = max([self.now_x or 0.0, *(bar.x for bar in self.pressures)], default=0.0)
        return "start" if reached > self.left + 0.55 * (self.right - self.left) else "end"


def draw(strip: Strip, width: int = WIDE, height: int = HEIGHT) -> StripPicture:
    """Lay the readings along `width` user units: `HEIGHT` high, or `LOW` where a banner takes the room."""
    rows = _rows(width, height)
    start = min([0.0, *(r.minute for r in strip.readings)])
    left, right = (54.0, width - 54.0) if width >= WIDE else (44.0, width - 14.0)
    x = Scale(start, max(strip.until, start + 1), left, right)
    bp = Scale(*_range(strip, ("sbp", "dbp"), "bp"), rows.bp[1], rows.bp[0])
    lanes = (_lane(strip, "hr", x, rows.hr), _lane(strip, "spo2", x, rows.spo2))
    return StripPicture(
        width=width,
        rows=rows,
        left=left,
        right=right,
        axis=_axis(bp),
        ticks=_ticks(strip, x),
        phases=_phases(strip, x, right),
        limits=_limits(strip, ("sbp", "dbp"), bp),
        pressures=tuple(_pressures(strip, x, bp)),
        lanes=lanes,
        lasts=tuple(_lasts(strip, x, bp, rows)),
        now_x=None if strip.now is None else min(x(strip.now), right),
        due=_due(strip, x, right, rows),
    )


def _rows(width: float, height: int) -> Rows:
    """On a phone each line lane keeps a row for its own name; beside a banner all of them are lower."""
    names = 0.0 if width >= WIDE else 10.0
    if height < HEIGHT:
        return Rows(height, 126.0, 168.0, 208.0, names)
    return Rows(height, 210.0, 276.0, 322.0, names)


def _values(strip: Strip, signals: Iterable[str]) -> list[float]:
    found = [getattr(reading, signal) for reading in strip.readings for signal in signals]
    limits = [limit.value for limit in strip.limits if limit.signal in signals]
    return [value for value in [*found, *limits] if value is not None]


def _range(strip: Strip, signals: Iterable[str], lane: str) -> tuple[float, float]:
    low, high = _ROOM[lane]
    values = _values(strip, tuple(signals))
    top = max([high, *(value + 8 for value in values)])
    return min([low, *(value - 4 for value in values)]), min(top, 100) if lane == "spo2" else top


def _axis(bp: Scale) -> tuple[Line, ...]:
    return tuple(Line(bp(value), f"{value:g}") for value in steps(bp.low, bp.high, 40))


def _ticks(strip: Strip, x: Scale) -> tuple[Tick, ...]:
    reached = strip.now if strip.now is not None else max((r.minute for r in strip.readings), default=0)
    keep = kept_apart([x(minute) for minute in strip.ticks], 34)
    due = strip.due.minute if strip.due else None
    return tuple(
        Tick(x(minute), f"{minute:g}" if kept else "", minute > reached, minute == due)
        for minute, kept in zip(strip.ticks, keep, strict=True)
    )


def _phases(strip: Strip, x: Scale, right: float) -> tuple[PhasePicture, ...]:
    found = []
    for i, phase in enumerate(strip.phases):
        start, end = x(phase.start), min(x(phase.end), right)
        wide = round(end - start, 1)
        label = phase.label if wide >= len(phase.label) * 7.2 else ""
        found.append(PhasePicture(start, max(wide, 0.0), round((start + end) / 2, 1), label, i % 2 == 0))
    return tuple(found)


def _limits(strip: Strip, signals: Iterable[str], scale: Scale) -> tuple[Line, ...]:
    return tuple(Line(scale(limit.value), limit.label) for limit in strip.limits if limit.signal in signals)


def _out(strip: Strip, signal: str, value: float) -> bool:
    return any(
        value >= limit.value if limit.side == "over" else value < limit.value
        for limit in strip.limits
        if limit.signal == signal
    )


def _pressures(strip: Strip, x: Scale, bp: Scale) -> Iterable[Pressure]:
    for reading in strip.readings:
        if reading.sbp is not None and reading.dbp is not None:
            out = _out(strip, "sbp", reading.sbp) or _out(strip, "dbp", reading.dbp)
            yield Pressure(x(reading.minute), bp(reading.sbp), bp(reading.dbp), out)


def _lane(strip: Strip, signal: Signal, x: Scale, between: tuple[float, float]) -> Lane:
    y = Scale(*_range(strip, (signal,), signal), between[1], between[0])
    known = [(r.minute, v) for r in strip.readings if (v := getattr(r, signal)) is not None]
    points = tuple(Point(x(minute), y(value), _out(strip, signal, value)) for minute, value in known)
    label_y = points[0].y + 4 if points else sum(between) / 2 + 4
    return Lane(signal, tuple(_stretches(strip, signal, x, y)), points, label_y, _limits(strip, (signal,), y))


def _stretches(strip: Strip, signal: str, x: Scale, y: Scale) -> Iterable[str]:
    """Unbroken runs: a missing value or a gap ends one, so that nothing unseen is drawn."""
    run: list[tuple[float, float]] = []
    broken = _breaks(strip)
    for reading in strip.readings:
        value = getattr(reading, signal)
        if (value is None or reading.minute in broken) and len(run) > 1:
            yield path(run)
        if value is None or reading.minute in broken:
            run = []
        if value is not None:
            run.append((x(reading.minute), y(value)))
    if len(run) > 1:
        yield path(run)


def _breaks(strip: Strip) -> set[float]:
    if strip.gap is None:
        return set()
    return {b.minute for a, b in pairwise(strip.readings) if b.minute - a.minute > strip.gap}


def _lasts(strip: Strip, x: Scale, bp: Scale, rows: Rows) -> Iterable[Last]:
    lanes: dict[str, Callable[[float], float]] = {
        "sbp": bp,
        "dbp": bp,
        "hr": Scale(*_range(strip, ("hr",), "hr"), rows.hr[1], rows.hr[0]),
        "spo2": Scale(*_range(strip, ("spo2",), "spo2"), rows.spo2[1], rows.spo2[0]),
    }
    right = x.end
    for signal, y in lanes.items():
        known = [(r.minute, v) for r in strip.readings if (v := getattr(r, signal)) is not None]
        if known:
            place, anchor = _beside(x(known[-1][0]), x(strip.now) if strip.now is not None else None, right)
            yield Last(
                place, round(y(known[-1][1]) + (1 if signal == "sbp" else 4), 1), f"{known[-1][1]}", anchor
            )


def _beside(last: float, now: float | None, right: float) -> tuple[float, str]:
    place = max(last, now if now is not None and now - last < 40 else last) + 10
    return (round(place, 1), "start") if place + 26 <= right + 40 else (round(last - 12, 1), "end")


def _due(strip: Strip, x: Scale, right: float, rows: Rows) -> tuple[float, float, str, str] | None:
    if strip.due is None:
        return None
    place = min(x(strip.due.minute), right - 8)
    room = place + 16 + len(strip.due.label) * 7.2 <= right + 40
    return place, rows.bp_end - 14, strip.due.label, "start" if room else "end"
