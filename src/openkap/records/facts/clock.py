"""A time inside a sentence that is kept: a task, a proposal, a refusal.

Decided here: it is told as the reader's practice reads its clock; where the other practice's clock shows
something else at that moment, the zone is named, so that two people never read one time two ways.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from openkap.records.models import Organisation


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


def hour(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "g:i a").replace(".", "")


def zone_name(at: datetime, zone: ZoneInfo) -> str:
    """EST, CET; where a zone has no letters, its hours from UTC."""
    name = at.astimezone(zone).tzname() or ""
    return name if name.isalpha() else f"UTC{name}"
