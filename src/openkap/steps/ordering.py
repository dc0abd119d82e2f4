"""The checks behind an order: what medicine says of it, and when it is refused.

Decided here: an order holds what its route is ordered by and nothing else, so that no field of one route is
ever read as another's. A weight that is absent or too old is refused, not worded away, since milligrams and
limits rest on it; esketamine goes by no weight. Stop is refused; hold, caution and what could be either need
the prescriber's own words. A further dose is judged with what this session gives before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine import dosing
from openkap.medicine.course.gate import OrderNow, order_valid
from openkap.medicine.dosing.draw import Asked, Drawn, InHand, draw, from_a_vial
from openkap.medicine.dosing.giving import check_after_hold, check_hold, further, may_follow
from openkap.medicine.dosing.products import (
    check_label,
    device_mg,
    in_units,
    product_of,
    strange_strength,
    units_in,
)
from openkap.medicine.inputs import Unusable, plain
from openkap.medicine.rules import RuleSet
from openkap.medicine.verdict import Level, Verdict
from openkap.permits import Actor, Role
from openkap.records.facts.asked_order import asked_order
from openkap.records.facts.dose import order_now, person_for
from openkap.records.facts.gate import amount_of
from openkap.records.facts.law import rules_of
from openkap.records.facts.signing import Signed, signed_of
from openkap.records.models import Draw, Membership, Order, Session
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, Stale
from openkap.steps.overrule import may_overrule, who_overrules

OLD_WEIGHT = "D-WEIGHT-AGE"


class Wanted(TypedDict, total=False):
    """What a prescriber asks for. Which of these count is the route's (`Product.fields`)."""

    mg_per_kg: Decimal | None
    mg: Decimal | None
    duration_min: int | None
    concentration_mg_per_ml: Decimal | None
    weight_basis: str | None
    unit_mg: Decimal | None
    hold_min: int | None
    after_hold: str
    indication: str


class Hand(TypedDict, total=False):
    """What is read from the package and counted by whoever prepares it."""

    concentration_mg_per_ml: Decimal | None
    ml: Decimal | None
    unit_mg: Decimal | None
    units: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An order as worked out: amounts in mg, mL and units, the working line by line, medicine's answer."""

    mg: Decimal
    ml: Decimal | None
    weight_kg: Decimal | None
    arithmetic: tuple[str, ...]
    verdict: Verdict
    ruleset: str
    unit_mg: Decimal | None = None
    units: int | None = None
    hold_min: int | None = None
    after_hold: str = ""
    indication: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """What the order keeps of its route."""
        return {
            "unit_mg": self.unit_mg,
            "units": self.units,
            "hold_min": self.hold_min,
            "after_hold": self.after_hold,
            "indication": self.indication,
        }


def check_order(
    session: Session, at: datetime, *, follows: Order | None = None, **wanted: Unpack[Wanted]
) -> Checked:
    """Work an order out from what is known now. `follows` is the dose that a further one comes after.

    Raises Refused for what cannot be worked out, and for a field that this route's order does not hold.
    """
    route = dosing.Route(session.course.route)
    said = {name: value for name, value in wanted.items() if value not in (None, "")}
    _refuse_strangers(route, said)
    person = person_for(session, at)
    try:
        rules = rules_of(session, at)
        of_route = _of_route(route, said, rules)
        if route is not dosing.Route.ESKETAMINE and person.weight is None:
            raise Refused(_("No weight is known. Weigh first: the dose rests on it."), field="weight_kg")
        order = asked_order(session, person, said, at, follows)
        answer = dosing.check(order, rules)
        counted = _counted(route, answer.mg, said)
    except dosing.Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None
    old = next((f for f in answer.verdict.findings if f.rule == OLD_WEIGHT), None)
    if old is not None:
        raise Refused(_("Weigh again. %(why)s") % {"why": old.because}, field="weight_kg")
    return Checked(
        answer.mg,
        answer.ml,
        order.weight_kg,
        (*answer.arithmetic, *_lines(route, answer.mg, counted, of_route), *_vial(route, order)),
        answer.verdict,
        answer.ruleset,
        **counted,
        **of_route,
    )


def _vial(route: dosing.Route, order: dosing.Order) -> tuple[str, ...]:
    """What is said of a strength that no vial on the market has."""
    strength = order.concentration_mg_per_ml
    told = strange_strength(strength) if strength is not None and from_a_vial(route) else ""
    return (told,) if told else ()


def _refuse_strangers(route: dosing.Route, said: Mapping[str, Any]) -> None:
    fields = product_of(route).fields
    stranger = next((name for name in said if name not in fields), None)
    if stranger is not None:
        raise Refused(
            _("%(field)s is no part of an order %(route)s.")
            % {"field": stranger.replace("_", " "), "route": route.words},
            field=stranger,
        )


def _of_route(route: dosing.Route, said: Mapping[str, Any], rules: RuleSet) -> dict[str, Any]:
    """The hold, or what it is given for: asked where the route has it."""
    if route is dosing.Route.SUBLINGUAL:
        return {
            "hold_min": check_hold(said.get("hold_min"), ruleset=rules),
            "after_hold": check_after_hold(said.get("after_hold", "")),
        }
    if route is dosing.Route.ESKETAMINE:
        if "indication" not in said:
            raise Unusable("indication", _("Say what it is given for. How often depends on it."))
        return {"indication": said["indication"]}
    return {}


