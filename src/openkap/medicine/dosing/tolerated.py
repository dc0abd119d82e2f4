"""Was a dose tolerated?

Decided here: how `D-TOLERATED` is read (dossier 3.4): no event of the row's grade or worse, blood pressure
back at its start within the row's minutes, and no emergency medicine. What is not known stays not known,
unless one of the other facts already says no.
"""

from __future__ import annotations

from decimal import Decimal

from openkap.medicine.rules import RuleSet, library


def was_tolerated(
    *,
    worst_grade: int | None,
    pressure_back_min: Decimal | None,
    emergency_medicine: bool | None,
    pressure_stayed_up: bool = False,
    ruleset: RuleSet | None = None,
) -> bool | None:
    """None where it cannot be said. `pressure_stayed_up`: looked at, and not back in that time."""
    rule = (ruleset or library()).rule("D-TOLERATED")
    within = None
    if pressure_back_min is not None:
        within = pressure_back_min <= rule["pressure_within_min"]
    elif pressure_stayed_up:
        within = False
    answers = (
        None if worst_grade is None else worst_grade < rule["grade_under"],
        within,
        None if emergency_medicine is None else not emergency_medicine,
    )
    if False in answers:
        return False
    return None if None in answers else True
