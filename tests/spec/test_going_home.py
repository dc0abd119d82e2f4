"""Every line of the going-home tables: what is recorded, and whether its item is met."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.medicine.monitoring.discharge import GoingHome, check
from openkap.medicine.verdict import Level
from tests.spec.tables import Line, lines

READY: dict[str, Any] = {
    "route": "iv",
    "started_at": "2026-11-21T09:00:00-05:00",
    "ended_at": "2026-11-21T09:40:00-05:00",
    "at": "2026-11-21T11:40:00-05:00",
    "baseline": {"sbp": 126, "dbp": 78},
    "vitals": {"sbp": 130, "dbp": 80, "hr": 74, "spo2": 98},
    "aldrete": 10,
    "padss": 10,
    "cadss6": 0,
    "oriented": True,
    "gait_steady": True,
    "si_today": False,
    "nausea": "none",
    "escort_present": True,
    "instructions_signed": True,
    "integration_booked": True,
    "resolved": True,
}
WORDS: dict[str, Any] = {"yes": True, "no": False, "not recorded": None}


@pytest.mark.parametrize("line", lines("discharge"), ids=str)
def test_the_item_is_as_the_table_says(line: Line) -> None:
    ready = check(GoingHome.read(changed(line.cells)))
    item = next(item for item in ready.items if item.rule.id == line.rule)
    assert item.met is WORDS[line["met"]]
    assert ready.level is (Level.CLEAR if item.met else Level.HOLD)
    assert line["told"] in item.because
    if line["fixed"]:
        assert item.fixed is WORDS[line["fixed"]]


def changed(cells: dict[str, str]) -> dict[str, Any]:
    """The case that may go home, with the changes of one line."""
    case = dict(READY)
    for column, cell in cells.items():
        if not cell or column in ("met", "told", "fixed"):
            continue
        if column in ("pressure", "start", "before it"):
            name = {"pressure": "vitals", "start": "baseline", "before it": "previous"}[column]
            case[name] = {"spo2": 98} | _pressure(cell)
        elif column == "oxygen":
            case["vitals"] = {"sbp": 130, "dbp": 80} | ({} if cell == "not recorded" else {"spo2": cell})
        elif column == "pressures":
            case["pressures"] = [_kept(one) for one in cell.split(";") if one.strip() != "none"]
        elif column == "at minute":
            case["at"] = f"2026-11-21T{9 + int(cell) // 60:02}:{int(cell) % 60:02}:00-05:00"
        elif column == "since the end":
            minutes = int(cell.removesuffix(" min"))
            case["at"] = f"2026-11-21T{9 + (40 + minutes) // 60:02}:{(40 + minutes) % 60:02}:00-05:00"
        else:
            case[column] = WORDS.get(cell, cell)
    return case


def _kept(cell: str) -> dict[str, str]:
    """ "40 130/80": the minute from the start, and the pressure."""
    minute, pressure = cell.split()
    return {"minute": minute, **_pressure(pressure)}


def _pressure(cell: str) -> dict[str, str]:
    return {} if cell == "not recorded" else dict(zip(("sbp", "dbp"), cell.split("/"), strict=True))
