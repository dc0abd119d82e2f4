"""The evaluation: answers and results on one page, and the decision signed on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from openkap.desks.clinic.evaluation_form import DecisionForm, EvaluationForm
from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.medicine.protocols import protocol
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.evaluation import Evaluation, evaluation_of
from openkap.records.models import Course
from openkap.steps.evaluation import decide_candidacy, keep_evaluation
from openkap.steps.open import open_record


@staff
def evaluation(request: HttpRequest, course: UUID) -> HttpResponse:
    """Show the page, or keep what was asked and measured."""
    row = the_course(request, course)
    page = _evaluation(request, row)
    at, where = now(), zone(request)
    if request.method != "POST":
        return _page(request, row, page)
    form = EvaluationForm(request.POST.copy(), page=page, zone=where, at=at)
    kept: Any = form.is_valid() and attempt(form, lambda: _keep(request, row, form))
    if kept:
        messages.success(request, _said(kept))
        return redirect("care-evaluation", course=row.id)
    _make_fresh(form, page.facts.fingerprint)
    return _page(request, row, page, 422, form=form)


def _keep(request: HttpRequest, row: Course, form: EvaluationForm) -> int | str:
    answers, results = form.new_answers(), form.new_results()
    if not answers and not results:
        return "nothing"
    return keep_evaluation(
        by=actor(request),
        at=form.at,
        course=row,
        seen=form.cleaned_data["seen"],
        answers=answers,
        results=results,
        submission=form.cleaned_data["submission"],
    )


def _said(kept: Any) -> str:
    if kept == "nothing":
        return _("Nothing new was typed, so nothing was changed.")
    if isinstance(kept, int) and not isinstance(kept, bool):
        return ngettext("%(n)s entry saved.", "%(n)s entries saved.", kept) % {"n": kept}
    return _("Saved.")


def _make_fresh(form: StepForm, seen: str) -> None:
    """A refused form goes back with its words, made from the facts that stand on the page now."""
    data: Any = form.data
    data["seen"] = seen


@staff
@require_POST
def decision(request: HttpRequest, course: UUID) -> HttpResponse:
    """Sign the decision."""
    row = the_course(request, course)
    page = _evaluation(request, row)
    form = DecisionForm(request.POST.copy(), page=page)
    signed: Any = form.is_valid() and attempt(
        form,
        lambda: decide_candidacy(
            by=actor(request),
            at=now(),
            course=row,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
            seen=form.cleaned_data["seen"],
            overrides=form.reasons(),
            submission=form.cleaned_data["submission"],
        ),
    )
    if signed:
        messages.success(request, _("Signed."))
        return redirect("care-evaluation", course=row.id)
    _make_fresh(form, page.seen)
    return _page(request, row, page, 422, decide_form=form)


def _evaluation(request: HttpRequest, row: Course) -> Evaluation:
    page = evaluation_of(scope(request), row, now(), zone(request))
    if page is None:
        # Told as what it is: an opening that was refused, with its reason.
        open_record(by=actor(request), at=now(), about=row, page="evaluation", kind=Kind.CLINICAL)
        raise Http404
    return page


def _page(
    request: HttpRequest, row: Course, page: Evaluation, status: int = 200, **forms: Any
) -> HttpResponse:
    subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, row.id, at=now())
    may = {
        "note": bool(decide(scope(request), Need(Kind.CLINICAL, Act.ADD), subject)),
        "sign": bool(decide(scope(request), Need(Kind.CLINICAL, Act.SIGN), subject)),
        "correct": bool(decide(scope(request), Need(Kind.CLINICAL, Act.CORRECT), subject)),
    }
    context: dict[str, Any] = {
        "the_course": row,
        "page": page,
        "plan": protocol(row.protocol),
        "may": may,
        "form": EvaluationForm(page=page, zone=zone(request), at=now()),
        "decide_form": DecisionForm(page=page),
        "act_form": StepForm(auto_id=False),
        **forms,
    }
    return show(
        request,
        "clinic/evaluation.html",
        row,
        kind=Kind.CLINICAL,
        status=status,
        **{**context, "page": "evaluation", "evaluation": page},
    )
