"""Stretches of time: when care is due, and whether a moment is inside.

Decided here: every stretch is half-open (its end belongs to what follows), and every instant is
kept in UTC, so that a change of the clocks never makes an hour longer or shorter. Zones are only
for showing. How many hours a window has is the protocol's business (`library/protocols`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum


def instant(at: datetime) -> datetime:
    """`at` in UTC. Raises `ValueError` for a time without a zone: nobody can tell when it was."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone.")
    return at.astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


@dataclass(frozen=True, slots=True)
class Period:
    """From `starts`, up to but not at `ends` (None: still running). Both are kept in UTC."""

    starts: datetime
    ends: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", instant(self.starts))
        if self.ends is not None:
            object.__setattr__(self, "ends", instant(self.ends))
            if self.ends < self.starts:
                raise ValueError("A period cannot end before it starts.")

    def holds(self, at: datetime) -> bool:
        at = instant(at)
        return self.starts <= at and (self.ends is None or at < self.ends)

    def overlaps(self, other: Period) -> bool:
        """Two periods that only touch do not overlap."""
        return (other.ends is None or self.starts < other.ends) and (
            self.ends is None or other.starts < self.ends
        )


class WindowState(StrEnum):
    """Where a moment falls."""

    BEFORE = "before"
    OPEN = "open"
    PAST_TARGET = "past_target"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """When something should happen: it opens, has a target, and closes. Instants, kept in UTC."""

    opens: datetime
    target: datetime
    closes: datetime

    def __post_init__(self) -> None:
        for name in ("opens", "target", "closes"):
            object.__setattr__(self, name, instant(getattr(self, name)))
        if not self.opens <= self.target <= self.closes or self.opens == self.closes:
            raise ValueError("A window opens, reaches its target and closes, in that order.")

    @classmethod
    def after(cls, ended_at: datetime, opens_h: float, target_h: float, closes_h: float) -> Window:
        """The window that follows a dose: `ended_at` is the dose's end, the hours are the protocol's."""
        end = instant(ended_at)
        return cls(*(end + timedelta(hours=float(hours)) for hours in (opens_h, target_h, closes_h)))

    def state_at(self, at: datetime) -> WindowState:
        at = instant(at)
        if at < self.opens:
            return WindowState.BEFORE
        if at < self.target:
            return WindowState.OPEN
        return WindowState.PAST_TARGET if at < self.closes else WindowState.CLOSED

    def holds(self, at: datetime) -> bool:
        return self.opens <= instant(at) < self.closes

    def holds_all_of(self, starts: datetime, ends: datetime) -> bool:
        """True where a visit lies inside from its first minute to its last."""
        return self.opens <= instant(starts) and instant(ends) <= self.closes

    def hours_left(self, at: datetime) -> float:
        """Hours until it closes; 0 once closed."""
        return max((self.closes - instant(at)).total_seconds() / 3600, 0.0)

    def shown_in(self, zone: tzinfo) -> tuple[datetime, datetime, datetime]:
        """The three instants as a wall clock in `zone` shows them."""
        return (self.opens.astimezone(zone), self.target.astimezone(zone), self.closes.astimezone(zone))
