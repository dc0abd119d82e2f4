"""The trail of this practice: read only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.enter import staff
from openkap.door.page import organisation, scope, zone
from openkap.door.times import on_day
from openkap.permits import Act, Kind, Need, Subject, decide
from openkap.reads.trail import Asked, Trail, trail_of
from openkap.records.models import Event

OUTCOMES = (
    ("", gettext_lazy("Everything")),
    (Event.Outcome.OPENED.value, gettext_lazy("Opened")),
    (Event.Outcome.DONE.value, gettext_lazy("Done")),
    (Event.Outcome.REFUSED.value, gettext_lazy("Refused")),
)


class TrailForm(forms.Form):
    """What to narrow the trail to."""

    person = forms.TypedChoiceField(label=gettext_lazy("Who"), required=False, coerce=str)
    file = forms.CharField(label=gettext_lazy("File number"), required=False, max_length=40)
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it"), choices=OUTCOMES, required=False)
    on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the date as 2026-11-21.")},
    )
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        choices = [("", _("Anyone")), *((str(id_), name) for id_, name in people)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]


def _may(request: HttpRequest, kind: Kind) -> bool:
    return bool(decide(scope(request), Need(kind, Act.SEE), Subject(kind, organisation(request).id)))


@staff
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what in this practice, the latest first."""
    if not _may(request, Kind.TRAIL):
        raise Http404
    everything = trail_of(scope(request), organisation(request), Asked(), zone(request))
    form = TrailForm(request.GET or None, people=everything.people)
    shown: Trail = everything
    if form.is_bound and form.is_valid():
        shown = trail_of(scope(request), organisation(request), _asked(request, form), zone(request))
    query = request.GET.copy()
    query.pop("before", None)
    context = {"form": form, "trail": shown, "query": query.urlencode(), "filtered": form.is_bound}
    return render(request, "director/trail.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: TrailForm) -> Asked:
    said = form.cleaned_data
    day: date | None = said.get("on")
    start, end = on_day(day, zone(request)) if day else (None, None)
    return Asked(
        person=said.get("person") or None,
        number=(said.get("file") or "").strip(),
        outcome=said.get("outcome") or "",
        on_from=start,
        on_to=end,
        before=said.get("before"),
    )
