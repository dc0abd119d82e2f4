"""Every recording of a real patient, played through the monitor."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openkap.medicine.monitoring import Line, Sign
from tests.real.data import REPOSITORY, read_json
from tests.real.recordings_page import hours, names, page, played, readings

KNOWN = read_json("vitals", "known_answers.json")
COLUMN = {"hr": "hr", "spo2": "spo2", "rr": "rr", "bp": "sbp"}
PROMPTS_AN_HOUR = 5


def loud(name: str, signal: str = "") -> list[Line]:
    lines, _ = played(name)
    return [s for s in lines if s.level in (Sign.AMBER, Sign.RED) and s.signal in (signal or s.signal)]


@pytest.mark.parametrize("name", names())
def test_every_reading_is_taken_and_every_zero_is_an_artefact(name: str) -> None:
    _, summary = played(name)
    known = KNOWN[name]
    assert summary.readings == known["rows"]
    zeros = [known[column]["zeros"] for column in ("hr", "sbp", "spo2", "rr")]
    assert summary.artefacts >= sum(zeros)


@pytest.mark.parametrize("name", names())
def test_a_zero_never_alarms(name: str) -> None:
    zero = {
        (reading.t_seconds, signal)
        for reading in readings(name)
        for signal, column in COLUMN.items()
        if getattr(reading, column) == Decimal(0)
    }
    spoken = [(line.t_seconds, line.signal) for line in loud(name) if line.rule != "M-APNOEA"]
    assert zero & set(spoken) == set()


@pytest.mark.parametrize("name", names())
def test_oxygen_that_was_never_low_never_speaks(name: str) -> None:
    least = KNOWN[name]["spo2"].get("min_nonzero")
    if least is None or least >= 94:
        assert loud(name, "spo2") == []


def test_oxygen_that_stays_low_is_red_and_is_one_prompt() -> None:
    (line,) = loud("bidmc_32.csv")
    assert (line.level, line.rule) == (Sign.RED, "M-SPO2-RED")
    assert line.t_seconds <= 15


def test_a_heart_that_stays_fast_is_red_after_five_minutes() -> None:
    assert [line.rule for line in loud("bidmc_25.csv", "hr")] == ["M-HR-AMBER", "M-HR-RED-LASTING"]


def test_no_breaths_beside_a_beating_heart_ask_for_a_look() -> None:
    assert "M-APNOEA" in [line.rule for line in loud("bidmc_13.csv", "rr")]


@pytest.mark.parametrize("name", [name for name in names() if hours(name) >= 1])
def test_prompts_are_few(name: str) -> None:
    assert len(loud(name)) / hours(name) < PROMPTS_AN_HOUR


def test_the_page_of_the_manual_is_drawn_from_the_recordings() -> None:
    assert (REPOSITORY / "docs" / "reference" / "recordings.md").read_text("utf-8") == page()
