"""A journal entry that a patient showed to whoever reads it, by name. Opening it is kept for the patient."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openkap.desks.work.person import person_page
from openkap.door.enter import staff
from openkap.door.page import actor, find, now, organisation, scope, zone
from openkap.reads.header import header_of
from openkap.records.facts.journal import words_of
from openkap.records.models import SharedEntry
from openkap.records.standing import standing_of
from openkap.steps.journal import read_entry


@staff
@require_GET
def entry(request: HttpRequest, shared: UUID) -> HttpResponse:
    """The words, as typed. Each opening is kept."""
    row = find(request, SharedEntry.objects.select_related("entry", "patient"), shared)
    read_entry(by=actor(request), at=now(), shared=row)
    file = row.patient.files.filter(organisation=organisation(request)).first()
    header = header_of(scope(request), file, now(), zone(request)) if file is not None else None
    context: dict[str, Any] = {"shared": row, "words": words_of(row.entry), "name": row.patient.name}
    context |= {
        "header": header,
        "file": file,
        "person_page": person_page(standing_of(actor(request), now()).roles),
    }
    with timezone.override(zone(request)):
        return render(request, "work/entry.html", context)
