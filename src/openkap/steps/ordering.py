"""The checks behind an order: what medicine says of it, and when it is refused.

Decided here: a weight that is absent or too old is refused, not worded away, since milligrams rest on
it; stop is refused; hold, caution and what could be either need the prescriber's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine import dosing
from openkap.medicine.course.gate import OrderNow, order_valid
from openkap.medicine.dosing.draw import Drawn, draw
from openkap.medicine.inputs import Unusable
from openkap.medicine.verdict import Level, Verdict
from openkap.permits import Role
from openkap.records.facts.dose import order_now, person_for
from openkap.records.facts.gate import amount_of
from openkap.records.facts.signing import Signed, signed_of
from openkap.records.models import Draw, Membership, Order, Session
from openkap.steps.frame import Refused, Stale

OLD_WEIGHT = "D-WEIGHT-AGE"


@dataclass(frozen=True, slots=True)
class Checked:
    """An order as worked out: amounts in mg and mL, the working line by line, and medicine's answer."""

    mg: Decimal
    ml: Decimal | None
    weight_kg: Decimal | None
    arithmetic: tuple[str, ...]
    verdict: Verdict
    ruleset: str


def check_order(
    session: Session,
    at: datetime,
    *,
    mg_per_kg: Decimal,
    duration_min: int | None,
    concentration_mg_per_ml: Decimal | None = None,
    weight_basis: str | None = None,
) -> Checked:
    """Work an order out from what is known now. Raises Refused for what cannot be worked out."""
    person = person_for(session, at)
    if person.weight is None:
        raise Refused(_("No weight is known. Weigh first: the milligrams rest on it."), field="weight_kg")
    try:
        order = dosing.Order(
            route=dosing.Route(session.course.route),
            mg_per_kg=mg_per_kg,
            weight_kg=person.weight.value,
            height_cm=person.height.value if person.height else None,
            age=Decimal(person.age) if person.age is not None else None,
            sex=person.sex or None,
            duration_min=Decimal(duration_min) if duration_min is not None else None,
            concentration_mg_per_ml=concentration_mg_per_ml,
            on=person.day(at),
            at=at,
            weight_basis=weight_basis or None,
            weighed_on=person.day(person.weight.at),
            history=person.doses,
        )
    except dosing.Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None
    answer = dosing.check(order)
    old = next((f for f in answer.verdict.findings if f.rule == OLD_WEIGHT), None)
    if old is not None:
        raise Refused(_("Weigh again. %(why)s") % {"why": old.because}, field="weight_kg")
    return Checked(
        answer.mg, answer.ml, person.weight.value, answer.arithmetic, answer.verdict, answer.ruleset
    )


def refuse_unsigned_route(session: Session) -> None:
    """Proposed limits are no director's word: nothing is ordered by rules that nobody here has signed."""
    signed = signed_of(session.organisation_id, session.course.route)
    if signed.stands:
        return
    because = {
        "changed": _("The rules for this route changed since they were signed."),
        "withdrawn": _("The signature on this route's rules was withdrawn."),
    }.get(signed.state, _("No medical director has signed the rules of this route."))
    raise Refused(
        _("Not here yet. %(why)s %(who)s signs the limits, the watching and the going-home rules first.")
        % {"why": because, "who": _directors(session, signed)},
        hint=session.course.route,
    )


def _directors(session: Session, signed: Signed) -> str:
    """Who can mend it, by name where the practice has a medical director."""
    held = Membership.objects.filter(
        organisation_id=session.organisation_id, role=Role.MEDICAL_DIRECTOR.value, until=None
    ).select_related("person")
    names = sorted({row.person.name for row in held})
    if not names and signed.row is not None:
        names = [signed.row.by_name]
    return ", ".join(names) or _("A medical director")


def refuse_expired(order: Order, at: datetime) -> None:
    """A signed order counts for the hours of `R-ORDER`; after that somebody looks again."""
    if not order_valid(OrderNow(state="stands", at=order.at), at):
        raise Refused(_("This order has run out. A prescriber looks again and orders again."))


def refuse_other_draw(before: Draw | None, instead_of: UUID | None) -> None:
    """Two people drew the same order up: the second is told who was first."""
    if before is not None and before.id != instead_of:
        raise Stale(
            _("%(name)s has already drawn this up: %(amount)s. Look at it, then decide.")
            % {"name": before.by_name, "amount": amount_of(before)}
        )


def refuse_other_order(before: Order | None, instead_of: UUID | None) -> None:
    """The page must have known of the order it replaces."""
    if before is not None and before.id != instead_of:
        raise Stale(
            _("%(name)s has ordered a dose for this session: %(mg)s mg. Look at that order, then decide.")
            % {"name": before.by_name, "mg": f"{before.mg.normalize():f}"}
        )


def refuse_changed(session: Session, order: Order) -> None:
    """What was on the page is still the order that stands."""
    if order_now(session) != order:
        raise Stale(
            _("The order was changed since you opened it. Look at the order as it is now, then decide.")
        )


def refuse_own_work(who: UUID, order: Order, drawn: Draw | None) -> None:
    """Nobody checks their own order, or their own syringe."""
    if who == order.by_person_id:
        raise Refused(_("You signed this order. Someone else checks it, under their own sign-in."))
    if drawn is not None and who == drawn.by_person_id:
        raise Refused(_("You drew this up. Someone else checks it, under their own sign-in."))


def worked_out(
    order: Order, strength: Decimal | None, ml: Decimal | None, counted_mg: Decimal | None
) -> Drawn:
    """What was drawn, if it is what was ordered. Raises Refused with the arithmetic."""
    try:
        return draw(
            order.route,
            order.mg,
            ordered_strength=order.concentration_mg_per_ml,
            strength=strength,
            ml=ml,
            counted_mg=counted_mg,
        )
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None


def refuse_unsafe(checked: Checked, words: str) -> None:
    """Stop is refused; whatever else speaks against the order needs a reason in words."""
    verdict = checked.verdict
    worst = verdict.worst
    if worst is None or verdict.level is Level.CLEAR:
        return
    if verdict.level is Level.STOP:
        raise Refused(f"{worst.because} {worst.action}".strip(), field="mg_per_kg")
    if not words.strip():
        raise Refused(
            _("%(why)s Say why it is right all the same. Your reason stays with the order.")
            % {"why": worst.because},
            field="words",
        )


def refuse_other_amount(order: Order, given: Decimal, words: str) -> None:
    """What was given is at most what was ordered; where it is less, someone says why."""
    ordered = f"{order.mg.normalize():f}"
    if given > order.mg or given < 0:
        raise Refused(
            _("%(mg)s mg were ordered and confirmed. What was given is between 0 and that.")
            % {"mg": ordered},
            field="mg",
        )
    if given != order.mg and not words.strip():
        raise Refused(
            _("Less than the %(mg)s mg ordered was given. Say why it ended early.") % {"mg": ordered},
            field="words",
        )
