"""The on-call list: everyone sees it, whoever keeps the staff changes it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.work.cover import CoverForm
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.on_call import OnCall, on_call_of
from openkap.records.facts.clock import moment
from openkap.records.models import OnCallHours, Person
from openkap.steps.cover import cover_on_call
from openkap.steps.on_call import add_on_call, end_on_call

TIME = {"type": "time"}
DATE = {"type": "date"}
YEARS_AROUND = 5


class HoursForm(StepForm):
    """Who, on which weekdays, from when to when, and from and until which day."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=Person.objects.none(), empty_label=gettext_lazy("Choose")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        coerce=int,
        choices=[(number, WEEKDAYS[number]) for number in range(7)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day of the week.")},
    )
    starts = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"))
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        widget=forms.TimeInput(attrs=TIME, format="%H:%M"),
        help_text=gettext_lazy("At or before the begin: on the next day. 00:00 to 00:00 is the whole day."),
    )
    since = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput(attrs=DATE)
    )
    until = forms.DateField(
        label=gettext_lazy("No more from"),
        required=False,
        widget=forms.DateInput(attrs=DATE),
        help_text=gettext_lazy("Leave it empty if it goes on."),
    )

    def clean_since(self) -> date | None:
        return _meant(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return _meant(self.cleaned_data["until"])

    def __init__(self, *args: Any, people: OnCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [id_ for id_, _name in people.people]
        self.fields["person"].queryset = Person.objects.filter(id__in=ids)  # type: ignore[attr-defined]


def _meant(on: date | None) -> date | None:
    """A day in a year that can be meant: a list of hours is made for the years around now."""
    if on is None or abs(on.year - now().year) <= YEARS_AROUND:
        return on
    guess = {"year": f"{on.year:04d}", "now": now().year}
    raise forms.ValidationError(_("The year %(year)s cannot be right. Did you mean %(now)s?") % guess)


@staff
@require_http_methods(["GET", "POST"])
def on_call(request: HttpRequest) -> HttpResponse:
    """Who answers when; gaps in the week ahead in plain words."""
    shown = on_call_of(scope(request), organisation(request), now(), zone(request), actor(request).person)
    form = HoursForm(request.POST or None, people=shown)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "version"}
        done = attempt(
            form,
            lambda: add_on_call(by=actor(request), at=now(), organisation=organisation(request), **given),
        )
        if done is not False:
            messages.success(request, _("The hours stand on the list."))
            return redirect("care-on-call")
    return _page(request, shown, form, CoverForm(request=request, whole=_may(request)))


def _page(request: HttpRequest, shown: OnCall, form: HoursForm, standing_in: CoverForm) -> HttpResponse:
    context = {"list": shown, "form": form, "may": _may(request), "cover": standing_in}
    if "print" in request.GET:
        place = organisation(request)
        sheet = {
            "organisation": place.name,
            "title": _("On call"),
            "lines": [place.name, place.phone, moment(now(), zone(request))],
        }
        return render(request, "work/on_call_paper.html", {**context, "sheet": sheet})
    bad = form.errors or standing_in.errors
    return render(request, "work/on_call.html", context, status=422 if bad else 200)


@staff
@require_POST
def cover(request: HttpRequest) -> HttpResponse:
    """Someone stands in for these hours; from now on, what is open goes along."""
    form = CoverForm(request.POST, request=request, whole=_may(request))
    done: Any = form.is_valid() and attempt(
        form,
        lambda: cover_on_call(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            **{name: form.cleaned_data[name] for name in form.cleaned_data if name != "version"},
        ),
    )
    if done:
        messages.success(request, _("The list counts so for that time."))
        return redirect("care-on-call")
    shown = on_call_of(scope(request), organisation(request), now(), zone(request), actor(request).person)
    return _page(request, shown, HoursForm(people=shown), form)


@staff
@require_POST
def end(request: HttpRequest, row: UUID) -> HttpResponse:
    """This line counts no more from today on."""
    line = find(request, OnCallHours.objects.all(), row)
    form = StepForm(request.POST)
    ended: Any = form.is_valid() and attempt(
        form,
        lambda: end_on_call(
            by=actor(request), at=now(), row=line, submission=form.cleaned_data["submission"]
        ),
    )
    if ended is False:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    else:
        messages.success(request, _("Ended. The line stays to be read in the trail."))
    return redirect("care-on-call")


def _may(request: HttpRequest) -> bool:
    subject = Subject(Kind.STAFF, organisation(request).id)
    return bool(decide(scope(request), Need(Kind.STAFF, Act.ADD), subject))
