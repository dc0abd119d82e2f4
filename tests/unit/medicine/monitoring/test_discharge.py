"""Going home: what is absent is not met, and what cannot be is refused."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.medicine.inputs import Unusable
from openkap.medicine.monitoring.discharge import GoingHome, check
from openkap.medicine.rules import library
from openkap.medicine.verdict import Level
from tests.spec.test_going_home import READY

OF_ESKETAMINE = ("resolved",)
NEEDED = [key for key in READY if key not in ("route", "started_at", *OF_ESKETAMINE)]


def test_everything_met_is_clear() -> None:
    ready = check(GoingHome.read(READY))
    assert ready.level is Level.CLEAR
    assert ready.open == ()
    assert ready.verdict.findings == ()


@pytest.mark.parametrize("key", NEEDED)
def test_anything_absent_keeps_the_person_here(key: str) -> None:
    ready = check(GoingHome.read({k: v for k, v in READY.items() if k != key}))
    assert ready.level is Level.HOLD
    assert all(item.because for item in ready.open)


def test_with_nothing_known_nothing_is_met() -> None:
    ready = check(GoingHome.read({"route": "iv"}))
    of_every_route = [rule for rule in library().area("discharge") if "route" not in rule.words]
    assert len(ready.open) == len(ready.items) == len(of_every_route)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"route": None}, "route"),
        ({"ended_at": "2026-11-21T08:00:00-05:00"}, "ended_at"),
        ({"at": "2026-11-21T09:30:00-05:00"}, "at"),
        ({"at": "11:40"}, "at"),
        ({"aldrete": 11}, "aldrete"),
        ({"cadss6": -1}, "cadss6"),
        ({"oriented": "yes"}, "oriented"),
        ({"nausea": "a bit"}, "nausea"),
        ({"vitals": {"sbp": 80, "dbp": 130}}, "dbp"),
        ({"vitals": {"sbp": 130, "dbp": 80, "spo2": 980}}, "spo2"),
        ({"vitals": [130, 80]}, "vitals"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unusable) as refused:
        GoingHome.read(READY | change)
    assert refused.value.field == field
