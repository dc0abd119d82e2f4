"""Every number of the library is held on both sides: moved a little up or down, a line of its table fails.

Decided here: the tables' own tests are asked again with one number of the library moved in place. What the
tests of `test_numbers_bite` ask with a rule set of their own is not asked twice. What only a database can
show, and what nothing reads as a limit, is named with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from openkap.medicine.rules import Number, Rule, library
from tests.spec import (
    test_asked_again,
    test_change,
    test_dated,
    test_dosing,
    test_follow_up,
    test_gate,
    test_giving,
    test_graded,
    test_input,
    test_looks,
    test_monitoring,
    test_next_day,
    test_rows,
    test_screening,
    test_standing,
    test_tolerated,
    test_workup,
)
from tests.spec.tables import Line, lines
from tests.spec.test_numbers_bite import NUMBERS as HELD_THERE

Asks = Callable[[Line], None]
ASKS: dict[str, tuple[Asks, ...]] = {
    "screening": (test_screening.test_the_finding_is_as_the_table_says,),
    "input": (test_input.test_what_cannot_be_used_is_told,),
    "workup": (test_workup.test_the_item_stands_as_its_table_says,),
    "graded": (test_graded.test_it_is_graded_as_the_table_says,),
    "standing": (test_standing.test_a_paper_stands_as_its_table_says,),
    "gate": (test_gate.test_the_gate_says_what_its_table_says,),
    "dated": (test_dated.test_a_row_stands_as_its_table_says,),
    "giving": (test_giving.test_the_row_says_what_the_table_says,),
    "change": (test_change.test_the_change_is_as_the_table_says,),
    "jacobson": (test_change.test_the_cut_offs_are_as_the_table_says,),
    "intervals": (test_change.test_a_proportion_is_as_the_table_says,),
    "dosing": (test_dosing.test_the_order_is_answered_as_the_table_says,),
    "agreed": (test_asked_again.test_it_is_asked_again_as_the_table_says,),
    "tolerated": (test_tolerated.test_a_dose_was_tolerated_as_the_table_says,),
    "looks": (test_looks.test_a_look_stands_out_as_the_table_says,),
    "rows": (lambda line: test_rows.test_a_row_reads_as_its_table(line.rule),),
}


def _follow_up(line: Line) -> None:
    match line.rule:
        case "F-DAILY" | "F-WEEKLY":
            test_follow_up.test_the_question_comes_when_the_table_says(line)
        case "F-BEFORE-DOSE":
            test_follow_up.test_forms_of_a_dosing_day(line)
        case "F-OPENS":
            test_follow_up.test_what_an_answer_opens(line)
        case "F-PACE":
            test_follow_up.test_what_is_asked_next_and_what_can_wait(line)
            test_follow_up.test_minutes_are_said_as_whole_ones()
        case _:
            test_follow_up.test_clocks()


def _next_day(line: Line) -> None:
    if line.rule == "N-CALL":
        test_next_day.test_when_someone_calls(line)


def _bounds(line: Line) -> None:
    if "least" in line.cells:
        test_monitoring.test_the_bounds_of_physiology_are_as_the_table_says(line)


ASKS |= {"follow_up": (_follow_up,), "next_day": (_next_day,), "monitoring": (_bounds,)}
# Held where a database is: after a dose, the plan of a bad answer, and the times of a way of care.
WITH_A_DATABASE = {
    "C-AFTER-DOSE",
    "A-PLAN",
    "A-PAPER",
    "W-FORM",
    "W-HAND-OVER",
    "W-HANDED-BACK",
    "A-LOOK-AGAIN",
}
# Numbers that are told and limit nothing: how much a vial holds, an item that is always the same here.
# Days of a weight and months of a screening: tests/unit/medicine/test_screening.py and test_workup ask them.
BY_OTHERS = {("S-INPUT", "weight_days"), ("S-AGAIN", "months")}
ONLY_TOLD = {("A-STRENGTHS", f"vial_{n}_holds") for n in (1, 2, 3)} | {("K-PADSS", "bleeding")}
# What no line can lie between: whole days of a row that counts by days, a spread in steps of a questionnaire.
BETWEEN_STEPS = {("C-RCI", "standard_errors_over", "higher"), ("C-PARTIAL", "percent", "lower")}
# Numbers of what a case may hold are compared by rules of their own.
ALSO = {"S-INPUT": ("S06",)}
THERE = {(rule.id, name) for rule, name, _way in HELD_THERE}
NUMBERS = [
    (rule, name, way)
    for rule in library()
    if rule.id not in WITH_A_DATABASE
    for name in rule.numbers
    if (rule.id, name) not in THERE | ONLY_TOLD | BY_OTHERS
    for way in ("lower", "higher")
    if (rule.id, name, way) not in BETWEEN_STEPS
]


@pytest.mark.long
@pytest.mark.parametrize(("rule", "name", "way"), NUMBERS, ids=lambda part: getattr(part, "id", part))
def test_a_number_that_is_moved_fails_a_line(rule: Rule, name: str, way: str) -> None:
    with moved(rule, name, 1 if way == "higher" else -1):
        assert not all(_passes(ask, line) for ask, line in _asked_of(rule.id))


def _asked_of(id: str) -> Iterator[tuple[Asks, Line]]:
    for folder, asks in ASKS.items():
        for line in lines(folder):
            if line.rule in (id, *ALSO.get(id, ())):
                yield from ((ask, line) for ask in asks)


def _passes(ask: Asks, line: Line) -> bool:
    try:
        ask(line)
    except (Exception, pytest.fail.Exception):
        return False
    return True


@contextmanager
def moved(rule: Rule, name: str, step: int) -> Iterator[None]:
    """The number a little off, in the library itself, and put back."""
    numbers: dict[str, Number] = rule.numbers  # type: ignore[assignment]
    stood = numbers[name]
    size = Decimal(1) if stood.value == stood.value.to_integral_value() else stood.value * Decimal("0.02")
    numbers[name] = replace(stood, value=stood.value + step * size)
    try:
        yield
    finally:
        numbers[name] = stood


def test_every_number_is_asked_somewhere() -> None:
    """A rule with a number has a table that one of these tests asks."""
    folders: set[Any] = {line.rule for folder in ASKS for line in lines(folder)}
    unheld = [rule.id for rule, name, way in NUMBERS if rule.id not in folders and way == "lower"]
    assert unheld == []
