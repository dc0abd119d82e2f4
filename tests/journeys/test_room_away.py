"""The network goes while a room is watched: what is tapped stays on the tablet and is sent once, as it was.

And the chart and its table are one tap apart, by finger and by keyboard.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import Browsing, Complaints
from tests.journeys.test_live_room import become, under_way_now
from tests.serving import Site

from openkap.records.models import Reading, RoomEvent

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


def test_what_is_tapped_without_a_network_is_sent_in_its_order_and_a_refused_set_once(
    site: Site, browse: Browsing, complaints: Complaints
) -> None:
    for noise in ("ERR_INTERNET_DISCONNECTED", "htmx-2.min.js", "422"):
        complaints.expect(noise)
    stage = under_way_now()
    nurse = browse("tablet")
    become(nurse, "jonah")
    nurse.goto(f"/rooms/sessions/{stage.dose.id}/")
    sent: list[str] = []
    nurse.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    type_set(nurse, sbp=15, dbp=92)
    expect(nurse.locator("[data-vitals] [role=alert]")).to_be_visible()
    expect(nurse.locator("[data-vitals] input[name=sbp]")).to_have_value("15")
    assert len([url for url in sent if url.endswith("/set/")]) == 1, "refused, and not posted a second time"
    nurse.context.set_offline(True)
    nurse.get_by_role("button", name="Tears").click()
    nurse.get_by_role("button", name="Pause").click()
    expect(nurse.locator(KEPT)).to_contain_text("Tears,")
    expect(nurse.locator(KEPT)).to_contain_text("Pause.")
    assert not RoomEvent.objects.filter(session=stage.dose, what="tears").exists()
    nurse.context.set_offline(False)
    expect(nurse.get_by_role("button", name="Go on")).to_be_visible(timeout=20_000)
    expect(nurse.locator(KEPT)).to_be_hidden()
    tears, paused = RoomEvent.objects.filter(session=stage.dose, what__in=("tears", "paused"))
    assert (tears.what, paused.what) == ("tears", "paused") and tears.at <= paused.at < tears.recorded_at


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
