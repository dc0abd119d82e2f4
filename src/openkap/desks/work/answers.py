"""What was answered to the forms of one course: from a task, the chart, a therapist's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openkap.desks.work.person import person_page
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import actor, find, now, organisation, scope, zone
from openkap.permits import Kind
from openkap.reads.filled import filled_of
from openkap.reads.header import header_of
from openkap.records.models import Course
from openkap.records.standing import standing_of


@staff
@require_GET
def answers(request: HttpRequest, course: UUID) -> HttpResponse:
    """Every form, the newest open. Whoever may not see measures finds no such page."""
    row = find(request, Course.objects.select_related("patient", "organisation"), course)
    filled = filled_of(scope(request), row, zone(request))
    # As of the newest answer, where a patient lets another practice see what came after a day.
    tell_opening(request, filled[0].response if filled else row, "answers", Kind.MEASURES)
    file = row.patient.files.filter(organisation=organisation(request)).first()
    context: dict[str, Any] = {
        "course": row,
        "filled": filled,
        "file": file,
        "header": header_of(scope(request), file, now(), zone(request)) if file is not None else None,
        "person_page": person_page(standing_of(actor(request), now()).roles),
    }
    return render(request, "work/answers.html", context)
