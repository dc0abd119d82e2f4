"""The whole course in the browser, stage by stage, each by the person who does it.

A journey signs in and clicks. Every stage begins by becoming someone and ends on a page that says what
was done; nothing is set behind the pages' back but the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from tests.people import press, sign_in

CLINIC_ZONE = ZoneInfo("America/New_York")
LINK = re.compile(r"http://localhost:\d+(/l/[\w-]+/)")

# What the keypad does to its field, in one go.
KEY_IN = """(field, value) => {
    field.value = value
    field.dispatchEvent(new Event("input", {bubbles: true}))
}"""


@dataclass
class Patient:
    """The imported person: how staff spell them, their name and birth date, and the answers they give."""

    sought: str
    name: str
    typed_name: str
    born_on: str


@dataclass
class Walk:
    """The windows people look through, and the clock they share."""

    open_window: Callable[[str], Page]
    move_clock: Callable[[timedelta], None]
    patient: Patient
    windows: dict[str, Page] = field(default_factory=dict)
    offset: timedelta = timedelta()

    def staff(self, key: str, size: str = "desk") -> Page:
        """This staff member's own window, signed in now."""
        page = self.windows.setdefault(key, self.open_window(size))
        sign_in(page, key)
        return page

    def phone(self) -> Page:
        return self.windows.setdefault("phone", self.open_window("phone"))

    def pass_time(self, **time: float) -> None:
        self.offset += timedelta(**time)
        self.move_clock(self.offset)

    def at_clinic(self, **later: float) -> datetime:
        return datetime.now(CLINIC_ZONE) + self.offset + timedelta(**later)

    # -- evaluation ------------------------------------------------------------------------------

    def find(self, page: Page) -> None:
        """By a misspelled name, on the page for finding."""
        page.goto("/care/patients/")
        page.get_by_label("Name, birth date or file number").fill(self.patient.sought)
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name=self.patient.name).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.patient.name)

    def chart(self, page: Page) -> None:
        page.get_by_role("link", name="Chart", exact=True).click()

    def evaluate(self) -> None:
        """The prescriber opens a course, mistypes two values, mends them, and signs."""
        page = self.staff("tamsin")
        self.find(page)
        page.get_by_role("button", name="Open a course").click()
        expect(page.get_by_text("Cannot say yet")).to_be_visible()
        self.ask_history(page)
        self.go_through_lists(page)
        vitals, totals = page.locator("#part-vitals"), page.locator("#part-totals")
        vitals.get_by_label("Systolic").fill("12")
        vitals.get_by_label("Diastolic").fill("78")
        vitals.get_by_label("Oxygen").fill("98")
        vitals.get_by_label("Weight").fill("700")
        vitals.get_by_label("Height").fill("5 ft 8")
        vitals.get_by_role("button", name="Save vitals").click()
        expect(page.get_by_text("Did you mean 70.0?").first).to_be_visible()
        expect(vitals.get_by_label("Height")).to_have_value("5 ft 8")
        vitals.get_by_label("Systolic").fill("124")
        vitals.get_by_label("Weight").fill("154.3")
        vitals.locator("select[name=weight_unit]").select_option("lb")
        press(page, vitals.get_by_role("button", name="Save vitals"))
        for name in ("alt", "ast"):
            page.locator(f"#part-tests [name={name}]").fill("24/40")
        press(page, page.get_by_role("button", name="Save tests"))
        totals.locator("input[name=cssrs][value=none]").check()
        for name, value in {"audit": 3, "dast10": 0, "moca": 28, "stop_bang": 1}.items():
            totals.locator(f"[name={name}]").fill(str(value))
        press(page, totals.get_by_role("button", name="Save totals"))
        expect(page.get_by_text(re.compile("^Ready (for your decision|if you say so)"))).to_be_visible()
        page.get_by_text("See every rule").click()
        page.get_by_text("Rule S06 and its source").click()
        page.get_by_label("Candidate, with a plan").check()
        page.get_by_label("The plan, or why not").fill("Six doses; stop and rethink after dose four.")
        page.get_by_role("button", name="Sign the decision").click()
        expect(page.get_by_text("Signed.")).to_be_visible()

    def ask_history(self, page: Page) -> None:
        """Each body system by its button; the next one opens by itself."""
        while (rest := page.locator("details.part[open] button[name=rest]")).count():
            # What an import speaks of is asked by itself.
            for row in page.locator("details.part[open] fieldset.says:not(:has(input:checked))").all():
                row.locator("input[value=no]").check()
            press(page, rest.first)
        expect(page.get_by_text(re.compile(r"^(\d+) of \1 answered"))).to_be_visible()

    def go_through_lists(self, page: Page) -> None:
        """Every line of an import is said to be so; then both lists are gone through with the patient."""
        page.get_by_role("link", name="Go through them").click()
        while (line := page.get_by_role("button", name=re.compile("^It is so"))).count():
            press(page, line.first)
        if page.get_by_text("Allergies not asked.").count():
            page.get_by_label("No known allergies").check()
            press(page, page.get_by_role("button", name="Add to allergies"))
        press(page, page.get_by_role("button", name="Gone through with the patient today"))
        page.get_by_role("link", name="Evaluation", exact=True).click()

    def write_down_contact(self, email: str) -> None:
        """Links need somewhere to go."""
        page = self.staff("odette")
        page.goto("/care/patients/")
        self.find(page)
        page.get_by_role("link", name="Contact").click()
        page.get_by_label("Mail address").fill(email)
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("Kept.")).to_be_visible()

    def link_sent(self, button: str) -> str:
        """Send something to the patient; the demonstration shows the link once."""
        page = self.staff("tamsin")
        self.find(page)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("The link is shown once")).to_be_visible()
        found = LINK.search(page.content())
        assert found
        return found[1]

    # -- consent and sharing ---------------------------------------------------------------------

    def follow(self, link: str) -> Page:
        """On the patient's phone. The first link asks for the date of birth; then the phone is known."""
        first = "phone" not in self.windows
        page = self.phone()
        page.goto(link)
        if first:
            page.get_by_label("Your date of birth").fill(self.patient.born_on)
        press(page, page.get_by_role("button", name="Open", exact=True))
        return page

    def consent(self, link: str) -> None:
        page = self.follow(link)
        expect(page.get_by_role("heading", level=1)).to_contain_text("what you agree to")
        page.get_by_role("textbox").last.fill(self.patient.typed_name)
        page.get_by_role("button", name="I agree and sign").click()
        expect(page.get_by_text("You signed this")).to_be_visible()

    def answer(self, link: str, values: list[int]) -> None:
        """One question a screen, an answer a tap, then look once and send."""
        page = self.follow(link)
        for number, value in enumerate(values, start=1):
            expect(page).to_have_title(re.compile(f"^Question {number} of {len(values)}"))
            page.locator(f"button.tap[value='{value}']").click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sent")

    def sign_in_patient(self, link: str) -> Page:
        page = self.follow(link)
        page.goto("/me/")
        return page

    def share(self, link: str) -> None:
        """The patient lets a therapist of the other practice see schedule, summaries and scores."""
        page = self.sign_in_patient(link)
        page.goto("/me/sharing/new/")
        therapist = page.locator("select[name=to] option", has_text="Mira Fennimore-Hale")
        page.get_by_label("Who may see it").select_option(therapist.get_attribute("value"))
        page.get_by_role("button", name="Share").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What Mira can see")

    # -- the dose --------------------------------------------------------------------------------

    def plan(self) -> str:
        """The prescriber books the first dose with its integration session, and orders it.

        Gives the session's address in the rooms.
        """
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name="Book a dose"))
        page.locator("[name=planned_from]").fill(self.at_clinic(minutes=30).strftime("%Y-%m-%dT%H:%M"))
        page.locator("[name=room]").select_option(label="Alder")
        press(page, page.get_by_role("button", name="Look for a time"))
        expect(page.get_by_text("The nearest time that fits:")).to_be_visible()
        press(page, page.get_by_role("button", name="Book both"))
        expect(page.get_by_text("waits for an answer").first).to_be_visible()
        press(page, page.get_by_role("link", name="The patient's page"))
        page.get_by_role("link", name=re.compile("Order")).first.click()
        page.get_by_label(re.compile("mg/kg")).fill("0.5")
        page.get_by_label(re.compile("minutes", re.IGNORECASE)).first.fill("40")
        page.locator("[name=concentration_mg_per_ml]").fill("50")
        page.get_by_role("button", name="Work it out").click()
        expect(page.get_by_text("35 mg").first).to_be_visible()
        press(page, page.get_by_role("button", name="Sign this order"))
        session = re.search(r"/sessions/([0-9a-f-]{36})/", page.url)
        assert session, page.url
        return f"/rooms/sessions/{session[1]}/"

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
        expect(page.get_by_text("does not replace the monitor")).to_be_visible()

    def ask_the_morning(self, page: Page, rooms: str) -> None:
        """Every question of the day, tapped on one page."""
        page.goto(rooms)
        press(page, page.get_by_role("link", name="Ask them now"))
        for name, value in (
            ("identity", "yes"),
            ("safety", "none"),
            ("health", "no"),
            ("medicines", "yes"),
            ("touch", "none"),
            ("kit", "yes"),
        ):
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

    def watch(self, rooms: str) -> None:
        """A set in three taps, an event, and another person's screen that follows within moments."""
        nurse, other = self.windows["jonah"], self.staff("tamsin", "desk")
        other.goto(rooms)
        nurse.goto(rooms)
        self.pass_time(minutes=10)
        nurse.goto(rooms)
        self.taps(nurse, sbp=168, dbp=98, hr=88, spo2=97, alertness=5)
        expect(other.get_by_text("168").first).to_be_visible(timeout=5000)
        expect(nurse.get_by_text("160").first).to_be_visible()
        nurse.get_by_role("button", name="Tears").click()
        expect(nurse.get_by_text("does not replace the monitor")).to_be_visible()

    def taps(self, page: Page, *, alertness: int, **values: int) -> None:
        """The bar at the bottom of the room."""
        form = page.locator("form[action$='/set/']")
        for name, value in values.items():
            form.locator(f"input[name={name}]").evaluate(KEY_IN, str(value))
        form.locator(f"input[name=moaas][value='{alertness}']").check(force=True)
        form.get_by_role("button", name="Save set").click()
        page.wait_for_load_state()

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
        page.goto(rooms + "home/")

    def go_home(self, rooms: str) -> None:
        """Every item is answered by a person; the escort has a name."""
        page = self.windows["jonah"]
        for name in ("aldrete", "padss"):
            page.locator(f"[name={name}]").fill("10")
        for name in ("oriented", "gait_steady", "escort_present", "instructions_signed"):
            page.locator(f"select[name={name}]").select_option("yes")
        page.locator("select[name=si_today]").select_option("no")
        page.locator("select[name=nausea]").select_option("none")
        page.locator("[name=escort_name]").fill("Lou Abara")
        page.locator("select[name=identified]").select_option("photo_id")
        page.get_by_role("button", name="Sign and let go home").click()
        expect(page.get_by_text("has gone home")).to_be_visible()

    def summarize(self) -> None:
        """What the clinic tells of the dose, to whoever the patient lets see it."""
        page = self.staff("tamsin")
        self.find(page)
        page.get_by_role("link", name=re.compile("How it went")).first.click()
        page.get_by_role("textbox").last.fill("35 mg over 40 minutes. Calm, some tears. Steady when leaving.")
        press(page, page.locator("main form button.primary").last)

    # -- the other practice ----------------------------------------------------------------------

    def sign_in_link(self) -> str:
        """The front desk sends a sign-in; the demonstration shows it once."""
        page = self.staff("odette")
        page.goto("/desk/")
        page.get_by_label("Name, birth date or file number").fill(self.patient.sought)
        page.get_by_role("button", name="Find").click()
        press(page, page.get_by_role("button", name=re.compile(f"to {self.patient.name}")))
        found = LINK.search(page.content())
        assert found
        return found[1]

    def therapist_page(self) -> Page:
        page = self.staff("mira")
        page.goto("/practice/people/")
        page.get_by_role("link", name=self.patient.name).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.patient.name)
        return page

    def hold(self, hours: float) -> None:
        """Asked for a yes, the therapist names a time that suits her better: so many hours from now."""
        page = self.staff("mira")
        page.goto("/calendar/proposals/")
        press(page, page.get_by_role("link", name=re.compile("Answer")).first)
        page.locator("[name=planned_from]").fill(self.at_clinic(hours=hours).strftime("%Y-%m-%dT%H:%M"))
        press(page, page.get_by_role("button", name="Take this time"))
        expect(page.get_by_text("Nothing waits for your answer")).to_be_visible()

    def integrate(self) -> None:
        """The therapist's note, inside the window."""
        page = self.therapist_page()
        expect(page.get_by_text("35 mg over 40 minutes").first).to_be_visible()
        page.get_by_role("link", name=re.compile("[Nn]ote")).first.click()
        page.locator("[name=focus]").fill("The lake, and the far shore.")
        page.locator("[name=agreed]").fill("Call her brother by Sunday.")
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_text("kept", exact=False).first).to_be_visible()

    def outcome(self, says: str) -> None:
        page = self.staff("tamsin")
        self.find(page)
        page.get_by_role("link", name="Outcome").first.click()
        expect(page.get_by_text(says).first).to_be_visible()

    def revoke(self, link: str) -> None:
        page = self.sign_in_patient(link)
        page.goto("/me/sharing/")
        page.get_by_role("button", name=re.compile("Stop sharing")).click()
        expect(page.get_by_text("Not any more")).to_be_visible()

    def nothing_shared(self) -> None:
        """After the revocation the therapist keeps her own note, and sees what she had been shown."""
        page = self.therapist_page()
        expect(page.get_by_text("35 mg over 40 minutes")).to_have_count(0)
        expect(page.get_by_text("The lake, and the far shore.").first).to_be_visible()

    def looked(self) -> None:
        """The trail tells it: who opened this record, and the step that was refused to nobody."""
        page = self.staff("tamsin")
        self.find(page)
        page.get_by_role("link", name="Who has looked").click()
        expect(page.get_by_text("Mira Fennimore-Hale").first).to_be_visible()


BEFORE = [3, 3, 2, 3, 2, 2, 2, 1, 0, 2]
AFTER = [1, 1, 1, 1, 1, 1, 0, 0, 0, 1]


def whole_course(walk: Walk, recording: str, says: str = "") -> None:
    """From evaluation to an outcome chart, with a revocation in it.

    `recording` is played into the room; `says` is what the room then says, where it should.
    """
    walk.write_down_contact("patient@example.org")
    walk.evaluate()
    walk.consent(walk.link_sent("Send the consent"))
    walk.answer(walk.link_sent("Send PHQ-9, before"), BEFORE)
    walk.share(walk.sign_in_link())
    rooms = walk.plan()
    walk.hold(46)
    walk.prepare(rooms)
    walk.watch(rooms)
    walk.play(rooms, recording)
    if says:
        walk.play_on(rooms, says)
    walk.end(rooms)
    walk.go_home(rooms)
    walk.summarize()
    walk.pass_time(hours=45)
    walk.integrate()
    walk.pass_time(hours=20)
    walk.answer(walk.link_sent("Send PHQ-9, after"), AFTER)
    walk.outcome("18 to 6, down 12")
    walk.looked()
    walk.revoke(walk.sign_in_link())
    walk.nothing_shared()
