"""What this practice was shown of one person: its own dated list, kept when sharing has stopped."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from openkap.desks.therapist.person import show, the_file
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import now, scope, zone
from openkap.reads.header import header_of
from openkap.reads.shown import shown_to


@staff
@require_GET
def shown(request: HttpRequest, file: UUID) -> HttpResponse:
    row = the_file(request, file)
    tell_opening(request, row, "shown")
    return show(
        request,
        "practice/shown.html",
        header=header_of(scope(request), row, now(), zone(request)),
        file=row,
        lines=shown_to(scope(request), row.patient_id, zone(request)),
    )
