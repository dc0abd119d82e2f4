"""Every line of the tables of what stands out among the looks into records."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.rules import library
from openkap.permits.unusual import COLLEAGUE, MANY, NAME, NIGHT, ONESELF, OWN, REFUSED, Look, unusual, why
from tests.spec.tables import Line, lines

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2027, 3, 9, 17, 0, tzinfo=UTC)
NURSE, PATIENT = UUID(int=1), UUID(int=2)
LINES = lines("looks")


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_look_stands_out_as_the_table_says(line: Line) -> None:
    match line.rule:
        case "L-OWN":
            look = _look(
                NOON, to_own=_hours(line["hours to own work"]), to_visit=_hours(line["hours to a visit"])
            )
            found = OWN in why(look, library(), ZONE)
        case "L-NIGHT":
            look = _look(
                datetime.combine(NOON.date(), time.fromisoformat(line["hour"].zfill(5)), ZONE),
                on_call=line["on call"] == "yes",
                to_visit=timedelta(0) if line["visit under way"] == "yes" else timedelta(days=1),
            )
            found = NIGHT in why(look, library(), ZONE)
        case "L-MANY":
            found = MANY in _told(int(line["people"]), int(line["minutes from first to last"]), refused=False)
        case _:
            minutes = int(line["hours from first to last"]) * 60
            found = REFUSED in _told(int(line["tries"]), minutes, refused=True)
    assert found == (line["stands out"] == "yes")


def test_one_line_for_a_person_a_patient_and_a_day_with_all_that_stands_out() -> None:
    night = datetime(2027, 3, 10, 3, 30, tzinfo=UTC)  # half past ten in the evening of the 9th
    looks = [
        _look(night, id=UUID(int=11), same_name=True),
        _look(NOON, id=UUID(int=10), same_name=True),
        _look(NOON + timedelta(days=1), id=UUID(int=12), by=PATIENT),
        _look(NOON, id=UUID(int=13), colleague=True, same_name=True, to_visit=timedelta(0)),
    ]
    found = unusual(looks, library(), ZONE)
    assert [(one.first.int, one.count, set(one.why)) for one in found] == [
        (12, 1, {ONESELF, OWN}),
        (10, 3, {NAME, OWN, COLLEAGUE, NIGHT}),
    ]


def _look(at: datetime, **more: Any) -> Look:
    return Look(**{"id": UUID(int=9), "at": at, "by": NURSE, "patient": PATIENT, **more})


def _told(count: int, minutes: int, *, refused: bool) -> set[str]:
    whole = timedelta(minutes=minutes)
    looks = [
        _look(
            NOON + whole * n / max(count - 1, 1),
            id=UUID(int=100 + n),
            patient=UUID(int=200 + n),
            refused=refused,
        )
        for n in range(count)
    ]
    found = unusual(looks, library(), ZONE)
    told = [one for one in found if one.patient is None]
    assert len(told) <= 1 and all(one.count == count for one in told)
    return {reason for one in told for reason in one.why}


def _hours(cell: str) -> timedelta | None:
    return timedelta(hours=int(cell)) if cell else None
