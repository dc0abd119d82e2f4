"""Days, times and stretches of time as a page says them, in the clinic's own zone.

Decided here: a month is always a word, a time is never without its day where it may not be today
(the design's section 6). Django's own date formats carry the translation.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

# So many different days and times are remembered in words, in each language: a page says the same few often.
MOST = 5000


def day(on: date) -> str:
    """May 3, 1985."""
    return _day(get_language(), on)


@lru_cache(MOST)
def _day(_language: str | None, on: date) -> str:
    return date_format(on, _("F j, Y"))


def short_day(on: date, today: date) -> str:
    """Mar 9; with its year where that is not this one."""
    return _short_day(get_language(), on, on.year == today.year)


@lru_cache(MOST)
def _short_day(_language: str | None, on: date, this_year: bool) -> str:
    return date_format(on, _("M j") if this_year else _("M j, Y"))


def clock(at: datetime, zone: ZoneInfo) -> str:
    """11:00 am."""
    here = at.astimezone(zone)
    return _clock(get_language(), here.hour, here.minute)


@lru_cache(MOST)
def _clock(_language: str | None, hour: int, minute: int) -> str:
    return time_format(time(hour, minute), _("g:i a")).replace(".", "")


def moment(at: datetime, zone: ZoneInfo) -> str:
    """February 17, 2027, 11:00 am."""
    here, language = at.astimezone(zone), get_language()
    return f"{_day(language, here.date())}, {_clock(language, here.hour, here.minute)}"


def soon(at: datetime, zone: ZoneInfo) -> str:
    """Wed 11:00 am: for times within the week."""
    return f"{date_format(at.astimezone(zone), 'D')} {clock(at, zone)}"


def stretch(left: timedelta) -> str:
    """46 hours; below two hours, minutes."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}


def ago(at: datetime, now: datetime) -> str:
    """12 minutes ago; 3 hours ago; 5 days ago."""
    gone = max(now - at, timedelta(0))
    if gone < timedelta(days=2):
        return _("%(time)s ago") % {"time": stretch(gone)}
    return ngettext("%(n)s day ago", "%(n)s days ago", gone.days) % {"n": gone.days}


def number(value: Decimal | float | str) -> str:
    """70, 70.5: no exponent and no trailing zero."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
