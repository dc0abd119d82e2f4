"""Every line of the course tables: what happened since the last dose, and what is said of the next."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.medicine.course import SinceLastDose, next_dose
from openkap.medicine.course.next_dose import misuse_flags, reasons_to_end
from openkap.medicine.verdict import Level
from tests.spec.tables import Line, lines

QUIET: dict[str, Any] = {
    "doses_given": 3,
    "phq9_was": 18,
    "phq9_now": 12,
    "new_suicidal_thoughts": False,
    "mania_or_psychosis": False,
    "responded": True,
    "bladder_doses_ago": 1,
    "bladder_days_ago": 3,
    "bladder_symptoms": False,
    "pdmp_days_ago": 10,
    "liver_days_ago": 10,
    "thinking_days_ago": 10,
}
HOLDS: dict[str, Any] = {
    "integration_held": False,
    "phq9_now": 27,
    "phq9_was": 2,
    "new_suicidal_thoughts": True,
    "mania_or_psychosis": True,
    "responded": False,
}
COLUMNS = {
    "doses": "doses_given",
    "missed": "integrations_missed",
    "maintenance doses": "maintenance_doses_since_review",
}
WORDS: dict[str, Any] = {"yes": True, "no": False, "not known": None}


def since(cells: dict[str, str]) -> SinceLastDose:
    """A quiet course with the changes of one line."""
    given = dict(QUIET)
    for column, cell in cells.items():
        if cell and column == "misuse":
            given["misuse"] = (cell,)
        elif cell and column not in ("finding", "told", "reasons"):
            given[COLUMNS.get(column, column.replace(" ", "_"))] = WORDS[cell] if cell in WORDS else int(cell)
    return SinceLastDose(**given)


@pytest.mark.parametrize("line", lines("course"), ids=str)
def test_the_next_dose_is_judged_as_the_table_says(line: Line) -> None:
    found = [f for f in next_dose(since(line.cells)).findings if f.rule == line.rule]
    assert ", ".join(str(f.level) for f in found) == line["finding"].replace("none", "")
    assert not line["told"] or any(line["told"] in f.because for f in found)


def test_nothing_is_said_of_a_quiet_course_or_before_the_first_dose() -> None:
    assert next_dose(since({})).findings == ()
    assert next_dose(SinceLastDose(doses_given=0)).level is Level.CLEAR


def test_reasons_to_end_and_signs_of_misuse_are_named() -> None:
    assert len(reasons_to_end()) == 10
    assert set(misuse_flags()) >= {"craving", "outside_use", "lost_medicine"}


@pytest.mark.parametrize("fact", HOLDS)
def test_a_fact_taken_away_never_clears_what_it_held(fact: str) -> None:
    course = QUIET | {"doses_given": 8, "window_closed": True, "integration_held": True}
    assert next_dose(SinceLastDose(**course | {fact: HOLDS[fact]})).at_least(Level.HOLD)
    assert next_dose(SinceLastDose(**course | {fact: None})).at_least(Level.UNKNOWN)
