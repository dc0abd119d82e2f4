"""The patient's first page: what is next, and who can help now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.desks.patient.frame import me, show, tell_opened, zone_of
from openkap.desks.patient.words import form_words, today_or_day, window_shown
from openkap.door.enter import patient
from openkap.door.page import now, scope
from openkap.reads.patient_home import Home, home_of
from openkap.reads.said import clock
from openkap.records.models import Person

Row = dict[str, str]


@patient
def home(request: HttpRequest) -> HttpResponse:
    """What is next; while a dose acts, the resting screen and nothing else."""
    person: Person = me(request)
    at = now()
    found = home_of(scope(request), person, at)
    tell_opened(request, found.course, "own_home")
    zone = zone_of(found.practice)
    if found.resting is not None:
        return show(request, "patient/resting.html", found.course, home=found, clock=clock(at, zone))
    return show(
        request,
        "patient/home.html",
        found.course,
        home=found,
        greeting=_greeting(at, zone, found.name),
        line=_line(found, at, zone),
        window=window_shown(found.window) if found.window else None,
        next_when=today_or_day(found.next.at, at, zone) if found.next else "",
        next_day=date_format(found.next.at.astimezone(zone), "l, F j") if found.next else "",
        next_what=_next_what(found),
        asked=_asked(found),
        own=_own(found, at, zone),
    )


def _greeting(at: datetime, zone: ZoneInfo, name: str) -> str:
    hour = at.astimezone(zone).hour
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _line(found: Home, at: datetime, zone: ZoneInfo) -> str:
    day = date_format(at.astimezone(zone), "l, F j")
    if not found.doses:
        return f"{day}."
    counted = ngettext("%(done)s of %(all)s dose done.", "%(done)s of %(all)s doses done.", found.doses)
    return f"{day}. " + counted % {"done": found.doses_done, "all": found.doses}


def _next_what(found: Home) -> str:
    if found.next is None:
        return ""
    what = {
        "evaluation": _("Evaluation"),
        "preparation": _("Preparation"),
        "dosing": _("Dose"),
        "integration": _("Integration"),
        "follow_up": _("Follow-up"),
    }[found.next.phase]
    if found.next.lead:
        return _("%(what)s with %(name)s") % {"what": what, "name": found.next.lead}
    return _("%(what)s at %(practice)s") % {"what": what, "practice": found.next.practice}


def _asked(found: Home) -> list[Row]:
    """What was sent to this person and waits: first what must be read, then the forms."""
    rows = []
    if found.consent in ("unsigned", "older"):
        title = _("Read and sign") if found.consent == "unsigned" else _("A newer text to read and sign")
        rows.append(
            {
                "url": reverse("me-consent"),
                "icon": "signature",
                "title": title,
                "line": _("What you agree to before a dose"),
            }
        )
    rows.extend(
        {
            "url": reverse("me-form", args=[ask.course, ask.instrument, ask.point]),
            "icon": "message-square",
            "title": _("A few questions"),
            "line": form_words(ask.instrument, ask.point),
        }
        for ask in found.asks
    )
    return rows


def _own(found: Home, at: datetime, zone: ZoneInfo) -> list[Row]:
    if found.course is None:
        return []
    seers = ", ".join(found.seers)
    shared = _("%(names)s, and your clinic") % {"names": seers} if seers else _("Your clinic only")
    looked = today_or_day(found.looked_at, at, zone) if found.looked_at else ""
    return [
        {"url": reverse("me-sharing"), "icon": "users", "title": _("Who can see what"), "line": shared},
        {
            "url": reverse("me-looked"),
            "icon": "eye",
            "title": _("Who has looked"),
            "line": _("Last opened %(when)s") % {"when": looked} if looked else _("Nobody yet"),
        },
        {
            "url": reverse("me-outcome"),
            "icon": "chart-line",
            "title": _("How you are doing"),
            "line": ngettext("%(n)s form answered", "%(n)s forms answered", found.scores)
            % {"n": found.scores}
            if found.scores
            else _("After your first form"),
        },
        {
            "url": reverse("me-documents"),
            "icon": "file-text",
            "title": _("What you signed"),
            "line": ngettext("%(n)s document", "%(n)s documents", found.documents) % {"n": found.documents}
            if found.documents
            else _("Nothing yet"),
        },
    ]