def _counted(route: dosing.Route, mg: Decimal, said: Mapping[str, Any]) -> dict[str, Any]:
    if not in_units(route):
        return {}
    if route is dosing.Route.NASAL_RACEMIC and "concentration_mg_per_ml" not in said:
        raise Unusable("concentration_mg_per_ml", _("Say which strength the label gives, in mg/mL."))
    each = device_mg() if route is dosing.Route.ESKETAMINE else said.get("unit_mg")
    return {"unit_mg": each, "units": units_in(route, mg, each)}


def _lines(
    route: dosing.Route, mg: Decimal, counted: Mapping[str, Any], of_route: Mapping[str, Any]
) -> tuple[str, ...]:
    """The rest of the working: how many of what, and the hold. Devices are told by medicine's own."""
    lines = []
    if counted and route is not dosing.Route.ESKETAMINE:
        product = product_of(route)
        each, units = plain(counted["unit_mg"]), product.counted(counted["units"])
        lines.append(f"{plain(mg)} mg / {each} mg a {product.one} = {units}")
    if "hold_min" in of_route:
        then = {"spat": _("then spat out"), "swallowed": _("then swallowed")}[of_route["after_hold"]]
        lines.append(_("Held for %(n)s minutes, %(then)s") % {"n": of_route["hold_min"], "then": then})
    return tuple(lines)


def refuse_no_further(session: Session, main: Order | None, waiting: Order | None) -> Order:
    """A further dose follows an order that stands, by a route whose rules give an interval, one at a time."""
    if main is None:
        raise Refused(_("Order the dose itself first. A further one comes after it."))
    if not may_follow(main.route):
        raise Refused(str(further().words["no_route"]))
    if waiting is not None:
        raise Stale(
            _("%(name)s has ordered a further dose already: %(mg)s mg. Give it or cancel it first.")
            % {"name": waiting.by_name, "mg": plain(waiting.mg)}
        )
    return main


def refuse_unsigned_route(session: Session) -> None:
    """Proposed limits are no director's word: nothing is ordered by rules that nobody here has signed."""
    signed = signed_of(session.organisation_id, session.course.route)
    if signed.stands:
        return
    raise Refused(
        _("Not here yet. %(why)s %(who)s signs the limits, the watching and the going-home rules first.")
        % {"why": signed.says, "who": _directors(session, signed)},
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
    rules = rules_of(order.session, at)
    if not order_valid(OrderNow(state="stands", at=order.at), at, rules):
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
    main = order.booster_of if order.booster_of_id is not None else order
    gone = order.withdrawn or Order.objects.filter(corrects=order).exists()
    if order_now(session) != main or gone:
        raise Stale(
            _("The order was changed since you opened it. Look at the order as it is now, then decide.")
        )


def refuse_own_work(who: UUID, order: Order, drawn: Draw | None) -> None:
    """Nobody checks their own order, or their own syringe."""
    if who == order.by_person_id:
        raise Refused(_("You signed this order. Someone else checks it, under their own sign-in."))
    if drawn is not None and who == drawn.by_person_id:
        raise Refused(_("You prepared this. Someone else checks it, under their own sign-in."))


def worked_out(order: Order, hand: Hand) -> Drawn:
    """What was prepared, if it is what was ordered. Raises Refused with the arithmetic."""
    asked = Asked(
        mg=order.mg, strength=order.concentration_mg_per_ml, unit_mg=order.unit_mg, units=order.units
    )
    held = InHand(
        strength=hand.get("concentration_mg_per_ml"),
        ml=hand.get("ml"),
        unit_mg=hand.get("unit_mg"),
        units=hand.get("units"),
        label=hand.get("label", ""),
    )
    try:
        return draw(order.route, asked, held)
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None


def read_on_package(order: Order, label: str) -> str:
    """The name as a second person reads it, if it is that of the medicine ordered. Raises Refused."""
    try:
        return check_label(order.route, label)
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None


def refuse_unsafe(checked: Checked, words: str) -> None:
    """Stop is refused; whatever else speaks against the order needs a reason in words."""
    verdict = checked.verdict
    worst = verdict.worst
    if worst is None or verdict.level is Level.CLEAR:
        return
    field = "mg" if checked.units is not None else "mg_per_kg"
    if verdict.level is Level.STOP:
        raise Refused(f"{worst.because} {worst.action}".strip(), field=field)
    if not words.strip():
        raise Refused(
            _("%(why)s Say why it is right all the same. Your reason stays with the order.")
            % {"why": worst.because},
            field="words",
        )


def refuse_hold(by: Actor, checked: Checked, *, at: datetime) -> None:
    """A hold is nobody's to set aside but theirs whom its row names."""
    for finding in checked.verdict.findings:
        if finding.level is not Level.HOLD or may_overrule(standing_of(by, at).roles, finding):
            continue
        said = {"why": finding.because, "what": finding.action}
        if finding.override is None:
            because = _("%(why)s %(what)s Nobody can order over this.") % said
        else:
            said["who"] = who_overrules(finding)
            because = _("%(why)s %(what)s Only %(who)s may order it all the same.") % said
        raise Refused(because, field="mg" if checked.units is not None else "mg_per_kg")


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
