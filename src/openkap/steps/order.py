"""What happens before a dose is given: ordered, drawn up, checked by a second person, or cancelled.

Decided here: who does each part. A prescriber orders and signs; someone prepares exactly that; someone
else checks both, under their own name. A further dose in the same session is an order of its own, prepared
and checked as the first was. What is safe is asked of medicine, one call a step. Rows are
added, never changed, so that the chart of a dose reads as it happened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.dose import confirmation_of, draw_of, further_order, order_now
from openkap.records.facts.kept import as_kept
from openkap.records.models import Confirmation, Draw, GivenPart, Order, Session
from openkap.steps.consent_again import refuse_unconsented
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.ordering import (
    Checked,
    Hand,
    Wanted,
    check_order,
    read_on_package,
    refuse_changed,
    refuse_expired,
    refuse_hold,
    refuse_no_further,
    refuse_other_draw,
    refuse_other_order,
    refuse_own_work,
    refuse_unsafe,
    refuse_unsigned_route,
    worked_out,
)
from openkap.steps.room import a_person, authored_in, held, in_session, must_be_before, must_be_in
from openkap.steps.standing import refuse_ended_paper

# A further dose can be ordered and prepared from the planning on until the dose has ended.
TILL_IT_ENDS = (*SESSION.comes_from("start"), "under_way", "paused")


@step
def order_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str = "",
    instead_of: UUID | None = None,
    submission: UUID | None = None,
    **wanted: Unpack[Wanted],
) -> Order:
    """Sign an order for this session. `instead_of` is the order it replaces, which then no longer stands.

    `wanted` is what this route is ordered by (`Product.fields`). Raises Refused where medicine says stop,
    where it says hold or caution and `words` are missing, for a field of another route, and on a site where
    nobody has signed this route's limits; Stale where another order came first.
    """
    must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)
    refuse_ended_paper(by, "order", session.organisation, at=at)
    session = held(session)
    must_be_before(session)
    refuse_unsigned_route(session)
    before = order_now(session)
    refuse_other_order(before, instead_of)
    checked = check_order(session, at, **wanted)
    refuse_unsafe(checked, words)
    refuse_hold(by, checked, at=at)
    order = _signed(by, session, checked, wanted, words, at=at, before=before)
    tell(by, "order.signed", order, at=at)
    return order


@step
def order_further(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str = "",
    submission: UUID | None = None,
    **wanted: Unpack[Wanted],
) -> Order:
    """Sign a further dose for this session: beforehand, or in the room while the dose is under way.

    Judged with everything this session gives before it. Raises as `order_dose` does, and where the route has
    no further dose or one is ordered and not given yet.
    """
    must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)
    refuse_ended_paper(by, "order", session.organisation, at=at)
    session = held(session)
    must_be_in(session, TILL_IT_ENDS)
    refuse_unsigned_route(session)
    main = refuse_no_further(session, order_now(session), further_order(session))
    checked = check_order(session, at, follows=main, **wanted)
    refuse_unsafe(checked, words)
    refuse_hold(by, checked, at=at)
    order = _signed(by, session, checked, wanted, words, at=at, booster_of=main)
    tell(by, "order.further_signed", order, at=at)
    return order


def _signed(
    by: Actor,
    session: Session,
    checked: Checked,
    wanted: Wanted,
    words: str,
    *,
    at: datetime,
    before: Order | None = None,
    booster_of: Order | None = None,
) -> Order:
    return Order.objects.create(
        **authored_in(by, session, at),
        session=session,
        route=session.course.route,
        mg=checked.mg,
        ml=checked.ml,
        weight_kg=checked.weight_kg,
        mg_per_kg=wanted.get("mg_per_kg"),
        duration_min=wanted.get("duration_min"),
        concentration_mg_per_ml=wanted.get("concentration_mg_per_ml"),
        arithmetic=list(checked.arithmetic),
        level=checked.verdict.level.value,
        verdict={**as_kept(checked.verdict), "ruleset": checked.ruleset, "words": words.strip()},
        booster_of=booster_of,
        corrects=before,
        reason=(words.strip() or _("Ordered again"))[:500] if before is not None else "",
        **checked.columns,
    )


@step
def cancel_order(
    *, by: Actor, at: datetime, order: Order, reason: str, submission: UUID | None = None
) -> Order:
    """Take a signed order back, with a reason. What was drawn for it is discarded by whoever drew it."""
    must(by, Kind.CLINICAL, Act.SIGN, in_session(order.session, at), at=at)
    _must_be_open(held(order.session), order)
    if GivenPart.objects.current().filter(order=order).exists():
        raise Refused(_("Some of it is given. What was given can be corrected, not called back."))
    return replace(by, at, order, reason, {"at": at}, withdrawn=True, verb="cancelled")


@step
def draw_dose(
    *,
    by: Actor,
    at: datetime,
    order: Order,
    instead_of: UUID | None = None,
    words: str = "",
    submission: UUID | None = None,
    **hand: Unpack[Hand],
) -> Draw:
    """Prepare exactly what is ordered: `hand` is what the package says and what was drawn or counted.

    `instead_of` is what was prepared before, which is discarded; that needs `words`. Raises Refused where it
    is not what is ordered, Stale where the order changed or somebody else prepared it first.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(order.session, at), at=at)
    a_person(by)
    session = held(order.session)
    _must_be_open(session, order)
    refuse_changed(session, order)
    refuse_expired(order, at)
    refuse_unconsented(session, at)
    before = draw_of(order)
    refuse_other_draw(before, instead_of)
    if before is not None and not words.strip():
        raise Refused(
            _("Say why it is prepared again. What was prepared before is discarded."), field="words"
        )
    drawn = worked_out(order, hand)
    row = Draw.objects.create(
        **authored_in(by, session, at),
        session=session,
        order=order,
        concentration_mg_per_ml=hand.get("concentration_mg_per_ml"),
        ml=drawn.ml,
        mg=drawn.mg,
        unit_mg=drawn.unit_mg,
        units=drawn.units,
        label=drawn.label[:80],
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
    label: str = "",
    submission: UUID | None = None,
) -> Confirmation:
    """A second person has checked this very order and what is drawn up for it.

    Never the one who signed, never the one who drew, never a machine. `draw` is what the page showed;
    `proof` is how this person showed who they are; `label` is the name as they read it on the package, where
    the route asks for one.
    """
    must(by, Kind.CLINICAL, Act.CONFIRM, in_session(order.session, at), at=at)
    who = a_person(by)
    session = held(order.session)
    _must_be_open(session, order)
    refuse_changed(session, order)
    refuse_expired(order, at)
    drawn = draw_of(order)
    refuse_own_work(who, order, drawn)
    if drawn is None:
        raise Refused(_("Nothing is prepared yet. Prepare it first; then a second person checks both."))
    if draw is not None and draw != drawn:
        raise Stale(_("%(name)s has drawn it up again. Look at what is drawn now.") % {"name": drawn.by_name})
    if (first := confirmation_of(order)) is not None:
        raise Stale(_("%(name)s already checked this order.") % {"name": first.by_name})
    confirmation = Confirmation.objects.create(
        **authored_in(by, session, at),
        session=session,
        order=order,
        draw=drawn,
        proof=proof,
        label=read_on_package(order, label)[:80],
    )
    tell(by, "order.confirmed", confirmation, at=at)
    return confirmation


def _must_be_open(session: Session, order: Order) -> None:
    """The dose itself is prepared before it starts; a further one until the dose has ended."""
    if order.booster_of_id is None:
        must_be_before(session)
    else:
        must_be_in(session, TILL_IT_ENDS)
