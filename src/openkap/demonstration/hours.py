"""When invented people work: on working days and by day, as far as a demonstration made at any hour allows.

Decided here: what lies behind is at a practice's own hours, and never at a weekend. Only what must have begun
so many hours ago, for a window that is open or a person who rests, may fall on one. Two doses do not share a
room or a nurse, nor two patients a therapist.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from openkap.records.models import Room, Session

DAY = timedelta(days=1)
SATURDAY, WEEK = 5, 7
FIRST, LAST = 7, 16  # whole hours in which a visit begins
MID_WEEK = 2  # the last weekday on which a dose leaves a window that is no weekend


def working_day(day: date, today: date) -> date:
    """The working day that stands for `day`: itself, the Friday before a weekend that lies behind, the Monday
    after one to come. So doses a week apart are never closer than a week to the one of today."""
    weekday = day.weekday()
    if weekday < SATURDAY or day == today:
        return day
    return day + (WEEK - weekday) * DAY if day > today else day - (weekday - SATURDAY + 1) * DAY


def early_in_the_week(day: date) -> date:
    """This day or the Monday after it: the days after a dose are then working days."""
    return day if day.weekday() <= MID_WEEK else day + (WEEK - day.weekday()) * DAY


def by_day(latest: datetime, zone: ZoneInfo) -> datetime:
    """The last minute up to `latest` at which a visit may begin, on whatever day."""
    local = latest.astimezone(zone).replace(second=0, microsecond=0)
    if local.hour < FIRST:
        local -= DAY
        return local.replace(hour=LAST, minute=0)
    return local if local.hour < LAST else local.replace(hour=LAST, minute=0)


def from_then_on(earliest: datetime, zone: ZoneInfo, first: int, last: int) -> datetime:
    """The first quarter of an hour after `earliest` that lies between these hours, on whatever day."""
    local = earliest.astimezone(zone)
    local = local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
    if local.hour >= last:
        local += DAY
    return local if first <= local.hour < last else local.replace(hour=first, minute=0)


def is_free(
    starts: datetime, minutes: int, *, room: Room | None = None, lead: object = None, patient: object = None
) -> bool:
    """Whether nobody else is, or was, in this room or with this person at that time."""
    there = Session.objects.filter(
        planned_from__lt=starts + timedelta(minutes=minutes), planned_to__gt=starts
    ).exclude(state__in=("cancelled", "no_show"))
    taken = there.values_list("room_id", "lead_id", "patient_id")
    wanted = (room.id if room is not None else None, lead, patient)
    return not any(ask is not None and ask in row for row in taken for ask in wanted)


def hours_from(hour: int) -> list[int]:
    """The hours of a day in which a visit may begin, those from `hour` on first."""
    whole = list(range(9, LAST))
    return [one for one in whole if one >= hour] + [one for one in whole if one < hour]
