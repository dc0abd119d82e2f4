"""A phone and a desk: questions, a worrying answer, sharing and stopping, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.at_step import Stage, at_step
from tests.browser import PATIENCE_MS, Browsing, Complaints
from tests.people import cast
from tests.serving import Site

from openkap.records.models import Draft, Grant, Response, SessionNote, Task
from openkap.steps.links import send_link

expect.set_options(timeout=PATIENCE_MS)


def begun(name: str, hours_ago: float) -> Stage:
    """The cast and a course at this stage, by this machine's own clock: the server lives by it."""
    people = cast(timezone.now() - timedelta(days=60))
    return at_step(people, name, at=timezone.now() - timedelta(hours=hours_ago))


def become(page: Page, key: str) -> None:
    page.goto("/demo/")
    page.locator(f"form[action='/demo/become/{key}/'] button").first.click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def open_form(phone: Page, stage: Stage) -> None:
    """Open a link to the PHQ-9 on this phone."""
    _link, token = send_link(
        by=stage.people.by("tamsin"),
        at=timezone.now(),
        organisation=stage.people.clinic,
        patient=stage.people["wren"],
        purpose="measure",
        course=stage.course,
        about="phq9",
        point="after",
    )
    phone.goto(f"/l/{token}/")
    phone.get_by_label("Your date of birth").fill("1985-05-03")
    phone.get_by_role("button", name="Open").click()
    expect(phone.get_by_role("heading", name="Little interest or pleasure in doing things")).to_be_visible()


def test_a_form_on_a_phone_without_scripts(site: Site, browse: Browsing, axe: Callable[[Page], None]) -> None:
    stage = begun("consented", 3)
    phone = browse("phone", scripts=False)
    open_form(phone, stage)
    for _question in range(8):
        phone.get_by_role("button", name="Several days").click()
    phone.get_by_role("link", name="Back").click()
    expect(phone.get_by_role("button", name="Several days")).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="Not at all").click()
    phone.get_by_role("button", name="Not at all").click()
    phone.get_by_role("button", name="Skip this").click()
    expect(phone.get_by_role("heading", name="Look once, then send")).to_be_visible()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Sent")).to_be_visible()
    assert Response.objects.get(point="after").scores.get().total == 7


def test_a_worrying_answer_shows_a_person_then_the_line(
    site: Site, browse: Browsing, axe: Callable[[Page], None]
) -> None:
    stage = begun("consented", 3)
    phone = browse("phone")
    open_form(phone, stage)
    phone.get_by_role("button", name="Nearly every day").click()
    expect(phone.get_by_role("heading", name="Feeling down, depressed, or hopeless")).to_be_visible()
    assert Draft.objects.get().answers == {"1": 3}
    phone.goto("/me/by-link/form/?q=9")
    phone.get_by_role("button", name="Several days").click()
    expect(phone.get_by_role("heading", name=re.compile("is asked to call you"))).to_be_visible()
    expect(phone.get_by_role("main").get_by_role("link", name="Text 988")).to_be_visible()
    axe(phone)
    assert Task.objects.filter(what="alert_phq9-item9", done_at=None).count() == 1


def test_a_switch_and_a_stop_reach_the_other_practice_at_once(
    site: Site, browse: Browsing, complaints: Complaints, axe: Callable[[Page], None]
) -> None:
    complaints.expect("status of 422")
    stage = begun("gone_home", 60)
    file = stage.people["wren"].files.get(organisation=stage.people.therapy)
    phone, desk = browse("phone"), browse("desk")
    become(phone, "wren")
    become(desk, "mira")
    desk.goto(f"/practice/people/{file.id}/")
    expect(desk.get_by_text("some tears near the end")).to_be_visible()
    axe(desk)

    phone.goto("/me/sharing/")
    phone.get_by_role("switch", name="How each session went").click()
    expect(phone.locator("[data-share-voice]")).to_have_text("How each session went: not shared any more")
    desk.reload()
    expect(desk.get_by_text("No summary to show")).to_be_visible()

    # Half a note is on the screen when sharing stops.
    desk.goto(f"/practice/sessions/{stage.integration.id}/note/")
    desk.get_by_label("What the session was about").fill("The lake, half a sentence")
    phone.get_by_role("button", name="Stop sharing with Mira now").click()
    expect(phone.get_by_text("Stopped. Nobody there sees more")).to_be_visible()
    desk.get_by_role("button", name="Sign and keep").click()
    expect(desk.get_by_text("no longer shares this course with you").first).to_be_visible()
    expect(desk.get_by_label("What the session was about")).to_have_value("The lake, half a sentence")
    assert not SessionNote.objects.exists()

    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("heading", name="What Mira can see")).to_be_visible()
    assert Grant.objects.filter(revoked_at=None).count() == 1
    desk.get_by_role("button", name="Sign and keep").click()
    expect(desk.get_by_text("The note is signed and kept.")).to_be_visible()
    assert SessionNote.objects.count() == 1
