"""The window countdown: a bar from the dose's end to the window's close, words first.

Decided here: where the open part, the time gone and the session square stand on the bar. The window
itself (its hours, and that it is a care goal, not a proven limit) comes from the protocol, not from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """One window as a page shows it. Half-open: it is open at `opens_at` and closed at `closes_at`."""

    dose_ended_at: datetime
    opens_at: datetime
    closes_at: datetime
    at: datetime
    session_at: datetime | None = None

    @property
    def phase(self) -> str:
        """before, open, or after."""
        if self.at < self.opens_at:
            return "before"
        return "open" if self.at < self.closes_at else "after"

    @property
    def unmet(self) -> bool:
        """It closed, and no session was held in it."""
        return self.phase == "after" and not self.inside

    @property
    def inside(self) -> bool:
        """The session lies in the window."""
        return self.session_at is not None and self.opens_at <= self.session_at < self.closes_at

    @property
    def left(self) -> timedelta:
        """Time until it closes, never negative."""
        return max(self.closes_at - self.at, timedelta(0))

    @property
    def hours_left(self) -> int:
        return int(self.left.total_seconds() // 3600)

    @property
    def minutes_left(self) -> int:
        return int(self.left.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class WindowBar:
    """Geometry on a bed of 400 units: all values are positions or widths in user units."""

    open_x: float
    open_width: float
    gone: float
    session_x: float | None


WIDTH = 400.0
_HALF_SQUARE = 11.0


def draw(window: Window) -> WindowBar:
    """Place the parts of a window on its bar. A session outside the bar is kept at its end."""
    opens, now = _place(window, window.opens_at), _place(window, window.at)
    gone = min(max(now, 0.0), WIDTH)
    square = None
    if window.session_at is not None:
        middle = min(max(_place(window, window.session_at), _HALF_SQUARE), WIDTH - _HALF_SQUARE)
        square = round(middle - _HALF_SQUARE, 1)
    return WindowBar(round(opens, 1), round(WIDTH - opens, 1), round(gone, 1), square)


def _place(window: Window, at: datetime) -> float:
    whole = (window.closes_at - window.dose_ended_at).total_seconds()
    return WIDTH * (at - window.dose_ended_at).total_seconds() / whole if whole > 0 else 0.0
