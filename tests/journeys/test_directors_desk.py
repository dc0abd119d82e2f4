"""A new director signs a route's rules, changes the consent, lowers a limit, is sent numbers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.at_step import Stage
from tests.browser import PATIENCE_MS, Browser, Browsing, Complaints
from tests.journeys.new_clinic import (
    DIRECTOR,
    HERE,
    Desk,
    consented_yesterday,
    founded,
    operator,
    other_clinics_rules,
    prepared,
    right_answer,
    waits,
)
from tests.journeys.walk_frame import NARROW, fits, link_in
from tests.people import NOW, press
from tests.post import delivered
from tests.serving import serve

expect.set_options(timeout=PATIENCE_MS)
NEW_WORDS = "You are given the price list on paper."
NEW_GUIDE = "Blood pressure is 136/84. The guide is 130/90."


@pytest.mark.long
def test_a_director_decides_and_the_gates_go_by_it(
    own_database: str, tmp_path: Path, running_chromium: Browser, settings: Any
) -> None:
    people, secret = founded()
    wren, noor = (consented_yesterday(people, key) for key in ("wren", "noor"))
    waits(wren, "Alder", sbp=136, dbp=84)
    waits(noor, "Birch", sbp=118, dbp=76)
    key = {"OPENKAP_SECRET_KEY": settings.SECRET_KEY}
    with serve(tmp_path, own_database, "tests.moving_clock:application", **key) as site:
        complaints = Complaints(site.address)
        complaints.expect("422")
        browse = Browsing(running_chromium, site.address, complaints)
        desk = Desk(site, browse, secret, browse("desk"))
        desk.move_to(NOW + timedelta(minutes=15))
        desk.sign_in()
        signs_the_set(desk, wren)
        asks_again(desk)
        signs_again(desk, wren, noor)
        gate_opens(desk, wren, noor)
        lowers_a_limit(desk, wren)
        is_sent_rules(desk, wren, noor, tmp_path / "harbor.json")
        browse.close()
    assert complaints.unexpected() == []


def gate_of(desk: Desk, stage: Stage) -> None:
    desk.page.goto(f"/rooms/sessions/{stage.dose.id}/")


def order(desk: Desk, stage: Stage) -> None:
    gate_of(desk, stage)
    desk.press("Order a dose", "link")
    desk.page.get_by_label("mg/kg").fill("0.5")
    desk.page.locator("[name=duration_min]").fill("40")
    desk.page.locator("[name=concentration_mg_per_ml]").fill("50")
    desk.press("Work it out")
    desk.press("Sign this order")


def signs_the_set(desk: Desk, stage: Stage) -> None:
    """Nothing is ordered by rules that nobody signed: the page says so, and where they are signed."""
    page = desk.page
    gate_of(desk, stage)
    expect(page.get_by_text("No medical director has signed this route's rules.").first).to_be_visible()
    order(desk, stage)
    expect(page.get_by_text("Ada Voss signs the limits").first).to_be_visible()
    desk.press("See the rules, and who can sign", "link")
    expect(page.get_by_text("Nobody has signed these rules")).to_be_visible()
    unread = page.locator("[data-unread] a:visible")
    expect(unread).to_have_count(6)
    page.locator("summary", has_text="Dose limits").click()
    expect(unread).to_have_count(5)
    page.get_by_label("In your own words").fill("Read part by part. We are a small practice: no exceptions.")
    desk.show_again("Sign, in my name")
    expect(page.get_by_text("Signed by Ada Voss").first).to_be_visible()


def asks_again(desk: Desk) -> None:
    """A new sentence: before it is published the page says what changed and whom it touches."""
    page = desk.page
    page.goto("/lead/")
    desk.press("Consent texts", "link")
    desk.press("into a vein", "link")
    english = page.get_by_role("region", name="English")
    press(page, english.get_by_role("link", name="Write"))
    words = page.locator("#s-cost textarea")
    words.fill(f"{words.input_value()} {NEW_WORDS}")
    desk.press("Keep, and look at publishing")
    expect(page.get_by_text(NEW_WORDS)).to_be_visible()
    expect(page.get_by_text("2 open courses sign it anew.")).to_be_visible()
    expect(page.get_by_text("Noor Castellane")).to_be_visible()
    page.get_by_label("Why is it published?").fill("The price list is on paper now.")
    desk.press("Publish, in my name")
    expect(page.get_by_text("Version 2", exact=False).first).to_be_visible()


def signs_again(desk: Desk, signs: Stage, reads: Stage) -> None:
    """Each is asked by a message, and reads why and what changed; one of them signs."""
    sent = {mail.to[0]: mail.body for mail in delivered(desk.now)}
    for stage in (reads, signs):
        person = stage.people[stage.key]
        page = desk.browse("phone")
        page.set_viewport_size(NARROW)
        page.goto(link_in(sent[person.email]))
        page.get_by_label("Your date of birth").fill(str(person.born_on))
        press(page, page.get_by_role("button", name="Open", exact=True))
        expect(page.get_by_text("The text changed since you signed it.")).to_be_visible()
        expect(page.get_by_text(NEW_WORDS).first).to_be_visible()
        fits(page)
    expect(page.get_by_text("20 questions were answered for the signature of")).to_be_visible()
    press(page, page.get_by_role("link", name="questions"))
    press(page, page.get_by_role("button", name=right_answer(signs, desk.now)))
    press(page, page.get_by_role("link", name="Go on to sign"))
    page.get_by_label("Your first and last name").fill(person.legal_name)
    press(page, page.get_by_role("button", name="I agree and sign"))
    expect(page.get_by_text("You signed this")).to_be_visible()


def gate_opens(desk: Desk, signed: Stage, asked: Stage) -> None:
    """Ordered by the director, prepared by the others. The one who has not signed waits."""
    page = desk.page
    order(desk, signed)
    prepared(signed, desk.now)
    desk.move_to(signed.at)
    gate_of(desk, signed)
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    gate_of(desk, asked)
    expect(
        page.get_by_text("An older version of the consent was signed: its text changed.").first
    ).to_be_visible()


def lowers_a_limit(desk: Desk, held: Stage) -> None:
    """Found by its word; what it would have changed is read before it is signed, and the gate goes by it."""
    page = desk.page
    page.goto("/lead/")
    desk.press("Rules and protocols", "link")
    page.get_by_text("Find a rule").click()
    page.get_by_label("Find", exact=True).fill("resting")
    desk.press("Narrow it")
    desk.press("Resting blood pressure over the guide", "link")
    page.get_by_label("Own value").check()
    page.locator("[name=n_sbp_over]").fill("130")
    page.get_by_label("Why are you changing it?").fill("Most of our patients are over 60.")
    desk.press("See what it would change")
    expect(page.get_by_text("1 open course goes on the prescribers")).to_be_visible()
    desk.press("Person by person", "link")
    expect(page.locator("#preview")).to_contain_text("Wren Alderbrook")
    expect(page.locator("#preview")).not_to_contain_text("Noor Castellane")
    desk.show_again("Sign, in my name")
    expect(page.get_by_text("Signed.")).to_be_visible()
    gate_of(desk, held)
    expect(page.get_by_text("Not yet. 1 thing left")).to_be_visible()
    expect(page.get_by_text(NEW_GUIDE).first).to_be_visible()


def is_sent_rules(desk: Desk, held: Stage, asked: Stage, file: Path) -> None:
    """Another clinic's numbers are proposals that nobody here has signed: everything goes on as it was."""
    page = desk.page
    other_clinics_rules(desk.now, file)
    operator(desk.now, "--import", str(file), "--organisation", HERE, "--by", DIRECTOR)
    page.goto("/lead/rules/all/?q=most+into")
    waiting = page.get_by_role("region", name="What waits for a name")
    expect(waiting.get_by_text("From the set Quiet Harbor 1.")).to_have_count(1)
    desk.press("The most into a vein in one session", "link")
    expect(page.get_by_role("row", name="limit")).to_contain_text("1 mg/kg")
    gate_of(desk, held)
    expect(page.get_by_text(NEW_GUIDE).first).to_be_visible()
    gate_of(desk, asked)
    expect(page.get_by_text("Rules: Larkmoor House 1.")).to_be_visible()
