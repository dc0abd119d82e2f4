"""The kit in a real browser: accessibility in both themes and at 320 px, keys, keypad, a page that looks old.

The pages are rendered here and answered to the browser without a server: what is tested is the kit alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import django_htmx
import pytest
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import openkap.ui
from openkap.ui import kit
from tests.browser import PATIENCE_MS, axe_violations

HOST = "http://kit.test"
STATIC = (Path(openkap.ui.__file__).parent / "static", Path(django_htmx.__file__).parent / "static")
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


# A stream that says only what the test tells it to.
STREAM = """
window.EventSource = class extends EventTarget {
  constructor() { super(); this.readyState = 1; window.stream = this; }
  close() { this.readyState = 2; }
};
window.EventSource.OPEN = 1;
window.EventSource.CLOSED = 2;
"""


def pages() -> dict[str, Callable[[], str]]:
    told = [Message(25, "Stopped. Nobody sees more from now on.", "undo=/undo")]
    live = kit.room_context("live")
    live["frame"].stream_url, live["frame"].quiet_seconds = "/stream", 2
    return {
        "/kit/day": lambda: render_to_string("kit.html", kit.context("day")),
        "/kit/room": lambda: render_to_string("kit.html", kit.context("room")),
        "/phone/home": lambda: render_to_string("kit_phone.html", kit.phone_context("home")),
        "/phone/question": lambda: render_to_string("kit_phone.html", kit.phone_context("question")),
        "/phone/sharing": lambda: render_to_string("kit_phone.html", kit.phone_context("sharing", "room")),
        "/phone/toast": lambda: render_to_string(
            "kit_phone.html", {**kit.phone_context("home"), "messages": told}
        ),
        "/room/live": lambda: render_to_string("kit_room.html", kit.room_context("live")),
        "/room/stream": lambda: render_to_string("kit_room.html", live),
        "/room/home": lambda: render_to_string("kit_room.html", kit.room_context("home", "day")),
        "/error": lambda: render_to_string(
            "errors/503.html", {"kept": [("a", "b")], "action": "/a", "site": kit.site()}
        ),
    }


def answer(route: Route) -> None:
    """A page, a file of the front end, or what the page's own posts get."""
    address = route.request.url.removeprefix(HOST).partition("?")[0]
    known = pages()
    if address in known:
        route.fulfill(
            body=known[address](), content_type="text/html", headers={"Content-Security-Policy": POLICY}
        )
    elif address.startswith("/static/"):
        file = next(found for root in STATIC if (found := root / address.removeprefix("/static/")).is_file())
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        route.fulfill(status=204)


