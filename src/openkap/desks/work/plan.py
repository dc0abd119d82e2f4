"""The safety plan of one course, for the team: read, written with the patient, gone through, printed.

Decided here: who may look is asked of the one permit (`records.facts.safety_plan.about_plan`); for anyone
else the page is not there. Each look is kept, and the patient sees by whom.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.work.person import person_page
from openkap.door.enter import staff
from openkap.door.opening import tell_opening
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.door.plan_form import PlanForm
from openkap.permits import Act, Kind, Need, decide
from openkap.reads.header import header_of
from openkap.reads.safety_plan import plan_of
from openkap.records.facts.safety_plan import about_plan
from openkap.records.models import Course, PatientFile
from openkap.records.scoped import scoped
from openkap.records.standing import standing_of
from openkap.steps.refusal import tell_missed
from openkap.steps.safety_plan import review_plan, write_plan


@staff
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, course: UUID) -> HttpResponse:
    """The plan; its form where the reader may write it with the patient."""
    row = _course(request, course)
    shown = plan_of(scope(request), row, now())
    form = PlanForm(request.POST or None, plan=shown.now)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: write_plan(by=actor(request), at=now(), course=row, **form.for_step()))
        if done:
            messages.success(request, _("Kept. %(name)s sees it too.") % {"name": row.patient.name})
            return redirect("safety-plan", course=row.id)
        form.goes_on_from(plan_of(scope(request), row, now()).now)
    return _page(request, row, form)


@staff
@require_POST
def reviewed(request: HttpRequest, course: UUID) -> HttpResponse:
    """Gone through with the patient, and left as it is."""
    row = _course(request, course)
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: review_plan(
            by=actor(request), at=now(), course=row, submission=form.cleaned_data["submission"]
        ),
    )
    if done:
        messages.success(request, _("Today’s date stands on the plan."))
        return redirect("safety-plan", course=row.id)
    return _page(request, row, form)


def _course(request: HttpRequest, course: UUID) -> Course:
    row = Course.objects.select_related("patient", "organisation").filter(pk=course).first()
    if row is None or not decide(scope(request), Need(Kind.SAFETY_PLAN), about_plan(row, now())):
        tell_missed(by=actor(request), at=now(), model=Course, pk=str(course))
        raise Http404
    return row


def _page(request: HttpRequest, row: Course, form: StepForm) -> HttpResponse:
    subject = about_plan(row, now())
    tell_opening(request, _About(subject), "safety_plan", Kind.SAFETY_PLAN)
    shown = plan_of(scope(request), row, now())
    context: dict[str, Any] = {"plan": shown, "the_course": row, "practice": row.organisation}
    if "print" in request.GET:
        lines = [row.patient.name]
        sheet = {"organisation": row.organisation.name, "title": _("Safety plan"), "lines": lines}
        return render(request, "parts/plan_paper.html", {**context, "sheet": {**sheet, "printed_at": now()}})
    files = PatientFile.objects.select_related("patient", "organisation").filter(patient_id=row.patient_id)
    file = scoped(files, scope(request)).first()
    context |= {
        "form": form if isinstance(form, PlanForm) else PlanForm(plan=shown.now),
        "said": form,
        "may": bool(decide(scope(request), Need(Kind.SAFETY_PLAN, Act.ADD), subject)),
        "header": header_of(scope(request), file, now(), zone(request)) if file is not None else None,
        "file": file,
        "person_page": person_page(standing_of(actor(request), now()).roles),
        "name": row.patient.name,
    }
    return render(request, "work/plan.html", context, status=422 if form.errors else 200)


class _About:
    """The plan as what is opened, also before there is one."""

    def __init__(self, subject: Any) -> None:
        self._subject = subject

    def as_subject(self) -> Any:
        return self._subject
