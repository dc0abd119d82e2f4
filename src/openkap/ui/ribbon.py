"""The course ribbon: where this person is, and when the window opens, as plain geometry.

Decided here: how stages, doses, windows and sessions are laid along one line, which labels give way
when they would touch, and what the four bars of a phone show. By authority of the design document,
sections 1 and 5. No Django, no clock: the course carries `at`, in the clinic's own zone, and words
arrive already in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

WIDE, MIDDLE, HEIGHT = 1336, 744, 108
BAR_WEIGHTS = (1.0, 1.0, 2.2, 1.0)
_EDGE, _GAP, _LETTER = 6.0, 8.0, 7.4
_DATE_ROOM = 42.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One visit. `state`: done, planned, missed, held (a dose that must wait), late (outside its window).

    `label` is the second line under a dose ("Dose 3"); `words` go to the text list only.
    """

    at: datetime
    kind: Literal["visit", "dose", "session"] = "visit"
    state: Literal["done", "planned", "missed", "held", "late"] = "planned"
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """An integration window [opens_at, closes_at). `unmet`: no session is held in it.

    `words` are drawn above the line; give them to the window that matters now, not to all.
    """

    opens_at: datetime
    closes_at: datetime
    state: Literal["fixed", "planned", "unmet"] = "planned"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four stages, left to right. A stage can be empty and still has its place.

    `ended`: the course ended in it, at `ended_at`, said in `ended_words`; `never`: it was not come to.
    """

    name: str
    state: Literal["done", "now", "planned", "ended", "never"] = "planned"
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band, ...] = ()
    ended_at: datetime | None = None
    ended_words: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What the ribbon shows. `summary` is its one sentence, for screen readers and for the phone."""

    stages: tuple[Stage, ...]
    at: datetime
    summary: str = ""


@dataclass(frozen=True, slots=True)
class StagePicture:
    """A stage's track, in user units: from `x`, `width` wide, of which `past` is behind us."""

    name: str
    state: str
    x: float
    width: float
    past: float


@dataclass(frozen=True, slots=True)
class MarkPicture:
    """A mark at `x`. `when` is None where the label had to give way; the text list keeps it."""

    x: float
    kind: str
    state: str
    today: bool
    when: datetime | None
    label: str

    @property
    def shape(self) -> str:
        """`ring` for today's dose or visit, `circle` for the others, `square` for a session."""
        if self.kind == "session":
            return "square"
        return "ring" if self.today else "circle"

    @property
    def left(self) -> float:
        """Where a session's square begins."""
        return round(self.x - 5, 1)

    @property
    def tick(self) -> str:
        return f"m{self.x - 3.4:.1f} 58.2 2.5 2.5 4.5-5"


@dataclass(frozen=True, slots=True)
class BandPicture:
    """A window from `x`, `width` wide; `words_x` is where its words are centred."""

    x: float
    width: float
    state: str
    words: str
    words_x: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One of the four bars on a phone, in hundredths of the width."""

    x: float
    width: float
    full: float


# Half the length of a window's words and of "Today", in user units.
CLEAR_OF_WORDS = 96


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Everything the template draws. `now_x` is set only where no mark of today carries the ring.

    `now_below`: a window's words stand where "Today" would, which then goes under the line. `end` is where
    the course ended before its last stage, and in which words.
    """

    width: int
    stages: tuple[StagePicture, ...]
    bands: tuple[BandPicture, ...]
    marks: tuple[MarkPicture, ...]
    now_x: float | None
    now_below: bool
    bars: tuple[Bar, ...]
    tight: bool
    end: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime | None
    seconds: float
    x: float
    width: float

    def __call__(self, at: datetime) -> float:
        if self.start is None or self.seconds == 0:
            return round(self.x + self.width / 2, 1)
        share = (at - self.start).total_seconds() / self.seconds
        return round(self.x + min(max(share, -0.2), 1.2) * self.width, 1)


def draw(course: Course, width: int = WIDE) -> Ribbon:
    """Lay the course along `width` user units. The height is always `HEIGHT`."""
    tracks = _tracks(course, width)
    bands: list[BandPicture] = []
    marks: list[MarkPicture] = []
    for stage, track in zip(course.stages, tracks, strict=True):
        scale = _scale(stage, track)
        bands += [_band(band, scale, width) for band in stage.bands]
        marks += [_mark(mark, scale, course) for mark in stage.marks]
    kept = _labels_that_fit(course, marks)
    today = any(mark.today and mark.kind != "session" for mark in kept)
    now_x = None if today else _now(course, tracks)
    below = now_x is not None and any(
        band.words and abs(band.words_x - now_x) < CLEAR_OF_WORDS for band in bands
    )
    end = _end(course, tracks, width)
    return Ribbon(width, tracks, tuple(bands), kept, now_x, below, bars(course), _tight(kept), end)


def bars(course: Course) -> tuple[Bar, ...]:
    """The phone's bars, in hundredths, with two between them; the dosing bar is the widest."""
    weights = BAR_WEIGHTS if len(course.stages) == len(BAR_WEIGHTS) else (1.0,) * len(course.stages)
    room = 100 - 2 * (len(course.stages) - 1)
    found, x = [], 0.0
    for stage, weight in zip(course.stages, weights, strict=True):
        width = room * weight / sum(weights)
        found.append(Bar(round(x, 2), round(width, 2), round(width * progress(stage), 2)))
        x += width + 2
    return tuple(found)


