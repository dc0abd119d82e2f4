"""The door in a real browser: locked with a form half typed, a link on a phone, a passkey, two windows."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import PATIENCE_MS, Browsing, Complaints
from tests.integration.door_visitors import PASSWORD, account
from tests.people import Cast, cast, press
from tests.serving import Site

from openkap.records.models import PersonalLink
from openkap.steps.links import send_link

expect.set_options(timeout=PATIENCE_MS)


def now_cast() -> Cast:
    """The cast, as of sixty days ago by this machine's own clock: the server lives by it."""
    return cast(timezone.now() - timedelta(days=60))


def become(page: Page, key: str) -> None:
    """One click on the persona page."""
    page.goto("/demo/")
    page.locator(f"form[action='/demo/become/{key}/'] button").first.click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def sign_in_address(people: Cast) -> str:
    _link, token = send_link(
        by=people.by("odette"),
        at=timezone.now(),
        organisation=people.clinic,
        patient=people["wren"],
        purpose="sign_in",
    )
    return f"/l/{token}/"


def test_locking_keeps_a_form_that_was_begun(site: Site, browse: Browsing, complaints: Complaints) -> None:
    people = now_cast()
    complaints.expect("status of 423")
    complaints.expect("status of 422")
    page = browse("desk")
    become(page, "tamsin")
    page.goto("/care/patients/new/")
    page.get_by_label("First name").fill("Ottoline")
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.get_by_text("What you were sending is kept too")).to_be_visible()
    assert "Ottoline" not in page.content()

    page.get_by_role("button", name=f"Open again as {people['tamsin'].name}").click()
    expect(page.get_by_role("heading", name="What you were sending")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Ottoline")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    # It was half filled in: the form itself says what is missing, and has what was typed.
    expect(page.get_by_label("First name")).to_have_value("Ottoline")


def test_a_link_on_a_phone_opens_by_its_button(site: Site, browse: Browsing, complaints: Complaints) -> None:
    people = now_cast()
    complaints.expect("status of 422")
    complaints.expect("status of 410")
    address = sign_in_address(people)
    phone = browse("phone")
    phone.goto(address)
    expect(phone.get_by_role("heading", name="From Larkmoor Clinic")).to_be_visible()
    with phone.expect_request("**/l/*/") as sent:
        phone.get_by_label("Your date of birth").fill("1985-05-04")
        phone.get_by_role("button", name="Open").click()
    assert "referer" not in sent.value.headers
    expect(phone.get_by_text("2 tries are left").first).to_be_visible()
    phone.get_by_label("Your date of birth").fill("1985-05-03")
    phone.get_by_role("button", name="Open").click()
    phone.wait_for_url(lambda url: "/l/" not in url)
    assert PersonalLink.objects.get().redeemed_at is not None
    phone.goto(address)
    expect(phone.get_by_text("It was already used")).to_be_visible()


def test_a_passkey_is_added_and_signs_in(site: Site, browse: Browsing) -> None:
    people = now_cast()
    account(people["odette"])
    page = browse("desk")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page)
    expect(page.get_by_text("Records stay closed until you have one")).to_be_visible()
    press(page, page.get_by_role("link", name="Add a passkey"))  # its script has come with it
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("searchbox", name="Find a person").first).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("searchbox", name="Find a person").first).to_be_visible()


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Mail address").fill("odette@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_two_windows_are_one_session(site: Site, browse: Browsing, complaints: Complaints) -> None:
    now_cast()
    complaints.expect("status of 423")
    first = browse("desk")
    become(first, "odette")
    second = first.context.new_page()
    second.goto("/desk/?q=alder")
    first.get_by_role("button", name="Lock").click()
    second.get_by_role("button", name="Find").click()
    expect(second.get_by_role("heading", name="Locked")).to_be_visible()
