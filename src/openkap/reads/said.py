"""How long and how much, as a page says it. A day or an hour in words: `records/facts/clock.py`.

Decided here: below two hours in minutes, below two days in hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
