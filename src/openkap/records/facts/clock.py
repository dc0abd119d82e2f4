"""A day or a time in words, in the clinic's own zone: for pages, mails, papers and sentences that are kept.

Decided here: a month is always a word, a time is never without its day where it may not be today
(the design's section 6), and its halves are "am" and "pm"; the medical director's desk counts 24 hours.
Django's own date formats carry the translation.
A kept sentence is told as the reader's practice reads its clock; where the other practice's clock shows
something else at that moment, the zone is named, so that two people never read one time two ways.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache, wraps
from typing import TypeVarTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from openkap.records.models import Organisation

Said = TypeVarTuple("Said")

# So many different days and times are remembered in words, in each language: a page says the same few often.
MOST = 5000


def remembered(say: Callable[[*Said], str]) -> Callable[[*Said], str]:
    """The same day is said the same on the next page: by its language and what is said."""

    @lru_cache(MOST)
    def once(_language: str | None, what: tuple[*Said]) -> str:
        return say(*what)

    @wraps(say)
    def again(*what: *Said) -> str:
        return once(get_language(), what)

    return again


def _halves(words: str) -> str:
    return words.replace(" a.m.", _(" am")).replace(" p.m.", _(" pm"))


@remembered
def by_pattern(shown: date, pattern: str) -> str:
    """A day or a moment by one of Django's date patterns, already of the reader's language."""
    return _halves(date_format(shown, pattern))


@remembered
def day(on: date) -> str:
    """May 3, 1985."""
    return date_format(on, _("F j, Y"))


@remembered
def month_day(on: date) -> str:
    """May 3: where the year is not in question."""
    return date_format(on, _("F j"))


@remembered
def long_day(on: date) -> str:
    """Tuesday, March 9."""
    return date_format(on, _("l, F j"))


def short_day(on: date, today: date) -> str:
    """Mar 9; with its year where that is not this one."""
    return _short_day(on, on.year == today.year)


@remembered
def _short_day(on: date, this_year: bool) -> str:
    return date_format(on, _("M j") if this_year else _("M j, Y"))


@remembered
def hour_of_day(at: time) -> str:
    """11:00 am, whatever the day."""
    return _halves(time_format(at, _("g:i a")))


def hour(at: datetime, zone: ZoneInfo) -> str:
    """11:00 am."""
    here = at.astimezone(zone)
    return hour_of_day(time(here.hour, here.minute))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """February 17, 2027, 11:00 am."""
    return f"{day(at.astimezone(zone).date())}, {hour(at, zone)}"


def staff_moment(at: datetime, zone: ZoneInfo) -> str:
    """February 17, 2027, 11:00: as the desks of staff say it, on a clock of 24 hours."""
    return by_pattern(at.astimezone(zone), _("F j, Y, H:i"))


def long_moment(at: datetime, zone: ZoneInfo) -> str:
    """Wednesday, March 10, 11:00 am."""
    return f"{long_day(at.astimezone(zone).date())}, {hour(at, zone)}"


def soon(at: datetime, zone: ZoneInfo) -> str:
    """Wed 11:00 am: for times within the week."""
    return f"{date_format(at.astimezone(zone), 'D')} {hour(at, zone)}"


def told(at: datetime, reader: Organisation, other: Organisation | None = None) -> str:
    """Wed March 10, 11:00 am; with "EST" where `other` reads another time on its clock."""
    zone = ZoneInfo(reader.zone)
    said = f"{date_format(at.astimezone(zone), 'D F j')}, {hour(at, zone)}"
    return f"{said} {zone_name(at, zone)}" if differ(at, reader, other) else said


def told_both(at: datetime, reader: Organisation, other: Organisation | None) -> str:
    """As `told`, with the other practice's own reading beside it where the two differ."""
    if other is None or not differ(at, reader, other):
        return told(at, reader)
    zone, elsewhere = ZoneInfo(reader.zone), ZoneInfo(other.zone)
    same_day = at.astimezone(zone).date() == at.astimezone(elsewhere).date()
    beside = f"{hour(at, elsewhere)} {zone_name(at, elsewhere)}" if same_day else told(at, other, reader)
    return f"{told(at, reader, other)} ({beside})"


def differ(at: datetime, one: Organisation, other: Organisation | None) -> bool:
    """Whether two practices' clocks read differently at that moment."""
    if other is None or one.zone == other.zone:
        return False
    return at.astimezone(ZoneInfo(one.zone)).utcoffset() != at.astimezone(ZoneInfo(other.zone)).utcoffset()


def zone_name(at: datetime, zone: ZoneInfo) -> str:
    """EST, CET; where a zone has no letters, its hours from UTC."""
    name = at.astimezone(zone).tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


# As people in the country say it, the names of CLDR; elsewhere a zone goes by its city.
SPOKEN_ZONES = {
    "America/New_York": gettext_noop("Eastern time"),
    "America/Chicago": gettext_noop("Central time"),
    "America/Denver": gettext_noop("Mountain time"),
    "America/Phoenix": gettext_noop("Arizona time"),
    "America/Los_Angeles": gettext_noop("Pacific time"),
    "America/Anchorage": gettext_noop("Alaska time"),
    "Pacific/Honolulu": gettext_noop("Hawaii time"),
    "UTC": gettext_noop("Coordinated Universal Time"),
}


def zone_words(zone: str) -> str:
    """Eastern time; Berlin time."""
    if zone in SPOKEN_ZONES:
        return _(SPOKEN_ZONES[zone])
    return _("%(city)s time") % {"city": zone.rpartition("/")[2].replace("_", " ")}
