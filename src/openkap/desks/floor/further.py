"""A further dose in the same session: ordered beforehand or in the room, prepared, checked, given.

Decided here: one page from the order to the giving, so that whoever stands at the bedside sees where it
stays. Nothing of it is quicker than the first dose was: a prescriber signs, someone prepares, someone else
checks (docs/adr/0029-routes.md).
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import CancelForm, OrderForm, PartForm
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.door.enter import staff
from openkap.door.page import now, scope
from openkap.medicine.dosing.giving import may_follow, waits
from openkap.medicine.inputs import plain
from openkap.permits import Act
from openkap.reads.given import given_shown
from openkap.reads.order import further_shown, order_shown
from openkap.records.facts.dose import order_now
from openkap.records.facts.law import rules_of
from openkap.records.models import Session
from openkap.steps.frame import Refused
from openkap.steps.order import TILL_IT_ENDS, order_further
from openkap.steps.ordering import Checked, check_order


@staff
@require_http_methods(["GET", "POST"])
def further(request: HttpRequest, session: UUID) -> HttpResponse:
    """Order a further dose: `look` works it out, without it it is signed. Below, how it stands."""
    row = the_session(request, session, Act.SIGN if request.method == "POST" else Act.SEE)
    form = OrderForm(request.POST or None, route=row.course.route)
    checked: Checked | None = None
    if request.method == "POST" and form.is_valid():
        checked = _looked(row, form)
        words = form.cleaned_data["words"]
        if (
            checked is not None
            and "look" not in request.POST
            and does(request, form, order_further, session=row, words=words, **form.wanted())
        ):
            messages.success(request, _("The further dose is signed. It is prepared and checked next."))
            return redirect("rooms-further", session=row.id)
    return page(request, row, form=form, checked=checked)


def page(
    request: HttpRequest,
    row: Session,
    *,
    form: OrderForm | None = None,
    part: PartForm | None = None,
    checked: Checked | None = None,
) -> HttpResponse:
    """The page; `form` and `part` are forms that came back."""
    at, route = now(), row.course.route
    form = form or OrderForm(route=route)
    all_of_them = further_shown(scope(request), row, at)
    given = given_shown(scope(request), row)
    waiting = next((one for one in all_of_them if one.row.id not in given.orders), None)
    part = part or PartForm(
        route=route, zone=zone_of(row), initial={"order": waiting.row.id if waiting else None}
    )
    return show(
        request,
        "floor/further.html",
        row,
        page="order",
        status=422 if form.errors or part.errors else 200,
        theme="room" if row.started_at is not None else "day",
        main=order_shown(scope(request), row, at),
        form=form,
        checked=checked,
        waiting=waiting,
        before=[one for one in all_of_them if one is not waiting],
        given=given,
        part=part,
        cancel_form=CancelForm(prefix="cancel", initial={"order": waiting.row.id if waiting else None}),
        may_follow=may_follow(route),
        waits=[plain(minutes) for minutes in waits(route, rules_of(row, at))] if may_follow(route) else (),
        open_here=row.state in TILL_IT_ENDS,
        at=at,
        **title_of(row),
    )


def _looked(row: Session, form: OrderForm) -> Checked | None:
    """The working, or the reason why it cannot be worked out, on the form."""
    main = order_now(row)
    if main is None:
        form.add_error(None, _("Order the dose itself first. A further one comes after it."))
        return None
    try:
        return check_order(row, now(), follows=main, **form.wanted())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        return None
