"""The month on paper: which months there are, one of them read on the screen, and the sheet to print."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.door.enter import staff
from openkap.door.page import now, organisation, scope, zone
from openkap.reads.oversight.month import Month, heading, month_shown, months_of
from openkap.reads.oversight.page import may_see

NAME = re.compile(r"(2[01][0-9]{2})-(0[1-9]|1[0-2])")


@staff
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The month asked for, else the last one that is over; the others beside it."""
    if not may_see(scope(request), organisation(request).id):
        raise Http404
    at, here = now(), zone(request)
    months = months_of(scope(request), organisation(request), at, here)
    name = request.GET.get("month") or (months[1][0] if len(months) > 1 else months[0][0])
    shown = _shown(request, name)
    context = {"month": shown, "says": heading(shown), "months": months, "zone": str(here)}
    return render(request, "director/month.html", context)


@staff
@require_GET
def month_paper(request: HttpRequest, name: str) -> HttpResponse:
    """One month, to print."""
    if not may_see(scope(request), organisation(request).id):
        raise Http404
    shown = _shown(request, name)
    sheet = {
        "organisation": shown.practice,
        "title": _("Oversight of %(month)s") % {"month": shown.words},
        "printed_at": now().astimezone(zone(request)),
        "lines": [heading(shown)],
    }
    return render(request, "director/month_paper.html", {"month": shown, "sheet": sheet})


def _shown(request: HttpRequest, name: str) -> Month:
    """A month that has begun; any other is no page."""
    found = NAME.fullmatch(name)
    at, here = now(), zone(request)
    if found is None or name > at.astimezone(here).strftime("%Y-%m"):
        raise Http404
    return month_shown(scope(request), organisation(request), int(found[1]), int(found[2]), at, here)
