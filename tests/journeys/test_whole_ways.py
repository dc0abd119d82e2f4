"""Every way of care and every route, walked in a browser from the choice of the way to integration.

It takes minutes and waits for `bin/test --long`; each way has a short journey in every run (test_ways).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser import Browsing, Complaints
from tests.journeys.set_day import begin, staged
from tests.journeys.whole_day import WholeDay
from tests.people import cast
from tests.serving import Site, serve

pytestmark = pytest.mark.long

WALKED = (
    "bracketed_sublingual",
    "in_session_im",
    "infusion_only_iv",
    "esketamine",
    "blended_oral",
    "blended_nasal_racemic",
)


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Site]:
    """The real server, whose clock this test moves."""
    with serve(tmp_path, own_database, "tests.moving_clock:application") as running:
        yield running


@pytest.mark.parametrize("way", WALKED)
def test_a_way_from_its_choice_to_integration(
    way: str, site: Site, browse: Browsing, complaints: Complaints
) -> None:
    complaints.expect("/stream/")  # the clock is moved past the lock while a page still listens
    complaints.expect("htmx-2.min.js")
    day = begin(WholeDay, browse, site, staged(cast(), "opened", "blended_iv", "iv"))
    day.choose(way)
    day.name_therapist()
    day.book()
    day.order_by_route()
    day.ask_the_morning(day.in_room("jonah"), day.rooms)
    day.prepare_by_route()
    day.ready_by_the_way()
    day.vitals(day.windows["jonah"], day.rooms, sbp=124, dbp=78, hr=72, spo2=98)
    day.start()
    day.rest_on_phone()
    day.give_the_rest()
    day.end_and_go_home()
    day.owed_after()
    day.integrate_once()
