"""The evaluation: answers and results on one page, and the decision signed on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.clinic.decision_form import DecisionForm
from openkap.desks.clinic.evaluation_form import Piece, pieces
from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.medicine.protocols import protocol
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.asked import forms_here
from openkap.reads.evaluation import Evaluation, evaluation_of
from openkap.reads.evidence import cards_for
from openkap.reads.requests import sent_along
from openkap.records.models import Course
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.evaluation import keep_evaluation
from openkap.steps.open import open_record


@staff
def evaluation(request: HttpRequest, course: UUID) -> HttpResponse:
    """Show the page, or keep one piece of what was asked and measured."""
    row = the_course(request, course)
    page = _evaluation(request, row)
    at, where = now(), zone(request)
    if request.method != "POST":
        return _page(request, row, page)
    forms = pieces(page, where, at, request.POST.copy())
    form = forms.get(request.POST.get("piece", ""))
    if form is None:
        raise Http404
    kept: Any = form.is_valid() and attempt(form, lambda: _keep(request, row, form))
    if kept:
        messages.success(request, _said(kept))
        return redirect(f"{reverse('care-evaluation', args=[row.id])}{_next_part(page, form)}")
    _make_fresh(form, page.facts.fingerprint)
    return _page(request, row, page, 422, forms=forms, form=form)


def _keep(request: HttpRequest, row: Course, form: Piece) -> int | str:
    answers, results, rest = form.answers(), form.results(), form.no_to()
    if not (answers or results or rest):
        return "nothing"
    return keep_evaluation(
        by=actor(request),
        at=form.at,
        course=row,
        seen=form.cleaned_data["seen"],
        answers=answers,
        results=results,
        no_to=rest,
        submission=form.cleaned_data["submission"],
    )


def _next_part(page: Evaluation, form: Piece) -> str:
    """Where to go on: the next group that is not done, or the piece that was just kept."""
    order = [group.id for group in page.groups]
    here = order.index(form.NAME) if form.NAME in order else -1
    ahead = [group.id for group in page.groups[here + 1 :] if not group.done]
    return f"#part-{ahead[0]}" if here >= 0 and ahead else f"#part-{form.NAME}"


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
            for_patient=form.cleaned_data["for_patient"],
            look_again_on=form.cleaned_data["look_again_on"],
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
    request: HttpRequest, row: Course, page: Evaluation, status: int = 200, **shown: Any
) -> HttpResponse:
    subject = Subject(Kind.CLINICAL, row.organisation_id, row.patient_id, row.id, at=now())
    may = {
        "note": bool(decide(scope(request), Need(Kind.CLINICAL, Act.ADD), subject)),
        "sign": bool(decide(scope(request), Need(Kind.CLINICAL, Act.SIGN), subject)),
        "correct": bool(decide(scope(request), Need(Kind.CLINICAL, Act.CORRECT), subject)),
        "measure": bool(
            decide(scope(request), Need(Kind.MEASURES, Act.ADD), replace(subject, kind=Kind.MEASURES))
        ),
    }
    forms = shown.pop("forms", None) or pieces(page, zone(request), now())
    plan = protocol(row.protocol)
    context: dict[str, Any] = {
        "the_course": row,
        "page": page,
        "plan": plan,
        "known": cards_for(scope(request), row, get_language() or "en"),
        "may": may,
        "forms": forms,
        "parts": [(group, forms[group.id]) for group in page.groups],
        "instruments": forms_here(),
        "sent": sent_along(scope(request), row, now()),
        "form": None,
        "decide_form": DecisionForm(page=page),
        "act_form": StepForm(auto_id=False),
        **shown,
    }
    return show(
        request,
        "clinic/evaluation.html",
        row,
        kind=Kind.CLINICAL,
        status=status,
        **{**context, "page": "evaluation", "evaluation": page},
    )
