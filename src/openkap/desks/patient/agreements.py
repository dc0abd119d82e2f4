"""Yes or no to a trainee, a recording and care at a distance, apart from the treatment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.patient.frame import language_of, needed_course, show, tell_opened
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, now
from openkap.reads.agreements import apart_of
from openkap.records.facts.altered import altered_until
from openkap.steps.agreements import agree_to


@patient
@require_http_methods(["GET", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    """Each of the three with its text; one tap says yes or no."""
    course = needed_course(request)
    form = StepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        sent = form.cleaned_data.get("submission") if form.is_valid() else None
        if attempt(
            form,
            lambda: agree_to(
                by=actor(request),
                at=now(),
                course=course,
                what=request.POST.get("what", ""),
                yes=request.POST.get("says") == "yes",
                sha256=request.POST.get("sha256", ""),
                submission=sent,
            ),
        ):
            messages.success(request, _("Kept. You can change it here at any time."))
            return HttpResponseRedirect(reverse("me-agreements"))
    tell_opened(request, course, "own_agreements")
    refused = " ".join(map(str, form.non_field_errors())) if request.method == "POST" else ""
    return show(
        request,
        "patient/agreements.html",
        course,
        form=StepForm(),
        refused=refused,
        each=apart_of(course, now(), language_of(request)),
        not_before=altered_until(course.patient_id, now()),
        ended=course.ended_at is not None,
        status=422 if refused else 200,
    )
