"""The window a planned dose will leave, and a time that fits in it.

Decided here: when a dose will end is not known before it has ended, so what is held for it lies in the
hours that are inside the window whenever the dose ends within its planned visit: opening is counted from
the visit's end, closing from its start. A time is proposed on the wall clock of whoever holds the session,
in their own zone: on the half hour, by day, on a working day where one is inside. Those hours are a
calendar's custom, not medicine, and whoever books writes another time if they like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openkap.medicine.protocols.protocol import Hours
from openkap.medicine.window import Period, Window, instant

# A calendar's day: sessions are proposed to begin from nine, and to be over by six.
DAY_FROM, DAY_TO = time(9), time(18)
STEP = timedelta(minutes=30)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Fit:
    """A time that fits: UTC, half-open."""

    starts: datetime
    ends: datetime


def expected_window(starts: datetime, ends: datetime, hours: Hours) -> Window:
    """The hours inside the window wherever in its visit (`starts` to `ends`) the dose ends.

    Raises `ValueError` where the visit is longer than the window: nothing can be held for it beforehand.
    """
    late = Window.after(ends, float(hours.open), float(hours.target), float(hours.close))
    early = Window.after(starts, float(hours.open), float(hours.target), float(hours.close))
    return Window(opens=late.opens, target=min(late.target, early.closes), closes=early.closes)


def fitting(
    window: Window,
    minutes: int,
    zone: ZoneInfo,
    *,
    busy: Iterable[Period] = (),
    after: datetime | None = None,
    wanted: datetime | None = None,
) -> Fit | None:
    """The free time nearest to `wanted` (absent: the window's target), wholly inside the window.

    `after` is now: nothing earlier is proposed. None where nothing fits. A wall clock time that a DST
    night skips is never proposed.
    """
    taken = tuple(busy)
    length = timedelta(minutes=minutes)
    aim = instant(wanted or window.target)
    found = [
        Fit(start, start + length)
        for start in _starts(window, zone)
        if window.holds_all_of(start, start + length)
        and (after is None or start > instant(after))
        and start.astimezone(zone).time() >= DAY_FROM
        and _over_by_evening(start, start + length, zone)
        and not any(Period(start, start + length).overlaps(period) for period in taken)
    ]
    return min(found, key=lambda fit: (_weekend(fit, zone), abs(fit.starts - aim)), default=None)


def same_clock(at: datetime, was: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """`at` moved by as many days as `was` became `now`, and as much on the clock, as `zone` reads it.

    Across a change of the clocks ten o'clock stays ten o'clock. A time the clocks skip is taken an
    hour later, as the clocks do.
    """
    clock = [moment.astimezone(zone).replace(tzinfo=None) for moment in (at, was, now)]
    moved = (clock[0] + (clock[2] - clock[1])).replace(tzinfo=zone)
    return moved.astimezone(UTC)


def _starts(window: Window, zone: ZoneInfo) -> Iterator[datetime]:
    """Every half hour of the wall clock from opening to close, in UTC; what the clocks skip left out."""
    day = window.opens.astimezone(zone).date()
    last = window.closes.astimezone(zone).date()
    while day <= last:
        naive = datetime.combine(day, DAY_FROM)
        while naive.time() < DAY_TO and naive.date() == day:
            start = naive.replace(tzinfo=zone).astimezone(UTC)
            if start.astimezone(zone).replace(tzinfo=None) == naive:
                yield start
            naive += STEP
        day += timedelta(days=1)


def _over_by_evening(starts: datetime, ends: datetime, zone: ZoneInfo) -> bool:
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    return first.date() == last.date() and last.time() <= DAY_TO


def _weekend(fit: Fit, zone: ZoneInfo) -> bool:
    return fit.starts.astimezone(zone).weekday() >= SATURDAY
