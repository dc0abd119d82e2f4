"""An hour that the clock shows twice: the first is taken, and whoever typed it is told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from openkap.door.times import local_to_utc, noting_twice, twice_words
from tests.at_step import at_step
from tests.integration.clinic_desk import visiting
from tests.integration.evaluating import piece
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def test_of_an_hour_that_came_twice_the_first_is_taken_and_noted() -> None:
    for typed, taken, twice in (
        ("2026-11-01T01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), True),
        ("2026-11-01T00:59", datetime(2026, 11, 1, 4, 59, tzinfo=UTC), False),
        ("2026-11-01T02:00", datetime(2026, 11, 1, 7, 0, tzinfo=UTC), False),
        ("2026-11-01T01:30-05:00", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), False),
    ):
        with noting_twice() as found:
            assert local_to_utc(typed, NEW_YORK) == taken
        assert bool(found) is twice, typed
        assert not twice or "01:30 came twice that night" in twice_words(found[0])


def test_whoever_sends_such_a_time_reads_which_of_the_two_was_taken() -> None:
    stage = at_step(cast(), "opened")
    address = f"/care/courses/{stage.course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        sent = {**piece(page, "vitals"), "sbp": "122", "dbp": "78", "taken_at": "2026-11-01T01:30"}
        assert page.post(address, sent).status_code == 302
        page.get(address)
        assert "01:30 came twice that night" in page.page
