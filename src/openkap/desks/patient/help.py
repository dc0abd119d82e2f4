"""How to reach someone, and asking to put right what is wrong."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.patient.frame import me, my_course, needed_course, show, tell_opened
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, now
from openkap.reads.reach import places_of
from openkap.steps.correction_wish import LONGEST, ask_for_correction


class CorrectForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("What is wrong, and how should it be?"),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": LONGEST}),
    )


@patient
@require_GET
def help(request: HttpRequest) -> HttpResponse:
    return _page(request, CorrectForm())


@patient
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """A wish to put something right, in one's own words."""
    course = needed_course(request)
    form = CorrectForm(request.POST)
    if form.is_valid():
        asked = attempt(
            form,
            lambda: ask_for_correction(
                by=actor(request),
                at=now(),
                course=course,
                words=form.cleaned_data["words"],
                submission=form.cleaned_data["submission"],
            ),
        )
        if asked:
            practice = course.organisation.name
            messages.success(request, _("Sent. %(practice)s answers you.") % {"practice": practice})
            return HttpResponseRedirect(reverse("me-help"))
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: CorrectForm, status: int = 200) -> HttpResponse:
    course = my_course(request)
    tell_opened(request, course, "reach")
    return show(
        request,
        "patient/help.html",
        course,
        form=form,
        person=me(request),
        places=places_of(course, now()) if course is not None else (),
        can=course is not None,
        status=status,
    )
