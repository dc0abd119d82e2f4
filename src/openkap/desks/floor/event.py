"""An adverse event of one dose: first what it was, then the rest, with what each grade means for it.

Decided here: one page for the room, the record and the call on the day after; it is dark only while the dose
is under way. What is known later is written on the same form, from what stands, with a reason.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.names import title_of
from openkap.desks.floor.rates import rates_of
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.door.enter import staff
from openkap.door.event_form import OWN, EventForm, chosen
from openkap.door.page import find, now, scope
from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import terms
from openkap.medicine.sources import resolve
from openkap.permits import Act
from openkap.reads.harm import event_name, events_of
from openkap.reads.room import live
from openkap.records.models import AdverseEvent, Session
from openkap.steps.adverse import change_event, note_event


@staff
@require_http_methods(["GET", "POST"])
def event(request: HttpRequest, session: UUID) -> HttpResponse:
    """Write an event of this dose down; those that stand are beside it."""
    row = the_session(request, session, Act.ADD)
    term, version = chosen(request)
    if term is None:
        return _page(request, row)
    first = {"at": now()} if row.state in Session.LIVE else {}
    form = EventForm(request.POST or None, term=term, version_of=version, zone=zone_of(row), initial=first)
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form)
    if does(request, form, note_event, session=row, said=form.said(now())):
        messages.success(request, _("The event is written down."))
        return redirect("rooms-event", session=row.id)
    return _page(request, row, form)


@staff
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, event: UUID) -> HttpResponse:
    """What became of one event, or what was wrong with how it was written down."""
    rows = AdverseEvent.objects.filter(withdrawn=False).select_related("session")
    # What is sent twice, or after somebody else, is answered by the step; only the newest is opened.
    stood = find(request, rows if request.method == "POST" else rows.current(), event, Act.CORRECT)
    row = the_session(request, stood.session_id)
    version = request.POST.get("ctcae_version") or stood.ctcae_version or events.ctcae_versions()[0]
    form = EventForm(
        request.POST or None, term=stood.term, version_of=version, zone=zone_of(row), stood=stood
    )
    if request.method == "POST" and form.is_valid():
        said, why = form.said(now()), form.cleaned_data["reason"]
        if does(request, form, change_event, event=stood, said=said, reason=why):
            messages.success(request, _("Kept. What stood before stays beside it."))
            return redirect("rooms-event", session=row.id)
    return _page(request, row, form, stood=stood)


def _page(
    request: HttpRequest, row: Session, form: EventForm | None = None, stood: AdverseEvent | None = None
) -> HttpResponse:
    zone = zone_of(row)
    expected: Any = events.expectedness(form.term) if form is not None else None
    term = events.term_of(form.term) if form is not None else None
    return show(
        request,
        "floor/event.html",
        row,
        page="event",
        status=422 if form is not None and form.errors else 200,
        theme="room" if row.state in Session.LIVE else "day",
        form=form,
        stood=stood,
        name=term.words if term is not None else event_name(stood) if stood is not None else "",
        terms=[(each.rule.id, each.words) for each in terms()],
        own=OWN,
        versions=events.ctcae_versions(),
        expected=expected,
        pathway=term.pathway if term is not None else "",
        rates=rates_of(term) if term is not None else (),
        sources=[resolve(key) for key in expected.rule.sources] if expected is not None else (),
        seen=live(scope(request), row, now()) if form is not None and form.is_pressure else None,
        events=events_of(scope(request), row, zone),
        started=row.started_at is not None,
        zone_at=now(),
        **title_of(row),
    )
