"""Is what was drawn up what was ordered?

Decided here: the milligrams drawn are the vial's strength times the milliliters, and must be the
order's own to the hundredth of a milliliter that a syringe can show. Another strength than the ordered
one is another order: vials differ ten-fold (dossier 3.2). Routes without a syringe count milligrams.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.inputs import Unusable, a_positive, plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.quantity import Mg, Ml
from openkap.medicine.rules import RuleSet, library


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn up: milligrams, the milliliters where there are any, and the working line by line."""

    mg: Decimal
    ml: Decimal | None
    arithmetic: tuple[str, ...]


def from_a_vial(route: str, ruleset: RuleSet | None = None) -> bool:
    """Whether a dose by this route is drawn from a vial whose strength must be known (`D-CONCENTRATION`)."""
    return route in (ruleset or library()).rule("D-CONCENTRATION").words["routes"]


def draw(
    route: Route | str,
    mg: Decimal,
    *,
    ordered_strength: Decimal | None,
    strength: Decimal | None,
    ml: Decimal | None,
    counted_mg: Decimal | None = None,
) -> Drawn:
    """Work out what was drawn against the `mg` ordered. Raises `Unusable` where it is not that.

    `strength` in mg/mL as read from the vial, `ml` as read from the syringe; `counted_mg` for tablets,
    lozenges and sprays.
    """
    if not from_a_vial(str(route)):
        return _counted(mg, counted_mg)
    if strength is None:
        raise Unusable("concentration_mg_per_ml", "Say which strength the vial's label gives, in mg/mL.")
    if ml is None:
        raise Unusable("ml", "Say how many milliliters are in the syringe.")
    strength, ml = a_positive("concentration_mg_per_ml", strength), a_positive("ml", ml)
    if ordered_strength is not None and strength != ordered_strength:
        raise Unusable(
            "concentration_mg_per_ml",
            f"The order is for a vial of {plain(ordered_strength)} mg/mL, and this one is {plain(strength)}. "
            "Take the vial that was ordered, or have it ordered again.",
        )
    due = Ml(mg / strength).rounded().value
    held = Mg(strength * ml).rounded().value
    if ml != due:
        raise Unusable(
            "ml",
            f"{plain(ml)} mL of {plain(strength)} mg/mL is {plain(held)} mg. "
            f"{plain(mg)} mg are ordered: {plain(due)} mL.",
        )
    return Drawn(
        mg,
        ml,
        (
            f"{plain(mg)} mg ordered ÷ {plain(strength)} mg/mL = {plain(due)} mL",
            f"{plain(ml)} mL drawn × {plain(strength)} mg/mL = {plain(held)} mg",
        ),
    )


def _counted(mg: Decimal, counted: Decimal | None) -> Drawn:
    if counted is None:
        raise Unusable("mg", "Say how many milligrams are laid out.")
    counted = a_positive("mg", counted)
    if counted != mg:
        raise Unusable("mg", f"{plain(counted)} mg are laid out. {plain(mg)} mg are ordered.")
    return Drawn(mg, None, (f"{plain(counted)} mg laid out = {plain(mg)} mg ordered",))
