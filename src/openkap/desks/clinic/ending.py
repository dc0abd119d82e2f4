"""How a course goes on and how it ends: one page that says what an end does before it is said.

Decided here: nothing is ended by one press on a list. The page names sessions, tasks and links that the end
calls off; a death is recorded in the same plain way, with kinder words. An end entered in error is taken
back here too.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.clinic.patient_page import show, the_course
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, now, scope, zone
from openkap.medicine.course.next_dose import reasons_to_end
from openkap.permits import Kind
from openkap.reads.ending import Ending, ending_of
from openkap.records.models import Course
from openkap.steps.ending import end_course, move_course, take_back_end
from openkap.steps.follow_up import ask_again, stop_asking

WAYS = {
    "finish": gettext_lazy("Done: what was planned is done"),
    "stop": gettext_lazy("Stopped before it was done"),
    "decline": gettext_lazy("The patient decided against it"),
    "transfer": gettext_lazy("Moved to another practice"),
    "record_death": gettext_lazy("The patient has died"),
}


class EndForm(StepForm):
    verb = forms.ChoiceField(
        label=gettext_lazy("How it ends"),
        widget=forms.RadioSelect(attrs={"class": "pick"}),
        error_messages={"required": gettext_lazy("Choose how the course ends.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why, in a few words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": "3"}),
    )

    def __init__(self, *args: Any, ending: Ending, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [(v, words) for v, words in WAYS.items() if v in ending.ends]  # type: ignore[attr-defined]


class MoveForm(StepForm):
    verb = forms.CharField(widget=forms.HiddenInput)


class TakeBackForm(StepForm):
    reason = forms.CharField(label=gettext_lazy("What was wrong"), max_length=300, required=False)


@staff
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, course: UUID) -> HttpResponse:
    """What an end would do, and the end itself."""
    row = the_course(request, course)
    ending = ending_of(scope(request), row, now(), zone(request))
    form = EndForm(request.POST or None, ending=ending, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: end_course(
                by=actor(request),
                at=now(),
                course=row,
                verb=given["verb"],
                why=given["why"],
                version=given["version"],
                submission=given["submission"],
            ),
        )
        if done:
            messages.success(request, _("The course has ended. Nothing more is sent for it."))
            return _here(row)
    return _page(request, row, ending, form=form, status=422 if form.errors else 200)


@staff
@require_POST
def move(request: HttpRequest, course: UUID) -> HttpResponse:
    """The doses are over, or begin again; follow-up begins."""
    row = the_course(request, course)
    form = MoveForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: move_course(
            by=actor(request),
            at=now(),
            course=row,
            verb=form.cleaned_data["verb"],
            version=form.cleaned_data["version"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("The course has moved on."))
        return _here(row)
    ending = ending_of(scope(request), row, now(), zone(request))
    return _page(request, row, ending, moved=form, status=422)


@staff
@require_POST
def asking(request: HttpRequest, course: UUID) -> HttpResponse:
    """No more questions by mail, or questions again: as the patient wished."""
    row = the_course(request, course)
    form = StepForm(request.POST)
    stop = "stop" in request.POST
    wanted = stop_asking if stop else ask_again
    done: Any = form.is_valid() and attempt(
        form,
        lambda: wanted(by=actor(request), at=now(), course=row, submission=form.cleaned_data["submission"]),
    )
    if done:
        said = _("No more questions go out by mail.") if stop else _("Questions go out again.")
        messages.success(request, said)
    return _here(row)


@staff
@require_POST
def take_back(request: HttpRequest, course: UUID) -> HttpResponse:
    """The end was entered in error."""
    row = the_course(request, course)
    ending = ending_of(scope(request), row, now(), zone(request))
    form = TakeBackForm(request.POST)
    done: Any = form.is_valid() and attempt(form, lambda: _take_back(request, row, ending, form))
    if done:
        messages.success(request, _("The end is taken back. Plan again what was called off with it."))
        return _here(row)
    return _page(request, row, ending, back=form, status=422)


def _take_back(request: HttpRequest, row: Course, ending: Ending, form: TakeBackForm) -> Any:
    return take_back_end(
        by=actor(request),
        at=now(),
        course=row,
        reason=form.cleaned_data["reason"],
        submission=form.cleaned_data["submission"],
    )


def _here(row: Course) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("care-end", args=[row.id]))


def _page(
    request: HttpRequest,
    row: Course,
    ending: Ending,
    *,
    form: EndForm | None = None,
    moved: MoveForm | None = None,
    back: TakeBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at_version = {"version": row.version}
    return show(
        request,
        "clinic/ending.html",
        row,
        page="ending",
        kind=Kind.SCHEDULE,
        course=row,
        ending=ending,
        reasons=reasons_to_end(),
        form=form or EndForm(ending=ending, initial=at_version),
        move_form=moved or MoveForm(initial=at_version),
        back_form=back or TakeBackForm(),
        status=status,
    )
