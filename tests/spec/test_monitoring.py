"""Every line of the monitoring tables: readings over time, and the prompts they give."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.medicine.monitoring import Schedule, Sign, Summary
from openkap.medicine.monitoring.physiology import bounds
from openkap.medicine.rules import library
from tests.spec.recordings import said, written
from tests.spec.tables import Line, lines

PROMPTS = [line for line in lines("monitoring") if "readings" in line.cells]
SCHEDULES = [line for line in lines("monitoring") if "vitals" in line.cells]
BOUNDS = [line for line in lines("monitoring") if "least" in line.cells]


@pytest.mark.parametrize("line", PROMPTS, ids=str)
def test_the_prompts_are_as_the_table_says(line: Line) -> None:
    signal = line["signal"]
    heard = said(signal, line["readings"], line["also"], line["baseline"], line["route"])
    summary = heard.pop()
    assert isinstance(summary, Summary)
    spoken = [
        item for item in heard if not isinstance(item, Summary) and _counts(line, item.level, item.rule)
    ]
    if line["prompts"]:
        assert written([item for item in spoken if item.signal == (line["as"] or signal)]) == line["prompts"]
    if line["told"]:
        assert any(line["told"] in item.because for item in spoken), [item.because for item in spoken]
    for column, value in (
        ("gaps", len(summary.gaps)),
        ("peak", summary.peak_bp),
        ("back at", _back(summary)),
    ):
        if line[column]:
            assert str(value) == line[column]


def _counts(line: Line, level: Sign, rule: str) -> bool:
    """A table says nothing of checks that fall due beside it, unless it is about them."""
    return rule != "M-CHECK" or line.rule == "M-CHECK"


def _back(summary: Summary) -> str:
    at = summary.back_to_baseline_at
    return "never" if at is None else f"{int(at) // 60} min"


@pytest.mark.parametrize("line", SCHEDULES, ids=str)
def test_the_checks_are_as_the_table_says(line: Line) -> None:
    plan = Schedule.read(library().rule(line.rule))
    assert " ".join(map(str, plan.minutes)) == line["vitals"]
    assert str(plan.then_every or "") == line["then every"]
    assert str(plan.alertness_every) == line["alertness every"]
    assert " ".join(map(str, plan.dissociation)) == line["six questions"]


@pytest.mark.parametrize("line", BOUNDS, ids=str)
def test_the_bounds_of_physiology_are_as_the_table_says(line: Line) -> None:
    assert bounds(line["sign"]) == (Decimal(line["least"]), Decimal(line["most"]))
