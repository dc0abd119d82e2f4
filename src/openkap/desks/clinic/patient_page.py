"""What every page of one patient begins with: the file within Scope, the opening told, the header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.door.opening import tell_opening
from openkap.door.page import find, now, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.header import Header, header_of
from openkap.records.base import Clinical
from openkap.records.compiled import Compiled
from openkap.records.models import Course, PatientFile
from openkap.records.scoped import scoped

FILES: Compiled[PatientFile] = Compiled(
    PatientFile, lambda pk: PatientFile.objects.select_related("patient", "organisation").filter(pk=pk)
)
COURSES: Compiled[Course] = Compiled(
    Course, lambda pk: Course.objects.select_related("patient", "organisation").filter(pk=pk)
)


def the_file(request: HttpRequest, file: UUID) -> PatientFile:
    """The file, or 404."""
    return find(request, FILES, file)


def the_course(request: HttpRequest, course: UUID) -> Course:
    """The course, or 404."""
    return find(request, COURSES, course)


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
    """Render a page of this patient; the opening is told (`door.opening`)."""
    tell_opening(request, about, page, kind)
    header = header_of(scope(request), about, now(), zone(request))
    shown = {
        "header": header,
        "header_actions": "clinic/tabs.html",
        "tabs": _tabs(request, about, header, page),
    }
    return render(request, template, {**shown, **context}, status=status)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


def _tabs(request: HttpRequest, about: PatientFile | Course, header: Header, page: str) -> list[Tab]:
    """The pages of this patient that the reader may open."""
    wanted = [("chart", "care-patient", header.file, Kind.IDENTITY, _("Chart"))]
    if header.course_here:
        wanted.append(("evaluation", "care-evaluation", header.course, Kind.CLINICAL, _("Evaluation")))
        wanted.append(("lists", "care-lists", header.file, Kind.CLINICAL, _("Medicines")))
        wanted.append(("papers", "care-papers", header.file, Kind.CLINICAL, _("Papers")))
        wanted.append(("outcome", "care-outcome", header.file, Kind.MEASURES, _("Outcome")))
    if header.course_here:
        wanted.append(("safety_plan", "safety-plan", header.course, Kind.SAFETY_PLAN, _("Safety plan")))
        wanted.append(("ending", "care-end", header.course, Kind.SCHEDULE, _("Course")))
    wanted.append(("contact", "care-contact", header.file, Kind.IDENTITY, _("Contact")))
    wanted.append(("looked", "care-looked", header.file, Kind.TRAIL, _("Who has looked")))
    tabs = []
    for name, address, id_, kind, label in wanted:
        subject = Subject(kind, about.organisation_id, about.patient_id, header.course, at=now())
        if id_ is not None and decide(scope(request), Need(kind, Act.SEE), subject):
            tabs.append(Tab(label, reverse(address, args=[id_]), name == page))
    return tabs


def may_clinical(request: HttpRequest, row: PatientFile) -> dict[str, bool]:
    """Which acts on clinical facts a page of this file offers. The step asks again."""

    def allowed(act: Act) -> bool:
        subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, at=now())
        return bool(decide(scope(request), Need(Kind.CLINICAL, act), subject))

    return {"note": allowed(Act.ADD), "correct": allowed(Act.CORRECT)}


def file_of(request: HttpRequest, fact: Clinical) -> PatientFile:
    """The file that a fact belongs to, within Scope; 404 where there is none."""
    rows = PatientFile.objects.select_related("patient", "organisation").filter(
        patient_id=fact.patient_id, organisation_id=fact.organisation_id
    )
    found = scoped(rows, scope(request)).first()
    if found is None:
        raise Http404
    return found
