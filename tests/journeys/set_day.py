"""A day of a dose whose beginning was set by steps: its clock, its people's windows, what they press.

Decided here: the site lives on the cast's own Tuesday, so that a journey goes the same way at any hour of
the day it is run on.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.at_step import STAGES, Stage, at_step
from tests.browser import Browsing
from tests.journeys.moved_site import set_clock
from tests.journeys.walk_dose import DoseDay
from tests.journeys.walk_frame import Patient
from tests.people import NOW, Cast, press, sign_in
from tests.serving import Site

WREN = Patient(
    sought="alderbrook", name="Wren Alderbrook", typed_name="Gwendolyn Alderbrook", born_on="1985-05-03"
)


D = TypeVar("D", bound="SetDay")


class SetDay(DoseDay):
    """`stage` is where the steps left it; the pages go on from there."""

    stage: Stage

    @property
    def rooms(self) -> str:
        return f"/rooms/sessions/{self.stage.dose.id}/"

    @property
    def around(self) -> str:
        return f"/team/doses/{self.stage.dose.id}/"

    def in_room(self, key: str) -> Page:
        """The room's page, on this person's tablet; whoever was locked out meanwhile signs in again."""
        page = self.windows.get(key) or self.staff(key, "tablet")
        page.goto(self.rooms)
        if "/rooms/" not in page.url:
            sign_in(page, key)
            page.goto(self.rooms)
        return page

    def press(self, page: Page, name: str, role: str = "button") -> None:
        press(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]

    def from_work(self, key: str, name: str) -> Page:
        """What waits for this person, opened from their own list."""
        page = self.windows.get(key) or self.staff(key)
        page.goto("/my-work/")
        if "/my-work/" not in page.url:
            sign_in(page, key)
            page.goto("/my-work/")
        self.press(page, name, "link")
        return page

    def gone(self, key: str, **time: float) -> Page:
        """Time passes, and this person is in the room again."""
        self.pass_time(**time)
        page = self.windows[key]
        sign_in(page, key)
        page.goto(self.rooms)
        return page

    def end_dose(self, key: str) -> None:
        page = self.windows[key]
        page.goto(self.rooms + "end/")
        self.press(page, "The dose has ended")

    def answer_list(self, page: Page, **more: str) -> None:
        """The going-home list, as someone steady would give it."""
        page.goto(self.rooms + "home/")
        for name in ("aldrete", "padss"):
            page.locator(f"[name={name}]").fill("10")
        chosen = {"si_today": "no", "nausea": "none"} | more
        for name in ("oriented", "gait_steady", "escort_present", "instructions_signed"):
            chosen.setdefault(name, "yes")
        for name, value in chosen.items():
            page.locator(f"select[name={name}]").select_option(value)
        page.locator("[name=escort_name]").fill("Lou Alderbrook")
        page.locator("select[name=identified]").select_option("photo_id")

    def let_go(self, page: Page) -> None:
        self.press(page, "Sign and let go home")
        expect(page.get_by_text("has gone home")).to_be_visible()


def set_day(browse: Browsing, site: Site, stage: Stage) -> SetDay:
    """The pages from where `stage` stands, at its own time."""
    return begin(SetDay, browse, site, stage)


def begin(kind: type[D], browse: Browsing, site: Site, stage: Stage) -> D:
    """The same with more people's parts."""
    day = kind(browse, lambda offset: set_clock(site.data, offset), _no_mail, WREN)
    day.stage = stage.fresh()
    day.offset = stage.at - timezone.now()
    day.move_clock(day.offset)
    return day


def staged(people: Cast, name: str, way: str, route: str, at: datetime = NOW) -> Stage:
    """A course that goes this way by this route, at a step of it."""
    return at_step(people, name, at=at, route=route, protocol=way)


def go_on(stage: Stage, name: str) -> Stage:
    """From "shared" to a later step."""
    names = list(STAGES)
    for each in names[names.index("shared") + 1 : names.index(name) + 1]:
        STAGES[each](stage.fresh())
    return stage.fresh()


def _no_mail(_at: object, says: str) -> str:
    raise AssertionError(f"No journey of one day reads mail: {says}")
