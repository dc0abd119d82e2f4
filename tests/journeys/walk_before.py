"""Before the dose: contact, evaluation, consent, first scores, sharing, preparation, booking, the order."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from tests.journeys.walk_frame import Frame, fits
from tests.people import press

from openkap.steps.consent import library_document


class Before(Frame):
    """From the file an import left to a signed order."""

    def write_down_contact(self, email: str) -> None:
        """Links need somewhere to go."""
        page = self.staff("odette")
        self.find(page)
        press(page, page.get_by_role("link", name="Contact"))
        page.get_by_label("Mail address").fill(email)
        press(page, page.get_by_role("button", name="Keep"))
        expect(page.get_by_text("Kept.")).to_be_visible()

    def evaluate(self) -> None:
        """The prescriber opens a course and signs, after everything the rules ask."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("button", name="Open a course"))
        expect(page.get_by_text("Cannot say yet")).to_be_visible()
        self.ask_history(page)
        self.go_through_lists(page)
        self.measure(page)
        self.total(page)
        expect(page.get_by_text(re.compile("^Ready (for your decision|if you say so)"))).to_be_visible()
        page.get_by_text("See every rule").click()
        page.get_by_text("Rule S06 and its source").click()
        page.get_by_label("Candidate, with a plan").check()
        page.get_by_label("The plan, or why not").fill("Six doses; stop and rethink after dose four.")
        press(page, page.get_by_role("button", name="Sign the decision"))
        expect(page.get_by_text("Signed.")).to_be_visible()

    def measure(self, page: Page) -> None:
        """Two values are mistyped and put right; nothing else that was typed is lost."""
        vitals = page.locator("#part-vitals")
        vitals.get_by_label("Systolic").fill("12")
        vitals.get_by_label("Diastolic").fill("78")
        vitals.get_by_label("Oxygen").fill("98")
        vitals.get_by_label("Weight").fill("700")
        vitals.get_by_label("Height").fill("5 ft 8")
        press(page, vitals.get_by_role("button", name="Save vitals"))
        expect(page.get_by_text("Did you mean 70.0?").first).to_be_visible()
        expect(vitals.get_by_label("Height")).to_have_value("5 ft 8")
        vitals.get_by_label("Systolic").fill("124")
        vitals.get_by_label("Weight").fill("154.3")
        vitals.locator("select[name=weight_unit]").select_option("lb")
        press(page, vitals.get_by_role("button", name="Save vitals"))

    def total(self, page: Page) -> None:
        """Blood tests, and the totals of forms that were answered in the room."""
        for name in ("alt", "ast"):
            page.locator(f"#part-tests [name={name}]").fill("24/40")
        press(page, page.get_by_role("button", name="Save tests"))
        totals = page.locator("#part-totals")
        totals.locator("input[name=cssrs][value=none]").check()
        for name, value in {"audit": 3, "dast10": 0, "moca": 28, "stop_bang": 1}.items():
            totals.locator(f"[name={name}]").fill(str(value))
        press(page, totals.get_by_role("button", name="Save totals"))

    def ask_history(self, page: Page) -> None:
        """Each body system by its button; the next one opens by itself."""
        while (rest := page.locator("details.part[open] button[name=rest]")).count():
            # What an import speaks of is asked by itself.
            for row in page.locator("details.part[open] fieldset.says:not(:has(input:checked))").all():
                row.locator("input[value=no]").check()
            press(page, rest.first)
        expect(page.get_by_text(re.compile(r"^(\d+) of \1 questions answered"))).to_be_visible()

    def go_through_lists(self, page: Page) -> None:
        """Every line of an import is said to be so; then both lists are gone through with the patient."""
        press(page, page.get_by_role("link", name="Go through them"))
        while (line := page.get_by_role("button", name=re.compile("^It is so"))).count():
            press(page, line.first)
        if page.get_by_text("Allergies not asked.").count():
            page.get_by_label("No known allergies").check()
            press(page, page.get_by_role("button", name="Add to allergies"))
        press(page, page.get_by_role("button", name="Gone through with the patient today"))
        press(page, page.get_by_role("link", name="Evaluation", exact=True))

    # -- consent, first scores, sharing ----------------------------------------------------------

    def consent(self, link: str) -> None:
        page = self.follow(link)
        expect(page.get_by_role("heading", level=1)).to_contain_text("what you agree to")
        fits(page)
        press(page, page.get_by_role("link", name="Go to the questions"))
        for question in library_document("consent.iv").questions:
            expect(page.get_by_role("heading", level=1)).to_have_text(question["ask"])
            press(page, page.get_by_role("button", name=question["choices"][question["right"]], exact=True))
        press(page, page.get_by_role("link", name="Go on to sign"))
        page.get_by_role("textbox").last.fill(self.patient.typed_name)
        press(page, page.get_by_role("button", name="I agree and sign"))
        expect(page.get_by_text("You signed this")).to_be_visible()

    def answer(self, link: str, values: list[int]) -> None:
        """One question a screen, an answer a tap, then look once and send."""
        page = self.follow(link)
        for number, value in enumerate(values, start=1):
            expect(page).to_have_title(re.compile(f"^Question {number} of {len(values)}"))
            press(page, page.locator(f"button.tap[value='{value}']"))
        press(page, page.get_by_role("button", name="Send"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sent")

    def share(self) -> None:
        """The patient lets a therapist of the other practice see the course and prepare it with them."""
        page = self.sign_in_patient()
        page.goto("/me/sharing/new/")
        therapist = page.locator("select[name=to] option", has_text="Mira Fennimore-Hale")
        page.get_by_label("Who may see it").select_option(therapist.get_attribute("value"))
        for more in ("Preparation and small things", "Scores over time"):
            page.get_by_label(more).check()
        fits(page)
        press(page, page.get_by_role("button", name="Share", exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text("What Mira can see")

    # -- preparation -----------------------------------------------------------------------------

    def prepare_with_therapist(self, planted: str) -> None:
        """A preparation is held: what it is for, what touch is agreed, and a note for nobody else."""
        page = self.therapist_page()
        press(page, page.get_by_role("link", name="Preparation").first)
        page.get_by_text("Plan a preparation").click()
        page.locator("#meet_planned_from").fill(self.typed_time(minutes=1))
        press(page, page.get_by_role("button", name="Plan it"))
        self.pass_time(minutes=5)
        press(page, page.get_by_role("button", name="Check in"))
        page.get_by_label("Intentions").fill("To look at the lake without going under.")
        page.get_by_label("What comforts").fill("The grey blanket, no music with words.")
        press(page, page.get_by_role("button", name="Keep for the team"))
        expect(page.get_by_text("has it too")).to_be_visible()
        page.locator("#touch input[name=level][value=hand]").check(force=True)
        page.locator("#touch").get_by_label("Stop word").fill("harbor")
        press(page, page.get_by_role("button", name="Agree"))
        expect(page.get_by_text("Stop word: harbor")).to_be_visible()
        press(page, page.get_by_role("button", name="Mark as held"))
        press(page, page.get_by_role("link", name="Note of preparation 1"))
        page.locator("[name=focus]").fill("What the lake stands for.")
        press(page, page.get_by_role("button", name="Sign and keep"))
        self.keep_for_oneself(planted)

    def keep_for_oneself(self, planted: str) -> None:
        """A process note."""
        page = self.therapist_page()
        press(
            page, page.locator("section", has_text="Private process notes").get_by_role("link", name="Open")
        )
        page.get_by_label("For yourself").fill(f"I thought of {planted} when they spoke of the shore.")
        press(page, page.get_by_role("button", name="Keep for me alone"))
        expect(page.get_by_role("article").get_by_text(planted)).to_be_visible()

    # -- booking and the order -------------------------------------------------------------------

    def plan(self) -> None:
        """The prescriber books the first dose with an integration session, for which the other is asked."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name="Book a dose"))
        page.locator("[name=planned_from]").fill(self.typed_time(minutes=30))
        page.locator("[name=room]").select_option(label="Alder")
        press(page, page.get_by_role("button", name="Look for a time"))
        expect(page.get_by_text("The nearest time that fits:")).to_be_visible()
        press(page, page.get_by_role("button", name="Book both"))
        expect(page.get_by_text("waits for an answer").first).to_be_visible()

    def hold(self, hours: float) -> None:
        """Asked for a yes, the therapist names a time that suits her better: so many hours from now."""
        page = self.staff("mira")
        page.goto("/calendar/proposals/")
        press(page, page.get_by_role("link", name=re.compile("Answer")).first)
        page.locator("[name=planned_from]").fill(self.typed_time(hours=hours))
        press(page, page.get_by_role("button", name="Take this time"))
        expect(page.get_by_text("Nothing waits for your answer")).to_be_visible()

    def order(self) -> str:
        """The prescriber orders; a half-typed order is worked out first. Gives the room's address."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name=re.compile("^Order")).first)
        page.get_by_label(re.compile("mg/kg")).fill("0.5")
        page.get_by_label(re.compile("minutes", re.IGNORECASE)).first.fill("40")
        page.locator("[name=concentration_mg_per_ml]").fill("50")
        press(page, page.get_by_role("button", name="Work it out"))
        expect(page.get_by_text("35 mg").first).to_be_visible()
        press(page, page.get_by_role("button", name="Sign this order"))
        session = re.search(r"/sessions/([0-9a-f-]{36})/", page.url)
        assert session, page.url
        return f"/rooms/sessions/{session[1]}/"
