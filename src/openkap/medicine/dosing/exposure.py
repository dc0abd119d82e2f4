"""How much ketamine a person has had so far, in doses and as if into a vein.

Decided here: what is counted, and over which stretches (`D-COUNT`): the last days up to and with the day
asked about. Esketamine is counted apart, in its own milligrams. No authority gives a most for a lifetime
(dossier 9.6); this only tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openkap.medicine.dosing.order import PastDose
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import RuleSet, library


@dataclass(frozen=True, slots=True)
class Stretch:
    """Doses of the last `days` (None: ever). `iv_mg`: racemic ketamine as if into a vein, in mg."""

    days: int | None
    doses: int
    iv_mg: Decimal
    esketamine_mg: Decimal


def exposure(history: Iterable[PastDose], on: date, ruleset: RuleSet | None = None) -> tuple[Stretch, ...]:
    """The stretches of `D-COUNT`, shortest first, then ever. Days with two parts count as one dose."""
    rules = ruleset or library()
    counts = rules.rule("D-COUNT")
    doses = [dose for dose in history if dose.on <= on]
    stretches = [int(counts[f"days_{place}"]) for place in ("1", "2", "3")]
    return tuple(_stretch(doses, on, days, rules) for days in (*stretches, None))


def _stretch(doses: list[PastDose], on: date, days: int | None, rules: RuleSet) -> Stretch:
    since = date.min if days is None else on - timedelta(days=min(days, (on - date.min).days))
    within = [dose for dose in doses if days is None or dose.on > since]
    shares = rules.rule("D-BIOAVAILABILITY")
    racemic = [dose for dose in within if dose.route is not Route.ESKETAMINE]
    return Stretch(
        days,
        len({dose.on for dose in within}),
        sum((dose.mg * shares[dose.route] for dose in racemic), Decimal(0)),
        sum((dose.mg for dose in within if dose.route is Route.ESKETAMINE), Decimal(0)),
    )
