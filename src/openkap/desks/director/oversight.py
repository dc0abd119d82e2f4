"""Oversight: is what we decided kept? Every list with its numbers, each row opened and settled.

Decided here: a list keeps its narrowing in its address, so that it can be printed, sent and opened again. A
row that cannot be settled yet keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from openkap.door.enter import staff
from openkap.door.nav import address
from openkap.door.page import StepForm, actor, attempt, now, organisation, scope, zone
from openkap.permits import Act
from openkap.reads.oversight.lists import Asked, Line, Section
from openkap.reads.oversight.page import ALL, NEW, SHOWS, may_read, may_see, one_section, sections
from openkap.reads.oversight.period import CHOICES, OWN, THIS, period_of
from openkap.records.models import OversightLook
from openkap.steps.oversight import LONGEST, ONE_BY_ONE, settle_row, settle_rows

DAY = {"type": "date"}
# As of the months that can be asked for.
YEARS = range(2000, 2200)
# What a line opens, by its word: the address and what it is asked for.
OPENS = {
    "session": ("rooms-session", "session"),
    "event": ("rooms-event", "session"),
    "evaluation": ("care-evaluation", "course"),
    "misuse": ("care-misuse", "course"),
    "plan": ("safety-plan", "course"),
    "alert": ("care-alert", "task"),
    "rule": ("lead-rule", "rule"),
    "route": ("lead-route", "route"),
    "license": ("lead-staff-license", "asked"),
    "running": ("lead-running", ""),
    "standing": ("lead-standing", ""),
}
# Where more is said about a whole list; the first of these pages that there is.
MORE = {
    "overrides": ("lead-overrides",),
    "rules": ("lead-law",),
    "access": ("lead-trail",),
    "standing": ("lead-standing", "lead-staff"),
    "running": ("lead-running",),
}


class PeriodForm(forms.Form):
    """For which stretch; on a list, also which of its rows."""

    period = forms.ChoiceField(label=gettext_lazy("When"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs=DAY))
    shows = forms.ChoiceField(label=gettext_lazy("Which"), required=False)
    q = forms.CharField(label=gettext_lazy("Holds the words"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, choices in (("period", CHOICES), ("shows", SHOWS)):
            self.fields[name].choices = [(key, _(says)) for key, says in choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A year in which nothing can have been kept is a slip of the hand."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("since", "until"):
            on = said.get(name)
            if on is not None and on.year not in YEARS:
                self.add_error(name, _("The year %(year)s cannot be right.") % {"year": f"{on.year:04d}"})
        return said

    def asked(self, request: HttpRequest) -> Asked:
        """The stretch as it was asked for; one that cannot be read is this month, and the form says so."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        first: date | None = said.get("since")
        last: date | None = said.get("until")
        key = OWN if first or last else said.get("period") or THIS
        at, here = now(), zone(request)
        return Asked(scope(request), organisation(request), period_of(key, at, here, first, last), at, here)


