"""A part of the dose is given, and a hold ends: one tap each, from the room.

Decided here: what is left out is all that is left of the order; what is refused comes back on the page with
what was said. The room's own page shows what comes next and from when (docs/adr/0029-routes.md).
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.floor import further
from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import HoldForm, PartForm
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.desks.floor.waited import for_script, so_at
from openkap.door.enter import staff
from openkap.door.page import StepForm, find, now, scope
from openkap.permits import Act
from openkap.reads.given import given_shown
from openkap.reads.order import order_shown
from openkap.records.facts.dose import order_now
from openkap.records.models import GivenPart, Order, Session
from openkap.steps.giving import end_hold, give_part


@staff
@require_http_methods(["GET", "POST"])
def given(request: HttpRequest, session: UUID) -> HttpResponse:
    """Every part given so far, and the form of the next; posted, it keeps that one."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    form = PartForm(request.POST or None, route=row.course.route, zone=zone_of(row))
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, now()
        orders = Order.objects.filter(session=row)
        order = find(request, orders, said["order"]) if said["order"] else order_now(row)
        told = {"order": order, "words": said["words"], "taken_at": said["taken_at"] or so_at(request, at)}
        if does(request, form, give_part, session=row, **told, **form.said()):
            messages.success(request, _("Written down."))
            return redirect("rooms-session", session=row.id)
        if answer := _from_the_room(request, form):
            return answer
        if order is not None and order.booster_of_id is not None:
            return further.page(request, row, part=form)
    return _page(request, row, form=form)


@staff
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, session: UUID) -> HttpResponse:
    """The hold is over: spat out or swallowed, after how long."""
    row = the_session(request, session, Act.ADD if request.method == "POST" else Act.SEE)
    held = given_shown(scope(request), row).held
    form = HoldForm(request.POST or None, initial=_as_ordered(held))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = {
            "after_hold": said["after_hold"],
            "held_min": said["held_min"],
            "taken_at": so_at(request, now()),
        }
        if held is None:
            form.add_error(None, _("Nothing is held under the tongue now."))
        elif does(request, form, end_hold, part=held, **told):
            messages.success(request, _("Written down."))
            return redirect("rooms-session", session=row.id)
        if answer := _from_the_room(request, form):
            return answer
    return _page(request, row, hold_form=form)


def _from_the_room(request: HttpRequest, form: StepForm) -> HttpResponse | None:
    """Why a tap of the room's own page was not taken, for its script to say there."""
    refusal = " ".join(str(one) for errors in form.errors.values() for one in errors)
    return for_script(request, refusal) if "room" in request.POST and refusal else None


def _as_ordered(held: GivenPart | None) -> dict[str, str]:
    """What was ordered is chosen beforehand; whoever watches puts it right."""
    return {"after_hold": held.order.after_hold} if held is not None else {}


def _page(
    request: HttpRequest,
    row: Session,
    *,
    form: PartForm | None = None,
    hold_form: HoldForm | None = None,
) -> HttpResponse:
    at = now()
    shown = given_shown(scope(request), row)
    form = form or PartForm(route=row.course.route, zone=zone_of(row))
    hold_form = hold_form or HoldForm(initial=_as_ordered(shown.held))
    return show(
        request,
        "floor/given.html",
        row,
        page="room",
        status=422 if form.errors or hold_form.errors else 200,
        theme="room" if row.state in Session.LIVE else "day",
        order=order_shown(scope(request), row, at),
        given=shown,
        form=form,
        hold_form=hold_form,
        held=shown.held,
        at=at,
        **title_of(row),
    )
