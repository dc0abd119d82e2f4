"""Two scores and what every named rule makes of the difference."""

from __future__ import annotations

import pytest

from openkap.medicine.instruments import Change, change, instrument
from openkap.medicine.instruments.jacobson import Norm, cutoffs
from openkap.medicine.outcomes.proportion import proportion
from tests.spec.tables import Line, lines

LETTERS = {"improved": "i", "unchanged": "u", "deteriorated": "d"}
SAID = {True: "yes", False: "no", None: ""}


@pytest.mark.parametrize("line", lines("change"), ids=str)
def test_the_change_is_as_the_table_says(line: Line) -> None:
    sd = float(line["sd"]) if line["sd"] else None
    reliability = float(line["reliability"]) if line["reliability"] else None
    found = change(instrument(line["instrument"]), int(line["pre"]), int(line["post"]), sd, reliability)
    given = ("instrument", "pre", "post", "sd", "reliability")
    assert {c: _said(found, c) for c in line.cells if c not in given} == {
        c: cell for c, cell in line.cells.items() if c not in given
    }


def _said(found: Change, column: str) -> str:
    verdicts = {ruling.rule: ruling.verdict for ruling in found.rules}
    if column == "rules":
        return ", ".join(f"{rule} {LETTERS[verdict]}" for rule, verdict in verdicts.items())
    if column in verdicts:
        return verdicts[column]
    value = getattr(found, column)
    return SAID[value] if isinstance(value, bool) or value is None else str(value)


@pytest.mark.parametrize("line", lines("jacobson"), ids=str)
def test_the_cut_offs_are_as_the_table_says(line: Line) -> None:
    ill, well = (Norm(float(line[f"{group} mean"]), float(line[f"{group} sd"])) for group in ("ill", "well"))
    found = cutoffs(ill, well, lower_is_better=line["better"] == "lower")
    assert found == pytest.approx({name: float(line[name]) for name in "abc"}, abs=1e-4)


@pytest.mark.parametrize("line", lines("intervals"), ids=str)
def test_a_proportion_is_as_the_table_says(line: Line) -> None:
    found = proportion(int(line["count"]), int(line["of"]))
    assert ("" if found.percent is None else f"{found.percent}") == line["percent"]
    if line["low"]:
        assert (f"{found.low}", f"{found.high}") == (line["low"], line["high"])
