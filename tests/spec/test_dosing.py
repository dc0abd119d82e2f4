"""Every line of the dosing tables: an order, and what its rule says or what it works out to."""

from __future__ import annotations

import pytest

from openkap.medicine.dosing import Checked, Unusable, check
from openkap.medicine.inputs import plain
from tests.spec.orders import OUTCOMES, PLAIN, order
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("dosing"), ids=str)
def test_the_order_is_answered_as_the_table_says(line: Line) -> None:
    try:
        checked = check(order(line.cells))
    except Unusable as unusable:
        assert line["error"] == f"{unusable.field}: {unusable}"
        return
    for column in OUTCOMES:
        if line[column]:
            assert said(checked, column, line) == line[column], column


def said(checked: Checked, column: str, line: Line) -> str:
    """An outcome as the table writes it; `told` and `working` need only hold the words."""
    findings = [f for f in checked.verdict.findings if f.rule == line.rule]
    if column == "finding":
        return ", ".join(str(f.level) for f in findings) or "none"
    if column in ("told", "working"):
        all_words = [f"{f.because} {f.action}" for f in findings] if column == "told" else checked.arithmetic
        return line[column] if any(line[column] in words for words in all_words) else str(all_words)
    if column == "verdict":
        return str(checked.verdict.level)
    value = {"gives": checked.mg, "mL": checked.ml, "as iv": checked.iv_equivalent_mg_per_kg}[column]
    return "none" if value is None else plain(round(value, 2))


@pytest.mark.parametrize("route", PLAIN)
def test_nothing_is_said_against_the_plain_order(route: str) -> None:
    level = check(order({"route": route})).verdict.level
    assert level == ("caution" if route == "nasal_racemic" else "clear")
