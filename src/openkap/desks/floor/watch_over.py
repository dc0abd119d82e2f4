"""Who watches over: taking over under one's own name, calling for help, handing to emergency care.

Decided here: the page for help needs no script, no second step and no typing to be of use; the form for
what happened comes after. Taking over shows what the next person must know before they press.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor import actions, picture
from openkap.desks.floor.names import title_of
from openkap.desks.floor.ring import ring
from openkap.desks.floor.room_forms import EmergencyForm, StopForm, TakeOverForm
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.desks.floor.words import marks
from openkap.door.enter import staff
from openkap.door.page import actor, now, scope
from openkap.medicine.monitoring.rescue import rescue_list, stop_rules
from openkap.permits import Act
from openkap.reads.header import allergies_of
from openkap.reads.help import help_for
from openkap.reads.room import live
from openkap.records.ids import new_id
from openkap.records.models import Session
from openkap.steps.responsible import take_over
from openkap.steps.stopping import hand_over_to_emergency, stop_dose


@staff
@require_http_methods(["GET", "POST"])
def over(request: HttpRequest, session: UUID) -> HttpResponse:
    """What there is to tell, and one button: I take over."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    form = TakeOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if does(request, form, take_over, session=row, words=form.cleaned_data["words"]):
            messages.success(request, _("You watch over %(name)s now.") % {"name": row.patient.name})
            return redirect("rooms-session", session=row.id)
        row.refresh_from_db()
    seen = live(scope(request), row, now())
    return show(
        request, "floor/over.html", row, page="room", status=422 if form.errors else 200, theme="room",
        form=form, live=seen, tiles=picture.tiles(seen, zone_of(row)), due=picture.due_rows(seen),
        ring=ring(seen.clockwork, zone_of(row)), marks=marks(seen)[:5],
        mine=seen.watching is not None and seen.watching.person == actor(request).person,
        **title_of(row),
    )  # fmt: skip


@staff
@require_POST
def stop(request: HttpRequest, session: UUID) -> HttpResponse:
    """Stop the dose before its end."""
    row = the_session(request, session, Act.ADD)
    form = StopForm(request.POST, prefix="stop")
    if form.is_valid():
        said = form.cleaned_data
        if does(request, form, stop_dose, session=row, mg=said.get("mg"), words=said["words"]):
            messages.success(request, _("The dose is stopped. Keep watching as after any dose."))
            return redirect("rooms-session", session=row.id)
        row.refresh_from_db()
    return actions.end_page(request, row, stop=form, status=422)


@staff
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, session: UUID) -> HttpResponse:
    """Whom to call, what to say; and, afterwards, that emergency care has taken over."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _handed(request, row, form):
        messages.success(request, _("Handed over. The medical director has it from now on."))
        return redirect("rooms-session", session=row.id)
    row.refresh_from_db(fields=["state", "ended_at", "version"])
    at = now()
    seen = live(scope(request), row, at)
    allergies = allergies_of(scope(request), row.patient)[0]
    shown = help_for(row, seen, allergies, at)
    if not form.is_bound:
        form.initial["mg"] = shown.given_mg
    return show(
        request, "floor/help.html", row, page="room", status=422 if form.errors else 200, theme="room",
        form=form, live=seen, help=shown, rescue=rescue_list(), stops=stop_rules(),
        ask_id=new_id(), runs=row.state in ("under_way", "paused"),
        **title_of(row),
    )  # fmt: skip


def _handed(request: HttpRequest, row: Session, form: EmergencyForm) -> bool:
    said = form.cleaned_data
    told = {name: said[name] for name in ("called", "words", "mg")}
    return does(request, form, hand_over_to_emergency, session=row, **told)
