"""Every line of the table of what a practice may set a number to, and what section 10 keeps from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.medicine.changed import Change, lay, move_of
from openkap.medicine.rules import library
from openkap.medicine.verdict import Status
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", [one for one in lines("values") if one.rule == "changes"], ids=str)
def test_a_number_may_be_set_as_the_table_says(line: Line) -> None:
    number = library().rule(line["rule"]).number(line["number"])
    assert move_of(number, Decimal(line["value"])) == line["move"]


def test_no_change_reaches_what_is_fixed_and_a_raise_counts_only_with_a_second_name() -> None:
    for rule in library():
        for name, number in rule.numbers.items():
            for value in (number.value + 1, number.value / 2):
                alone = lay(library(), (Change(rule.id, ((name, value),)),), "A 1")
                both = lay(library(), (Change(rule.id, ((name, value),), second=True),), "A 1")
                move = move_of(number, value)
                moved = alone.rule(rule.id)[name] != number.value
                assert moved == (move == "safer"), (rule.id, name, value)
                if number.status is Status.FIXED:
                    assert both.rule(rule.id)[name] == number.value


@pytest.mark.parametrize("rule", ["S01", "S02", "S03", "S04", "D-ESK-DOSE"])
def test_what_section_10_keeps_fixed_is_fixed(rule: str) -> None:
    assert library().rule(rule).status is Status.FIXED
