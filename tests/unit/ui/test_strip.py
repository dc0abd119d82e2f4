"""The vitals strip: nothing unseen is drawn, limits judge the right side, no axis carries two units."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openkap.ui import kit_pictures
from openkap.ui.strip import HEIGHT, LOW, NARROW, WIDE, Due, Limit, Reading, Strip, draw

STRIP = kit_pictures.vitals()


def lane(strip: Strip, name: str) -> tuple[str, ...]:
    return next(lane.stretches for lane in draw(strip).lanes if lane.name == name)


@pytest.mark.parametrize(("width", "height"), [(WIDE, HEIGHT), (NARROW, HEIGHT), (WIDE, LOW)])
def test_everything_stays_inside(width: int, height: int) -> None:
    picture = draw(STRIP, width, height)
    points = [(point.x, point.y) for lane in picture.lanes for point in lane.points]
    points += [(bar.x, edge) for bar in picture.pressures for edge in (bar.top, bar.bottom)]
    assert all(picture.left <= x <= picture.right and 0 <= y <= height for x, y in points)


def test_higher_pressure_stands_higher_and_systolic_over_diastolic() -> None:
    bars = draw(STRIP).pressures
    assert [bar.top for bar in bars] == sorted((bar.top for bar in bars), reverse=True)
    assert all(bar.top < bar.bottom for bar in bars)


@pytest.mark.parametrize(("width", "height"), [(WIDE, HEIGHT), (NARROW, HEIGHT), (WIDE, LOW)])
def test_lanes_do_not_overlap(width: int, height: int) -> None:
    picture = draw(STRIP, width, height)
    pressure = max(bar.bottom for bar in picture.pressures)
    heart, oxygen = picture.lanes
    assert pressure < min(point.y for point in heart.points)
    assert max(point.y for point in heart.points) < min(point.y for point in oxygen.points)


def test_a_missing_value_breaks_its_line_and_no_other() -> None:
    readings = (*STRIP.readings[:2], Reading(15, 140, 86, None, 98), *STRIP.readings[2:])
    broken = replace(STRIP, readings=readings)
    assert len(lane(broken, "hr")) == 2
    assert len(lane(broken, "spo2")) == 1


def test_a_line_is_not_drawn_through_a_gap() -> None:
    readings = tuple(Reading(minute, 130, 80, 70, 98) for minute in (0, 5, 40, 45))
    assert len(lane(Strip(readings, 60, gap=20), "hr")) == 2
    assert len(lane(Strip(readings, 60), "hr")) == 1


@pytest.mark.parametrize(
    ("limit", "out"),
    [
        (Limit("sbp", 160, "160", "over"), [False, True, True]),
        (Limit("dbp", 100, "100", "over"), [False, False, True]),
    ],
)
def test_pressure_outside_its_limit(limit: Limit, out: list[bool]) -> None:
    readings = (Reading(0, 159, 90), Reading(5, 160, 99), Reading(10, 170, 100))
    assert [bar.out for bar in draw(Strip(readings, 20, limits=(limit,))).pressures] == out


def test_oxygen_is_outside_under_its_limit_not_at_it() -> None:
    readings = (Reading(0, spo2=94), Reading(5, spo2=93))
    picture = draw(Strip(readings, 20, limits=(Limit("spo2", 94, "94", "under"),)))
    assert [point.out for point in picture.lanes[1].points] == [False, True]


def test_extreme_values_widen_the_lane_instead_of_leaving_it() -> None:
    picture = draw(Strip((Reading(0, 260, 150, 190, 60),), 20))
    assert picture.pressures[0].top >= 8
    assert all(0 <= point.y <= HEIGHT for lane in picture.lanes for point in lane.points)


def test_half_a_pressure_is_not_drawn() -> None:
    assert draw(Strip((Reading(0, 132, None, 70, 98),), 20)).pressures == ()


def test_no_readings_is_a_picture_all_the_same() -> None:
    picture = draw(Strip((), 70, ticks=(0, 10), due=Due(10, "Due 11:00")))
    assert (picture.pressures, picture.lasts) == ((), ())
    assert picture.due is not None


def test_ticks_after_now_are_dashed_and_the_due_one_is_bold() -> None:
    later = {tick.label: (tick.later, tick.due) for tick in draw(STRIP).ticks}
    assert later["30"] == (False, False)
    assert later["40"] == (True, True)


def test_limits_are_named_where_the_readings_are_not() -> None:
    assert draw(STRIP).limit_anchor == "end"
    assert draw(replace(STRIP, now=70)).limit_anchor == "start"
