"""A journal entry that a patient showed to whoever reads it, by name. Opening it is kept for the patient."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openkap.door.enter import staff
from openkap.door.page import actor, find, now
from openkap.records.facts.journal import words_of
from openkap.records.models import SharedEntry
from openkap.steps.journal import read_entry


@staff
@require_GET
def entry(request: HttpRequest, shared: UUID) -> HttpResponse:
    """The words, as typed. Each opening is kept."""
    row = find(request, SharedEntry.objects.select_related("entry", "patient"), shared)
    read_entry(by=actor(request), at=now(), shared=row)
    return render(
        request,
        "work/entry.html",
        {
            "shared": row,
            "words": words_of(row.entry),
            "name": row.patient.name,
            "file": row.patient.files.filter(organisation_id=actor(request).organisation).first(),
        },
    )
