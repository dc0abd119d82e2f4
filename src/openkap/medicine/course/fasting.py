"""Food and drink before a dose: are the hours of `R-FASTING` over?

Decided here: how the row is read. A light meal and a fatty one have hours of their own for every
racemic route; esketamine has its label's own. What was not asked is unknown, never fine. The sentence
names the hour from which it is met, so that it reads the same until then (dossier 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule
from openkap.medicine.window import instant

LIGHT, FATTY = "light", "fatty"


@dataclass(frozen=True, slots=True)
class LastMeal:
    """When the patient last ate (`kind`: light or fatty) and last drank clear fluids. None: not asked."""

    ate_at: datetime | None = None
    kind: str = LIGHT
    drank_at: datetime | None = None


def state_of(rule: Rule, route: str, meal: LastMeal, at: datetime) -> tuple[str, dict[str, str]]:
    """Which sentence of the row counts at `at`, and its figures: food first, then drink."""
    if meal.ate_at is None or meal.drank_at is None:
        return "unknown", {}
    food_h, kind = _food(rule, route, meal.kind)
    clear_h = rule["esketamine_clear_h" if route == Route.ESKETAMINE else "clear_h"]
    said = {"ate": clock(meal.ate_at, at), "drank": clock(meal.drank_at, at)}
    for state, since, hours in (("food", meal.ate_at, food_h), ("drink", meal.drank_at, clear_h)):
        ready = instant(since) + timedelta(hours=float(hours))
        if instant(at) < ready:
            return state, said | {"kind": kind, "limit": f"{hours:f}", "ready": clock(ready, at)}
    return "met", said


def _food(rule: Rule, route: str, kind: str) -> tuple[Decimal, str]:
    if route == Route.ESKETAMINE:
        return rule["esketamine_food_h"], str(rule.words["any"])
    return rule["fatty_h" if kind == FATTY else "light_h"], str(rule.words[FATTY if kind == FATTY else LIGHT])


def clock(moment: datetime, at: datetime) -> str:
    """A moment as its hour, with its day where that is not the day of `at`. Both in the clinic's zone."""
    there = moment.astimezone(at.tzinfo)
    hour = there.strftime("%H:%M")
    return hour if there.date() == at.date() else f"{hour} on {there.strftime('%A')}"
