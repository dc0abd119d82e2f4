"""Words and pictures that several pages of this desk share."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.course.pace import minutes_of
from openkap.medicine.instruments import instrument
from openkap.reads.patient_home import Ask
from openkap.reads.rows import instrument_name
from openkap.reads.window import WindowAt
from openkap.records.facts.clock import hour, long_day
from openkap.records.facts.phases import phase_words
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


def form_row(ask: Ask, zone: ZoneInfo) -> dict[str, str]:
    """A form that waits, as a row: what it asks about, of which day, and when in the course it is for."""
    sent = long_day(ask.since.astimezone(zone).date()) if ask.since is not None else ""
    return {
        "url": reverse("me-form", args=[ask.course, ask.instrument, ask.point]),
        "icon": "message-square",
        "title": form_title(ask.instrument),
        "line": ". ".join(filter(None, (capfirst(sent), form_words(ask.point), _how_far(ask)))),
    }


def form_title(instrument: str) -> str:
    """What a form asks about, in words for whoever is asked; one without such words bears its own name."""
    subject = {
        "phq9": _("A few questions: your mood"),
        "phq2": _("Two questions: your mood"),
        "gad7": _("A few questions: worry"),
        "pcl5": _("A few questions: after something very hard"),
        "cssrs_recent": _("A few questions: how safe you are"),
        "cssrs_slc": _("A few questions: how safe you are"),
        "pcptsd5": _("A few questions: after something very hard"),
        "auditc": _("A few questions: alcohol"),
        "audit": _("A few questions: alcohol"),
        "dast10": _("A few questions: drugs other than alcohol"),
        "asrm": _("A few questions: energy and sleep"),
        "bladder_check": _("A few questions: your bladder"),
        "session_feedback": _("A few questions: your last session"),
        "pgi_c": _("One question: what has changed"),
        "who5": _("A few questions: how you have been"),
        "daily": _("One question: your day"),
        "weekly": _("One question: your week"),
    }.get(instrument)
    return subject or _("A few questions: %(name)s") % {"name": instrument_name(instrument)}


def form_words(point: str) -> str:
    """When in the course a form is for, in words; blank where that goes without saying."""
    return {
        "before": _("Before your next dose"),
        "after": _("After your dose"),
    }.get(point.partition("_")[0], "")


def _how_far(ask: Ask) -> str:
    """How long it takes; or, where it was begun, how far it is."""
    if ask.done:
        questions = len(instrument(ask.instrument).items)
        return _("%(n)s of %(of)s answered: go on") % {"n": ask.done, "of": questions}
    if ask.can_wait:
        return _("One longer form a day is enough: this one can wait until tomorrow")
    minutes = minutes_of(ask.instrument)
    return ngettext("About %(n)s minute", "About %(n)s minutes", minutes) % {"n": minutes}


def visit_words(phase: str, lead: str, practice: str) -> str:
    """Dose with Jonah; Integration at Quiet Harbor Therapy."""
    what = phase_words(phase)
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
