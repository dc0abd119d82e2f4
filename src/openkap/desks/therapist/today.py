"""Today, windows and people: three lists of the same practice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.door.enter import staff
from openkap.door.page import actor, now, organisation, scope, zone
from openkap.reads.practice import Owed, Today, files_of
from openkap.reads.practice import people as people_of
from openkap.reads.practice import today as today_of
from openkap.reads.said import ago, stretch
from openkap.reads.window import WindowAt, windows_of
from openkap.reads.work import REQUEST
from openkap.records.facts.clock import hour, long_day, moment, soon
from openkap.ui.window import Window

A_WEEK = timedelta(days=6)

# How long a window that has closed stays on the list of a whole practice; a person's page has them all.
LATELY = timedelta(days=14)


@staff
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Whose window is open, who comes today, what is owed."""
    here, practice = zone(request), organisation(request)
    found = today_of(scope(request), practice.id, now(), here, reader=actor(request).person)
    return _render(
        request,
        "practice/today.html",
        windows=[window_row(window, found.files, request) for window in found.windows],
        sessions=[_session_row(session, found, request) for session in found.sessions],
        owed=[owed_row(owed, request) for owed in found.owed],
        day=long_day(now().astimezone(here).date()),
    )


@staff
@require_GET
def windows(request: HttpRequest) -> HttpResponse:
    """The windows one may see: those that close next first, those that closed lately last."""
    files = files_of(scope(request), organisation(request).id)
    every = windows_of(scope(request), now())
    found = sorted((w for w in every if w.at - w.closes_at < LATELY), key=_next_first)
    cards = [{"window": window_shown(w), "found": w, "file": files.get(w.patient)} for w in found]
    return _render(request, "practice/windows.html", cards=cards, older=len(every) > len(found))


def _next_first(window: WindowAt) -> tuple[bool, bool, float]:
    over, closes = window.phase == "after", window.closes_at.timestamp()
    return over, window.phase == "before", -closes if over else closes


@staff
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    found = people_of(scope(request), organisation(request).id, now(), asked=asked)
    rows = [{"who": someone, "words": window_words(someone.window, request)} for someone in found]
    return _render(request, "practice/people.html", rows=rows, asked=asked)


def window_shown(found: WindowAt) -> Window:
    """The window as its bar is drawn."""
    return Window(found.dose_ended_at, found.opens_at, found.closes_at, found.at, found.session_at)


def window_words(window: WindowAt | None, request: HttpRequest) -> str:
    """46 hours left; Opens Wed 11:00 am; Held in the window; Closed Fri 11:00 am, no session."""
    if window is None:
        return ""
    here = zone(request)
    if window.kept:
        return _("Held in the window")
    if window.phase == "before":
        return _("Opens %(when)s") % {"when": soon(window.opens_at, here)}
    if window.phase == "open":
        return _("%(time)s left") % {"time": stretch(window.closes_at - window.at)}
    return _("Closed %(when)s, no session") % {"when": soon(window.closes_at, here)}


def window_row(window: WindowAt, files: dict[Any, Any], request: HttpRequest) -> dict[str, Any]:
    """A window as a row of work: who, how long, and the one thing to do."""
    file = files.get(window.patient)
    here = zone(request)
    if window.session_at is not None:
        line = _("Session %(when)s") % {"when": soon(window.session_at, here)}
    else:
        line = _("No session is held in it")
    row: dict[str, Any] = {
        "icon": "clock",
        "level": "caution" if window.missed or (window.needs_session and window.phase == "open") else "",
        "title": _("%(name)s, after dose %(n)s") % {"name": window.name, "n": window.dose},
        "url": reverse("practice-person", args=[file]) if file else "",
        "line": line,
        "when": window_words(window, request),
        "late": window.missed,
    }
    if file and window.needs_session:
        row |= {"action_url": reverse("practice-hold", args=[file]), "action_words": _("Hold a session")}
    return row


def owed_row(owed: Owed, request: HttpRequest) -> dict[str, Any]:
    """A task as a row of work, with the way to do it."""
    row: dict[str, Any] = {
        "icon": "square",
        "title": owed.text,
        "url": reverse("practice-person", args=[owed.file]) if owed.file else "",
        "line": "",
        "when": _due(owed, request),
        "late": owed.late,
    }
    if owed.what == "integration_note" and owed.session:
        row |= {"action_url": reverse("practice-note", args=[owed.session]), "action_words": _("Write note")}
    elif owed.what.startswith(REQUEST):
        asked = UUID(owed.what.removeprefix(REQUEST))
        row |= {"action_url": reverse("desk-request", args=[asked]), "action_words": _("Answer it")}
    elif owed.what in ("proposal", "proposal_waits"):
        row |= {"action_url": reverse("calendar-proposals"), "action_words": _("Look at it")}
    elif owed.what in ("hand_over_before", "read_hand_back") and owed.session:
        around = reverse("team-dose", args=[owed.session])
        row |= {"action_url": around, "action_words": _("Around this dose")}
    elif owed.what in ("window_ahead", "window_closing", "hold_integration") and owed.file:
        row |= {"action_url": reverse("practice-hold", args=[owed.file]), "action_words": _("Hold a session")}
    return row


def _due(owed: Owed, request: HttpRequest) -> str:
    """Due 3 hours ago; Due Wed 11:00 am; further off, with its date."""
    at, here = now(), zone(request)
    if owed.late:
        return _("Due %(ago)s") % {"ago": ago(owed.due_at, at)}
    said = soon if owed.due_at - at < A_WEEK else moment
    return _("Due %(when)s") % {"when": said(owed.due_at, here)}


def _session_row(session: Any, found: Today, request: HttpRequest) -> dict[str, Any]:
    file = found.files.get(session.patient_id)
    return {
        "icon": "user",
        "title": session.patient.name,
        "url": reverse("practice-person", args=[file]) if file else "",
        "line": session.get_phase_display() + (f", {session.lead.name}" if session.lead else ""),
        "when": hour(session.planned_from, zone(request)),
        "action_url": reverse("practice-note", args=[session.id]),
        "action_words": _("Note"),
    }


def _render(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    with timezone.override(zone(request)):
        return render(request, template, context)
