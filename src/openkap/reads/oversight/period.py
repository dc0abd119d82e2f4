"""A stretch of time as a director asks for it: this month, the last, ninety days, or from one day to another.

Decided here: days and months are the practice's own, half-open, 23 to 25 hours a day; a stretch asked for the
wrong way round is turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.records.facts.clock import by_pattern, day

THIS, LAST, NINETY, OWN = "this", "last", "90", "own"
CHOICES = {
    THIS: gettext_noop("This month"),
    LAST: gettext_noop("Last month"),
    NINETY: gettext_noop("The last 90 days"),
    OWN: gettext_noop("From one day to another"),
}
DAYS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to `until`, in UTC; in words for a heading."""

    key: str
    since: datetime
    until: datetime
    words: str

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def period_of(
    key: str, at: datetime, zone: ZoneInfo, first: date | None = None, last: date | None = None
) -> Period:
    """The stretch asked for; `first` and `last` are days of an own one, both within it."""
    today = at.astimezone(zone).date()
    match key:
        case "last":
            return month(*before(today.year, today.month), zone, LAST)
        case "90":
            return days(today - DAYS, today, zone, NINETY)
        case "own" if first is not None or last is not None:
            starts, ends = first or last or today, last or today
            return days(min(starts, ends), max(starts, ends), zone, OWN)
    return month(today.year, today.month, zone, THIS)


def month(year: int, number: int, zone: ZoneInfo, key: str = "month") -> Period:
    """One month where the practice is."""
    first = date(year, number, 1)
    following = date(*after(year, number), 1)
    return Period(key, _start(first, zone), _start(following, zone), by_pattern(first, "F Y"))


def days(first: date, last: date, zone: ZoneInfo, key: str) -> Period:
    """From the first day to the last, both within it."""
    words = _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}
    return Period(key, _start(first, zone), _start(last + timedelta(days=1), zone), words)


def before(year: int, number: int) -> tuple[int, int]:
    return (year, number - 1) if number > 1 else (year - 1, 12)


def after(year: int, number: int) -> tuple[int, int]:
    return (year, number + 1) if number < 12 else (year + 1, 1)


def _start(on: date, zone: ZoneInfo) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
