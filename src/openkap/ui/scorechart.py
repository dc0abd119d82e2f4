"""A score over time, against the doses and sessions that stood beside it.

Decided here: where points, rules, doses and words stand. What counts as better, worse or half comes from the
instrument's own library file through the caller, with the words that name it. A line is never drawn solid
across an answer that is missing: it is dotted, and the missing one has a mark of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openkap.ui.geometry import Scale, kept_apart, path, pushed_apart, steps

WIDE, NARROW, SPARK = 960, 400, 300
NOTE_LETTER = 7.1  # user units that a letter of a note takes, at 13 units a line
LABEL_HALF = 30  # user units that half of a date at the foot takes ("Nov 22"), on a phone, where it is larger
NOTE_MOST = 40  # letters of a note's line that are drawn; its table has them all


@dataclass(frozen=True, slots=True)
class Point:
    """One answer. `value` None: asked and not answered. `note`: lines of a box beside it."""

    on: date
    value: float | None
    raised: bool = False
    label: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A labelled line. `better` and `worse` bound the band in which a change could be chance alone."""

    value: float
    words: str
    kind: Literal["better", "worse", "goal"] = "goal"


@dataclass(frozen=True, slots=True)
class Event:
    """A dose or a session beside the scores. `label` names an unusual one ("Booster")."""

    on: date
    kind: Literal["dose", "session"] = "dose"
    label: str = ""


@dataclass(frozen=True, slots=True)
class ScoreChart:
    """What the chart shows. `low` and `high` are the instrument's own ends."""

    points: tuple[Point, ...]
    low: float
    high: float
    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    lower_is_better: bool = True
    between_words: tuple[str, ...] = ()
    doses_words: str = ""
    sessions_words: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    kind: str
    text: str
    text_x: float
    text_y: float
    anchor: str = "middle"

    @property
    def triangle(self) -> str:
        return f"M{self.x:g} {self.y - 9:g}l9 15.5h-18z"


