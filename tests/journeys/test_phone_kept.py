"""What a phone downloads on a first visit, and what it still shows without a connection."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from tests.at_step import at_step
from tests.browser import Browsing, Complaints, Page
from tests.people import cast, press, sign_in

FIRST_VISIT = 90_000
SMALL = {"width": 360, "height": 780}
OWN_WORDS = "Walk to the river. Call Lupe."
HER_NUMBER = "5550142277"


def received(page: Page) -> list[int]:
    """Bytes as they came over the wire, a number for each answer; filled while the page loads."""
    sizes: list[int] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda said: sizes.append(int(said["encodedDataLength"])))
    return sizes


def test_a_phone_keeps_whom_to_call_and_what_its_owner_chose(
    browse: Browsing, complaints: Complaints
) -> None:
    people = cast(timezone.now() - timedelta(days=60))
    at_step(people, "consented", at=timezone.now() - timedelta(hours=2))
    page = browse("phone")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    sizes = received(page)
    page.goto(reverse("public-front", args=["larkmoor"]), wait_until="networkidle")
    assert 20_000 < sum(sizes) < FIRST_VISIT
    sign_in(page, "wren")
    page.goto(reverse("me-safety-write"))
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.fill("textarea[name=alone]", OWN_WORDS)
    page.fill("textarea[name=people]", "Lupe 555 014 2277")
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.click("form[data-keep] button")
    page.wait_for_selector("text=Kept on this phone")
    page.context.set_offline(False)
    page.wait_for_url("**/me/safety/")
    page.click("[data-pocket-keep]")
    page.wait_for_selector("[data-pocket-kept]:not([hidden])")

    def stored() -> Any:
        return page.evaluate("caches.keys().then(keys => keys.sort())")

    kept = page.evaluate(
        "Promise.all([caches.keys().then(names => Promise.all(names.map(async name => (await (await "
        "caches.open(name)).keys()).map(one => new URL(one.url).pathname))))])"
    )
    assert {path for one in kept[0] for path in one} == {
        "/me/safety/",
        "/owner",
        "/offline/",
        *(f"/static/dist/{name}" for name in ("patient.css", "patient.js", "icons.svg", "fonts/next.woff2")),
    }
    page.context.set_offline(True)
    page.goto(reverse("me-home"))
    assert page.locator("h1").inner_text() == "There is no connection now"
    page.click("p[data-pocket-link] a")
    assert OWN_WORDS in page.locator("main").inner_text()
    assert page.locator("a[href='tel:988']").count() == 2
    assert page.locator(f"a[href='tel:{HER_NUMBER}']").count() == 1
    page.context.set_offline(False)
    page.goto(reverse("menu"))
    press(page, page.locator("form[data-sign-out] button"))
    page.wait_for_function("async () => !(await caches.keys()).includes('openkap-own')")
    assert page.evaluate("Object.keys(localStorage).length") == 0
