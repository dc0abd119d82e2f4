"""The time as one person says it to another: "It is eleven twenty." For eyes that would rather rest.

Decided here: to the nearest five minutes, without am or pm: whoever rests needs the hour, not the clock
(the design's section 7, resting mode).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

STEP = 5
HOURS = (
    gettext_noop("twelve"),
    gettext_noop("one"),
    gettext_noop("two"),
    gettext_noop("three"),
    gettext_noop("four"),
    gettext_noop("five"),
    gettext_noop("six"),
    gettext_noop("seven"),
    gettext_noop("eight"),
    gettext_noop("nine"),
    gettext_noop("ten"),
    gettext_noop("eleven"),
)
MINUTES = {
    5: gettext_noop("oh five"),
    10: gettext_noop("ten"),
    15: gettext_noop("fifteen"),
    20: gettext_noop("twenty"),
    25: gettext_noop("twenty-five"),
    30: gettext_noop("thirty"),
    35: gettext_noop("thirty-five"),
    40: gettext_noop("forty"),
    45: gettext_noop("forty-five"),
    50: gettext_noop("fifty"),
    55: gettext_noop("fifty-five"),
}


def spoken_time(at: datetime, zone: ZoneInfo) -> str:
    """It is eleven twenty. It is one o'clock."""
    near = at.astimezone(zone) + timedelta(minutes=STEP / 2)
    hour, minute = near.hour % 12, near.minute // STEP * STEP
    said = {"hour": _(HOURS[hour])}
    # The number decides the verb where a language has one for one o'clock and another for the rest.
    counted = hour or 12
    if not minute:
        return ngettext("It is %(hour)s o'clock.", "It is %(hour)s o'clock.", counted) % said
    said["minutes"] = _(MINUTES[minute])
    return ngettext("It is %(hour)s %(minutes)s.", "It is %(hour)s %(minutes)s.", counted) % said