def progress(stage: Stage) -> float:
    """How much of a stage is behind the person: by doses where there are doses, else by visits."""
    if stage.state not in ("now", "ended"):
        return 1.0 if stage.state == "done" else 0.0
    counted = [m for m in stage.marks if m.kind == "dose"] or list(stage.marks)
    return sum(m.state == "done" for m in counted) / len(counted) if counted else 0.0


def _tracks(course: Course, width: int) -> tuple[StagePicture, ...]:
    least = [max(84.0, len(s.name) * _LETTER + 16) for s in course.stages]
    weights = [1.0 + sum(3.0 if m.kind == "dose" else 0.8 for m in s.marks) for s in course.stages]
    room = width - 2 * _EDGE - _GAP * (len(course.stages) - 1)
    spare = max(0.0, room - sum(least))
    shrink = min(1.0, room / sum(least)) if least else 1.0
    found, x = [], _EDGE
    for stage, small, weight in zip(course.stages, least, weights, strict=True):
        wide = small * shrink + spare * weight / sum(weights)
        track = StagePicture(stage.name, stage.state, round(x, 1), round(wide, 1), 0.0)
        found.append(_with_past(track, stage, course.at))
        x += wide + _GAP
    return tuple(found)


def _with_past(track: StagePicture, stage: Stage, at: datetime) -> StagePicture:
    if stage.state in ("planned", "never"):
        return track
    past = track.width if stage.state == "done" else _scale(stage, track)(stage.ended_at or at) - track.x
    past = round(min(max(past, 0.0), track.width), 1)
    return StagePicture(track.name, track.state, track.x, track.width, past)


def _scale(stage: Stage, track: StagePicture) -> _Scale:
    times = [m.at for m in stage.marks] + [t for b in stage.bands for t in (b.opens_at, b.closes_at)]
    pad = min(44.0, track.width * (0.11 if len(stage.marks) > 4 else 0.22))
    inner = (track.x + pad, track.width - 2 * pad)
    if not times:
        return _Scale(None, 0, *inner)
    return _Scale(min(times), (max(times) - min(times)).total_seconds(), *inner)


def _mark(mark: Mark, scale: _Scale, course: Course) -> MarkPicture:
    today = _day(mark.at, course.at) == course.at.date()
    return MarkPicture(scale(mark.at), mark.kind, mark.state, today, mark.at, mark.label)


def _band(band: Band, scale: _Scale, width: int) -> BandPicture:
    left, right = scale(band.opens_at), scale(band.closes_at)
    half = len(band.words) * _LETTER / 2
    middle = min(max((left + right) / 2, _EDGE + half), width - _EDGE - half)
    return BandPicture(left, round(max(right - left, 18.0), 1), band.state, band.words, round(middle, 1))


def _labels_that_fit(course: Course, marks: list[MarkPicture]) -> tuple[MarkPicture, ...]:
    """Today's label first, then the next, then doses, then the rest; the later loses where two touch."""
    labelled = _may_carry_label(course)
    order = sorted((i for i in range(len(marks)) if i in labelled), key=lambda i: _rank(marks[i], i, course))
    keep: set[int] = set()
    for i in order:
        if not any(_touch(marks[i], marks[j]) for j in keep):
            keep.add(i)
    return tuple(m if i in keep else _unlabelled(m) for i, m in enumerate(marks))


def _may_carry_label(course: Course) -> set[int]:
    """Sessions between doses belong to their window and carry no date of their own."""
    found, i = set(), 0
    for stage in course.stages:
        dosing = any(m.kind == "dose" for m in stage.marks)
        for mark in stage.marks:
            if mark.kind != "session" or not dosing:
                found.add(i)
            i += 1
    return found


def _rank(mark: MarkPicture, index: int, course: Course) -> tuple[int, int, int]:
    coming = mark.when is not None and mark.when >= course.at
    return (0 if mark.today else 1 if coming and mark.kind == "dose" else 2, mark.kind != "dose", index)


def _unlabelled(mark: MarkPicture) -> MarkPicture:
    return MarkPicture(mark.x, mark.kind, mark.state, mark.today, None, "")


def _tight(marks: Iterable[MarkPicture]) -> bool:
    """Doses so close that full-size circles would cover their windows: the template draws smaller ones."""
    doses = sorted(m.x for m in marks if m.kind == "dose")
    return any(b - a < 40 for a, b in pairwise(doses))


def _now(course: Course, tracks: Iterable[StagePicture]) -> float | None:
    for stage, track in zip(course.stages, tracks, strict=True):
        if stage.state == "now":
            return round(track.x + track.past, 1)
    return None


def _end(course: Course, tracks: Iterable[StagePicture], width: int) -> tuple[float, str] | None:
    """Where the line breaks off, with its words kept within the picture."""
    for stage, track in zip(course.stages, tracks, strict=True):
        if stage.state == "ended":
            half = len(stage.ended_words) * _LETTER / 2
            x = track.x + track.past
            return round(min(max(x, _EDGE + half), width - _EDGE - half), 1), stage.ended_words
    return None


def _day(at: datetime, like: datetime) -> date:
    return at.astimezone(like.tzinfo).date() if at.tzinfo and like.tzinfo else at.date()


def _room(mark: MarkPicture) -> float:
    return max(_DATE_ROOM, len(mark.label) * 7.0)


def _touch(a: MarkPicture, b: MarkPicture) -> bool:
    return abs(a.x - b.x) < (_room(a) + _room(b)) / 2 + 7


def overlaps(marks: Iterable[MarkPicture]) -> bool:
    """Whether any two labels that are drawn would touch. For tests, and for whoever changes the sizes."""
    drawn = sorted((m for m in marks if m.when is not None), key=lambda m: m.x)
    return any(_touch(a, b) for a, b in pairwise(drawn))
