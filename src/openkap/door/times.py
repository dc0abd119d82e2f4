"""Times as people write them, in the clinic's own zone.

Decided here: a time that the clock skips on a DST night does not exist and is refused in words; one that
comes twice is taken as the first, and whoever sent it is told so (`door/local_time.py`). A year that cannot
be meant is named, and what was typed stays, also where the time says its own zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
# Times of this request that the clock showed twice, to be told once the page answers.
_twice: ContextVar[list[datetime] | None] = ContextVar("twice", default=None)


class ClinicTimeField(forms.Field):
    """A local date and time; gives an aware datetime in UTC. Set `zone` before cleaning."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, zone: ZoneInfo | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and self.zone is not None:
            return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        assert self.zone is not None, "a clinic time needs its clinic's zone"
        return local_to_utc(str(value), self.zone)


def local_to_utc(text: str, zone: ZoneInfo) -> datetime:
    """Parse `2026-03-08T02:30` in `zone`. Raises forms.ValidationError with a sentence."""
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        raise forms.ValidationError(
            _("%(text)s is not a date and time. Write it as 2026-03-08 14:30.") % {"text": text}
        ) from None
    if naive.year < EARLIEST_YEAR:
        raise forms.ValidationError(
            _("The year %(year)s cannot be right. Did you mean 20%(end)s?")
            % {"year": f"{naive.year:04d}", "end": f"{naive.year % 100:02d}"}
        )
    if naive.year > LATEST_YEAR:
        raise forms.ValidationError(_("The year %(year)s cannot be right.") % {"year": naive.year})
    if naive.tzinfo is not None:
        return naive.astimezone(UTC)
    aware = naive.replace(tzinfo=zone)
    if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise forms.ValidationError(
            _("%(time)s did not exist that night: the clocks went forward. Choose a time an hour later.")
            % {"time": naive.strftime("%H:%M")}
        )
    if aware.utcoffset() != aware.replace(fold=1).utcoffset() and (told := _twice.get()) is not None:
        told.append(aware)
    return aware.astimezone(UTC)


@contextmanager
def noting_twice() -> Iterator[list[datetime]]:
    """Collects the times that were read within it and that the clock showed twice."""
    found: list[datetime] = []
    before = _twice.set(found)
    try:
        yield found
    finally:
        _twice.reset(before)


def twice_words(moment: datetime) -> str:
    """Which of the two was taken."""
    return _(
        "%(time)s came twice that night: the clocks went back. It was taken as the first. If it was the "
        "second, correct it and say so in words."
    ) % {"time": moment.strftime("%H:%M")}


def not_after(at: datetime, limit: datetime) -> None:
    """Raise forms.ValidationError where a time that should have passed has not."""
    if at > limit + timedelta(minutes=1):
        raise forms.ValidationError(_("This time is still to come. Check the day and the hour."))


def on_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open stretch of a local day, in UTC: 23, 24 or 25 hours. Of years that can be meant."""
    day = min(max(day, date(EARLIEST_YEAR, 1, 1)), date(LATEST_YEAR, 12, 31))
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)
