"""Medicines and allergies: both lists, what becomes of each line, and going through them with the patient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.clinic.forms import NoteForm
from openkap.desks.clinic.patient_page import file_of, may_clinical, show, the_file
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, scope, zone
from openkap.permits import Act, Kind
from openkap.reads.living import gone_through, living_of
from openkap.reads.patient import course_of
from openkap.records.models import Allergy, Medication, PatientFile
from openkap.steps.evaluation import confirm_fact
from openkap.steps.medicines import (
    end_allergy,
    hold_medicine,
    note_allergy,
    note_medicine,
    reconcile,
    restart_medicine,
    stop_medicine,
)

MODELS: dict[str, type[Medication | Allergy]] = {"medication": Medication, "allergy": Allergy}
CHANGES: dict[tuple[str, str], Callable[..., Any]] = {
    ("medication", "stop"): stop_medicine,
    ("medication", "hold"): hold_medicine,
    ("medication", "restart"): restart_medicine,
    ("allergy", "end"): end_allergy,
}


class LineForm(StepForm):
    """What became of one line, and why."""

    change = forms.CharField(max_length=10)
    why = forms.CharField(max_length=300, required=False)


class SeenForm(StepForm):
    """The lists as they stood on the page."""

    seen = forms.CharField(max_length=64, required=False)


@staff
def lists(request: HttpRequest, file: UUID) -> HttpResponse:
    """Both lists; start a medicine, or add an allergy."""
    row = the_file(request, file)
    if request.method != "POST":
        return _page(request, row)
    what = request.POST.get("what", "")
    if what not in ("allergy", "medicine"):
        raise Http404
    form = NoteForm(request.POST, what=what)
    if form.is_valid() and attempt(form, lambda: note_down(request, row, form.cleaned_data)):
        messages.success(request, _("Noted."))
        return redirect("care-lists", file=row.id)
    return _page(request, row, 422, failed=[form], **{f"{what}_form": form})


def note_down(request: HttpRequest, row: PatientFile, said: dict[str, Any]) -> Any:
    """Keep a medicine or an allergy as a form says it."""
    common: dict[str, Any] = {
        "by": actor(request),
        "at": now(),
        "file": row,
        "submission": said["submission"],
    }
    if said["what"] == "medicine":
        return note_medicine(**common, text=said["text"])
    return note_allergy(**common, text=said["text"], none_known=said["none_known"])


@staff
@require_POST
def line(request: HttpRequest, model: str, row: UUID) -> HttpResponse:
    """Stop, hold or take again one medicine; confirm a line; end an allergy."""
    if model not in MODELS:
        raise Http404
    fact = find(request, MODELS[model]._default_manager.all(), row, Act.SEE)
    file = file_of(request, fact)
    form = LineForm(request.POST)
    if form.is_valid() and attempt(form, lambda: _change(request, fact, model, form)):
        messages.success(request, _("Kept."))
        return redirect("care-lists", file=file.id)
    return _page(request, file, 422, failed=[form])


def _change(request: HttpRequest, fact: Medication | Allergy, model: str, form: LineForm) -> Any:
    change, why = form.cleaned_data["change"], form.cleaned_data["why"]
    common: dict[str, Any] = {
        "by": actor(request),
        "at": now(),
        "row": fact,
        "submission": form.cleaned_data["submission"],
    }
    if change == "confirm":
        return confirm_fact(**common)
    if (model, change) not in CHANGES:
        raise Http404
    return CHANGES[model, change](**common, why=why)


@staff
@require_POST
def through(request: HttpRequest, file: UUID) -> HttpResponse:
    """Both lists were gone through with the patient today."""
    row = the_file(request, file)
    form = SeenForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: reconcile(
            by=actor(request),
            at=now(),
            file=row,
            seen=form.cleaned_data["seen"] or None,
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Gone through today. It is kept with your name."))
        return redirect("care-lists", file=row.id)
    return _page(request, row, 422, failed=[form])


def _page(request: HttpRequest, row: PatientFile, status: int = 200, **shown: Any) -> HttpResponse:
    reach, at, where = scope(request), now(), zone(request)
    course = course_of(reach, row)
    context: dict[str, Any] = {
        "file": row,
        "lists": living_of(reach, row, course.opened_at if course is not None else None, at, where),
        "through": gone_through(reach, row, where),
        "may": may_clinical(request, row),
        "medicine_form": NoteForm(what="medicine"),
        "allergy_form": NoteForm(what="allergy"),
        "act_form": StepForm(auto_id=False),
        "failed": [],
        **shown,
    }
    return show(request, "clinic/lists.html", row, page="lists", kind=Kind.CLINICAL, status=status, **context)
