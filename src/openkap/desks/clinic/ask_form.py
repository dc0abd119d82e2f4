"""Asking a form: the library to choose from, what this course still owes, and a link on its way.

Decided here: a form is chosen by what it is about, and then sent, filled in here or typed in as a total.
Sending is the step of every link; the rest opens the page of the form itself.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.medicine.course.follow_up import Wish, answered_alone
from openkap.medicine.instruments import instrument
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.course_points import CoursePoint, course_points
from openkap.reads.forms_here import forms_here
from openkap.reads.owed_forms import OwedPoint, owed_of
from openkap.reads.rows import instrument_name
from openkap.records.models import Course, PersonalLink
from openkap.records.site import is_demonstration
from openkap.steps.follow_up import ask_at_point
from openkap.steps.links import LIVES, link_address, send_link

LONGEST = 60
SENT = "form_link_shown_once"


class AskForm(StepForm):
    """Which form to send, and for which point of the course."""

    form = forms.SlugField()
    point = forms.ChoiceField(label=gettext_lazy("Where in the course"))

    def __init__(self, *args: Any, points: tuple[CoursePoint, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [(p.code, p.words) for p in points]  # type: ignore[attr-defined]

    def clean_form(self) -> str:
        name = str(self.cleaned_data["form"])
        if not answered_alone(name):
            raise forms.ValidationError(
                _("A patient cannot answer this form alone. Fill it in here, or type in its total.")
            )
        return name


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def ask_form(request: HttpRequest, course: UUID) -> HttpResponse:
    """The list, what is owed, and sending one."""
    row = the_course(request, course)
    may = {act: _may(request, row, act) for act in (Act.SEE, Act.ADD, Act.SEND)}
    if not may[Act.SEND]:
        raise Http404
    points = course_points(scope(request), row, now())
    owed = owed_of(scope(request), row, now(), zone(request)) if may[Act.SEE] else ()
    if "all" in request.POST:
        return _send_all(request, row, owed)
    form = AskForm(request.POST or None, points=points)
    if request.method == "POST":
        done: Any = form.is_valid() and attempt(form, lambda: _send(request, row, form.cleaned_data))
        if done:
            messages.success(
                request, _("%(form)s was sent.") % {"form": instrument(form.cleaned_data["form"]).name}
            )
            if isinstance(done, tuple) and is_demonstration():
                request.session[SENT] = link_address(done[1])
            return redirect("care-forms", course=row.id)
    asked = request.GET.get("q", "")[:LONGEST]
    return show(
        request,
        "clinic/ask_form.html",
        row,
        page="forms",
        kind=Kind.MEASURES if may[Act.SEE] else Kind.IDENTITY,
        status=422 if form.errors else 200,
        the_course=row,
        form=form,
        points=points,
        point=request.POST.get("point") or request.GET.get("point") or _here(points),
        asked=asked,
        areas=forms_here(asked),
        owed=owed,
        may_add=may[Act.ADD],
        may_send=may[Act.SEND] and row.ended_at is None,
        sent=request.session.pop(SENT, ""),
    )


def _here(points: tuple[CoursePoint, ...]) -> str:
    return next((point.code for point in points if point.now), "before")


def _send_all(request: HttpRequest, row: Course, owed: tuple[OwedPoint, ...]) -> HttpResponse:
    """What one point owes and its patient can answer alone, by one link, reminded like every other."""
    code, at = request.POST["all"], now()
    names = [form.id for point in owed if point.code == code for form in point.to_send]
    wanted = tuple(Wish(name, code, at, at + LIVES[PersonalLink.Purpose.MEASURE]) for name in names)
    if wanted and row.ended_at is None:
        ask_at_point(by=actor(request), at=at, course=row, point=code, wanted=wanted)
        messages.success(request, _("Asked: %(forms)s.") % {"forms": ", ".join(map(instrument_name, names))})
    return redirect("care-forms", course=row.id)


def _send(request: HttpRequest, row: Course, said: dict[str, Any]) -> Any:
    return send_link(
        by=actor(request),
        at=now(),
        organisation=row.organisation,
        patient=row.patient,
        purpose="measure",
        course=row,
        about=said["form"],
        point=said["point"],
        submission=said["submission"],
    )


def _may(request: HttpRequest, row: Course, act: Act) -> bool:
    subject = Subject(Kind.MEASURES, row.organisation_id, row.patient_id, row.id, at=now())
    return bool(decide(scope(request), Need(Kind.MEASURES, act), subject))
