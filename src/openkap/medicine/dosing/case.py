"""One order laid out for its rules: the weight it goes by, its milligrams, and what else was given.

Decided here: arithmetic only. Milligrams are the dose times the weight it goes by; limits by weight
are judged on the lower of that weight and the real one, so that no basis loosens a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from openkap.medicine.dosing.order import Order, PastDose, ideal_weight
from openkap.medicine.protocols.routes import Route
from openkap.medicine.quantity import Kg, Mg, MgPerKg
from openkap.medicine.rules import Rule, RuleSet

CM_PER_M = Decimal(100)


@dataclass(frozen=True)
class Case:
    """An order and the rules it is judged by."""

    order: Order
    rules: RuleSet

    @cached_property
    def rows(self) -> dict[str, Rule]:
        """The dosing rows by id, the newest of each, in the order of the library."""
        rows: dict[str, Rule] = {}
        for rule in self.rules:
            if rule.area == "dosing" and (
                rule.id not in rows or rule.effective_from > rows[rule.id].effective_from
            ):
                rows[rule.id] = rule
        return rows

    def rule(self, id: str) -> Rule:
        return self.rows[id]

    @cached_property
    def dosing_weight(self) -> Decimal | None:
        """The weight the dose goes by, in kg: actual, ideal (Devine) or adjusted."""
        order, actual = self.order, self.order.weight_kg
        if actual is None or order.weight_basis in (None, "actual") or self.ideal_weight is None:
            return actual
        if order.weight_basis == "ideal":
            return self.ideal_weight
        share = self.rule("D-WEIGHT-BASIS")["adjusted_share"]
        return self.ideal_weight + share * (actual - self.ideal_weight)

    @cached_property
    def ideal_weight(self) -> Decimal | None:
        """Devine's ideal weight in kg; None without height or sex."""
        if self.order.height_cm is None or self.order.sex is None:
            return None
        return ideal_weight(self.rule("D-WEIGHT-IDEAL"), self.order.sex, self.order.height_cm)

    @cached_property
    def limit_weight(self) -> Decimal | None:
        """The weight that limits are judged on, in kg."""
        actual, dosing = self.order.weight_kg, self.dosing_weight
        return min(actual, dosing) if actual is not None and dosing is not None else actual

    @cached_property
    def body_mass_index(self) -> Decimal | None:
        order = self.order
        if order.weight_kg is None or order.height_cm is None:
            return None
        return order.weight_kg / (order.height_cm / CM_PER_M) ** 2

    @cached_property
    def mg(self) -> Decimal:
        """The dose in milligrams, exact."""
        if self.order.mg is not None:
            return self.order.mg
        assert self.order.mg_per_kg is not None and self.dosing_weight is not None  # the order's own check
        return (MgPerKg(self.order.mg_per_kg) * Kg(self.dosing_weight)).value

    @cached_property
    def mg_per_kg(self) -> Decimal | None:
        if self.order.mg_per_kg is not None:
            return self.order.mg_per_kg
        return (Mg(self.mg) / Kg(self.dosing_weight)).value if self.dosing_weight else None

    @cached_property
    def same_session(self) -> tuple[PastDose, ...]:
        """Doses that belong to the session of this order, oldest first."""
        return tuple(dose for dose in self.order.history if self._is_of_session(dose))

    def _is_of_session(self, dose: PastDose) -> bool:
        """A session is of one day: a mark on a dose of another day does not lift the time between doses."""
        return dose.same_session and self.order.on in (None, dose.on)

    @cached_property
    def same_day(self) -> tuple[PastDose, ...]:
        """Doses of this session, and any other of the same day: what the body still holds."""
        return tuple(dose for dose in self.order.history if dose.same_session or dose.on == self.order.on)

    @cached_property
    def earlier(self) -> tuple[PastDose, ...]:
        """Doses of other sessions, oldest first."""
        return tuple(dose for dose in self.order.history if not self._is_of_session(dose))

    @cached_property
    def session_mg(self) -> Decimal:
        """Milligrams by this route on this day, this order included."""
        return self.mg + sum(
            (dose.mg for dose in self.same_day if dose.route is self.order.route), Decimal(0)
        )

    def share(self, route: Route) -> Decimal:
        """How much of a dose by `route` reaches the blood."""
        return self.rule("D-BIOAVAILABILITY")[route]

    @cached_property
    def iv_equivalent_mg(self) -> Decimal | None:
        """This dose as if into a vein, in milligrams; None for esketamine, which is counted apart."""
        return None if self.order.route is Route.ESKETAMINE else self.mg * self.share(self.order.route)

    @cached_property
    def iv_equivalent_mg_per_kg(self) -> Decimal | None:
        if self.iv_equivalent_mg is None or self.limit_weight is None:
            return None
        return self.iv_equivalent_mg / self.limit_weight

    @cached_property
    def session_iv_equivalent_mg(self) -> Decimal | None:
        """All ketamine of this day as if into a vein, over every route but esketamine."""
        if self.iv_equivalent_mg is None:
            return None
        others = (d.mg * self.share(d.route) for d in self.same_day if d.route is not Route.ESKETAMINE)
        return self.iv_equivalent_mg + sum(others, Decimal(0))
