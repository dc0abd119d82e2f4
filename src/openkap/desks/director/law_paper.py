"""The set of now beside the one before, and a route's whole set on paper with a line to sign on.

Decided here: whoever may read the rules may compare and print them. A paper that was signed by hand is a
copy: what counts is the signature on the page.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from openkap.desks.director.rules import may
from openkap.door.enter import staff
from openkap.door.page import now, organisation, scope, zone
from openkap.door.times import on_day
from openkap.medicine.protocols.routes import Route
from openkap.permits import Kind
from openkap.reads.law_compare import compared, printed


class SinceForm(forms.Form):
    """Another day to compare with."""

    until = forms.DateField(
        label=gettext_lazy("The set as it was at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Left empty: the set before the last change."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


@staff
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """What reads otherwise now than in the set before, or on another day."""
    if not may(request, Kind.RULES):
        raise Http404
    form, at = SinceForm(request.GET or None), now()
    day = form.cleaned_data["until"] if form.is_bound and form.is_valid() else None
    until = min(on_day(day, zone(request))[1], at) if day is not None else None
    context = {
        "form": form,
        "compared": compared(organisation(request).id, at, until),
        "zone": str(zone(request)),
    }
    return render(request, "director/law_compare.html", context, status=422 if form.errors else 200)


@staff
@require_GET
def paper(request: HttpRequest, route: str) -> HttpResponse:
    """The whole set of one route: value, source, confidence, who approved it, when, and a line to sign."""
    if not may(request, Kind.RULES) or route not in list(Route):
        raise Http404
    shown = printed(scope(request), organisation(request).id, route, now())
    sheet = {
        "organisation": organisation(request).name,
        "title": _("Rules: %(route)s") % {"route": Route(route).words},
        "printed_at": now().astimezone(zone(request)),
    }
    context = {"set": shown, "sheet": sheet, "zone": str(zone(request))}
    return render(request, "director/law_paper.html", context)
