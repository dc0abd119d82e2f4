"""One imported patient, the whole course, in the browser, each part by whoever does it.

The patient is invented and lies in tests/data; tests/real walks the same way with a bundle of the world.
Both take minutes and wait for `bin/test --long`; each step of the way has a journey of its own in every run.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser import Browser, Browsing, Complaints
from tests.journeys.moved_site import moved_site
from tests.journeys.walk import PLANTED, Patient, Walk, whole_course

pytestmark = pytest.mark.long

BUNDLE = Path(__file__).parent.parent / "data" / "ines_abara.json"
INES = Patient(sought="abara ines", name="Inés Abara", typed_name="Inés Abara", born_on="1979-06-17")


def test_a_whole_course(own_database: str, tmp_path: Path, running_chromium: Browser) -> None:
    with moved_site(tmp_path, own_database, BUNDLE) as site:
        complaints = Complaints(site.address)
        complaints.expect("422")  # two values are mistyped on purpose
        complaints.expect("/stream/")  # the clock is moved past the lock while a page still listens
        complaints.expect("htmx-2.min.js: [object Event]")  # a page left while it was being refreshed
        browsing = Browsing(running_chromium, site.address, complaints)
        whole_course(Walk(browsing, site.move_clock, site.mail_after_round, INES), "invented_infusion")
        browsing.close()
        assert complaints.unexpected() == []
        assert site.verify_trail() == 0
        assert site.where("Steady when leaving") != []  # what is in the record is found by the same search
        assert site.where(PLANTED) == []
