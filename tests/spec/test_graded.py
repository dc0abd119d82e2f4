"""Every line of the tables of grades and recovery items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.medicine.monitoring.adverse import Surge, grade_of
from openkap.medicine.monitoring.rescue import refers
from openkap.medicine.monitoring.scales import aldrete_circulation, aldrete_oxygen, padss_vitals
from tests.spec.tables import Line, lines

D = Decimal


def surge(line: Line) -> Surge:
    sbp, dbp = map(D, line["pressure"].split("/"))
    start = [D(part) for part in line["start"].split("/")] if line["start"] else None
    return Surge(
        sbp=sbp,
        dbp=dbp,
        minutes=D(line["minutes"]) if line["minutes"] else None,
        returns=line["comes back"] == "yes",
        baseline_sbp=start[0] if start else None,
        baseline_map=D(line["mean at start"]) if line["mean at start"] else None,
        organ_damage=line["organ damage"] == "yes",
    )


@pytest.mark.parametrize("line", lines("graded"), ids=str)
def test_it_is_graded_as_the_table_says(line: Line) -> None:
    match line.rule:
        case "E-CTCAE-5-PRESSURE" | "E-CTCAE-6-PRESSURE":
            grade = grade_of(surge(line), f"{line.rule[8]}.0")
            assert ("not known" if grade is None else str(grade)) == line["grade"]
        case "K-ALDRETE":
            found = aldrete_circulation(D(line["systolic"]), D(line["start"]))
            oxygen = aldrete_oxygen(D(line["oxygen"]), line["given"] == "yes")
            assert [str(found), str(oxygen)] == [line["circulation"], line["oxygen item"]]
        case "K-PADSS":
            assert str(padss_vitals(D(line["value"]), D(line["start"]))) == line["vital signs"]
        case _:
            told = refers(D(line["minutes"]), line["back"] == "yes")
            assert bool(told) == bool(line["told"]) and line["told"] in told


def test_a_percentage_of_nothing_is_no_percentage() -> None:
    with pytest.raises(ValueError, match="cannot be 0"):
        padss_vitals(D(1), D(0))
