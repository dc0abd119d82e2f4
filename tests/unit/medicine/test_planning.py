"""Looking ahead, as tables: window × visit × zone, and what the clocks do in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from openkap.medicine.planning import apart, expected_window, fitting, same_clock
from openkap.medicine.protocols import Hours
from openkap.medicine.verdict import Level
from openkap.medicine.window import Period, Window

HOURS = Hours(Decimal(24), Decimal(48), Decimal(72))
NEW_YORK, BERLIN, PHOENIX = (ZoneInfo(z) for z in ("America/New_York", "Europe/Berlin", "America/Phoenix"))

# A dose's visit (its wall clock in New York), and the zone of whoever holds the session.
# 2027: New York springs on March 14 and falls on November 7; Berlin on March 28 and October 31.
VISITS = [
    (datetime(2027, 3, 9, 10), NEW_YORK),
    (datetime(2027, 3, 12, 10), NEW_YORK),  # spring lies in the window
    (datetime(2027, 3, 12, 10), BERLIN),
    (datetime(2027, 3, 26, 15), BERLIN),  # Berlin's own spring
    (datetime(2027, 10, 29, 9), BERLIN),  # Berlin's autumn
    (datetime(2027, 11, 5, 10), NEW_YORK),  # New York's autumn
    (datetime(2027, 11, 5, 10), PHOENIX),  # no change of clocks where the therapist is
]


def visit(naive: datetime, minutes: int = 120) -> tuple[datetime, datetime]:
    starts = naive.replace(tzinfo=NEW_YORK).astimezone(UTC)
    return starts, starts + timedelta(minutes=minutes)


@pytest.mark.parametrize(("naive", "zone"), VISITS)
@pytest.mark.parametrize("ends_after", [0, 40, 120])
def test_what_fits_before_the_dose_fits_however_it_ends(
    naive: datetime, zone: ZoneInfo, ends_after: int
) -> None:
    starts, ends = visit(naive)
    fit = fitting(expected_window(starts, ends, HOURS), 60, zone)
    assert fit is not None
    real = Window.after(starts + timedelta(minutes=ends_after), 24, 48, 72)
    assert real.holds_all_of(fit.starts, fit.ends)
    clock = fit.starts.astimezone(zone)
    assert 9 <= clock.hour < 18
    # In the autumn a Friday's window closes on Monday at nine, an hour earlier than the clock would say.
    assert (clock.weekday() < 5) is (naive.month != 11)


@pytest.mark.parametrize(("naive", "zone"), VISITS)
def test_hours_stay_hours_across_the_change(naive: datetime, zone: ZoneInfo) -> None:
    starts, ends = visit(naive)
    window = expected_window(starts, ends, HOURS)
    assert window.opens - ends == timedelta(hours=24)
    assert window.closes - starts == timedelta(hours=72)


def test_a_dose_on_friday_finds_the_monday() -> None:
    starts, ends = visit(datetime(2027, 3, 5, 15))
    fit = fitting(expected_window(starts, ends, HOURS), 60, NEW_YORK)
    assert fit is not None
    assert fit.starts.astimezone(NEW_YORK).strftime("%a %H:%M") == "Mon 09:00"


def test_nothing_that_is_taken_or_past_is_proposed() -> None:
    starts, ends = visit(datetime(2027, 3, 9, 10))
    window = expected_window(starts, ends, HOURS)
    first = fitting(window, 60, NEW_YORK)
    assert first is not None
    second = fitting(window, 60, NEW_YORK, busy=[Period(first.starts, first.ends)])
    assert second is not None
    assert not Period(first.starts, first.ends).overlaps(Period(second.starts, second.ends))
    assert fitting(window, 60, NEW_YORK, busy=[Period(window.opens, window.closes)]) is None
    later = fitting(window, 60, NEW_YORK, after=first.starts)
    assert later is not None and later.starts > first.starts
    assert fitting(window, 60, NEW_YORK, after=window.closes) is None


def test_a_visit_longer_than_the_window_is_not_guessed() -> None:
    starts, _ends = visit(datetime(2027, 3, 9, 10))
    with pytest.raises(ValueError, match="in that order"):
        expected_window(starts, starts + timedelta(hours=48), HOURS)


@pytest.mark.parametrize(
    ("zone", "was", "now", "at", "becomes"),
    [
        # Moved over the spring night: ten stays ten where the clocks changed.
        (NEW_YORK, "2027-03-12T10:00-05:00", "2027-03-15T10:00-04:00", "2027-03-13T11:00-05:00", "11:00"),
        (NEW_YORK, "2027-11-05T10:00-04:00", "2027-11-08T10:00-05:00", "2027-11-06T11:00-04:00", "11:00"),
        # Where they did not change, the clock there moves by the hour that New York gained.
        (PHOENIX, "2027-03-12T10:00-05:00", "2027-03-15T10:00-04:00", "2027-03-13T09:00-07:00", "08:00"),
        (BERLIN, "2027-10-29T10:00-04:00", "2027-11-01T10:00-04:00", "2027-10-30T16:00+02:00", "15:00"),
    ],
)
def test_the_same_clock(zone: ZoneInfo, was: str, now: str, at: str, becomes: str) -> None:
    moved = same_clock(*(datetime.fromisoformat(text) for text in (at, was, now)), zone)
    assert moved.astimezone(zone).strftime("%H:%M") == becomes


def test_a_time_the_clocks_skip_is_an_hour_later() -> None:
    was, now = (datetime(2027, 3, day, 10, tzinfo=NEW_YORK) for day in (12, 13))
    at = datetime(2027, 3, 13, 2, 30, tzinfo=NEW_YORK)
    assert same_clock(at, was, now, NEW_YORK).astimezone(NEW_YORK).strftime("%d %H:%M") == "14 03:30"


@pytest.mark.parametrize(
    ("hours", "level"),
    [(-73, None), (-71, Level.CAUTION), (-47, Level.STOP), (47, Level.STOP), (48, Level.CAUTION),
     (72, None)],
)  # fmt: skip
def test_spacing_is_asked_towards_both_sides(hours: int, level: Level | None) -> None:
    planned = datetime(2027, 3, 9, 14, tzinfo=UTC)
    said = apart(planned, [planned - timedelta(hours=hours)])
    assert (said.worst.level if said.worst else None) is level
    if said.worst is not None:
        assert said.worst.sources and said.worst.rule == "D-SPACING"
        assert ("since the last" in said.worst.because) is (hours > 0)
