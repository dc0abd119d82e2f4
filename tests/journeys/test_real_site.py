"""The first hour of a real site: its administrator reads what is open, and asks in a nurse, who joins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser import PATIENCE_MS, Browser, Browsing, Complaints
from tests.integration.door_visitors import PASSWORD, digits
from tests.people import SYSTEM, press
from tests.post import delivered
from tests.serving import serve

from openkap.steps import founding

expect.set_options(timeout=PATIENCE_MS)


def found() -> str:
    """What `openkap setup` makes, made by its own steps; the key of the administrator's app."""
    at, secret = timezone.now(), generate_totp_secret()
    founding.found_site(by=SYSTEM, at=at)
    here = founding.found_organisation(
        by=SYSTEM,
        at=at,
        name="Larkmoor House",
        what="clinic",
        zone="America/New_York",
        country="US",
        phone="+1 212 555 0100",
    )
    who = founding.Administrator("Ada", "Voss", "Dr", "ada@larkmoor.example", PASSWORD, ("medical_director",))
    ada = founding.found_administrator(by=SYSTEM, at=at, organisation=here, who=who)
    founding.found_second_factor(by=SYSTEM, at=at, person=ada, secret=secret, code=digits(secret))
    return secret


def sign_in(page: Page, secret: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Mail address").fill("ada@larkmoor.example")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in", exact=True))
    page.locator("input[name=code]").first.fill(digits(secret))
    press(page, page.locator("form:has(input[name=code]) button[type=submit]").first)


def look_at_license(page: Page) -> None:
    """The one who keeps the staff looks: alone here, and signed in with a second factor."""
    page.goto("/lead/staff/")
    press(page, page.get_by_role("link", name="Look at the license"))
    page.get_by_label("Where you looked").fill("Looked up with the state, no remark")
    press(page, page.get_by_role("button", name="It is valid"))


def test_a_site_is_founded_and_its_first_nurse_joins(
    own_database: str, tmp_path: Path, running_chromium: Browser, settings: Any
) -> None:
    secret = found()
    with serve(tmp_path, own_database, OPENKAP_SECRET_KEY=settings.SECRET_KEY) as site:
        complaints = Complaints(site.address)
        browse = Browsing(running_chromium, site.address, complaints)
        ada = browse("desk")
        sign_in(ada, secret)
        ada.goto("/lead/before-care/")
        watching = ada.get_by_role("link", name="Someone watches during a dose")
        expect(watching).to_contain_text("Open:")
        press(ada, watching)
        press(ada, ada.get_by_role("link", name="Invite someone"))
        ada.get_by_label("Name").fill("Ilse Farrow")
        ada.get_by_label("Mail address").fill("ilse@larkmoor.example")
        ada.get_by_label("Monitor").check()
        press(ada, ada.get_by_role("button", name="Send the invitation"))
        code = ada.locator(".invite-code").inner_text()
        (mail,) = delivered(timezone.now())

        ilse = browse("phone")
        ilse.goto(_path(mail.body))
        ilse.get_by_label("Code").fill(code.lower())
        press(ilse, ilse.get_by_role("button", name="Continue"))
        expect(ilse.get_by_label("First name")).to_have_value("Ilse")
        ilse.get_by_label("Choose a password").fill(PASSWORD)
        press(ilse, ilse.get_by_role("button", name="Join"))
        press(ilse, ilse.get_by_role("link", name="Set up an app"))
        own = ilse.locator("form code").inner_text()
        ilse.get_by_label("code").fill(digits(own))
        press(ilse, ilse.get_by_role("button", name="Use this app"))
        press(ilse, ilse.get_by_role("link", name="I have kept them"))
        expect(ilse.get_by_text("a license counts once somebody")).to_be_visible()
        look_at_license(ada)
        ilse.goto("/start/")
        expect(ilse.get_by_text("Larkmoor House").first).to_be_visible()
        ilse.goto("/account/")
        expect(ilse.get_by_text("This one")).to_be_visible()

        ada.goto("/lead/before-care/")
        expect(ada.get_by_role("link", name="Someone watches during a dose")).to_contain_text("Ilse Farrow")
        browse.close()
    assert complaints.unexpected() == []


def _path(body: str) -> str:
    """The address in a mail, without the machine's name."""
    return "/staff/join/" + body.split("/staff/join/")[1].split()[0]