@dataclass(frozen=True, slots=True)
class RuleLine:
    y: float
    words: str
    kind: str
    words_x: float
    words_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Area:
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Callout:
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Month:
    x: float
    on: date
    shown: bool
    days: bool
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class EventMark:
    x: float
    y: float
    kind: str
    text: str
    text_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class ScorePicture:
    """Everything the template draws: the plot lies in [left, right] by [top, bottom]."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    axis: tuple[tuple[float, str], ...]
    months: tuple[Month, ...]
    between: Area | None
    between_words: tuple[tuple[float, str], ...]
    better: Area | None
    rules: tuple[RuleLine, ...]
    solid: tuple[str, ...]
    dotted: tuple[str, ...]
    dots: tuple[Dot, ...]
    notes: tuple[Callout, ...]
    events: tuple[EventMark, ...]

    @property
    def plot_width(self) -> float:
        return round(self.right - self.left, 1)

    @property
    def hatch(self) -> str:
        """Slanted strokes across the band of chance, cut to it, so that it reads in grey and on paper."""
        if self.between is None:
            return ""
        top, end = self.between.y, self.between.y + self.between.height
        strokes = []
        for start in range(int(self.left - self.between.height), int(self.right), 11):
            x1, y1 = max(float(start), self.left), end - max(0.0, self.left - start)
            x2 = min(start + self.between.height, self.right)
            strokes.append(f"M{x1:g} {y1:.1f}L{x2:g} {max(top, end - (x2 - start)):.1f}")
        return "".join(strokes)


@dataclass(frozen=True, slots=True)
class _Plot:
    chart: ScoreChart
    width: int
    height: int
    x: Scale
    y: Scale

    @property
    def wide(self) -> bool:
        return self.width >= WIDE

    @property
    def spark(self) -> bool:
        return self.width <= SPARK


def draw(chart: ScoreChart, width: int = WIDE) -> ScorePicture:
    """Lay a chart along `width` user units: WIDE for a desk, NARROW for a phone, SPARK for a card."""
    plot = _plot(chart, width)
    between, better = _areas(plot)
    rules = () if plot.spark else tuple(_rules(plot))
    return ScorePicture(
        width=width,
        height=plot.height,
        left=plot.x.start,
        right=plot.x.end,
        top=plot.y.end,
        bottom=plot.y.start,
        axis=_axis(plot),
        months=_months(plot),
        between=between,
        between_words=_between_words(plot, between, rules),
        better=better,
        rules=rules,
        solid=tuple(_lines(plot, solid=True)),
        dotted=tuple(_lines(plot, solid=False)),
        dots=tuple(_dots(plot)),
        notes=tuple(_notes(plot)),
        events=() if plot.spark else tuple(_events(plot)),
    )


def _plot(chart: ScoreChart, width: int) -> _Plot:
    days = [p.on.toordinal() for p in chart.points] + [e.on.toordinal() for e in chart.events]
    first, last = (min(days), max(days)) if days else (0, 1)
    if width <= SPARK:
        return _Plot(
            chart, width, 96, Scale(first, last, 30, width - 26), Scale(chart.low, chart.high, 74, 8)
        )
    right, height, bottom = (width - 168, 440, 376) if width >= WIDE else (width - 12, 300, 236)
    return _Plot(
        chart, width, height, Scale(first, last, 44, right), Scale(chart.low, chart.high, bottom, 24)
    )


def _axis(plot: _Plot) -> tuple[tuple[float, str], ...]:
    if plot.spark:
        return tuple((plot.y(value), f"{value:g}") for value in (plot.chart.low, plot.chart.high))
    span = plot.chart.high - plot.chart.low
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if span / s <= 9)
    return tuple((plot.y(value), f"{value:g}") for value in steps(plot.chart.low, plot.chart.high, step))


def _months(plot: _Plot) -> tuple[Month, ...]:
    first, last = (date.fromordinal(max(1, int(end))) for end in (plot.x.low, plot.x.high))
    if plot.spark:
        return (
            Month(plot.x.start, first, True, True, "start"),
            Month(plot.x.end, last, first != last, True, "end"),
        )
    if (last - first).days <= 62:
        days = [first + timedelta(days=7 * i) for i in range((last - first).days // 7 + 1)]
    else:
        days = [date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13)]
        days = [day for day in days if first <= day <= last]
    weekly = (last - first).days <= 62
    places = [plot.x(day.toordinal()) for day in days]
    apart = 50 if weekly else 34
    keep = kept_apart(places, apart if plot.wide else apart * 1.4)
    # A label that would pass the edge of the picture ends at it instead: half a date reads as another one.
    sides = ["end" if x + LABEL_HALF > plot.width else "middle" for x in places]
    found = zip(places, days, keep, sides, strict=True)
    return tuple(Month(x, day, shown, weekly, side) for x, day, shown, side in found)


def _areas(plot: _Plot) -> tuple[Area | None, Area | None]:
    better = next((r.value for r in plot.chart.rules if r.kind == "better"), None)
    worse = next((r.value for r in plot.chart.rules if r.kind == "worse"), None)
    best = plot.chart.low if plot.chart.lower_is_better else plot.chart.high
    end = plot.chart.high if plot.chart.lower_is_better else plot.chart.low
    if better is None:
        return None, None
    far = worse if worse is not None and plot.chart.low <= worse <= plot.chart.high else end
    return _area(plot, better, far), None if plot.spark else _area(plot, better, best)


def _area(plot: _Plot, a: float, b: float) -> Area:
    top, bottom = sorted((plot.y(a), plot.y(b)))
    return Area(top, round(bottom - top, 1))


def _rules(plot: _Plot) -> Iterable[RuleLine]:
    shown = [r for r in plot.chart.rules if plot.chart.low <= r.value <= plot.chart.high]
    places = [plot.y(r.value) for r in shown]
    texts = pushed_apart([y + 4 if plot.wide else y - 4 for y in places], 17, 14, plot.height)
    for rule, y, text_y in zip(shown, places, texts, strict=True):
        if plot.wide:
            yield RuleLine(y, rule.words, rule.kind, plot.x.end + 10, text_y, "start")
        else:
            yield RuleLine(y, rule.words, rule.kind, plot.x.end - 2, text_y, "end")


def _between_words(
    plot: _Plot, area: Area | None, rules: Iterable[RuleLine]
) -> tuple[tuple[float, str], ...]:
    words = plot.chart.between_words
    if area is None or not plot.wide or area.height < 24 + 17 * len(words):
        return ()
    top = area.y + area.height / 2 - 8.5 * (len(words) - 1) + 4
    lines = [(round(top + 17 * i, 1), word) for i, word in enumerate(words)]
    taken = [rule.words_y for rule in rules]
    return () if any(abs(y - t) < 15 for y, _ in lines for t in taken) else tuple(lines)


def _answered(plot: _Plot) -> list[Point]:
    return [p for p in plot.chart.points if p.value is not None]


def _place(plot: _Plot, point: Point) -> tuple[float, float]:
    return plot.x(point.on.toordinal()), plot.y(point.value if point.value is not None else plot.chart.low)


def _lines(plot: _Plot, *, solid: bool) -> Iterable[str]:
    """Solid through answers that follow one another; dotted where one between them is missing."""
    run: list[Point] = []
    missed: Point | None = None
    for point in plot.chart.points:
        if point.value is None:
            if solid and len(run) > 1:
                yield path([_place(plot, p) for p in run])
            missed, run = (run[-1] if run else missed), []
            continue
        if missed is not None and not solid:
            yield path([_place(plot, missed), _place(plot, point)])
        missed = None
        run.append(point)
    if solid and len(run) > 1:
        yield path([_place(plot, p) for p in run])


def _dots(plot: _Plot) -> Iterable[Dot]:
    answered = _answered(plot)
    named = {id(p) for p in (answered[:1] + answered[-1:])} if answered else set()
    lowest = min(answered, key=lambda p: p.value or 0) if len(answered) > 3 and plot.wide else None
    for point in plot.chart.points:
        x, y = _place(plot, point)
        if point.value is None:
            if not plot.spark:
                yield _missing(plot, point, x)
            continue
        named_too = point is lowest and all(
            abs(x - _place(plot, p)[0]) > 40 for p in answered if id(p) in named
        )
        text = f"{point.value:g}" if id(point) in named or named_too else ""
        yield Dot(
            x,
            y,
            "raised" if point.raised else "answer",
            text,
            *_text_place(plot, x, y, point is answered[-1]),
        )


def _missing(plot: _Plot, point: Point, x: float) -> Dot:
    late = x + 12 + len(point.label) * 7 > plot.x.end
    anchor = "end" if late else "start"
    return Dot(
        x, plot.y.start - 12, "unanswered", point.label, x + (-12 if late else 12), plot.y.start - 8, anchor
    )


def _text_place(plot: _Plot, x: float, y: float, last: bool) -> tuple[float, float, str]:
    if plot.spark:
        return (x + 8, y + 4.5, "start") if last else (x, y - 9, "middle")
    beside_axis = x - plot.x.start < 16  # a lone answer stands where the numbers of the axis do
    return (x - 4 if last and not beside_axis else x + 14, y - 12, "middle")


def _notes(plot: _Plot) -> Iterable[Callout]:
    """The latest note first; each where it lies on no other note, and hides the fewest answers."""
    if not plot.wide:
        return
    placed: list[Callout] = []
    for point in reversed(plot.chart.points):
        if not point.note or point.value is None:
            continue
        free = [box for box in _boxes(plot, point) if not any(_on(box, other) for other in placed)]
        if free:
            placed.append(min(free, key=lambda box: _hides(plot, box)))
    yield from placed


def _boxes(plot: _Plot, point: Point) -> Iterable[Callout]:
    """Where a note may stand: above its point or below it, in the middle or to a side."""
    x, y = _place(plot, point)
    drawn = [line if len(line) <= NOTE_MOST else f"{line[: NOTE_MOST - 1]}…" for line in point.note]
    width = max(len(line) for line in drawn) * NOTE_LETTER + 24
    height = 10 + 17.0 * len(drawn)
    for top in (y - 22 - height, y + 20):
        if top < plot.y.end or top + height > plot.y.start:
            continue
        for middle in (x, x - width / 2 + 20, x + width / 2 - 20):
            left = min(max(middle - width / 2, plot.x.start + 4), plot.x.end - width - 4)
            lines = tuple((round(top + 19 + 17 * i, 1), line) for i, line in enumerate(drawn))
            yield Callout(round(left, 1), round(top, 1), round(width, 1), height, lines)


def _on(a: Callout, b: Callout) -> bool:
    across = a.x < b.x + b.width + 6 and b.x < a.x + a.width + 6
    return across and a.y < b.y + b.height + 6 and b.y < a.y + a.height + 6


def _hides(plot: _Plot, box: Callout) -> int:
    """How many answers lie under a note, their marks' size counted."""
    places = [_place(plot, point) for point in plot.chart.points]
    return sum(
        box.x - 9 < x < box.x + box.width + 9 and box.y - 9 < y < box.y + box.height + 9 for x, y in places
    )


def _events(plot: _Plot) -> Iterable[EventMark]:
    rows: tuple[tuple[str, float, str], ...] = (
        ("dose", plot.y.start + 22, plot.chart.doses_words),
        ("session", plot.y.start + 38, plot.chart.sessions_words),
    )
    for kind, y, words in rows:
        these = [e for e in plot.chart.events if e.kind == kind]
        unnamed = [e for e in these if not e.label]
        for event in these:
            text = event.label or (words if unnamed and event is unnamed[-1] else "")
            x = plot.x(event.on.toordinal())
            late = x + 12 + len(text) * NOTE_LETTER > plot.width
            yield EventMark(x, y, kind, text, x + (-12 if late else 12), "end" if late else "start")
