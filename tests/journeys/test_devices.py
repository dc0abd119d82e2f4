"""Esketamine by device on the room's tablet: the first starts the dose, the second waits for its rest."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect
from tests.at_step import at_step
from tests.browser import Browsing, Complaints
from tests.people import cast, press, sign_in
from tests.serving import Site

from openkap.records.models import GivenPart


def test_a_device_starts_the_dose_and_the_next_one_rests(
    site: Site, browse: Browsing, complaints: Complaints
) -> None:
    complaints.expect("status of 422")
    now = timezone.now()
    stage = at_step(
        cast(now - timedelta(days=60)), "arrived", at=now - timedelta(minutes=61), route="esketamine"
    )
    nurse = browse("tablet")
    sign_in(nurse, "jonah")
    nurse.goto(f"/rooms/sessions/{stage.dose.id}/")
    press(nurse, nurse.get_by_role("button", name="Device 1 is given"))
    expect(nurse.locator(".route-mark.esketamine").first).to_have_text("Esketamine")
    expect(nurse.get_by_text("28 of 56 mg given")).to_be_visible()
    expect(nurse.get_by_role("button", name="Device 2 is given")).to_have_count(0)
    nurse.get_by_role("link", name="Device 2 of 2 is next.").click()
    press(nurse, nurse.get_by_role("button", name="This is given"))
    expect(nurse.get_by_text("A device rests first.").first).to_be_visible()
    assert GivenPart.objects.count() == 1
