"""The whole course on paper, for the patient's record: what the reader's Scope allows, and nothing more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.desks.clinic.patient_page import the_course
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import now, scope, zone
from openkap.door.pdf import NoPaper, pdf_of, size_for
from openkap.permits import Kind
from openkap.reads.course_paper import paper_of
from openkap.records.facts.clock import day, moment
from openkap.records.models import Course

TEMPLATE = "clinic/course_paper.html"


@staff
@require_GET
def course_paper(request: HttpRequest, course: UUID) -> HttpResponse:
    """Evaluation, consents, doses, vitals, notes for the course, scores and the end. Never process notes."""
    row = the_course(request, course)
    tell_opening(request, row, "course_paper", Kind.SCHEDULE)
    return render(request, TEMPLATE, {**_paper(request, row), "on_screen": True, "course": row})


@staff
@require_GET
def course_pdf(request: HttpRequest, course: UUID) -> HttpResponse:
    """The same as a tagged PDF, on Letter or A4 as the place has it, or as `size` asks. Kept nowhere."""
    row = the_course(request, course)
    tell_opening(request, row, "course_paper", Kind.SCHEDULE)
    size = size_for(row.organisation.country, request.GET.get("size", ""))
    try:
        made = pdf_of(render_to_string(TEMPLATE, _paper(request, row), request), size)
    except NoPaper as missing:
        return render(request, "errors/503.html", {"reason": str(missing)}, status=503)
    name = f"course-{row.opened_at.astimezone(zone(request)):%Y-%m-%d}.pdf"
    reply = HttpResponse(made, content_type="application/pdf")
    reply.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return reply


def _paper(request: HttpRequest, row: Course) -> dict[str, Any]:
    born = row.patient.born_on
    printed = moment(now(), zone(request))
    sheet = {
        "organisation": row.organisation.name,
        "title": _("Course record"),
        "person": row.patient.legal_name,
        "version": _("printed %(when)s") % {"when": printed},
        "lines": [
            row.patient.legal_name,
            _("Born %(day)s") % {"day": day(born)} if born else _("Birth date not known"),
            row.organisation.phone,
            printed,
        ],
    }
    return {"sheet": sheet, "paper": paper_of(scope(request), row, now(), zone(request))}
