"""Does a consent that was signed still hold, or is it asked for again, and why?

Decided here: the reasons, and which one is told first (dossier 6.2: a new version, a new route, a new class
of dose, and a year). A year and the classes are rows of the library (`C-ASK-AGAIN`, `C-DOSE-CLASS`); where
sources name no number for a route, its doses have no class and nothing is asked for that. A consent that was
taken back is none: that is told before any reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from openkap.medicine.rules import RuleSet, library
from openkap.medicine.window import months_after


class Reason(StrEnum):
    """Why it is asked for again, the one that is told first standing first."""

    ROUTE = "route"
    WAY = "way"
    VERSION = "version"
    DOSE = "dose"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was signed and what holds now, for one course. Dose classes are blank where there is none.

    `newest`: the version that was signed is the newest of its document and language. `on`, `today`: days of
    the practice's own calendar.
    """

    signed_route: str
    route: str
    on: date
    today: date
    same_document: bool = True
    newest: bool = True
    signed_class: str = ""
    dose_class: str = ""


def reasons(held: Held, ruleset: RuleSet | None = None) -> tuple[Reason, ...]:
    """Why the consent is asked for again; none where it holds. More than one can stand at once."""
    found = []
    if held.signed_route != held.route:
        found.append(Reason.ROUTE)
    elif not held.same_document:
        found.append(Reason.WAY)
    elif not held.newest:
        found.append(Reason.VERSION)
    if held.signed_class and held.dose_class and held.signed_class != held.dose_class:
        found.append(Reason.DOSE)
    if held.today >= holds_until(held.on, ruleset):
        found.append(Reason.YEAR)
    return tuple(found)


def holds_until(on: date, ruleset: RuleSet | None = None) -> date:
    """The day from which a consent signed `on` that day is asked for again."""
    return months_after(on, int((ruleset or library()).rule("C-ASK-AGAIN")["months"]))


def dose_class(route: str, mg: Decimal | None, ruleset: RuleSet | None = None) -> str:
    """low, middle or high, by what one session gives in all; blank where no source names a number."""
    rule = (ruleset or library()).rule("C-DOSE-CLASS")
    if mg is None or f"{route}_low_to" not in rule.numbers:
        return ""
    if mg <= rule[f"{route}_low_to"]:
        return "low"
    return "middle" if mg <= rule[f"{route}_middle_to"] else "high"
