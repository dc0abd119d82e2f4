"""Ordering a dose: the facts it rests on, the working line by line, then the signature.

Decided here: looking comes before signing and keeps nothing; what was looked at is what is signed, since
it is reckoned again from the same facts in the same step. The form holds the fields of the course's route.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openkap.desks.floor.forms import WeightForm
from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import CancelForm, OrderForm
from openkap.desks.floor.session_page import does, show, the_session, zone_of
from openkap.door.enter import staff
from openkap.door.page import find, now, scope
from openkap.medicine.monitoring import Unusable
from openkap.medicine.monitoring.physiology import check_vital
from openkap.permits import Act
from openkap.reads.header import header_of
from openkap.reads.order import Ordering, ordering
from openkap.records.models import Order, Session
from openkap.steps.evaluation import Measured, note_result
from openkap.steps.frame import Refused
from openkap.steps.order import cancel_order, order_dose
from openkap.steps.ordering import Checked, check_order


@staff
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, session: UUID) -> HttpResponse:
    """The order page. `look` works it out; without it, it is signed."""
    row = the_session(request, session, Act.SIGN if request.method == "POST" else Act.SEE)
    shown = ordering(scope(request), row, now())
    now_is = _standing(shown)
    form = OrderForm(request.POST or None, route=row.course.route, initial={"instead_of": now_is})
    checked: Checked | None = None
    if request.method == "POST" and form.is_valid():
        checked = _looked(row, form)
        if checked is not None and "look" not in request.POST and _signed(request, row, form):
            messages.success(request, _("The order is signed. A second person checks it next."))
            return redirect("rooms-session", session=row.id)
    return page(request, row, form=form, checked=checked, shown=shown)


@staff
@require_POST
def weigh(request: HttpRequest, session: UUID) -> HttpResponse:
    """Weighed today: kept as a dated result, on which the milligrams then rest."""
    row = the_session(request, session, Act.ADD)
    form = WeightForm(request.POST, prefix="weigh")
    if form.is_valid():
        said = form.cleaned_data
        try:
            kg = check_vital("weight_kg", said["weight"] if said["weight"] is not None else "", said["unit"])
        except Unusable as unusable:
            form.add_error("weight", unusable.sentence)
        else:
            at = now()
            weighed = Measured("weight_kg", f"{kg:f}", "kg", at)
            if does(request, form, note_result, course=row.course, result=weighed):
                return redirect("care-order", session=row.id)
    return page(request, row, weight_form=form)


@staff
@require_POST
def cancel(request: HttpRequest, session: UUID) -> HttpResponse:
    """Take the signed order back, with a reason."""
    row = the_session(request, session, Act.SIGN)
    form = CancelForm(request.POST, prefix="cancel")
    if form.is_valid():
        said = form.cleaned_data
        order = find(request, Order.objects.filter(session=row), said["order"], Act.SIGN)
        if does(request, form, cancel_order, order=order, reason=said["reason"]):
            messages.success(request, _("The order is cancelled. Whatever was prepared is discarded."))
            return redirect("rooms-session", session=row.id)
    return page(request, row, cancel_form=form)


def page(
    request: HttpRequest,
    row: Session,
    *,
    cancel_form: CancelForm | None = None,
    form: OrderForm | None = None,
    weight_form: WeightForm | None = None,
    checked: Checked | None = None,
    shown: Ordering | None = None,
) -> HttpResponse:
    at = now()
    shown = shown or ordering(scope(request), row, at)
    now_is = _standing(shown)
    form = form or OrderForm(route=row.course.route, initial={"instead_of": now_is})
    weight_form = weight_form or WeightForm(prefix="weigh")
    cancel_form = cancel_form or CancelForm(prefix="cancel", initial={"order": now_is})
    return show(
        request,
        "floor/order.html",
        row,
        page="order",
        status=422 if form.errors or weight_form.errors or cancel_form.errors else 200,
        header=header_of(scope(request), row.course, at, zone_of(row)),
        ordering=shown,
        form=form,
        weight_form=weight_form,
        cancel_form=cancel_form,
        checked=checked,
        counted=shown.product.counted(checked.units) if checked is not None and checked.units else "",
        at=at,
        **title_of(row),
    )


def _standing(shown: Ordering) -> UUID | None:
    """The order that a new one would replace; a cancelled one is replaced by nothing."""
    order = shown.order
    return order.row.id if order is not None and order.state != "cancelled" else None


def _looked(row: Session, form: OrderForm) -> Checked | None:
    """The working, or the reason why it cannot be worked out, on the form."""
    try:
        return check_order(row, now(), **form.wanted())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        return None


def _signed(request: HttpRequest, row: Session, form: OrderForm) -> bool:
    said = form.cleaned_data
    told = {"words": said["words"], "instead_of": said["instead_of"], **form.wanted()}
    return does(request, form, order_dose, session=row, **told)
