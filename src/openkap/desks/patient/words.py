"""Words and pictures that several pages of this desk share."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.reads.window import WindowAt
from openkap.records.facts.clock import hour, long_day
from openkap.ui.window import Window


def window_shown(found: WindowAt) -> Window:
    """The window as its bar is drawn."""
    return Window(
        dose_ended_at=found.dose_ended_at,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        at=found.at,
        session_at=found.session_at,
    )


def today_or_day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Today, 9:12 am; Tomorrow, 10:00 am; Thursday, March 11, 10:00 am."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    named = {
        today: _("Today"),
        today + timedelta(days=1): _("Tomorrow"),
        today - timedelta(days=1): _("Yesterday"),
    }
    return f"{named.get(day) or long_day(day)}, {hour(at, zone)}"


def form_words(instrument: str, point: str) -> str:
    """When in the course a form is for, in words."""
    return {
        "before": _("Before your next dose. About three minutes"),
        "after": _("After your dose. About three minutes"),
        "baseline": _("Before you begin. About three minutes"),
    }.get(point, _("About three minutes"))


def visit_words(phase: str, lead: str, practice: str) -> str:
    """Dose with Jonah; Integration at Quiet Harbor Therapy."""
    what = {
        "evaluation": _("Evaluation"),
        "preparation": _("Preparation"),
        "dosing": _("Dose"),
        "integration": _("Integration"),
        "follow_up": _("Follow-up"),
    }[phase]
    if lead:
        return _("%(what)s with %(name)s") % {"what": what, "name": lead}
    return _("%(what)s at %(practice)s") % {"what": what, "practice": practice}


def became_words(became: str) -> str:
    """What became of a session, said without blame; nothing while it is coming."""
    return {
        "held": _("Held"),
        "called_off": _("Called off"),
        "missed": _("It did not take place"),
        "under_way": _("Under way"),
        "stopped": _("Ended early"),
        "past": _("Its time has passed"),
    }.get(became, "")
