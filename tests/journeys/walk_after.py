"""After the dose: the question by link, integration, small things, the journal, the outcome, two ends."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.journeys.walk_frame import Frame, fits, link_in
from tests.people import press

THERAPIST = "Mira Fennimore-Hale, Quiet Harbor Therapy"
HALF = "The shore again, and half a sentence"


class After(Frame):
    """From the first question after the dose to a course that is over."""

    def check_in(self) -> None:
        """The watcher asks one question by link on the day after; one tap answers it."""
        page = self.follow(link_in(self.read_mail(self.at_clinic(), "asks you one question")))
        expect(page.get_by_text("1 of 1")).to_be_visible()
        fits(page)
        press(page, page.locator("button.tap[value='1']"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Sent")

    # -- integration -----------------------------------------------------------------------------

    def integrate(self) -> None:
        """The therapist's note, inside the window, and one small thing that was agreed."""
        page = self.therapist_page()
        expect(page.get_by_text("35 mg over 40 minutes").first).to_be_visible()
        press(page, page.get_by_role("link", name=re.compile("Write note, ")))
        page.locator("[name=focus]").fill("The lake, and the far shore.")
        page.locator("[name=agreed]").fill("Call her brother by Sunday.")
        press(page, page.get_by_role("button", name="Sign and keep"))
        expect(page.get_by_text("kept", exact=False).first).to_be_visible()
        page = self.therapist_page()
        press(page, page.get_by_role("link", name="Agree one"))
        page.locator("[name=text]").fill("Call your brother")
        press(page, page.get_by_role("button", name="Put it on the list"))
        expect(page.get_by_text("Call your brother").first).to_be_visible()

    def tick_and_write(self) -> None:
        """On the phone: the small thing is done, and a line of the journal is shown to the therapist."""
        page = self.sign_in_patient()
        fits(page)
        press(page, page.get_by_role("button", name=re.compile("^Call your brother")))
        expect(page.get_by_role("button", name=re.compile("^Call your brother"))).to_have_attribute(
            "aria-pressed", "true"
        )
        press(page, page.get_by_role("link", name=re.compile("^Write a note")))
        page.get_by_role("textbox").fill("He picked up at once. We laughed.")
        press(page, page.get_by_role("button", name="Keep", exact=True))
        press(page, page.get_by_role("link", name=re.compile("He picked up")).first)
        fits(page)
        page.get_by_label("Show this entry to").select_option(label=THERAPIST)
        press(page, page.get_by_role("button", name="Show this entry"))
        expect(page.get_by_text("Not read yet.")).to_be_visible()

    def read_entry(self) -> None:
        """The therapist reads the one entry she is shown, and that the small thing was done."""
        page = self.therapist_page()
        expect(page.locator(".things li.done")).to_contain_text("Call your brother")
        press(page, page.get_by_role("link", name=re.compile("^Written ")).first)
        expect(page.get_by_text("He picked up at once.")).to_be_visible()

    # -- outcome ---------------------------------------------------------------------------------

    def outcome(self, says: str) -> None:
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name="Outcome").first)
        expect(page.get_by_text(says).first).to_be_visible()

    def looked(self) -> None:
        """The trail tells who opened this record."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name="Who has looked"))
        expect(page.get_by_text("Mira Fennimore-Hale").first).to_be_visible()

    # -- sharing stops, and the course ends ------------------------------------------------------

    def revoke_under_a_note(self) -> None:
        """Half a note is on the therapist's screen when sharing stops: refused in words, kept as a draft."""
        page = self.sign_in_patient()
        desk = self.therapist_page()
        press(desk, desk.get_by_role("link", name="Hold a session").first)
        desk.locator("[name=planned_from]").fill(self.typed_time(minutes=1))
        press(desk, desk.get_by_role("button", name="Hold it"))
        self.pass_time(minutes=3)
        press(desk, desk.get_by_role("link", name=re.compile("Write note, ")))
        desk.locator("[name=focus]").fill(HALF)
        page.goto("/me/sharing/")
        press(page, page.get_by_role("button", name=re.compile("^Stop sharing")))
        expect(page.get_by_text("Not any more")).to_be_visible()
        press(desk, desk.get_by_role("button", name="Sign and keep"))
        expect(desk.get_by_text("no longer shares this course with you").first).to_be_visible()
        expect(desk.locator("[name=focus]")).to_have_value(HALF)

    def nothing_shared(self) -> None:
        """The therapist keeps what she wrote, the draft too; of the other practice nothing is shown."""
        page = self.therapist_page()
        expect(page.get_by_text("has stopped sharing with you")).to_be_visible()
        expect(page.get_by_text("35 mg over 40 minutes")).to_have_count(0)
        expect(page.get_by_text("The lake, and the far shore.").first).to_be_visible()
        press(page, page.get_by_role("link", name=re.compile("Write note, ")))
        expect(page.get_by_text("It was not sent, because sharing had stopped.")).to_be_visible()
        expect(page.locator("[name=focus]")).to_have_value(HALF)

    def end_course(self) -> None:
        """The prescriber ends it as done; what is printed tells the whole of it."""
        page = self.staff("tamsin")
        self.find(page)
        press(page, page.get_by_role("link", name="Course", exact=True))
        press(page, page.get_by_role("button", name="The doses are over"))
        page.get_by_label("Done: what was planned is done").check(force=True)
        page.locator("[name=why]").fill("What was hoped for is here.")
        press(page, page.get_by_role("button", name="End the course"))
        expect(page.get_by_text("This course is completed")).to_be_visible()
        expect(page.get_by_text("What was hoped for is here.")).to_be_visible()
        press(page, page.get_by_role("link", name="Print the whole course"))
        expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
        expect(page.get_by_text("35 mg").first).to_be_visible()
