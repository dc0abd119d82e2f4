"""The days of a practice: who comes when, where, with whom, and what still waits for a yes."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openkap.desks.calendar.forms import NarrowForm
from openkap.desks.calendar.frame import schedule_only
from openkap.door.enter import staff
from openkap.door.page import now, organisation, scope, zone
from openkap.reads.booking import DAYS, calendar_of, narrowed_by
from openkap.records.facts.clock import day

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 1)


@staff
@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """Seven days from the one asked for, today if none; `?print=1` is the same list on paper."""
    schedule_only(request)
    here, where = organisation(request), zone(request)
    today = now().astimezone(where).date()
    rooms, people = narrowed_by(here)
    form = NarrowForm(request.GET or None, rooms=rooms, people=people, initial={"day": today})
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first = said.get("day") or today
    if not EARLIEST <= first <= LATEST:
        first = today
    room, who = said.get("room"), said.get("who")
    found = calendar_of(
        scope(request), here, first, now(), room=room.id if room else None, lead=who.id if who else None
    )
    context = {
        "calendar": found,
        "form": form,
        "first": first,
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "narrow": {"room": room.id if room else "", "who": who.id if who else ""},
        "narrowed": bool(room or who),
        "here": here,
        "today": today,
        "sheet": {
            "organisation": here.name,
            "title": day(first),
            "printed_at": now(),
            "lines": [str(where)],
        },
    }
    template = "calendar/paper.html" if request.GET.get("print") else "calendar/week.html"
    with timezone.override(where):
        return render(request, template, context, status=422 if form.errors else 200)