@pytest.fixture
def context(running_chromium: Browser) -> Iterator[BrowserContext]:
    context = running_chromium.new_context(
        base_url=HOST, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    context.route("**/*", answer)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("address", [name for name in pages() if name != "/room/stream"])
def test_no_violation_and_no_sideways_scroll(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_live_room_fits_its_tablet(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto("/room/live")
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    save = page.get_by_role("button", name="Save set").bounding_box()
    assert save is not None
    assert save["height"] >= 74
    assert save["y"] + save["height"] <= 768


@pytest.mark.parametrize("address", ["/phone/home", "/phone/question", "/phone/sharing"])
def test_targets_on_a_phone_are_large(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    small = page.evaluate(
        "[...document.querySelectorAll('.btn, .answers label, .share-row, .links a')]"
        ".filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).map((e) => e.textContent)"
    )
    assert small == []


def test_the_crisis_bar_is_in_view_before_any_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/phone/home")
    expect(page.get_by_role("link", name="Call 988")).to_be_in_viewport()


def test_a_toast_never_covers_the_crisis_bar(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/phone/toast")
    toast, bar = page.locator(".toast").bounding_box(), page.locator("#crisis").bounding_box()
    assert toast is not None
    assert bar is not None
    assert toast["y"] + toast["height"] < bar["y"]


def test_slash_finds_a_person_and_question_mark_lists_the_keys(page: Page) -> None:
    page.goto("/phone/home")
    page.goto("/kit/day")
    page.locator("main h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("/wren?")
    expect(page.get_by_role("searchbox")).to_have_value("/wren?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_focus_goes_to_the_errors_first(page: Page) -> None:
    page.goto("/kit/day")
    expect(page.get_by_role("alert").filter(has_text="Nothing was saved yet")).to_be_focused()


def test_a_tap_opens_keys_and_systolic_leads_to_diastolic(page: Page) -> None:
    page.goto("/room/live")
    page.get_by_label("Systolic").tap()
    keypad = page.locator("dialog.keypad")
    expect(keypad.get_by_role("status")).to_have_text("149")
    for key in ("1", "5", "2", "Done"):
        keypad.get_by_role("button", name=key, exact=True).tap()
    expect(page.get_by_label("Systolic")).to_have_value("152")
    expect(keypad.get_by_role("heading")).to_have_text("Diastolic")
    keypad.get_by_role("button", name="Done").tap()
    expect(keypad).to_be_hidden()
    expect(page.get_by_role("spinbutton", name="Diastolic")).to_have_value("90")


def test_every_set_carries_its_own_id_and_the_devices_time(page: Page) -> None:
    page.goto("/room/live")
    with page.expect_request("**/room/live*", timeout=5_000) as sent:
        page.evaluate("document.querySelector('[data-vitals]').action = '/room/live'")
        page.get_by_role("button", name="Save set").click()
    body = sent.value.post_data or ""
    assert "submission_id=kit-1" in body
    assert "device_at=20" in body
    assert "moaas=5" in body


def test_a_page_without_news_looks_old_and_says_since_when(page: Page) -> None:
    page.clock.install()
    page.add_init_script(STREAM)
    page.goto("/room/stream")
    bar = page.locator("[data-not-live]")
    page.evaluate("stream.onopen(new Event('open'))")
    page.clock.run_for(1_000)
    expect(bar).to_be_hidden()
    page.clock.run_for(3_000)
    expect(bar).to_contain_text("These numbers are not live.")
    expect(bar).to_be_visible()
    expect(page.locator("#main")).to_have_class("live not-current")
    page.evaluate("stream.dispatchEvent(new MessageEvent('heartbeat', {data: ''}))")
    expect(bar).to_be_hidden()
    expect(page.locator("#main")).to_have_class("live")


def test_the_idle_watch_warns_and_a_press_keeps_the_page(page: Page) -> None:
    page.clock.install()
    page.goto("/kit/day")
    page.clock.run_for(545_000)
    note = page.get_by_role("dialog", name="This screen locks in a minute")
    expect(note).to_be_visible()
    with page.expect_request("**/session/act") as told:
        note.get_by_role("button", name="I am still here").click()
    assert "x-openkap-background" not in told.value.headers
    expect(note).to_be_hidden()


def test_the_idle_watch_locks_with_the_way_back(page: Page) -> None:
    page.clock.install()
    page.route("**/session/act", lambda route: route.fulfill(status=200, body="idle"))
    page.goto("/kit/day")
    with page.expect_request("**/session/lock") as locked:
        page.clock.run_for(605_000)
    assert locked.value.method == "POST"
    assert "next=%2Fkit%2Fday" in (locked.value.post_data or "")


def test_a_quiet_window_stays_open_while_another_is_in_use(page: Page) -> None:
    asked: list[str] = []
    locked: list[str] = []
    page.clock.install()
    page.on("request", lambda request: locked.append(request.url) if "/session/lock" in request.url else None)
    page.goto("/kit/day")
    with page.expect_request("**/session/act") as told:
        page.clock.run_for(602_000)
    asked.append(told.value.headers.get("x-openkap-background", ""))
    page.clock.run_for(3_000)
    assert asked == ["1"]
    assert locked == []


def test_a_switch_that_cannot_be_saved_goes_back(page: Page, context: BrowserContext) -> None:
    page.goto("/phone/sharing")
    page.evaluate("void (window.fetch = () => Promise.reject(new TypeError('gone')))")
    switch = page.get_by_role("switch", name="Scores over time")
    expect(switch).to_be_checked()
    page.get_by_text("Scores over time").click()
    expect(page.get_by_text("Not changed. The connection is gone")).to_be_visible()
    expect(switch).to_be_checked()


def test_everything_reads_without_scripts(running_chromium: Browser) -> None:
    plain = running_chromium.new_context(base_url=HOST, java_script_enabled=False)
    plain.route("**/*", answer)
    page = plain.new_page()
    page.goto("/room/live")
    page.get_by_label("Systolic").fill("151")
    page.get_by_role("radio", name="4 Slowly").check()
    expect(page.get_by_role("radio", name="4 Slowly")).to_be_checked()
    page.goto("/phone/sharing")
    expect(page.get_by_role("button", name="Save what is shared")).to_be_visible()
    plain.close()
