"""The planner's lanes: true time by the clinic's clock, and nothing drawn outside its days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openkap.ui import kit_pictures
from openkap.ui.lanes import DAY, Dose, Lane, Plan, Session, Window, draw

ZONE = ZoneInfo("America/New_York")
MONDAY = date(2027, 3, 8)
AT = datetime(2027, 3, 9, 12, 0, tzinfo=ZONE)


def plan(lane: Lane, at: datetime = AT) -> Plan:
    return Plan(MONDAY, (lane,), at, ZONE)


def test_noon_stands_in_the_middle_of_its_day_wherever_the_time_was_written() -> None:
    noon = datetime(2027, 3, 9, 12, 0, tzinfo=ZONE).astimezone(UTC)
    assert draw(plan(Lane("Wren", doses=(Dose(noon, "3"),)))).rows[0].doses[0].x == DAY * 1.5


def test_a_day_is_as_wide_as_any_other_when_the_clocks_change() -> None:
    before, after = (datetime(2027, 3, d, 12, 0, tzinfo=ZONE) for d in (13, 14))
    doses = draw(plan(Lane("Wren", doses=(Dose(before), Dose(after))))).rows[0].doses
    assert doses[1].x - doses[0].x == DAY


def test_what_lies_outside_is_left_out_and_a_window_is_cut() -> None:
    early = datetime(2027, 3, 7, 12, 0, tzinfo=ZONE)
    lane = Lane(
        "Wren",
        doses=(Dose(early),),
        sessions=(Session(early),),
        windows=(Window(early, early + timedelta(hours=48)), Window(early - timedelta(days=5), early)),
    )
    row = draw(plan(lane)).rows[0]
    assert (row.doses, row.sessions, len(row.windows)) == ((), (), 1)
    assert row.windows[0].x == -20
    assert row.windows[0].x + row.windows[0].width == DAY * 1.5


@pytest.mark.parametrize(("days", "shown"), [(0, True), (30, False), (-30, False)])
def test_now_is_drawn_only_in_its_week(days: int, shown: bool) -> None:
    assert (draw(plan(Lane("Wren"), AT + timedelta(days=days))).now_x is not None) is shown


def test_heads_name_the_days_and_mark_today_and_the_weekend() -> None:
    heads = draw(kit_pictures.plan()).heads
    assert [head.on.day for head in heads] == [8, 9, 10, 11, 12, 13, 14]
    assert [head.today for head in heads].index(True) == 1
    assert [head.weekend for head in heads] == [False] * 5 + [True] * 2
