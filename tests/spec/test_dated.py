"""Every line of the tables of what runs out."""

from __future__ import annotations

from datetime import date

import pytest

from openkap.medicine.dated import dated, has_run_out, nagging
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("dated"), ids=str)
def test_a_row_stands_as_its_table_says(line: Line) -> None:
    on = date.fromisoformat(line["on"])
    [row] = [each for each in dated(on) if each.rule.id == line.rule]
    assert (row.state, str(row.days)) == (line["state"], line["days left"])
    assert has_run_out(line.rule, on) is (line["has run out"] == "yes")
    assert (line.rule in {each.rule.id for each in nagging(on)}) is (line["state"] != "current")


def test_what_nobody_knows_has_run_out_and_the_nearest_comes_first() -> None:
    assert has_run_out("X-UNHEARD-OF", date(2026, 11, 21))
    assert next(row.rule.id for row in dated(date(2026, 11, 21))) == "X-TELEMEDICINE"
