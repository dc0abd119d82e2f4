"""Everything of a room that is not needed every minute: other events, medicines given, timers.

Decided here: the live room keeps what is tapped often; what needs words stands here, one tap away. A
refused form comes back with what was typed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.floor.names import title_of
from openkap.desks.floor.room_forms import MedicineForm, NoteForm, TimerForm
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.desks.floor.waited import so_at
from openkap.desks.floor.words import MORE_TAPS, marks
from openkap.door.enter import staff
from openkap.door.page import StepForm, find, now, scope
from openkap.medicine.monitoring import Line, Sign
from openkap.medicine.monitoring.rescue import watched_all_the_time
from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act
from openkap.reads.behind import at_hour, behind
from openkap.reads.room import live
from openkap.records.ids import new_id
from openkap.records.models import RoomEvent, Session
from openkap.records.site import is_demonstration
from openkap.steps.bedside import BEFORE_AND_DURING, TIMER, end_timer, give_medicine, mark_event, set_timer


@staff
def more(request: HttpRequest, session: UUID) -> HttpResponse:
    """Other events, medicines, timers, and the ways out."""
    return page(request, the_session(request, session))


def page(request: HttpRequest, row: Session, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` are forms that came back."""
    seen = live(scope(request), row, now())
    forms = {
        "medicine": MedicineForm(zone=zone_of(row), prefix="medicine"),
        "timer": TimerForm(prefix="timer"),
        "note": NoteForm(prefix="note"),
    }
    return show(
        request,
        "floor/more.html",
        row,
        page="room",
        status=status,
        theme="room",
        live=seen,
        marks=marks(seen),
        taps=[{"what": what, "words": _(words), "id": new_id()} for what, words in MORE_TAPS],
        timers=[{"row": timer, "id": new_id()} for timer in seen.timers],
        open_here=row.state in BEFORE_AND_DURING,
        plays=is_demonstration(),
        watched=watched_all_the_time(seen.route),
        prompts=[prompt_behind(line, row) for line in seen.prompts],
        at=now(),
        **{**forms, **bound},
        **title_of(row),
    )


def prompt_behind(line: Line, row: Session) -> Finding:
    """One prompt that stands, with what is behind it."""
    began = row.started_at
    at = began + timedelta(seconds=float(line.t_seconds)) if began is not None else None
    level = Level.STOP if line.level is Sign.RED else Level.CAUTION
    data = {line.signal: line.value, "measured": at_hour(at, zone_of(row))}
    return behind(line.rule, line.because, level, data, action=line.action)


@staff
@require_POST
def medicine(request: HttpRequest, session: UUID) -> HttpResponse:
    """Another medicine was given."""
    row = the_session(request, session, Act.ADD)
    form = MedicineForm(request.POST, zone=zone_of(row), prefix="medicine")
    if form.is_valid():
        said = form.cleaned_data
        given = {name: said[name] for name in ("name", "dose", "sedative", "words", "taken_at")}
        given["taken_at"] = given["taken_at"] or so_at(request, now())
        if does(request, form, give_medicine, session=row, **given):
            messages.success(request, _("%(name)s is written down.") % {"name": said["name"]})
            return redirect("rooms-session", session=row.id)
    return page(request, row, status=422, medicine=form)


@staff
@require_POST
def note(request: HttpRequest, session: UUID) -> HttpResponse:
    """Something happened that has no button."""
    row = the_session(request, session, Act.ADD)
    form = NoteForm(request.POST, prefix="note")
    if form.is_valid():
        said, so = form.cleaned_data["words"], so_at(request, now())
        if does(request, form, mark_event, session=row, what="note", words=said, taken_at=so):
            return redirect("rooms-session", session=row.id)
    return page(request, row, status=422, note=form)


@staff
@require_POST
def timer(request: HttpRequest, session: UUID) -> HttpResponse:
    """Remind this room of something."""
    row = the_session(request, session, Act.ADD)
    form = TimerForm(request.POST, prefix="timer")
    if form.is_valid():
        said = form.cleaned_data
        given = {"name": said["name"], "minutes": said["minutes"] or 0, "taken_at": so_at(request, now())}
        if does(request, form, set_timer, session=row, **given):
            return redirect("rooms-session", session=row.id)
    return page(request, row, status=422, timer=form)


@staff
@require_POST
def timer_end(request: HttpRequest, event: UUID) -> HttpResponse:
    """The timer has done its work."""
    timers = RoomEvent.objects.filter(what=TIMER, withdrawn=False).select_related("session")
    running = find(request, timers, event, Act.CORRECT)
    form = StepForm(request.POST)
    if form.is_valid() and not does(request, form, end_timer, timer=running):
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    return redirect("rooms-session", session=running.session_id)
