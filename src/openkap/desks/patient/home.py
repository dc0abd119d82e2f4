"""The patient's first page: what is next, and who can help now.

Decided here: one page for each state of a course, and one thing first. While a dose acts it is the resting
screen; from going home until the next morning it says little; else the next session stands first.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.desks.patient.frame import me, show, tell_opened, zone_of
from openkap.desks.patient.kind_words import said_of
from openkap.desks.patient.resting import render_resting
from openkap.desks.patient.words import form_row, today_or_day, visit_words, window_shown
from openkap.door.enter import patient
from openkap.door.page import now, scope
from openkap.reads.patient_home import Home, home_of
from openkap.reads.ways import way_words
from openkap.records.facts.clock import long_day
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
    if found.resting is not None or found.home is not None:
        return render_resting(request, found)
    practice = found.practice.name if found.practice is not None else ""
    return show(
        request,
        "patient/home.html",
        found.course,
        home=found,
        greeting=found.name if found.standing.what == "died" else _greeting(at, zone, found.name),
        line=_line(found, at, zone),
        said=said_of(found.standing, practice, zone),
        window=window_shown(found.window) if found.window and not found.standing.is_end else None,
        next_when=today_or_day(found.next.at, at, zone) if found.next else "",
        next_day=long_day(found.next.at.astimezone(zone).date()) if found.next else "",
        next_what=visit_words(found.next.phase, found.next.lead, found.next.practice) if found.next else "",
        plan_practice=_who_plans(found),
        to_sign=_to_sign(found),
        asked=_asked(found, zone),
        own=_own(found, at, zone),
        way=way_words(found.way) if found.way is not None and not found.standing.is_end else None,
    )


def _greeting(at: datetime, zone: ZoneInfo, name: str) -> str:
    hour = at.astimezone(zone).hour
    if hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _line(found: Home, at: datetime, zone: ZoneInfo) -> str:
    day = long_day(at.astimezone(zone).date())
    if not found.doses:
        return capfirst(f"{day}.")
    counted = ngettext("%(done)s of %(all)s dose done.", "%(done)s of %(all)s doses done.", found.doses)
    return capfirst(f"{day}. ") + counted % {"done": found.doses_done, "all": found.doses}


def _who_plans(found: Home) -> str:
    """Where nothing is planned yet and the course goes on: who plans the next visit."""
    waits = found.standing.what in ("not_now", "taken_back", "said_no") or found.standing.is_end
    return "" if found.next is not None or waits or found.practice is None else found.practice.name


def _asked(found: Home, zone: ZoneInfo) -> list[Row]:
    """The forms that were sent to this person and wait, and what they may write at any time."""
    rows = [form_row(ask, zone) for ask in found.asks]
    if found.course is not None and found.standing.what != "died":
        line = _("Private until you show it to someone")
        rows.append(_row("me-journal", "notebook-pen", _("Write a note"), line))
    return rows


def _to_sign(found: Home) -> dict[str, str]:
    """A consent that waits stands before everything else: no dose comes without it."""
    if not found.signing or found.standing.what:
        return {}
    line = {
        "talk": _("Someone of your practice goes through it with you first. They were told."),
        "gone_through": _("It was gone through with you. You can sign it now."),
    }.get(found.signing, found.again or _("What you agree to before a dose"))
    return {"title": _("Read and sign again") if found.again else _("Read and sign"), "line": line}


def _own(found: Home, at: datetime, zone: ZoneInfo) -> list[Row]:
    if found.course is None:
        return []
    seers = ", ".join(found.seers)
    shared = _("%(names)s, and your clinic") % {"names": seers} if seers else _("Your clinic only")
    looked = today_or_day(found.looked_at, at, zone) if found.looked_at else ""
    answered = ngettext("%(n)s form answered", "%(n)s forms answered", found.scores) % {"n": found.scores}
    signed = ngettext("%(n)s document", "%(n)s documents", found.documents) % {"n": found.documents}
    rows = [
        _row("me-sessions", "calendar", _("Your sessions"), _("What is coming, and what was")),
        _row("me-sharing", "users", _("Who can see what"), shared),
        _row(
            "me-looked",
            "eye",
            _("Who has looked"),
            _("Last opened %(when)s") % {"when": looked} if looked else _("Nobody yet"),
        ),
        _row(
            "me-outcome",
            "chart-line",
            _("How you are doing"),
            answered if found.scores else _("After your first form"),
        ),
        _row(
            "me-documents", "file-text", _("What you signed"), signed if found.documents else _("Nothing yet")
        ),
        _row("me-safety", "shield", _("When it gets hard"), _("Your safety plan, and the numbers")),
        _row("me-help", "phone", _("Reach someone"), _("Numbers, and what to put right")),
    ]
    if found.course.ended_at is None and found.standing.what not in ("evaluation", "not_now"):
        rows.insert(1, _prepare_row(found))
    return rows


def _prepare_row(found: Home) -> Row:
    """Preparation where the way of care has it; else only what any dose asks: comfort and touch."""
    if found.way is not None and not found.way.has_therapy:
        line = _("What helps you, and what touch is all right")
        return _row("me-preparation", "list-checks", _("Before a dose"), line)
    line = _("Hopes, worries, and what touch is all right")
    return _row("me-preparation", "list-checks", _("Prepare"), line)


def _row(name: str, icon: str, title: str, line: str) -> Row:
    return {"url": reverse(name), "icon": icon, "title": title, "line": line}
