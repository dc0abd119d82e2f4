"""The outcome of a patient's course, and who has looked at the record."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openkap.desks.clinic.patient_page import show, the_file
from openkap.door.enter import staff
from openkap.door.page import now, scope, zone
from openkap.permits import Kind
from openkap.reads.looked import looks_of
from openkap.reads.outcome import outcome_of
from openkap.reads.patient import course_of


@staff
def outcome(request: HttpRequest, file: UUID) -> HttpResponse:
    """Scores before and after, against doses and sessions."""
    row = the_file(request, file)
    course = course_of(scope(request), row)
    shown = outcome_of(scope(request), course, now(), zone(request)) if course is not None else None
    return show(
        request, "clinic/outcome.html", row, page="outcome", kind=Kind.MEASURES, file=row, outcome=shown
    )


@staff
def looked(request: HttpRequest, file: UUID) -> HttpResponse:
    """Who opened this record, and who was refused."""
    row = the_file(request, file)
    rows = looks_of(scope(request), row.patient_id, now(), zone(request))
    return show(request, "clinic/looked.html", row, page="looked", kind=Kind.TRAIL, file=row, looks=rows)
