"""The whole course on paper, for the patient's record: what the reader's Scope allows, and nothing more."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.desks.clinic.patient_page import the_course
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import now, scope, zone
from openkap.permits import Kind
from openkap.reads.course_paper import paper_of
from openkap.reads.said import day, moment


@staff
@require_GET
def course_paper(request: HttpRequest, course: UUID) -> HttpResponse:
    """Evaluation, consents, doses, vitals, notes for the course, scores and the end. Never process notes."""
    row = the_course(request, course)
    tell_opening(request, row, "course_paper", Kind.SCHEDULE)
    born = row.patient.born_on
    sheet = {
        "organisation": row.organisation.name,
        "title": _("Course record"),
        "person": row.patient.legal_name,
        "lines": [
            row.patient.legal_name,
            _("Born %(day)s") % {"day": day(born)} if born else _("Birth date not known"),
            row.organisation.phone,
            moment(now(), zone(request)),
        ],
    }
    paper = paper_of(scope(request), row, now(), zone(request))
    return render(request, "clinic/course_paper.html", {"sheet": sheet, "paper": paper})
