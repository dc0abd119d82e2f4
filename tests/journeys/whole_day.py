"""A dose by any way and any route in a browser, from the choice of the way to the integration after it.

Decided here: what a way asks is read from its protocol's needs, what a route is ordered and given by from
`tests/routes.py`; the evaluation itself, the consent and the sharing are set by steps, since the whole course
(test_whole_course) walks them.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.at_step import consented, decided, evaluated, measured_before, shared
from tests.journeys.set_day import SetDay
from tests.journeys.walk_after import After
from tests.journeys.walk_before import Before
from tests.people import press, sign_in
from tests.routes import Given, sign_route

from openkap.medicine.protocols import Protocol, protocol
from openkap.records.models import Session

STARTS = {
    "iv": "Start",
    "im": "It is injected",
    "sublingual": "It is under the tongue",
    "oral": "It is swallowed",
    "nasal_racemic": "The sprays are given",
    "esketamine": "Device 1 is given",
}


class WholeDay(SetDay, Before, After):
    """Everyone's part of one dose."""

    @property
    def plan_of_care(self) -> Protocol:
        return protocol(self.stage.course.protocol)

    @property
    def given(self) -> Given:
        return self.stage.given

    def set(self, *plays: object) -> None:
        """Steps at the time the site has now."""
        self.stage.at = self.at_clinic()
        for play in plays:
            play(self.stage.fresh())  # type: ignore[operator]
        self.stage.fresh()

    # -- the way, and what is set around it ------------------------------------------------------

    def choose(self, way: str) -> None:
        """The prescriber chooses how this course goes, freely, since nothing is decided yet."""
        route = protocol(way).route
        sign_route(self.stage.people.by("osric"), self.stage.people.clinic, route, self.at_clinic())
        page = self.staff("tamsin")
        page.goto(f"/team/courses/{self.stage.course.id}/way/")
        page.locator(f"input[name=protocol][value={way}]").check(force=True)
        self.press(page, "Choose this way")
        self.stage.fresh()
        self.stage.route, self.stage.protocol = route, way
        assert self.stage.course.protocol == way
        self.set(evaluated, decided, measured_before, consented, shared)
        self.offset += self.stage.at - self.at_clinic()
        self.move_clock(self.offset)

    def name_therapist(self) -> None:
        if not self.plan_of_care.has_therapy:
            return
        page = self.staff("tamsin")
        page.goto(f"/team/courses/{self.stage.course.id}/way/")
        who = page.locator("#therapist_who option", has_text="Mira Fennimore-Hale")
        page.locator("#therapist_who").select_option(who.get_attribute("value"))
        self.press(page, "Name this therapist")

    def book(self) -> None:
        """With integration after it where the way has it; the therapist names a time that suits."""
        if self.plan_of_care.integrates:
            self.plan()
            self.hold(47)
        else:
            page = self.staff("tamsin")
            self.find(page)
            self.press(page, "Book a dose", "link")
            page.locator("[name=planned_from]").fill(self.typed_time(minutes=30))
            page.locator("[name=room]").select_option(label="Alder")
            self.press(page, "Book the dose")
        self.stage.dose = Session.objects.get(course=self.stage.course, phase="dosing")

    # -- ordered, prepared, checked --------------------------------------------------------------

    def order_by_route(self) -> None:
        page = self.staff("tamsin")
        page.goto(f"/care/sessions/{self.stage.dose.id}/order/")
        self.fill_order(page)
        expect(page.get_by_text(re.compile(r"^(200|150|40|35|56) mg$")).first).to_be_visible()
        self.press(page, "Sign this order")

    def fill_order(self, page: Page) -> None:
        form = page.locator("form", has=page.locator("[name=look]"))
        for name, value in self.given.wanted.items():
            field = form.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "radio":
                form.locator(f"[name={name}][value='{value}']").check(force=True)
            else:
                field.fill(str(value))
        if self.given.words:
            form.locator("[name=words]").fill(self.given.words)
        self.press(page, "Work it out")

    def prepare_by_route(self, of: str = "") -> None:
        """The nurse prepares it and has it checked on the same tablet."""
        page = self.in_room("jonah")
        page.goto(f"{self.rooms}draw/{of}")
        for name, value in self.given.hand.items():
            page.locator(f"[name={name}]").fill(str(value))
        ready = page.get_by_role("button", name=re.compile("^This is (drawn up|laid out)"))
        press(page, ready)
        if self.given.label:
            page.locator("form[autocomplete=off] [name=label]").fill(self.given.label)
        page.get_by_label("Who checks it").select_option(label="Osric Thanewell")
        self.press(page, "I am that person, and have checked it")

    # -- what the way asks on the day ------------------------------------------------------------

    def ready_by_the_way(self) -> None:
        needs = self.plan_of_care.needs
        if "hand_over_before" in needs:
            mira = self.from_work("mira", "Hand over")
            mira.get_by_role("radio", name="Ready for this dose", exact=True).check()
            mira.get_by_label("What they hope for").fill("To look at the letter again.")
            self.press(mira, "Hand over")
            nurse = self.in_room("jonah")
            self.press(nurse, "See the hand-over", "link")
            self.press(nurse, "I have read it")
        there = {
            "jonah": "medical_checked_in",
            "mira": "therapist_checked_in",
            "tamsin": "prescriber_on_site",
        }
        for key, need in there.items():
            if need in needs:
                page = self.staff(key, "tablet" if key == "jonah" else "desk")
                page.goto(self.around)
                self.press(page, "I am here")
                expect(page.get_by_text("You are checked in.")).to_be_visible()

    # -- given -----------------------------------------------------------------------------------

    def start(self) -> None:
        page = self.in_room("jonah")
        if self.stage.route == "im":
            page.locator("[name=site]").select_option("left_deltoid")
        self.press(page, STARTS[self.stage.route])

    def give_the_rest(self) -> None:
        """What comes after the first part: the next device, the end of a hold, a further injection."""
        if self.stage.route == "esketamine":
            page = self.gone("jonah", minutes=6)
            page.get_by_role("button", name="Device 2 is given").click()
            expect(page.get_by_text("56 mg given").first).to_be_visible()
        if self.stage.route == "sublingual":
            page = self.gone("jonah", minutes=10)
            page.get_by_role("button", name="Spat out").click()
            expect(page.get_by_text("held 10 minutes, spat out").first).to_be_visible()
        if self.stage.route == "im":
            self.give_further()

    def give_further(self) -> None:
        """A second injection: ordered in the room, prepared and checked as the first, after its wait."""
        doctor = self.staff("tamsin")
        doctor.goto(f"{self.rooms}further/")
        for name, value in {"mg_per_kg": "0.25", "concentration_mg_per_ml": "50"}.items():
            doctor.locator(f"[name={name}]").fill(value)
        self.press(doctor, "Work it out")
        doctor.locator("[name=words]").last.fill("As talked over before: a little further.")
        self.press(doctor, "Sign this order")
        page = self.in_room("jonah")
        page.goto(f"{self.rooms}further/")
        self.press(page, "Prepare it", "link")
        page.locator("[name=concentration_mg_per_ml]").fill("50")
        page.locator("[name=ml]").fill("0.35")
        self.press(page, "This is drawn up")
        page.get_by_label("Who checks it").select_option(label="Osric Thanewell")
        self.press(page, "I am that person, and have checked it")
        page = self.gone("jonah", minutes=31)
        self.vitals(page, self.rooms, sbp=130, dbp=80, hr=74, spo2=98)
        page.goto(f"{self.rooms}further/")
        page.locator("[name=site]").select_option("right_deltoid")
        page.get_by_role("button", name="This is given").click()
        expect(page.get_by_text("right shoulder muscle").first).to_be_visible()

    # -- after it --------------------------------------------------------------------------------

    def end_and_go_home(self) -> None:
        page = self.gone("jonah", minutes=40)
        self.vitals(page, self.rooms, sbp=128, dbp=80, hr=74, spo2=98)
        self.end_dose("jonah")
        page = self.gone("jonah", minutes=self.given.stays)
        self.vitals(page, self.rooms, sbp=122, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)
        nasal = {"resolved": "yes"} if self.stage.route in ("nasal_racemic", "esketamine") else {}
        self.answer_list(page, **nasal)
        self.let_go(page)
        if self.stage.route == "im":
            expect(page.get_by_text("A further dose of 17.5 mg ordered by Tamsin")).to_be_visible()
        self.press(page, "Write how it went", "link")
        page.get_by_role("textbox").last.fill(self.given.said)
        self.press(page, "Keep the summary")

    def owed_after(self) -> None:
        needs = self.plan_of_care.needs
        if "hand_over_after" in needs:
            nurse = self.from_work("jonah", "Hand over")
            nurse.get_by_label("What was seen").fill("Calm. Some tears near the end.")
            self.press(nurse, "Hand over")
            self.press(self.from_work("mira", "Read"), "I have read it")
        if "monitoring_form_within_7_days" in needs:
            nurse = self.staff("jonah")
            nurse.goto(self.around)
            nurse.get_by_label("Online").check(force=True)
            self.press(nurse, "It was sent")
            expect(nurse.get_by_text("Sent on")).to_be_visible()

    def integrate_once(self) -> None:
        """The therapist's note, in the session that was held after this dose."""
        if not self.plan_of_care.integrates:
            return
        self.pass_time(hours=49)
        page = self.therapist_page()
        press(page, page.get_by_role("link", name=re.compile("Write note, ")).first)
        page.locator("[name=focus]").fill("The lake, and the far shore.")
        self.press(page, "Sign and keep")
        expect(page.get_by_text("kept", exact=False).first).to_be_visible()

    def rest_on_phone(self) -> None:
        phone = self.phone()
        sign_in(phone, "wren")
        phone.goto("/me/")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("You are safe")
