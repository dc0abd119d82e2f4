"""One bundle of the world goes the whole way in the browser, with a real recording in the room.

The person is Synthea's, as a public server of sample data holds him; the numbers are an intensive care
patient's, whose oxygen stays between 83 and 87 percent for eight minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Browser, Browsing, Complaints
from tests.journeys.moved_site import moved_site
from tests.journeys.walk import PLANTED, Patient, Walk, whole_course
from tests.real.data import real

pytestmark = pytest.mark.long

BUNDLE = "Milan_Beatty_e78d0ed2-1b54-4c30-90ae-f7405af1e402.json"
MILAN = Patient(sought="beaty milan", name="Milan Beatty", typed_name="Milan Beatty", born_on="1973-11-24")


def test_a_real_bundle_and_a_real_recording(
    own_database: str, tmp_path: Path, running_chromium: Browser
) -> None:
    low_oxygen = real("vitals", "bidmc_32.csv")
    with moved_site(tmp_path, own_database, real("fhir", "synthea_r4", BUNDLE), low_oxygen) as site:
        complaints = Complaints(site.address)
        complaints.expect("422")  # two values are mistyped on purpose
        complaints.expect("/stream/")  # the clock is moved past the lock while a page still listens
        complaints.expect("htmx-2.min.js: [object Event]")  # a page left while it was being refreshed
        browsing = Browsing(running_chromium, site.address, complaints)
        whole_course(Walk(browsing, site.move_clock, site.mail_after_round, MILAN), "bidmc_32", "Oxygen is 8")
        browsing.close()
        assert complaints.unexpected() == []
        assert site.verify_trail() == 0
        assert site.where("Steady when leaving") != []  # what is in the record is found by the same search
        assert site.where(PLANTED) == []
