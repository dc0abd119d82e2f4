"""When it gets hard: the safety plan, the numbers, and words for oneself alone; also without a connection.

Decided here: the plan is the patient's own and is seen by the team that is named on it; the words beside it
are seen by nobody else, as with the journal. A phone keeps a copy of both only when its owner says so on that
phone; signing out, or someone else signing in there, takes it away (docs/adr/0032-spanish-and-the-phone.md).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.desks.patient.frame import (
    kept_reply,
    language_of,
    me,
    needed_course,
    show,
    tell_opened,
    zone_of,
)
from openkap.door.enter import patient
from openkap.door.kept import own_words
from openkap.door.page import StepForm, actor, at_place, attempt, now, scope
from openkap.door.plan_form import PlanForm
from openkap.reads.journal import safety_of
from openkap.reads.safety_plan import plan_of
from openkap.records.models import Course
from openkap.steps.journal import LONGEST, write_entry
from openkap.steps.safety_plan import review_plan, write_plan


class SafetyForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("What helps me"),
        help_text=gettext_lazy("What calms you, where you can go, whom you call first, what you keep away."),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 8, "maxlength": LONGEST}),
    )


@patient
@require_GET
def safety(request: HttpRequest) -> HttpResponse:
    """The plan and the numbers, and one's own words below."""
    course = needed_course(request)
    tell_opened(request, course, "safety")
    return show(request, "patient/safety.html", course, **_shown(request, course), form=StepForm())


@patient
@own_words
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The six steps, on one page; what was typed comes back on every refusal, and outlives a lost network."""
    course = needed_course(request)
    plan = plan_of(scope(request), course, now())
    form = PlanForm(request.POST or None, plan=plan.now)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: write_plan(by=actor(request), at=now(), course=course, **form.for_step())
        )
        if done:
            messages.success(request, _("Kept. Your team can see it as well."))
            return kept_reply(request, reverse("me-safety"))
        plan = plan_of(scope(request), course, now())
        form.goes_on_from(plan.now)
    tell_opened(request, course, "safety")
    context: dict[str, Any] = {
        "form": form,
        "plan": plan,
        "keep": f"plan {me(request).id}",
        "status": 422 if form.errors else 200,
    }
    return show(request, "patient/plan_write.html", course, **context)


@patient
@require_POST
def reviewed(request: HttpRequest) -> HttpResponse:
    """Gone through, and nothing to change."""
    course = needed_course(request)
    form = StepForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: review_plan(
            by=actor(request), at=now(), course=course, submission=form.cleaned_data["submission"]
        ),
    )
    if done:
        messages.success(request, _("Today’s date stands on your plan."))
        return HttpResponseRedirect(reverse("me-safety"))
    return show(request, "patient/safety.html", course, **_shown(request, course), form=form, status=422)


@patient
@own_words
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Words for oneself alone: read them, and write them anew; what stood there before is kept."""
    course = needed_course(request)
    found = safety_of(scope(request), me(request).id)
    form = SafetyForm(request.POST or None, initial={"words": found.words if found else ""})
    if request.method == "POST" and form.is_valid() and _write(request, form):
        messages.success(request, _("Kept. Only you can read it."))
        return HttpResponseRedirect(reverse("me-safety"))
    tell_opened(request, course, "safety")
    context: dict[str, Any] = {"form": form, "found": found, "status": 422 if form.errors else 200}
    return show(request, "patient/own_words.html", course, **context)


@patient
@require_GET
def pocket(request: HttpRequest) -> HttpResponse:
    """The plan, the words and the numbers alone, as a phone keeps them."""
    course = needed_course(request)
    tell_opened(request, course, "safety")
    return show(request, "patient/pocket.html", course, **_shown(request, course))


@patient
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The plan on paper, with the numbers. What is for oneself alone is not printed."""
    course = needed_course(request)
    tell_opened(request, course, "safety")
    practice = course.organisation
    at_place(request, practice.id)
    plan = plan_of(scope(request), course, now())
    with timezone.override(zone_of(course)), translation.override(language_of(request)):
        sheet = {"organisation": practice.name, "title": _("My safety plan"), "lines": [me(request).name]}
        context = {"plan": plan, "practice": practice, "sheet": {**sheet, "printed_at": now()}}
        return render(request, "parts/plan_paper.html", context)


def _shown(request: HttpRequest, course: Course) -> dict[str, Any]:
    return {
        "plan": plan_of(scope(request), course, now()),
        "found": safety_of(scope(request), me(request).id),
    }


def _write(request: HttpRequest, form: SafetyForm) -> object:
    said = form.cleaned_data
    return attempt(
        form,
        lambda: write_entry(
            by=actor(request),
            at=now(),
            course=needed_course(request),
            words=said["words"],
            is_safety=True,
            submission=said["submission"],
        ),
    )
