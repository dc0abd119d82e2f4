"""From a stranger's phone to the desk: the self-check without scripts, a request, a file opened from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import PATIENCE_MS, Browsing, Complaints, violations_in_each_theme
from tests.people import cast
from tests.serving import Site

from openkap.records.models import EvaluationRequest, PatientFile

expect.set_options(timeout=PATIENCE_MS)


def narrow(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def choose(phone: Page, words: str) -> None:
    phone.get_by_label(words, exact=True).check()
    phone.get_by_role("button", name="Next").click()


def test_a_stranger_asks_and_the_desk_opens_a_file(
    site: Site, browse: Browsing, axe: Callable[[Page], None], complaints: Complaints
) -> None:
    cast(timezone.now() - timedelta(hours=2))
    complaints.expect("status of 422")
    phone = browse("phone", scripts=False)
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto("/at/larkmoor/")
    narrow(phone)
    phone.get_by_role("link", name="Start the self-check").click()
    choose(phone, "Not sure")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Help is there now")
    expect(phone.get_by_role("link", name="Call 988").first).to_be_visible()
    narrow(phone)
    phone.get_by_role("button", name="I am safe").click()
    choose(phone, "Yes")
    choose(phone, "Yes")
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("alert")).to_contain_text("Choose an answer")
    narrow(phone)
    choose(phone, "None of these")
    choose(phone, "High blood pressure, treated")
    for _step in range(4):
        choose(phone, "None of these")
    choose(phone, "Not sure")
    expect(phone.get_by_role("status")).to_contain_text("Worth talking over with a clinician")
    narrow(phone)
    assert phone.url.endswith("/at/larkmoor/self-check/")  # no answer stands in the address
    phone.get_by_role("button", name="Ask for an evaluation").click()
    phone.get_by_label("First name").fill("Juna")
    phone.get_by_label("Last name").fill("Underhill")
    phone.get_by_label("Phone").fill("+1 555 0181")
    phone.get_by_label("Heart and blood pressure: High blood pressure, treated").check()
    narrow(phone)
    phone.get_by_role("button", name="Send the request").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your request has come")
    narrow(phone)
    row = EvaluationRequest.objects.get(family_name="Underhill")
    assert row.answers == {"heart": ["hypertension_controlled"]}

    desk = browse("desk")
    desk.goto("/demo/")
    desk.locator("form[action='/demo/become/odette/'] button").first.click()
    expect(desk.get_by_role("navigation", name="Main")).to_contain_text("Requests")
    desk.goto("/desk/requests/")
    desk.get_by_role("link", name="Juna Underhill").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Juna Underhill")
    axe(desk)
    desk.get_by_role("button", name="Open the file").click()
    expect(desk.get_by_role("link", name="Go to the patient file")).to_be_visible()
    row.refresh_from_db()
    assert PatientFile.objects.get(patient=row.patient).organisation == row.organisation


def test_every_page_of_the_self_check_is_accessible_in_both_themes(
    site: Site, browse: Browsing, complaints: Complaints
) -> None:
    cast(timezone.now() - timedelta(hours=2))
    complaints.expect("status of 422")
    page = browse("phone")
    page.goto("/at/larkmoor/self-check/")
    assert violations_in_each_theme(page) == []
    choose(page, "Yes")
    assert violations_in_each_theme(page) == []
    page.get_by_role("button", name="I am safe").click()
    choose(page, "Yes")
    choose(page, "Yes")
    choose(page, "A stroke")
    page.get_by_role("button", name="Next").click()
    assert violations_in_each_theme(page) == []
    choose(page, "High blood pressure, treated")
    for _step in range(5):
        choose(page, "Not sure")
    assert violations_in_each_theme(page) == []
    page.get_by_role("button", name="Ask for an evaluation").click()
    page.get_by_role("button", name="Send the request").click()
    assert violations_in_each_theme(page) == []
    page.goto("/at/larkmoor/self-check/")
    choose(page, "No")
    choose(page, "No")
    assert violations_in_each_theme(page) == []
