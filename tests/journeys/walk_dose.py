"""The day of the dose: the morning, the draw, the room, the way home, and the call on the day after."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.journeys.walk_frame import Frame, fits
from tests.people import press, sign_in

# What the keypad does to its field, in one go.
KEY_IN = """(field, value) => {
    field.value = value
    field.dispatchEvent(new Event("input", {bubbles: true}))
}"""
NOT_A_MONITOR = "does not replace the monitor"
THIS_MORNING = {
    "identity": "yes",
    "safety": "none",
    "health": "no",
    "medicines": "yes",
    "touch": "hand",
    "taken": "none",
    "kit": "yes",
}


class DoseDay(Frame):
    """From the questions of the morning to the call on the day after. `rooms`: the session's address."""

    # -- before it -------------------------------------------------------------------------------

    def prepare(self, rooms: str) -> None:
        """The nurse asks the morning's questions, draws it up, has it checked on the tablet, and starts."""
        page = self.staff("jonah", "tablet")
        self.ask_the_morning(page, rooms)
        page.goto(rooms + "draw/")
        page.locator("[name=concentration_mg_per_ml]").fill("50")
        page.locator("[name=ml]").fill("7")
        press(page, page.get_by_role("button", name="This is drawn up"))
        expect(page.get_by_text("7 mL of 50 mg/mL is 350 mg").first).to_be_visible()
        page.locator("[name=ml]").fill("0.7")
        press(page, page.get_by_role("button", name="This is drawn up"))
        page.get_by_label("Who checks it").select_option(label="Osric Thanewell")
        press(page, page.get_by_role("button", name="I am that person, and have checked it"))
        self.vitals(page, rooms, sbp=126, dbp=80, hr=72, spo2=98)
        page.goto(rooms)
        press(page, page.get_by_role("button", name="Start"))
        expect(page.get_by_text(NOT_A_MONITOR)).to_be_visible()

    def ask_the_morning(self, page: Page, rooms: str) -> None:
        """Every question of the day, tapped on one page."""
        page.goto(rooms)
        press(page, page.get_by_role("link", name="Ask them now"))
        for name, value in THIS_MORNING.items():
            page.locator(f"input[name={name}][value={value}]").check()
        page.locator("[name=ate]").fill(self.at_clinic(hours=-10).strftime("%H:%M"))
        page.locator("[name=drank]").fill(self.at_clinic(hours=-4).strftime("%H:%M"))
        page.locator("[name=escort_name]").fill("Lou Abara")
        page.locator("[name=escort_phone]").fill("+1 555 0172")
        page.locator("select[name=second]").select_option(label="Tamsin Orrery")
        press(page, page.get_by_role("button", name="Keep these answers"))
        expect(page.get_by_text("questions of this morning are open")).to_have_count(0)

    def vitals(self, page: Page, rooms: str, **values: int) -> None:
        """A whole set, on its own page."""
        page.goto(rooms + "vitals/")
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(str(value))
        press(page, page.get_by_role("button", name="Save set"))

    # -- in the room -----------------------------------------------------------------------------

    def watch(self, rooms: str) -> None:
        """A set in three taps, an event, and another person's screen that follows within moments."""
        nurse, other = self.windows["jonah"], self.staff("tamsin", "desk")
        self.pass_time(minutes=10)
        other.goto(rooms)
        nurse.goto(rooms)
        self.taps(nurse, sbp=168, dbp=98, hr=88, spo2=97, alertness=5)
        expect(other.get_by_text("168").first).to_be_visible()
        expect(nurse.get_by_text("160").first).to_be_visible()
        nurse.get_by_role("button", name="Tears").click()  # the page stays: a mark is sent behind it
        expect(nurse.get_by_text(re.compile(r"^\d\d:\d\d Tears$"))).to_be_visible()
        expect(other.get_by_text(re.compile(r"^\d\d:\d\d Tears$"))).to_be_visible()

    def taps(self, page: Page, *, alertness: int, **values: int) -> None:
        """The bar at the bottom of the room."""
        form = page.locator("form[action$='/set/']")
        for name, value in values.items():
            form.locator(f"input[name={name}]").evaluate(KEY_IN, str(value))
        form.locator(f"input[name=moaas][value='{alertness}']").check(force=True)
        form.get_by_role("button", name="Save set").click()
        expect(page.locator("[data-tile=hr] .n")).to_have_text(str(values["hr"]))

    def narrow_and_pause(self, rooms: str) -> None:
        """The patient draws the hand back; a timer is set; a pause while the cuff is moved."""
        page = self.windows["jonah"]
        page.goto(rooms)
        expect(page.get_by_text("Stop word “harbor”.")).to_be_visible()
        press(page, page.get_by_role("button", name="No touch from now on"))
        expect(page.locator(".touch-line")).to_contain_text("No touch")
        press(page, page.get_by_role("link", name="More: medicine, timer, note"))
        page.get_by_label("Timer for").fill("Blanket")
        page.get_by_label("In minutes").fill("12")
        press(page, page.get_by_role("button", name="Set the timer"))
        page.goto(rooms)
        expect(page.get_by_role("list", name="Timers")).to_contain_text("Blanket")
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()

    def hand_over(self, rooms: str) -> None:
        """The prescriber sits in while the nurse steps out, then the nurse is back."""
        for comes, name in (("tamsin", "Tamsin"), ("jonah", "Jonah")):
            taker = self.windows[comes]
            taker.goto(rooms + "over/")
            expect(taker.get_by_text("What the next person must know")).to_be_visible()
            press(taker, taker.get_by_role("button", name=re.compile("^I take over")))
            taker.goto(rooms)
            expect(taker.locator("#watching")).to_contain_text(name)

    def play(self, rooms: str, recording: str) -> None:
        """A recording is played in, and every number of it is marked as played."""
        page = self.windows["jonah"]
        page.goto(rooms + "play/")
        page.get_by_label("Recording").select_option(recording)
        press(page, page.get_by_role("button", name="Play"))
        page.goto(rooms)
        expect(page.get_by_text("Played from a recording").first).to_be_visible()

    def play_on(self, rooms: str, says: str) -> None:
        """A minute later the rest of that minute is played, and the room says what it makes of it."""
        page = self.windows["jonah"]
        self.pass_time(minutes=1)
        page.goto(rooms + "play/")
        press(page, page.get_by_role("button", name="Play on"))
        page.goto(rooms)
        expect(page.get_by_text(says).first).to_be_visible()

    # -- after it --------------------------------------------------------------------------------

    def end(self, rooms: str) -> None:
        """The dose ends at its time; an hour later the last set, the six questions and the list."""
        page = self.windows["jonah"]
        self.pass_time(minutes=32)
        sign_in(page, "jonah")
        page.goto(rooms + "end/")
        press(page, page.get_by_role("button", name="The dose has ended"))
        self.pass_time(minutes=65)
        sign_in(page, "jonah")
        self.vitals(page, rooms, sbp=124, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)

    def go_home(self, rooms: str) -> None:
        """Every item is answered by a person; the escort has a name."""
        page = self.windows["jonah"]
        page.goto(rooms + "home/")
        for name in ("aldrete", "padss"):
            page.locator(f"[name={name}]").fill("10")
        for name in ("oriented", "gait_steady", "escort_present", "instructions_signed"):
            page.locator(f"select[name={name}]").select_option("yes")
        page.locator("select[name=si_today]").select_option("no")
        page.locator("select[name=nausea]").select_option("none")
        page.locator("[name=escort_name]").fill("Lou Abara")
        page.locator("select[name=identified]").select_option("photo_id")
        press(page, page.get_by_role("button", name="Sign and let go home"))
        expect(page.get_by_text("has gone home")).to_be_visible()

    def rest(self, says: str) -> None:
        """The phone is quiet: one sentence, a person to call, and the line."""
        page = self.phone()
        page.goto("/me/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(says)
        expect(page.get_by_role("link", name=re.compile("^Help now"))).to_be_visible()
        fits(page)

    def summarize(self) -> None:
        """What the clinic tells of the dose, to whoever the patient lets see it."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name=re.compile("How it went")).first)
        page.get_by_role("textbox").last.fill("35 mg over 40 minutes. Calm, some tears. Steady when leaving.")
        press(page, page.get_by_role("button", name="Keep the summary"))

    def call_next_day(self) -> None:
        """The task of the day after: the nurse calls from the work list, asks each question, keeps it."""
        page = self.staff("jonah", "tablet")
        page.goto("/my-work/?whose=role")
        press(page, page.get_by_role("link", name=re.compile("^Call, and write it down")).first)
        form = page.locator("#call")
        form.locator("input[name=reached][value=yes]").check(force=True)
        for group in form.locator(".asks .yes-no").all():
            group.locator("input[value=no]").check(force=True)
        press(page, page.get_by_role("button", name="Keep the call"))
        page.get_by_text("Reached", exact=True).first.wait_for()
