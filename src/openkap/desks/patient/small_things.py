"""Small things: tick, untick, add one's own, take one off the list."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.patient.frame import needed_course, show, tell_opened
from openkap.door.enter import patient
from openkap.door.page import StepForm, actor, attempt, find, now, scope
from openkap.permits import Act
from openkap.reads.small_things import things_of
from openkap.records.models import Course, SmallThing
from openkap.steps.frame import Refused
from openkap.steps.small_things import LONGEST, add_small_thing, end_small_thing, tick, untick


class ThingForm(StepForm):
    text = forms.CharField(
        label=gettext_lazy("One of your own"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "maxlength": LONGEST, "autocomplete": "off"}),
    )


@patient
@require_http_methods(["GET", "POST"])
def things(request: HttpRequest) -> HttpResponse:
    """The list, and room for one's own."""
    course = needed_course(request)
    form = ThingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = attempt(
            form,
            lambda: add_small_thing(
                by=actor(request),
                at=now(),
                course=course,
                text=form.cleaned_data["text"],
                submission=form.cleaned_data["submission"],
            ),
        )
        if added:
            return HttpResponseRedirect(reverse("me-things"))
    return _page(request, course, form)


@patient
@require_POST
def mark(request: HttpRequest, thing: UUID) -> HttpResponse:
    """Tick, untick, or off the list: which, the button says."""
    row = find(request, SmallThing.objects.select_related("course__organisation"), thing, Act.ADD)
    doing = {"tick": tick, "untick": untick, "end": end_small_thing}.get(request.POST.get("do", ""))
    if doing is None:
        return _page(request, row.course, ThingForm(), _("Choose what to do with it."))
    try:
        doing(by=actor(request), at=now(), thing=row)  # each is the same done twice
    except Refused as refusal:
        return _page(request, row.course, ThingForm(), refusal.because)
    if doing is end_small_thing:
        messages.success(request, _("Off the list."))
    return HttpResponseRedirect(reverse("me-home" if request.POST.get("from") == "home" else "me-things"))


def _page(request: HttpRequest, course: Course, form: ThingForm, refused: str = "") -> HttpResponse:
    tell_opened(request, course, "small_things")
    return show(
        request,
        "patient/things.html",
        course,
        form=form,
        refused=refused,
        things=things_of(scope(request), course),
        ended=course.ended_at is not None,
        status=422 if form.errors or refused else 200,
    )
