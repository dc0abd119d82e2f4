"""What a dose by each route is given in: its name, its units, and what is read on its package.

Decided here: how the rows `A-PRODUCT-*` and `A-UNITS` are read. Tablets, sprays and devices are whole;
the two nasal medicines are told apart by the word on the package, typed by whoever prepares it and again
by whoever checks it (dossier section 0, row 0.6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.inputs import Unusable, a_positive, plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, library


@dataclass(frozen=True, slots=True)
class Product:
    """What is ordered by one route. `fields` are what its order holds; `one` and `many` its unit.

    `asks` is blank where no name is typed from the package.
    """

    route: Route
    fields: tuple[str, ...]
    name: str
    short: str
    verb: str
    one: str
    many: str
    asks: str = ""
    ordered: str = ""
    needs: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()

    def counted(self, units: int) -> str:
        """ "1 device", "3 devices"."""
        return f"{units} {self.one if units == 1 else self.many}"


def product_of(route: Route | str, ruleset: RuleSet | None = None) -> Product:
    """What this route is given in. Raises `ValueError` for an unknown route."""
    by = Route(route)
    words = (ruleset or library()).rule(f"A-PRODUCT-{by.upper().replace('_', '-')}").words
    return Product(
        by, tuple(words["fields"]), words["name"], words["short"], words["verb"], words["one"], words["many"],
        words.get("asks", ""), words.get("ordered", ""),
        tuple(words.get("needs", ())), tuple(words.get("refuses", ())),
    )  # fmt: skip


def in_units(route: Route | str, ruleset: RuleSet | None = None) -> bool:
    """Whether a dose by this route is a number of tablets, sprays or devices."""
    return route in (ruleset or library()).rule("A-UNITS").words["routes"]


def device_mg(ruleset: RuleSet | None = None) -> Decimal:
    """What one esketamine device holds, in mg (`D-ESK-DEVICE`)."""
    return (ruleset or library()).rule("D-ESK-DEVICE")["device"]


def units_in(route: Route | str, mg: Decimal, unit_mg: Decimal | None, ruleset: RuleSet | None = None) -> int:
    """How many whole units of `unit_mg` make `mg`. Raises `Unusable` where none do, or it is not said."""
    product, rules = product_of(route, ruleset), ruleset or library()
    if unit_mg is None:
        raise Unusable("unit_mg", f"Say how many mg are in one {product.one}, as the label says.")
    each = a_positive("unit_mg", unit_mg)
    if product.route is Route.ESKETAMINE and each != device_mg(rules):
        raise Unusable("unit_mg", f"One device holds {plain(device_mg(rules))} mg, not {plain(each)}.")
    count = mg / each
    if count != count.to_integral_value():
        rule: Rule = rules.rule("A-UNITS")
        said = {"mg": plain(mg), "each": plain(each), "many": product.many}
        raise Unusable("unit_mg", f"{rule.words['because']} {rule.words['action']}".format(**said))
    return int(count)


def check_label(route: Route | str, label: str, ruleset: RuleSet | None = None) -> str:
    """The name as read on the package, if it is that of the medicine ordered; blank where none is asked.

    Raises `Unusable` where it is missing or of another medicine. What else it might be is never named.
    """
    product = product_of(route, ruleset)
    if not product.asks:
        return ""
    read = " ".join(re.findall(r"[a-z0-9]+", label.lower()))
    if not read:
        raise Unusable("label", f"{product.asks}. This order is for {product.ordered}.")
    stray = any(_stands(word, read) for word in product.refuses)
    if stray or not any(_stands(word, read) for word in product.needs):
        raise Unusable(
            "label",
            f"That is not the medicine ordered. This order is for {product.ordered}. "
            "Put back what is in your hand and take what is ordered.",
        )
    return label.strip()


def _stands(word: str, read: str) -> bool:
    """Whole words only: "ketamine" does not stand in "esketamine"."""
    return f" {word} " in f" {read} "


def vial_strengths(ruleset: RuleSet | None = None) -> dict[Decimal, Decimal]:
    """The vials on the market: mg/mL, and the milliliters each holds (`A-STRENGTHS`)."""
    rule = (ruleset or library()).rule("A-STRENGTHS")
    names = [name for name in rule.numbers if not name.endswith("_holds")]
    return {rule[name]: rule[f"{name}_holds"] for name in names}


def strange_strength(strength: Decimal, ruleset: RuleSet | None = None) -> str:
    """A sentence where no vial on the market has this strength; blank where one has."""
    rule, known = (ruleset or library()).rule("A-STRENGTHS"), vial_strengths(ruleset)
    if strength in known:
        return ""
    named = ", ".join(plain(each) for each in known)
    return str(rule.words["because"]).format(value=plain(strength), known=named)
