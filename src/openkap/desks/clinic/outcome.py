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
from openkap.reads.outcome_beside import beside_of, chosen
from openkap.reads.patient import course_of


@staff
def outcome(request: HttpRequest, file: UUID) -> HttpResponse:
    """Scores against doses and sessions, by one form at a time, with the others in small."""
    row = the_file(request, file)
    course = course_of(scope(request), row)
    name = chosen(request.GET.get("form", ""))
    shown = beside = None
    if course is not None:
        beside = beside_of(scope(request), course, now(), zone(request), name)
        rule = request.GET.get("rule", "")
        shown = outcome_of(scope(request), course, now(), zone(request), name, notes=beside.notes, rule=rule)
    return show(
        request,
        "clinic/outcome.html",
        row,
        page="outcome",
        kind=Kind.MEASURES,
        file=row,
        outcome=shown,
        beside=beside,
        form_shown=name,
    )


@staff
def looked(request: HttpRequest, file: UUID) -> HttpResponse:
    """Who opened this record, and who was refused."""
    row = the_file(request, file)
    rows = looks_of(scope(request), row.patient_id, now(), zone(request))
    return show(request, "clinic/looked.html", row, page="looked", kind=Kind.TRAIL, file=row, looks=rows)
