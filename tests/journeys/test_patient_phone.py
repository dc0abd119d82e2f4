"""A patient's phone at 360 px: own words survive a lost connection, and nothing needs two-way scrolling."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from tests.at_step import at_step
from tests.browser import Browsing, Complaints, Page
from tests.people import cast, sign_in

from openkap.records.models import Course, JournalEntry, PreparationPlan, Score

SMALL = {"width": 360, "height": 780}
PAGES = (
    "me-home",
    "me-journal",
    "me-things",
    "me-touch",
    "me-preparation",
    "me-sessions",
    "me-help",
    "me-consent",
)


def phone_of(browse: Browsing, key: str) -> Page:
    page = browse("phone")
    page.set_viewport_size(SMALL)
    sign_in(page, key)
    return page


def test_own_words_survive_a_lost_connection(browse: Browsing, complaints: Complaints) -> None:
    people = cast(timezone.now() - timedelta(days=60))
    at_step(people, "consented", at=timezone.now() - timedelta(hours=2))
    page = phone_of(browse, "wren")
    page.goto(reverse("me-journal"))
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.fill("textarea", "Written in a tunnel.")
    page.click("form[data-keep] button")
    page.wait_for_selector("text=Kept on this phone")
    page.context.set_offline(False)
    page.wait_for_selector("text=Only you can read it.")
    assert page.locator("text=Written in a tunnel.").count() == 1
    assert JournalEntry.objects.count() == 1
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.goto(reverse("me-preparation"))
    page.context.set_offline(True)
    page.fill("textarea >> nth=0", "Less fear.")
    page.click("main form button[type=submit] >> nth=-1")
    page.wait_for_selector("text=There is no connection now. What you typed is still here.")
    page.context.set_offline(False)  # nobody presses it again
    page.wait_for_selector("text=Kept. Your team reads it before the dose.")
    assert [plan.intentions for plan in PreparationPlan.objects.all()] == ["Less fear."]


def test_pages_fit_a_narrow_phone_at_twice_the_text(browse: Browsing) -> None:
    people = cast(timezone.now() - timedelta(days=60))
    at_step(people, "gone_home", at=timezone.now() - timedelta(hours=40))
    page = phone_of(browse, "wren")
    wide: list[tuple[str, str, object]] = []
    for text in ("100%", "200%"):
        for name in PAGES:
            page.goto(reverse(name))
            page.evaluate("size => (document.documentElement.style.fontSize = size)", text)
            across = page.evaluate("document.documentElement.scrollWidth")
            if across > SMALL["width"]:
                wide.append((name, text, across))
            for call in page.locator(".crisis .btn").all():  # fixed: what it cuts off makes no page wider
                box = call.bounding_box()
                if box is None or box["x"] + box["width"] > SMALL["width"]:
                    wide.append((name, text, call.inner_text()))
    assert wide == []
    _a_long_form_goes_on_elsewhere(browse, page)


def _a_long_form_goes_on_elsewhere(browse: Browsing, page: Page) -> None:
    """Twenty questions, a tap or the Enter key each, half of them on another phone; put right, then sent."""
    course = Course.objects.get(patient__given_name="Gwendolyn")
    address = reverse("me-form", args=[course.id, "pcl5", "after_1"])
    page.goto(address)
    for number in range(1, 11):
        assert f"{number} of 20" in page.inner_text("header")
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.get_by_role("button", name="A little bit").click()
    other = phone_of(browse, "wren")
    other.goto(address)
    for number in range(11, 21):
        other.wait_for_selector(f"text={number} of 20")
        other.get_by_role("button", name="Not at all").focus()
        other.keyboard.press("Enter")
    other.wait_for_selector("text=Look once, then send")
    other.locator("main li a").nth(19).click()
    other.get_by_role("button", name="Extremely").click()
    other.get_by_role("button", name="Send", exact=True).click()
    other.wait_for_selector("text=Your answers are kept")
    assert Score.objects.get(instrument="pcl5").total == 14
