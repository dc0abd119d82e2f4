"""Is what was prepared what was ordered?

Decided here: the milligrams drawn are the vial's strength times the milliliters, and must be the
order's own to the hundredth of a milliliter that a syringe can show. Another strength than the ordered
one is another order: vials differ ten-fold (dossier 3.2). Tablets, sprays and devices are counted, whole;
of the two nasal medicines the name on the package is read too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.dosing.products import check_label, device_mg, in_units, product_of, units_in
from openkap.medicine.inputs import Unusable, a_positive, plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.quantity import Mg, Ml
from openkap.medicine.rules import RuleSet, library


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is ordered: milligrams, the strength where one is, and the units where it is counted."""

    mg: Decimal
    strength: Decimal | None = None
    unit_mg: Decimal | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """What is read from the package and counted: mg/mL, milliliters, mg in one unit, units, the name."""

    strength: Decimal | None = None
    ml: Decimal | None = None
    unit_mg: Decimal | None = None
    units: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was prepared: milligrams, milliliters or units where there are any, and the working."""

    mg: Decimal
    ml: Decimal | None
    arithmetic: tuple[str, ...]
    unit_mg: Decimal | None = None
    units: int | None = None
    label: str = ""


def from_a_vial(route: str, ruleset: RuleSet | None = None) -> bool:
    """Whether a dose by this route is drawn into a syringe, rather than counted (`D-CONCENTRATION`)."""
    strong = (ruleset or library()).rule("D-CONCENTRATION").words["routes"]
    return route in strong and not in_units(route, ruleset)


def draw(route: Route | str, asked: Asked, hand: InHand) -> Drawn:
    """Work out what was prepared against what is ordered. Raises `Unusable` where it is not that."""
    label = check_label(route, hand.label)
    if from_a_vial(str(route)):
        return _from_vial(asked, hand)
    return _counted(Route(route), asked, hand, label)


def _from_vial(asked: Asked, hand: InHand) -> Drawn:
    if hand.strength is None:
        raise Unusable("concentration_mg_per_ml", "Say which strength the vial's label gives, in mg/mL.")
    if hand.ml is None:
        raise Unusable("ml", "Say how many milliliters are in the syringe.")
    strength = _same_strength(asked, hand, "vial")
    ml = a_positive("ml", hand.ml)
    due = Ml(asked.mg / strength).rounded().value
    held = Mg(strength * ml).rounded().value
    if ml != due:
        raise Unusable(
            "ml",
            f"{plain(ml)} mL of {plain(strength)} mg/mL is {plain(held)} mg. "
            f"{plain(asked.mg)} mg are ordered: {plain(due)} mL.",
        )
    return Drawn(
        asked.mg,
        ml,
        (
            f"{plain(asked.mg)} mg ordered ÷ {plain(strength)} mg/mL = {plain(due)} mL",
            f"{plain(ml)} mL drawn × {plain(strength)} mg/mL = {plain(held)} mg",
        ),
    )


def _same_strength(asked: Asked, hand: InHand, holds: str) -> Decimal:
    strength = a_positive("concentration_mg_per_ml", hand.strength)
    if asked.strength is not None and strength != asked.strength:
        raise Unusable(
            "concentration_mg_per_ml",
            f"The order is for a {holds} of {plain(asked.strength)} mg/mL, and this one is "
            f"{plain(strength)}. Take the {holds} that was ordered, or have it ordered again.",
        )
    return strength


def _counted(route: Route, asked: Asked, hand: InHand, label: str) -> Drawn:
    product = product_of(route)
    if asked.strength is not None:
        if hand.strength is None:
            raise Unusable("concentration_mg_per_ml", "Say which strength the label gives, in mg/mL.")
        _same_strength(asked, hand, "bottle")
    each = device_mg() if route is Route.ESKETAMINE else hand.unit_mg
    due = units_in(route, asked.mg, each)
    assert each is not None  # units_in refuses none
    if asked.unit_mg is not None and each != asked.unit_mg:
        raise Unusable(
            "unit_mg",
            f"The order is for {product.many} of {plain(asked.unit_mg)} mg, and these are {plain(each)} mg. "
            "Take what was ordered, or have it ordered again.",
        )
    if hand.units is None:
        raise Unusable("units", f"Say how many {product.many} are laid out.")
    if hand.units != due:
        out = plain(each * hand.units)
        raise Unusable(
            "units",
            f"{product.counted(hand.units)} of {plain(each)} mg is {out} mg. "
            f"{plain(asked.mg)} mg are ordered: {product.counted(due)}.",
        )
    lines = (
        f"{plain(asked.mg)} mg ordered ÷ {plain(each)} mg = {product.counted(due)}",
        f"{product.counted(due)} laid out × {plain(each)} mg = {plain(asked.mg)} mg",
    )
    return Drawn(asked.mg, None, lines, each, due, label)
