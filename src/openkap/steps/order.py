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
from openkap.records.facts.dose import confirmation_of, order_now
from openkap.records.facts.kept import as_kept
from openkap.records.models import Confirmation, Order, Session
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.ordering import check_order, refuse_other_order, refuse_unsafe, refuse_unsigned_route
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
    refuse_unsigned_route(session.course.route)
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
def confirm_order(*, by: Actor, at: datetime, order: Order, submission: UUID | None = None) -> Confirmation:
    """A second person has checked this very order. Never the signer, never a machine."""
    must(by, Kind.CLINICAL, Act.CONFIRM, in_session(order.session, at), at=at)
    if a_person(by) == order.by_person_id:
        raise Refused(_("You signed this order. Someone else checks it, under their own sign-in."))
    session = held(order.session)
    must_be_before(session)
    if order_now(session) != order:
        raise Stale(
            _("The order was changed since you opened it. Look at it as it is now, then check that one.")
        )
    if (first := confirmation_of(order)) is not None:
        raise Stale(_("%(name)s already checked this order.") % {"name": first.by_name})
    confirmation = Confirmation.objects.create(**authored_in(by, session, at), session=session, order=order)
    tell(by, "order.confirmed", confirmation, at=at)
    return confirmation
