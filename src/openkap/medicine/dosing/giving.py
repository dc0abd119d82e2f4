"""A dose in parts: how much one part is, when the next may follow, how long it is held.

Decided here: how `A-HOLD`, `A-FURTHER` and the rest of `D-ESK-DEVICE` are read. One esketamine device is
one part; what was given is never more than what was ordered and checked. Exposure under the tongue changes
with the hold and with what is swallowed, so both are said (dossier 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.medicine.dosing.products import product_of, units_in
from openkap.medicine.inputs import Unusable, a_positive, plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.window import instant

AFTER_HOLD = ("spat", "swallowed")


@dataclass(frozen=True, slots=True)
class Amount:
    """One part: milligrams, and the units where it is counted in them."""

    mg: Decimal
    units: int | None = None


def in_parts(route: Route | str) -> bool:
    """Whether a dose by this route is kept part by part: every route but the vein."""
    return Route(route) is not Route.IV


def part_amount(
    route: Route | str,
    left_mg: Decimal,
    *,
    unit_mg: Decimal | None = None,
    units: int | None = None,
    mg: Decimal | None = None,
) -> Amount:
    """What this part is, of the `left_mg` still to give: all of it where nothing is said, one device.

    Raises `Unusable` for nothing, for half a unit, and for more than is left.
    """
    by = Route(route)
    product = product_of(by)
    if unit_mg is None:
        given = a_positive("mg", mg if mg is not None else left_mg)
        return _not_over(Amount(given), left_mg, product.many)
    most = units_in(by, left_mg, unit_mg)
    wanted = 1 if by is Route.ESKETAMINE else units if units is not None else most
    if wanted < 1:
        raise Unusable("units", f"Say how many {product.many} were given.")
    if by is Route.ESKETAMINE and units not in (None, 1):
        raise Unusable("units", "One device at a time. Keep each as it is given.")
    return _not_over(Amount(unit_mg * wanted, wanted), left_mg, product.counted(most))


def _not_over(amount: Amount, left_mg: Decimal, left: str) -> Amount:
    if amount.mg > left_mg:
        field = "mg" if amount.units is None else "units"
        more = f" ({left})" if amount.units is not None else ""
        over = f"{plain(amount.mg)} mg is more than the {plain(left_mg)} mg{more} left to give."
        raise Unusable(field, over)
    return amount


def sprays(left: int | None, right: int | None, most: int) -> tuple[int, int]:
    """Sprays by nostril. Raises `Unusable` where neither is said, or they are more than are left."""
    if left is None and right is None:
        return most - most // 2, most // 2
    both = (left or 0, right or 0)
    if min(both) < 0 or sum(both) < 1:
        raise Unusable("left", "Say how many sprays went into each nostril.")
    if sum(both) > most:
        raise Unusable("left", f"{sum(both)} sprays are more than the {most} left to give.")
    return both


def rest_until(route: Route | str, last_at: datetime, ruleset: RuleSet | None = None) -> datetime | None:
    """From when the next device may be given; None where the route has no rest (`D-ESK-DEVICE`)."""
    if Route(route) is not Route.ESKETAMINE:
        return None
    rest = (ruleset or library()).rule("D-ESK-DEVICE")["rest"]
    return instant(last_at) + timedelta(minutes=float(rest))


def check_hold(minutes: int | None, field: str = "hold_min", ruleset: RuleSet | None = None) -> int:
    """Whole minutes of a hold. Raises `Unusable` outside `A-HOLD`."""
    rule = (ruleset or library()).rule("A-HOLD")
    if minutes is None or not rule["least"] <= minutes <= rule["most"]:
        said = {"least": plain(rule["least"]), "most": plain(rule["most"])}
        raise Unusable(field, rule.words["because"].format(**said))
    return minutes


def check_after_hold(said: str, field: str = "after_hold", ruleset: RuleSet | None = None) -> str:
    """Spat or swallowed. Raises `Unusable` where it is not said."""
    if said not in AFTER_HOLD:
        raise Unusable(field, str((ruleset or library()).rule("A-HOLD").words["said"]))
    return said


def may_follow(route: Route | str, ruleset: RuleSet | None = None) -> bool:
    """Whether a further dose may follow in one session by this route at all."""
    return route in further(ruleset).words["routes"]


def further(ruleset: RuleSet | None = None) -> Rule:
    return (ruleset or library()).rule("A-FURTHER")


def waits(route: Route | str, ruleset: RuleSet | None = None) -> tuple[Decimal, Decimal]:
    """Minutes before a further dose: under the first needs a reason, under the second is refused."""
    rule = (ruleset or library()).rule("D-REPEAT-WAIT")
    return rule[f"{Route(route)}_soft"], rule[f"{Route(route)}_hard"]
