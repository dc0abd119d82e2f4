"""Stretches of time: half-open, kept in UTC, right across a change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.window import Period, Window, WindowState

ZONES = [ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")]
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.sampled_from([*ZONES, UTC]))


@given(moments, st.integers(0, 96))
def test_a_window_is_as_long_as_its_hours_in_every_zone(ended: datetime, late: int) -> None:
    window = Window.after(ended, 24, 48, 72)
    assert window.closes - window.opens == timedelta(hours=48)
    at = ended.astimezone(UTC) + timedelta(hours=late)
    assert window.holds(at) is (24 <= late < 72)
    assert {window.state_at(at.astimezone(zone)) for zone in ZONES} == {window.state_at(at)}


def test_a_window_states_its_end() -> None:
    window = Window.after(datetime(2026, 11, 21, 16, tzinfo=UTC), 24, 48, 72)
    assert window.state_at(window.closes) is WindowState.CLOSED
    assert window.hours_left(window.closes + timedelta(hours=5)) == 0
    assert window.holds_all_of(window.opens, window.closes)
    assert not window.holds_all_of(window.opens, window.closes + timedelta(minutes=1))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Window.after(datetime(2026, 11, 21, 11), 24, 48, 72)


@pytest.mark.parametrize("hours", [(48, 24, 72), (24, 80, 72), (24, 24, 24)])
def test_a_window_out_of_order_is_refused(hours: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="in that order"):
        Window.after(datetime(2026, 11, 21, 16, tzinfo=UTC), *hours)


def test_periods_that_touch_do_not_overlap() -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    first, second = Period(noon, noon + hour), Period(noon + hour, noon + 2 * hour)
    assert not first.overlaps(second)
    assert first.overlaps(Period(noon))
    assert not first.holds(noon + hour)
    with pytest.raises(ValueError, match="before it starts"):
        Period(noon, noon - hour)
