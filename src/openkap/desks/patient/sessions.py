"""My sessions: what is coming and what was, and one session with what to know before it and after it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from openkap.desks.patient.frame import language_of, needed_course, show, tell_opened, zone_of
from openkap.desks.patient.words import became_words, today_or_day, visit_words
from openkap.door.enter import patient
from openkap.door.page import find, now, scope
from openkap.medicine.monitoring.instructions import Instructions, instructions
from openkap.reads.harm import told_of
from openkap.reads.my_sessions import before_dose, changes_of, visits, visits_of, went_home
from openkap.records.facts.dose import route_of
from openkap.records.facts.ways import had_therapy
from openkap.records.models import Session


@patient
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    course = needed_course(request)
    tell_opened(request, course, "sessions")
    at, zone = now(), zone_of(course)
    found = visits_of(scope(request), course, at)
    rows = [
        {
            "url": reverse("me-session", args=[visit.id]),
            "icon": "calendar",
            "title": f"{visit_words(visit.phase, visit.lead, visit.practice)}",
            "line": capfirst(
                ". ".join(filter(None, (today_or_day(visit.at, at, zone), became_words(visit.became))))
            ),
            "coming": not visit.became,
        }
        for visit in found
    ]
    return show(
        request,
        "patient/sessions.html",
        course,
        coming=[row for row in rows if row["coming"]],
        past=[row for row in reversed(rows) if not row["coming"]],
    )


@patient
@require_GET
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    """One session: when, where, with whom; before a dose what to mind, after it what to take along."""
    row = find(
        request,
        Session.objects.select_related("course__organisation", "lead", "room", "organisation"),
        session,
    )
    course = row.course
    tell_opened(request, course, "session")
    at, zone = now(), zone_of(course)
    visit = visits([row], changes_of(scope(request), course), at)[0]
    dosing = row.phase == Session.Phase.DOSING
    left = went_home(row) if dosing else None
    return show(
        request,
        "patient/session.html",
        course,
        visit=visit,
        what=visit_words(visit.phase, visit.lead, visit.practice),
        became=became_words(visit.became),
        when=today_or_day(visit.at, at, zone),
        dosing=dosing,
        before=before_dose(row, at) if dosing and not visit.became else None,
        left=left,
        told=told_of(row, language_of(request)) if dosing else (),
        take_along=_take_along(request, row) if left is not None else None,
    )


def _take_along(request: HttpRequest, row: Session) -> Instructions:
    """What went home in writing, for how this dose was given and by which way of care."""
    return instructions(route_of(row), language_of(request), therapy=had_therapy(row))
