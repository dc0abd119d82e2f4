"""The scales of a dosing day: what each step says, and the items that a number decides.

Decided here: how the rows `K-MOAAS`, `K-RASS`, `K-CADSS6`, `K-ALDRETE` and `K-PADSS` are read. The variant of
a recovery score is named, since others print its circulation item in percent (V31).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.rules import Rule, RuleSet, library

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scale: its value as printed, what it says, and its LOINC answer where there is one."""

    value: str
    says: str
    loinc: str = ""


def scales(ruleset: RuleSet | None = None) -> tuple[Rule, ...]:
    return (ruleset or library()).area("scales")


def steps(id: str, ruleset: RuleSet | None = None) -> tuple[Step, ...]:
    """The steps of one scale, as its row lists them. Raises `KeyError`."""
    rows = (ruleset or library()).rule(id).words["steps"]
    return tuple(Step(row["value"], row["says"], row.get("loinc", "")) for row in rows)


def aldrete_circulation(sbp: Decimal, start: Decimal, ruleset: RuleSet | None = None) -> int:
    """2, 1 or 0 by how far the systolic pressure lies from its start, in mmHg."""
    rule, away = (ruleset or library()).rule("K-ALDRETE"), abs(sbp - start)
    if away <= rule["circulation_2_within"]:
        return 2
    return 1 if away <= rule["circulation_1_within"] else 0


def aldrete_oxygen(spo2: Decimal, on_oxygen: bool, ruleset: RuleSet | None = None) -> int:
    """2 over the first number on room air; 1 where oxygen keeps it over the second; else 0."""
    rule = (ruleset or library()).rule("K-ALDRETE")
    if not on_oxygen and spo2 > rule["oxygen_2_over"]:
        return 2
    return 1 if on_oxygen and spo2 > rule["oxygen_1_over"] else 0


def padss_vitals(value: Decimal, start: Decimal, ruleset: RuleSet | None = None) -> int:
    """2, 1 or 0 by how many percent a value lies from its start. Raises `ValueError` for a start of 0."""
    if not start:
        raise ValueError("The start of a percentage cannot be 0.")
    rule, away = (ruleset or library()).rule("K-PADSS"), abs(value - start) / start * PERCENT
    if away <= rule["vitals_2_within"]:
        return 2
    return 1 if away <= rule["vitals_1_within"] else 0
