"""What every page of one patient begins with: the file within Scope, the opening told, the header."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openkap.door.page import actor, find, now, scope, zone
from openkap.permits import Kind
from openkap.reads.header import header_of
from openkap.records.models import Course, PatientFile
from openkap.steps.open import open_record

BACKGROUND = "X-OpenKAP-Background"


def the_file(request: HttpRequest, file: UUID) -> PatientFile:
    """The file, or 404."""
    return find(request, PatientFile.objects.select_related("patient", "organisation"), file)


def the_course(request: HttpRequest, course: UUID) -> Course:
    """The course, or 404."""
    return find(request, Course.objects.select_related("patient", "organisation"), course)


def show(
    request: HttpRequest,
    template: str,
    about: PatientFile | Course,
    *,
    page: str,
    kind: Kind = Kind.IDENTITY,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page of this patient; a first look (not a refresh, not a form sent back) is told."""
    if request.method == "GET" and not request.headers.get(BACKGROUND):
        open_record(by=actor(request), at=now(), about=about, page=page, kind=kind)
    header = header_of(scope(request), about, now(), zone(request))
    return render(request, template, {"header": header, "tab": page, **context}, status=status)
