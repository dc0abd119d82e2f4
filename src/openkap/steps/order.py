"""What happens before a dose is given: ordered, drawn up, checked by a second person, or cancelled.

Decided here: who does each part. A prescriber orders and signs; someone draws exactly that; someone
else checks both, under their own name. What is safe is asked of medicine, one call a step. Rows are
added, never changed, so that the chart of a dose reads as it happened.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.facts.dose import confirmation_of, draw_of, order_now
from openkap.records.facts.kept import as_kept
from openkap.records.models import Confirmation, Draw, Order, Session
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.ordering import (
    check_order,
    refuse_changed,
    refuse_expired,
    refuse_other_draw,
    refuse_other_order,
    refuse_own_work,
    refuse_unsafe,
    refuse_unsigned_route,
    worked_out,
)
from openkap.steps.room import a_person, authored_in, held, in_session, must_be_before


@step
def order_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    mg_per_kg: Decimal,
    duration_min: int | None = None,
    concentration_mg_per_ml: Decimal | None = None,
    weight_basis: str | None = None,
    words: str = "",
    instead_of: UUID | None = None,
    submission: UUID | None = None,
) -> Order:
    """Sign an order for this session. `instead_of` is the order it replaces, which then no longer stands.

    Raises Refused where medicine says stop, where it says hold or caution and `words` are missing,
    and on a site where nobody has signed this route's limits; Stale where another order came first.
    """
    must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)
    session = held(session)
    must_be_before(session)
    refuse_unsigned_route(session)
    before = order_now(session)
    refuse_other_order(before, instead_of)
    checked = check_order(
        session,
        at,
        mg_per_kg=mg_per_kg,
        duration_min=duration_min,
        concentration_mg_per_ml=concentration_mg_per_ml,
        weight_basis=weight_basis,
    )
    refuse_unsafe(checked, words)
    order = Order.objects.create(
        **authored_in(by, session, at),
        session=session,
        route=session.course.route,
        mg=checked.mg,
        ml=checked.ml,
        weight_kg=checked.weight_kg,
        mg_per_kg=mg_per_kg,
        duration_min=duration_min,
        concentration_mg_per_ml=concentration_mg_per_ml,
        arithmetic=list(checked.arithmetic),
        level=checked.verdict.level.value,
        verdict={**as_kept(checked.verdict), "ruleset": checked.ruleset, "words": words.strip()},
        corrects=before,
        reason=(words.strip() or _("Ordered again"))[:500] if before is not None else "",
    )
    tell(by, "order.signed", order, at=at)
    return order


@step
def cancel_order(
    *, by: Actor, at: datetime, order: Order, reason: str, submission: UUID | None = None
) -> Order:
    """Take a signed order back, with a reason. What was drawn for it is discarded by whoever drew it."""
    must(by, Kind.CLINICAL, Act.SIGN, in_session(order.session, at), at=at)
    session = held(order.session)
    must_be_before(session)
    return replace(by, at, order, reason, {"at": at}, withdrawn=True, verb="cancelled")


@step
def draw_dose(
    *,
    by: Actor,
    at: datetime,
    order: Order,
    concentration_mg_per_ml: Decimal | None = None,
    ml: Decimal | None = None,
    counted_mg: Decimal | None = None,
    instead_of: UUID | None = None,
    words: str = "",
    submission: UUID | None = None,
) -> Draw:
    """Draw up exactly what is ordered: the strength read from the vial, the milliliters from the syringe.

    `instead_of` is what was drawn before, which is discarded; that needs `words`. Raises Refused where it
    is not what is ordered, Stale where the order changed or somebody else drew it up first.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(order.session, at), at=at)
    a_person(by)
    session = held(order.session)
    must_be_before(session)
    refuse_changed(session, order)
    refuse_expired(order, at)
    before = draw_of(order)
    refuse_other_draw(before, instead_of)
    if before is not None and not words.strip():
        raise Refused(_("Say why it is drawn up again. What was drawn before is discarded."), field="words")
    drawn = worked_out(order, concentration_mg_per_ml, ml, counted_mg)
    row = Draw.objects.create(
        **authored_in(by, session, at),
        session=session,
        order=order,
        concentration_mg_per_ml=concentration_mg_per_ml,
        ml=drawn.ml,
        mg=drawn.mg,
        arithmetic=list(drawn.arithmetic),
        corrects=before,
        reason=words.strip()[:500] if before is not None else "",
    )
    tell(by, "dose.drawn", row, at=at)
    return row


@step
def confirm_order(
    *,
    by: Actor,
    at: datetime,
    order: Order,
    draw: Draw | None = None,
    proof: str = "sign_in",
    submission: UUID | None = None,
) -> Confirmation:
    """A second person has checked this very order and what is drawn up for it.

    Never the one who signed, never the one who drew, never a machine. `draw` is what the page showed;
    `proof` is how this person showed who they are.
    """
    must(by, Kind.CLINICAL, Act.CONFIRM, in_session(order.session, at), at=at)
    who = a_person(by)
    session = held(order.session)
    must_be_before(session)
    refuse_changed(session, order)
    refuse_expired(order, at)
    drawn = draw_of(order)
    refuse_own_work(who, order, drawn)
    if drawn is None:
        raise Refused(_("Nothing is drawn up yet. Draw it up first; then a second person checks both."))
    if draw is not None and draw != drawn:
        raise Stale(_("%(name)s has drawn it up again. Look at what is drawn now.") % {"name": drawn.by_name})
    if (first := confirmation_of(order)) is not None:
        raise Stale(_("%(name)s already checked this order.") % {"name": first.by_name})
    confirmation = Confirmation.objects.create(
        **authored_in(by, session, at), session=session, order=order, draw=drawn, proof=proof
    )
    tell(by, "order.confirmed", confirmation, at=at)
    return confirmation
