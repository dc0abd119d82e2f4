"""The values everything speaks in: windows across a change of the clocks, and verdicts that combine."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.medicine.window import Window
from tests.spec.tables import Line, lines

NEW_YORK = ZoneInfo("America/New_York")
ENDED = datetime(2026, 11, 21, 11, tzinfo=NEW_YORK)


def of(name: str) -> list[Line]:
    return [line for line in lines("values") if line.rule == name]


@pytest.mark.parametrize("line", of("window"), ids=str)
def test_a_window_counts_real_hours(line: Line) -> None:
    window = Window.after(datetime.fromisoformat(line["dose ended"]), 24, 48, 72)
    shown = [f"{at:%Y-%m-%d %H:%M}" for at in window.shown_in(ZoneInfo(line["zone"]))]
    assert shown == [line["opens"], line["target"], line["closes"]]


@pytest.mark.parametrize("line", of("window-state"), ids=str)
def test_a_window_says_where_a_moment_falls(line: Line) -> None:
    window = Window.after(ENDED, 24, 48, 72)
    at = datetime.fromisoformat(line["at"]).replace(tzinfo=NEW_YORK)
    assert window.state_at(at) == line["state"]
    assert f"{window.hours_left(at):.1f}" == line["hours left"]
    assert window.holds(at) is (line["state"] in ("open", "past_target"))


@pytest.mark.parametrize("line", of("verdict"), ids=str)
def test_findings_become_one_verdict(line: Line) -> None:
    findings = [_finding(words.strip()) for words in line["findings"].split(",") if words.strip()]
    for order in (findings, findings[::-1]):
        verdict = Verdict.of(order)
        assert verdict.level == line["verdict"]
        assert len(verdict.findings) == len(findings)


def _finding(words: str) -> Finding:
    level, _, of_what = words.partition(" of a ")
    return Finding(f"R-{words}", Level(level), words, could_be=Level(of_what or "stop"))
