"""Before the dose: is everything ready, going ahead over a line, and Start.

Decided here: one verdict, then what is open with who can mend it, then what is clear. Start is there
only when nothing is open; where somebody may go ahead, their reason is asked at the line it is for.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.desks.floor import live_room
from openkap.desks.floor.forms import GoAheadForm
from openkap.desks.floor.gate_lines import approved_by, gate_words, open_lines, signed_words
from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import PartForm
from openkap.desks.floor.session_page import does, elsewhere, show, the_session
from openkap.desks.floor.words import START
from openkap.door.enter import staff
from openkap.door.page import now, scope
from openkap.medicine.dosing.giving import sprays
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act
from openkap.reads.agreements import apart_words
from openkap.reads.order import Gate, OrderShown, gate, order_shown
from openkap.reads.room import live
from openkap.records.models import Session
from openkap.steps.dose import start_dose
from openkap.steps.readiness import go_ahead as steps_go_ahead

CLEAR_SHOWN, CLEAR_BESIDE_CAUTIONS = 9, 5


@staff
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    """The session's own page: the gate before it, the live room in it, the record after it."""
    row = the_session(request, session)
    if row.state in Session.LIVE:
        return live_room.page(request, row)
    if row.started_at is not None:
        return live_room.record(request, row)
    return gate_page(request, row)


@staff
def part(request: HttpRequest, session: UUID) -> HttpResponse:
    """What changes on the session's page while it stands open; `was` says which page asks."""
    row = the_session(request, session)
    now_is = "live" if row.state in Session.LIVE else "record" if row.started_at is not None else "gate"
    if request.GET.get("was") != now_is:
        return elsewhere(reverse("rooms-session", args=[row.id]))
    if now_is == "live":
        return live_room.part(request, row)
    return gate_page(request, row, template="floor/gate_part.html")


def gate_page(
    request: HttpRequest,
    row: Session,
    form: PartForm | None = None,
    template: str = "floor/gate.html",
    status: int = 200,
    over: GoAheadForm | None = None,
) -> HttpResponse:
    """The gate as it stands now. `over` is a go-ahead that was refused, with its words."""
    at = now()
    order = order_shown(scope(request), row, at)
    form = form or PartForm(route=row.course.route, initial={"version": row.version, **_split(order)})
    asked = gate(row, at)
    shown = live(scope(request), row, at)
    return show(
        request,
        template,
        row,
        page="gate",
        status=status,
        theme="day",
        gate=asked,
        says=gate_words(asked),
        lines=open_lines(request, row, asked, order),
        over=over,
        order=order,
        start=_(START[row.course.route][0]),
        starts=_(START[row.course.route][1]),
        signed=signed_words(row, asked),
        approved=approved_by(asked),
        apart=apart_words(row.course, at),
        numbers=shown.numbers,
        **_clear(asked),
        form=form,
        at=at,
        **title_of(row),
    )


@staff
@require_POST
def start(request: HttpRequest, session: UUID) -> HttpResponse:
    """Start the dose, or say everything that is missing."""
    row = the_session(request, session, Act.ADD)
    form = PartForm(request.POST, route=row.course.route)
    if form.is_valid() and _started(request, row, form):
        return redirect("rooms-session", session=row.id)
    row.refresh_from_db()
    if row.state in Session.LIVE:
        messages.info(request, _("The dose was started by someone else a moment ago."))
        return redirect("rooms-session", session=row.id)
    return gate_page(request, row, form, status=422)


def _started(request: HttpRequest, row: Session, form: PartForm) -> bool:
    said = form.cleaned_data
    told = {"version": said["version"], "words": said["words"], **form.said()}
    return does(request, form, start_dose, session=row, **told)


def _clear(asked: Gate) -> dict[str, Any]:
    """How many clear lines stand open, so that a nearly clear gate is one screen; the rest is folded."""
    n = CLEAR_SHOWN if not asked.cautions else CLEAR_BESIDE_CAUTIONS
    return {"shown": f":{n}", "folded": f"{n}:", "hidden_clear": max(len(asked.met) - n, 0)}


def _split(order: OrderShown | None) -> dict[str, int]:
    """All that was ordered, sprays shared between the nostrils: to be put right where it was otherwise."""
    if order is None or order.row.units is None:
        return {}
    if order.row.route != Route.NASAL_RACEMIC:
        return {"units": order.row.units}
    left, right = sprays(None, None, order.row.units)
    return {"left": left, "right": right}


@staff
@require_POST
def go_ahead(request: HttpRequest, session: UUID) -> HttpResponse:
    """Somebody who may goes ahead over one line, with a reason; the line stays, as a caution."""
    row = the_session(request, session)
    form = GoAheadForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        told = {name: said[name] for name in ("rule", "because", "words")}
        if does(request, form, steps_go_ahead, session=row, **told):
            messages.success(request, _("Kept with your name and your reason."))
            return redirect("rooms-session", session=row.id)
    row.refresh_from_db()
    return gate_page(request, row, status=422, over=form)
