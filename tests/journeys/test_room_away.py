"""The network goes while a set is tapped: it stays on the tablet, in sight, and is sent once, with its time.

And the chart and its table are one tap apart, by finger and by keyboard.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import Browsing, Complaints
from tests.journeys.test_live_room import become, under_way_now
from tests.serving import Site

from openkap.records.models import Reading

KEPT = "[data-kept]"


def type_set(page: Page, **values: int) -> None:
    for name, value in values.items():
        page.locator(f"[data-vitals] input[name={name}]").fill(str(value))
    page.get_by_role("button", name="Save set").click()


def test_a_set_tapped_without_a_network_is_sent_once_it_is_back(
    site: Site, browse: Browsing, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    complaints.expect("htmx-2.min.js")
    stage = under_way_now()
    nurse = browse("tablet")
    become(nurse, "jonah")
    nurse.goto(f"/rooms/sessions/{stage.dose.id}/")
    nurse.context.set_offline(True)
    type_set(nurse, sbp=151, dbp=92, hr=83, spo2=97)
    expect(nurse.locator(KEPT)).to_contain_text("1 set is kept on this tablet and not sent yet.")
    expect(nurse.locator("[data-vitals] input[name=sbp]")).to_have_value("")
    assert not Reading.objects.filter(session=stage.dose, sbp=151).exists()
    tapped = timezone.now()
    nurse.context.set_offline(False)
    expect(nurse.locator("[data-tile=bp] .n")).to_have_text("151/92", timeout=20_000)
    expect(nurse.locator(KEPT)).to_be_hidden()
    kept = Reading.objects.get(session=stage.dose, sbp=151)
    assert abs(kept.at - tapped) < timedelta(seconds=5)


def test_a_kept_set_that_cannot_be_comes_back_to_be_put_right(
    site: Site, browse: Browsing, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    complaints.expect("htmx-2.min.js")
    complaints.expect("422")
    stage = under_way_now()
    nurse = browse("tablet")
    become(nurse, "jonah")
    nurse.goto(f"/rooms/sessions/{stage.dose.id}/")
    nurse.context.set_offline(True)
    type_set(nurse, sbp=15, dbp=92)
    expect(nurse.locator(KEPT)).to_be_visible()
    nurse.context.set_offline(False)
    expect(nurse.locator(KEPT)).to_contain_text("was not taken", timeout=20_000)
    expect(nurse.locator("[data-vitals] input[name=sbp]")).to_have_value("15")


def test_chart_and_table_are_one_tap_or_one_key_apart(site: Site, browse: Browsing) -> None:
    stage = under_way_now()
    nurse = browse("tablet")
    become(nurse, "jonah")
    nurse.goto(f"/rooms/sessions/{stage.dose.id}/")
    table = nurse.get_by_role("region", name="Vitals as a table")
    expect(table).to_be_hidden()
    nurse.locator("[data-view=table]").click()
    expect(table).to_be_visible()
    type_set(nurse, hr=79)
    expect(table.get_by_role("cell", name="79")).to_be_visible()
    nurse.wait_for_load_state("load")
    expect(nurse.locator("[data-view=table]")).to_have_attribute("aria-current", "true")
    nurse.keyboard.press("t")
    expect(table).to_be_hidden()
