"""The windows people look through, the clock they share, and what all of them do.

Decided here: a phone is 360 px wide; whatever a page answers by itself is waited for, not slept for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, ViewportSize, expect
from tests.browser import Size
from tests.people import press, sign_in

CLINIC_ZONE = ZoneInfo("America/New_York")
LINK = re.compile(r"http://localhost:\d+(/l/[\w-]+/)")
NARROW: ViewportSize = {"width": 360, "height": 780}

expect.set_options(timeout=15_000)


@dataclass
class Patient:
    """The imported person: how staff spell them, their name and birth date, and the answers they give."""

    sought: str
    name: str
    typed_name: str
    born_on: str


@dataclass
class Frame:
    """`read_mail` has the watcher go its round at a time, and gives the newest message that says this."""

    open_window: Callable[[Size], Page]
    move_clock: Callable[[timedelta], None]
    read_mail: Callable[[datetime, str], str]
    patient: Patient
    windows: dict[str, Page] = field(default_factory=dict)
    offset: timedelta = timedelta()

    def staff(self, key: str, size: Size = "desk") -> Page:
        """This staff member's own window, signed in now."""
        page = self.windows.setdefault(key, self.open_window(size))
        sign_in(page, key)
        return page

    def phone(self) -> Page:
        if "phone" not in self.windows:
            self.windows["phone"] = self.open_window("phone")
            self.windows["phone"].set_viewport_size(NARROW)
        return self.windows["phone"]

    def pass_time(self, **time: float) -> None:
        """A room's page asks by itself and locks itself as another is opened: it is left before."""
        for page in self.windows.values():
            if "/rooms/" in page.url:
                page.goto("about:blank")
        self.offset += timedelta(**time)
        self.move_clock(self.offset)

    def at_clinic(self, **later: float) -> datetime:
        return datetime.now(CLINIC_ZONE) + self.offset + timedelta(**later)

    def typed_time(self, **later: float) -> str:
        """As a field for day and time takes it."""
        return self.at_clinic(**later).strftime("%Y-%m-%dT%H:%M")

    # -- staff -----------------------------------------------------------------------------------

    def find(self, page: Page) -> None:
        """By a misspelled name, on the page for finding."""
        page.goto("/care/patients/")
        page.get_by_label("Name, birth date or file number").fill(self.patient.sought)
        press(page, page.get_by_role("button", name="Find"))
        press(page, page.get_by_role("link", name=self.patient.name).first)
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.patient.name)

    def link_sent(self, button: str) -> str:
        """Send something to the patient; the demonstration shows the link once."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("button", name=button, exact=True))
        expect(page.get_by_text("The link is shown once")).to_be_visible()
        return link_in(page.content())

    def sign_in_link(self) -> str:
        """The front desk sends a sign-in; the demonstration shows it once."""
        page = self.staff("odette")
        page.goto("/desk/")
        page.get_by_label("Name, birth date or file number").fill(self.patient.sought)
        press(page, page.get_by_role("button", name="Find"))
        press(page, page.get_by_role("button", name=re.compile(f"to {self.patient.name}")))
        return link_in(page.content())

    def therapist_page(self) -> Page:
        page = self.staff("mira")
        page.goto("/practice/people/")
        press(page, page.get_by_role("link", name=self.patient.name).first)
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.patient.name)
        return page

    # -- the patient's phone ---------------------------------------------------------------------

    def follow(self, link: str) -> Page:
        """On the patient's phone. The first link asks for the date of birth; then the phone is known."""
        first = "phone" not in self.windows
        page = self.phone()
        page.goto(link)
        if first:
            page.get_by_label("Your date of birth").fill(self.patient.born_on)
        press(page, page.get_by_role("button", name="Open", exact=True))
        return page

    def sign_in_patient(self) -> Page:
        page = self.follow(self.sign_in_link())
        page.goto("/me/")
        return page


def link_in(text: str) -> str:
    """The one link of a message, without its server."""
    found = LINK.search(text)
    assert found, text
    return found[1]


def fits(page: Page) -> None:
    """Nothing on this phone is wider than it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
