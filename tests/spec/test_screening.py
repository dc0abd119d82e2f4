"""Every line of the screening tables, asked of the library: history and the finding."""

from __future__ import annotations

import pytest

from openkap.medicine.screening import read_case, screen
from openkap.medicine.verdict import Level
from tests.spec.cases import changed
from tests.spec.tables import Line, lines


@pytest.mark.parametrize("line", lines("screening"), ids=str)
def test_the_finding_is_as_the_table_says(line: Line) -> None:
    screened = screen(read_case(changed(line.cells)), rules=(line.rule,))
    levels = [str(finding.level) for finding in screened.verdict.findings] or ["not asked"]
    assert ", ".join(levels) == line["finding"]
    worst = screened.verdict.worst
    if line["who may override"]:
        assert worst is not None
        assert (worst.override or "nobody") == line["who may override"]
    told = [finding.because for finding in screened.verdict.findings]
    for words in filter(None, map(str.strip, line["told"].split(";"))):
        no, _, what = words.rpartition("not: ")
        assert any(what in because for because in told) is not bool(no or "not: " in words), told


def test_nothing_else_speaks_about_the_clean_case() -> None:
    for route in ("iv", "im", "sublingual", "oral", "nasal_racemic", "esketamine"):
        screened = screen(read_case(changed({"route": route})))
        assert screened.verdict.level is Level.CLEAR
        assert screened.verdict.speaking == ()
