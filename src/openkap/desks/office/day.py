"""The front desk's day: who is expected, who is here, what is missing; one tap when someone comes.

Decided here: `/desk/` is the day, and with something typed into its search it is the list of people who fit.
An arrival can be taken back from the message that tells of it: a tap on the wrong line is no harm.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openkap.desks.office.views import found_list
from openkap.door.enter import staff
from openkap.door.page import StepForm, actor, attempt, find, now, organisation, scope, zone
from openkap.permits import Kind, Need
from openkap.reads.day import Day, day_of
from openkap.reads.requests import waiting
from openkap.records.facts.clock import by_pattern, hour, long_day, moment
from openkap.records.models import Session
from openkap.steps.arrival import record_arrival, take_back_arrival

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 30)


@staff
def desk(request: HttpRequest) -> HttpResponse:
    """The day, or whoever fits what was typed."""
    if request.GET.get("q", "").strip():
        return found_list(request, request.GET["q"])
    return _day(request)


@staff
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The day on paper, for when the screens are dark."""
    if not scope(request).allowing(Need(Kind.SCHEDULE)):
        raise Http404
    shown = _day_shown(request)
    words = _("printed %(when)s") % {"when": moment(now(), zone(request))}
    sheet = {"organisation": organisation(request).name, "title": _title(shown), "version": words}
    return render(request, "office/day_paper.html", {"day": shown, "sheet": sheet})


@staff
@require_POST
def here(request: HttpRequest, session: UUID) -> HttpResponse:
    """This person has come."""
    row = find(request, Session.objects.select_related("patient"), session)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _day(request, form)
    done = attempt(
        form,
        lambda: record_arrival(
            by=actor(request),
            at=now(),
            session=row,
            version=form.cleaned_data["version"],
            submission=form.cleaned_data["submission"],
        ),
    )
    if not done:
        return _day(request, form)
    words = _("%(name)s is here.") % {"name": row.patient.name}
    messages.success(request, words, extra_tags=f"undo={reverse('desk-not-here', args=[row.id])}")
    return redirect("desk-find")


@staff
@require_POST
def not_here(request: HttpRequest, session: UUID) -> HttpResponse:
    """They have not: it was another line."""
    row = find(request, Session.objects.select_related("patient"), session)
    form = StepForm({"submission": request.POST.get("submission")})
    if attempt(form, lambda: take_back_arrival(by=actor(request), at=now(), session=row)):
        messages.success(request, _("%(name)s is expected again.") % {"name": row.patient.name})
        return redirect("desk-find")
    return _day(request, form)


def _day(request: HttpRequest, refused: StepForm | None = None) -> HttpResponse:
    shown, at = _day_shown(request), now()
    sees_requests = bool(scope(request).allowing(Need(Kind.REQUESTS)))
    rows = [
        (visit, StepForm(initial={"version": visit.version}, auto_id=f"v{visit.session.hex}_%s"))
        for visit in shown.visits
    ]
    words = {
        "day": shown,
        "title": _title(shown),
        "rows": rows,
        "earlier": shown.on - timedelta(days=1),
        "later": shown.on + timedelta(days=1),
        "refused": refused,
        "clock": hour(at, zone(request)),
        "sees_requests": sees_requests,
        "sees_page": bool(scope(request).allowing(Need(Kind.PAGE))),
        "waiting": waiting(scope(request), organisation(request).id) if sees_requests else 0,
    }
    return render(request, "office/day.html", words, status=422 if refused is not None else 200)


def _day_shown(request: HttpRequest) -> Day:
    at = now()
    return day_of(scope(request), organisation(request).id, _asked(request), at, zone(request))


def _title(shown: Day) -> str:
    """Tuesday, March 9; with its year where that is not this one."""
    return long_day(shown.on) if shown.on.year == now().year else by_pattern(shown.on, "l, F j, Y")


def _asked(request: HttpRequest) -> date:
    """The day asked for; today where none is, or where it cannot be read."""
    try:
        on = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return _local(request).date()
    return min(max(on, EARLIEST), LATEST)


def _local(request: HttpRequest) -> datetime:
    return now().astimezone(zone(request))
