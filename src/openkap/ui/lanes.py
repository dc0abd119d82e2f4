"""The planner's lanes: one patient a row, true time across, windows where medicine puts them.

Decided here: where doses, windows and sessions of a stretch of days stand on a lane. By authority of the
design document, section 5: late or missing sessions carry words in the lane. Times are shown by the clinic's
wall clock, so that a day is as wide as any other when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

DAY, HEIGHT, MIDDLE = 112.0, 56, 28.0


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose in a lane; `number` is written in it."""

    at: datetime
    number: str = ""
    state: Literal["done", "planned", "held"] = "planned"


@dataclass(frozen=True, slots=True)
class Window:
    """A window [opens_at, closes_at). `unmet` carries words ("No session held")."""

    opens_at: datetime
    closes_at: datetime
    state: Literal["fixed", "planned", "unmet"] = "planned"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An integration session. `late` lies outside its window and carries words ("Came 5 h late")."""

    at: datetime
    state: Literal["held", "offered", "late"] = "held"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One patient's row. `summary` is the whole lane in words, for screen readers and narrow screens."""

    name: str
    note: str = ""
    url: str = ""
    doses: tuple[Dose, ...] = ()
    windows: tuple[Window, ...] = ()
    sessions: tuple[Session, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Lanes over `days` days from `first_on`, in the clinic's `zone`; `at` is now."""

    first_on: date
    lanes: tuple[Lane, ...]
    at: datetime
    zone: tzinfo
    days: int = 7


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape at `x`, `width` wide (windows only), with its state and words."""

    x: float
    width: float
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class LanePicture:
    """What one row draws; what lies outside the days is left out, a window is cut at their edge."""

    lane: Lane
    windows: tuple[Placed, ...]
    doses: tuple[Placed, ...]
    sessions: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class DayHead:
    x: float
    on: date
    today: bool
    weekend: bool


@dataclass(frozen=True, slots=True)
class PlanPicture:
    """All rows, the heads of the days, and where now is (None outside these days)."""

    width: float
    heads: tuple[DayHead, ...]
    rows: tuple[LanePicture, ...]
    now_x: float | None


def draw(plan: Plan) -> PlanPicture:
    """Place every lane of a plan on `days` times `DAY` user units."""
    width = plan.days * DAY
    now = _place(plan, plan.at)
    today = plan.at.astimezone(plan.zone).date()
    days = [plan.first_on + timedelta(days=i) for i in range(plan.days)]
    heads = tuple(DayHead(i * DAY, day, day == today, day.weekday() >= 5) for i, day in enumerate(days))
    rows = tuple(_row(plan, lane, width) for lane in plan.lanes)
    return PlanPicture(width, heads, rows, now if 0 <= now <= width else None)


def _row(plan: Plan, lane: Lane, width: float) -> LanePicture:
    doses = (Placed(_place(plan, dose.at), 0, dose.state, dose.number) for dose in lane.doses)
    sessions = (Placed(_place(plan, s.at), 0, s.state, s.words) for s in lane.sessions)
    return LanePicture(
        lane, tuple(_windows(plan, lane, width)), _inside(doses, width), _inside(sessions, width)
    )


def _windows(plan: Plan, lane: Lane, width: float) -> Iterable[Placed]:
    for window in lane.windows:
        start = max(_place(plan, window.opens_at), -20.0)
        end = min(_place(plan, window.closes_at), width + 20)
        if end > 0 and start < width:
            yield Placed(round(start, 1), round(end - start, 1), window.state, window.words)


def _inside(placed: Iterable[Placed], width: float) -> tuple[Placed, ...]:
    return tuple(shape for shape in placed if 0 <= shape.x <= width)


def _place(plan: Plan, at: datetime) -> float:
    local = at.astimezone(plan.zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return round(((local.date() - plan.first_on).days + seconds / 86400) * DAY, 1)