class SettleForm(StepForm):
    """What comes of one row."""

    act = forms.ChoiceField(
        label=gettext_lazy("What comes of it"),
        required=False,
        choices=(
            (OversightLook.Act.NOTHING.value, gettext_lazy("Looked at, nothing to do")),
            (OversightLook.Act.TO_DO.value, gettext_lazy("To be done: make a task of it")),
        ),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TogetherForm(StepForm):
    """One reason for several rows, ticked in the list. What is ticked keeps its place when it is refused."""

    subjects = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Rows"),
        coerce=UUID,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("A row is not there any more. Open the list again.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, lines: Sequence[Line] = (), **kwargs: Any) -> None:
        super().__init__(*args, auto_id="together_%s", **kwargs)
        self.fields["subjects"].choices = [(str(line.id), line.says) for line in lines]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> frozenset[str]:
        """What was ticked, as it was sent."""
        return frozenset(self.data.getlist("subjects")) if isinstance(self.data, QueryDict) else frozenset()


@staff
@require_GET
def oversight(request: HttpRequest) -> HttpResponse:
    """Every list with its numbers."""
    if not may_see(scope(request), organisation(request).id):
        raise Http404
    form = PeriodForm(request.GET or None)
    asked = form.asked(request)
    found = sections(asked)
    context = {
        "form": form,
        "period": asked.period,
        "rows": [(section, more_of(section)) for section in found],
        "new": sum(len(section.new) for section in found),
        "rows_in_all": sum(len(section.lines) for section in found),
        "warned": [section for section in found if section.alarm],
        "serious": [section for section in found if section.level == "stop"],
        "query": request.GET.urlencode(),
        "zone": str(asked.zone),
    }
    return render(request, "director/oversight.html", context, status=422 if form.errors else 200)


@staff
@require_GET
def oversight_list(request: HttpRequest, what: str) -> HttpResponse:
    """One list, narrowed by words and by what was settled."""
    return _list(request, what)


@staff
@require_GET
def oversight_paper(request: HttpRequest, what: str) -> HttpResponse:
    """The same list, on paper."""
    form, asked, section = _narrowed(request, what)
    sheet = {
        "organisation": asked.place.name,
        "title": section.title,
        "printed_at": asked.at.astimezone(asked.zone),
        "lines": [_("As it stands now") if section.now else asked.period.words],
    }
    context = {"section": section, "sheet": sheet, "zone": str(asked.zone)}
    return render(request, "director/oversight_paper.html", context, status=422 if form.errors else 200)


@staff
@require_POST
def settle(request: HttpRequest, what: str, subject: UUID) -> HttpResponse:
    """Looked at, and nothing to do or a task."""
    _known(request, what, Act.ADD)
    form = SettleForm(request.POST)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: settle_row(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            what=what,
            subject=subject,
            act=form.cleaned_data["act"],
            words=form.cleaned_data["words"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Settled. It is listed under “Looked at”."))
        return redirect(_back(request, what))
    return _list(request, what, (subject, form))


@staff
@require_POST
def settle_together(request: HttpRequest, what: str) -> HttpResponse:
    """Several rows looked at, with the same words and nothing to do."""
    _known(request, what, Act.ADD)
    _form, _asked, section = _narrowed(request, what)
    form = TogetherForm(request.POST, lines=section.lines)
    done: Any = form.is_valid() and attempt(
        form,
        lambda: settle_rows(
            by=actor(request),
            at=now(),
            organisation=organisation(request),
            what=what,
            subjects=form.cleaned_data["subjects"],
            words=form.cleaned_data["words"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if done:
        messages.success(request, _("Settled. They are listed under “Looked at”."))
        return redirect(_back(request, what))
    return _list(request, what, together=form)


def _back(request: HttpRequest, what: str) -> str:
    query = request.GET.urlencode()
    return reverse("lead-oversight-list", kwargs={"what": what}) + (f"?{query}" if query else "")


def _list(
    request: HttpRequest,
    what: str,
    sent: tuple[UUID, SettleForm] | None = None,
    together: TogetherForm | None = None,
) -> HttpResponse:
    form, asked, section = _narrowed(request, what)
    settled = sent or (None, None)
    may = may_see(scope(request), asked.place.id, Act.ADD)
    context = {
        "form": form,
        "section": section,
        "period": asked.period,
        "rows": [
            (line, opened(line), settled[1] if line.id == settled[0] else SettleForm(auto_id=f"s{n}_%s"))
            for n, line in enumerate(section.lines)
        ],
        "failed": settled[0],
        "more": more_of(section),
        "may": may,
        "together": (together or TogetherForm(lines=section.lines))
        if may and what not in ONE_BY_ONE and len(section.new) > 1
        else None,
        "query": request.GET.urlencode(),
        "zone": str(asked.zone),
    }
    wrong = any(one is not None and bool(one.errors) for one in (form, settled[1], together))
    return render(request, "director/oversight_list.html", context, status=422 if wrong else 200)


def _narrowed(request: HttpRequest, what: str) -> tuple[PeriodForm, Asked, Section]:
    _known(request, what)
    form = PeriodForm(request.GET or None)
    asked = form.asked(request)
    said = form.cleaned_data if form.is_bound and not form.errors else {}
    shows = said.get("shows") or (NEW if request.method == "GET" else ALL)
    return form, asked, one_section(asked, what, shows, said.get("q") or "")


def _known(request: HttpRequest, what: str, act: Act = Act.SEE) -> None:
    here = organisation(request).id
    if not may_read(scope(request), here, what) or not may_see(scope(request), here, act):
        raise Http404


def opened(line: Line) -> str:
    """The page behind a line, which asks its own permit; blank where there is none for this reader."""
    word, *values = line.opens or ("",)
    if word == "trail":
        return f"{reverse('lead-trail')}?person={values[0]}&on={values[1]}"
    if word == "chart":
        return reverse("care-patient", kwargs={"file": line.file}) if line.file else ""
    name, parameter = OPENS.get(word, ("", ""))
    if not name or not (values or not parameter):
        return ""
    return reverse(name, kwargs={parameter: values[0]} if parameter else {})


def more_of(section: Section) -> str:
    """Where more is said about the whole list; blank where there is no such page."""
    return next((url for name in MORE.get(section.link, ()) if (url := address(name))), "")
