"""What every page of the calendar begins with: the patient's header, the opening told, one's own clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from openkap.door.opening import tell_opening
from openkap.door.page import find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.booking import file_here
from openkap.reads.header import header_of
from openkap.records.models import Course, Organisation, PatientFile, Proposal, Session

ROWS = ("course__organisation", "course__patient", "organisation", "patient", "room", "lead")


def the_session(request: HttpRequest, session: UUID, act: Act = Act.SEE) -> Session:
    """A session this practice may see (its own, or one of a course that is shared with it), else 404."""
    return find(request, Session.objects.select_related(*ROWS), session, act)


def schedule_only(request: HttpRequest) -> None:
    """A list of dates is for those who see any; to others it is not there."""
    if not scope(request).allowing(Need(Kind.SCHEDULE)):
        raise Http404


def may_change(request: HttpRequest, row: Session) -> bool:
    """Only the practice that holds a session changes it. The step asks again."""
    subject = Subject(Kind.SCHEDULE, row.organisation_id, row.patient_id, row.course_id, row.id)
    return bool(decide(scope(request), Need(Kind.SCHEDULE, Act.ADD), subject))


def show(
    request: HttpRequest,
    template: str,
    about: Session | Course | Proposal,
    *,
    page: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page of this patient; the opening is told (`door.opening`)."""
    here = organisation(request)
    file = file_here(scope(request), here, about.patient_id)
    tell_opening(request, about, page, Kind.SCHEDULE)
    course = about if isinstance(about, Course) else about.course
    shown = {
        "header": header_of(scope(request), file or course, now(), zone(request)),
        "here": here,
        "back_url": patient_page(file, here),
        **context,
    }
    with timezone.override(zone(request)):
        return render(request, template, shown, status=status)


def patient_page(file: PatientFile | None, here: Organisation) -> str:
    """The patient's own page at this practice: the chart in a clinic, the person's page elsewhere."""
    if file is None:
        return reverse("calendar")
    name = "practice-person" if here.what == Organisation.What.THERAPY else "care-patient"
    try:
        return reverse(name, args=[file.id])
    except NoReverseMatch:
        return reverse("calendar")
