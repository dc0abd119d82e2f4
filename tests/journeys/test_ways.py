"""Each way of care on the day of a dose, in a browser: what this way asks before it, and what follows it.

The stage is set by steps close before that. The two ways whose rules hold a dose back are walked at every
run; the others, and every way whole (test_whole_ways), with `bin/test --long`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.at_step import ESCORT, arrived_alone, morning, reading
from tests.browser import Browsing, Complaints
from tests.journeys.set_day import go_on, set_day, staged
from tests.people import NOW, SYSTEM, Cast, cast
from tests.serving import Site, serve

from openkap.permits import Role
from openkap.records.models import GivenPart
from openkap.steps.day import keep_day
from openkap.steps.people import give_role
from openkap.steps.preparation import agree_touch
from openkap.steps.ways import name_therapist


@pytest.fixture
def site(own_database: str, tmp_path: Path) -> Iterator[Site]:
    """The real server, whose clock this test moves."""
    with serve(tmp_path, own_database, "tests.moving_clock:application") as running:
        yield running


@pytest.fixture
def people(site: Site) -> Cast:
    return cast()


@pytest.mark.long
def test_bracketed_each_hands_over_to_the_other(site: Site, browse: Browsing, people: Cast) -> None:
    stage = staged(people, "confirmed", "bracketed_sublingual", "sublingual")
    arrived_alone(stage)
    day = set_day(browse, site, stage)
    mira = day.from_work("mira", "Hand over")
    mira.get_by_role("radio", name="Ready for this dose", exact=True).check()
    mira.get_by_label("What they hope for").fill("To look at the letter again.")
    day.press(mira, "Hand over")
    expect(mira.get_by_text("Not read by the clinic yet")).to_be_visible()
    nurse = day.in_room("jonah")
    expect(nurse.get_by_role("button", name="It is under the tongue")).to_be_disabled()
    day.press(nurse, "See the hand-over", "link")
    expect(nurse.get_by_text("To look at the letter again.")).to_be_visible()
    day.press(nurse, "I have read it")
    day.press(day.in_room("jonah"), "It is under the tongue")
    nurse = day.gone("jonah", minutes=10)
    nurse.get_by_role("button", name="Spat out").click()
    expect(nurse.get_by_text("held 10 minutes, spat out").first).to_be_visible()
    day.end_dose("jonah")
    nurse = day.from_work("jonah", "Hand over")
    nurse.get_by_label("What was seen").fill("Calm. Some tears near the end.")
    day.press(nurse, "Hand over")
    mira = day.from_work("mira", "Read")
    expect(mira.get_by_text("Calm. Some tears near the end.")).to_be_visible()
    day.press(mira, "I have read it")
    expect(mira.get_by_text("Read by Mira")).to_be_visible()


def test_in_session_opens_once_both_are_there_and_touch_is_asked_anew(
    site: Site, browse: Browsing, people: Cast
) -> None:
    stage = staged(people, "shared", "in_session_iv", "iv", at=NOW - timedelta(days=1))
    told: dict[str, Any] = {"at": stage.at, "course": stage.course}
    agree_touch(by=people.by("mira"), **told, level="hand", stop_word="harbor")
    stage.at = NOW
    go_on(stage, "confirmed")
    there: dict[str, Any] = {"person": people["mira"], "place": people.therapy}
    name_therapist(by=people.by("tamsin"), at=stage.at, course=stage.course, **there)
    answers: dict[str, Any] = {"by": people.by("jonah"), "at": stage.at, "session": stage.dose}
    keep_day(**answers, answers=morning(stage), escort=ESCORT)
    reading(stage)
    day = set_day(browse, site, stage)
    nurse = day.in_room("jonah")
    expect(nurse.get_by_role("button", name="Start")).to_be_disabled()
    expect(nurse.get_by_text("question of this morning is open")).to_be_visible()
    day.press(nurse, "Ask them now", "link")
    nurse.locator("input[name=touch][value=hand]").check(force=True)
    day.press(nurse, "Keep these answers")
    day.press(nurse, "Check in", "link")
    day.press(nurse, "I am here")
    expect(day.in_room("jonah").get_by_role("button", name="Start")).to_be_disabled()
    therapist = day.staff("mira")
    therapist.goto(day.around)
    day.press(therapist, "I am here")
    day.press(day.in_room("jonah"), "Start")
    therapist.goto(day.rooms)
    expect(therapist.get_by_text("In the room: Jonah, Mira")).to_be_visible()
    therapist.goto(day.around)
    therapist.get_by_text("I leave").click()
    day.press(therapist, "Check out")
    expect(nurse.get_by_text("has left the room")).to_be_visible()


@pytest.mark.long
def test_infusion_alone_speaks_of_no_therapy(site: Site, browse: Browsing, people: Cast) -> None:
    day = set_day(browse, site, staged(people, "arrived", "infusion_only_iv", "iv"))
    nurse = day.in_room("jonah")
    expect(nurse.get_by_text("ntegration")).to_have_count(0)
    day.press(nurse, "Start")
    day.gone("jonah", minutes=40)
    day.end_dose("jonah")
    expect(nurse.get_by_text("Keep watching until they go home")).to_be_visible()
    nurse = day.gone("jonah", minutes=65)
    day.vitals(nurse, day.rooms, sbp=122, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)
    day.answer_list(nurse)
    expect(nurse.get_by_text("ntegration")).to_have_count(0)
    day.let_go(nurse)
    chart = day.staff("tamsin")
    day.find(chart)
    expect(chart.get_by_text("Follow-up").first).to_be_visible()
    expect(chart.get_by_text("Preparation", exact=True)).to_have_count(0)


def test_esketamine_holds_by_its_fixed_rules(
    site: Site, browse: Browsing, people: Cast, complaints: Complaints
) -> None:
    for noise in ("ERR_INTERNET_DISCONNECTED", "htmx-2.min.js", "422"):
        complaints.expect(noise)
    stage = staged(people, "confirmed", "esketamine", "esketamine")
    arrived_alone(stage)
    day = set_day(browse, site, stage)
    nurse = day.in_room("jonah")
    expect(nurse.get_by_text("No prescriber has said that they are on site.").first).to_be_visible()
    expect(nurse.get_by_role("button", name="Device 1 is given")).to_be_disabled()
    doctor = day.staff("tamsin")
    doctor.goto(day.around)
    day.press(doctor, "I am here")
    day.press(day.in_room("jonah"), "Device 1 is given")
    expect(nurse.get_by_text("28 of 56 mg given")).to_be_visible()
    expect(nurse.get_by_role("button", name="Device 2 is given")).to_have_count(0)
    nurse = day.gone("jonah", minutes=6)
    nurse.context.set_offline(True)
    nurse.get_by_role("button", name="Device 2 is given").click()
    expect(nurse.locator("[data-kept]")).to_contain_text("Device 2 is given")
    expect(nurse.get_by_role("button", name="Device 2 is given")).to_be_disabled()
    assert GivenPart.objects.count() == 1
    nurse.context.set_offline(False)
    expect(nurse.get_by_text("56 mg given").first).to_be_visible(timeout=20_000)
    day.gone("jonah", minutes=40)
    day.vitals(nurse, day.rooms, sbp=132, dbp=82, hr=76, spo2=98)
    day.end_dose("jonah")
    nurse = day.gone("jonah", minutes=60)
    day.vitals(nurse, day.rooms, sbp=124, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)
    day.answer_list(nurse, resolved="yes")
    nurse.get_by_role("button", name="Sign and let go home").click()
    expect(nurse.get_by_text("1 item is left.")).to_be_visible()
    nurse = day.gone("jonah", minutes=62)
    day.vitals(nurse, day.rooms, sbp=122, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)
    day.answer_list(nurse, resolved="yes")
    day.let_go(nurse)
    nurse.goto(day.around)
    expect(nurse.get_by_text("You send it to the program")).to_be_visible()


@pytest.mark.long
def test_blended_books_hands_on_and_integrates(site: Site, browse: Browsing, people: Cast) -> None:
    day = set_day(browse, site, staged(people, "watched", "blended_im", "im"))
    nurse = day.in_room("jonah")
    day.end_dose("jonah")
    nurse = day.gone("jonah", minutes=125)
    day.vitals(nurse, day.rooms, sbp=122, dbp=78, hr=70, spo2=98, moaas=5, cadss6=0)
    day.answer_list(nurse)
    expect(nurse.get_by_text("No integration session is held yet")).to_be_visible()
    nurse.get_by_role("button", name="Hold it, and ask Mira").click()
    expect(nurse.get_by_text("It is held until they answer.")).to_be_visible()
    expect(nurse.locator("[name=aldrete]")).to_have_value("10")  # nothing was signed by that press
    mira = day.staff("mira")
    mira.goto("/calendar/proposals/")
    day.press(mira, "Answer", "link")
    day.press(mira, "Yes, hold it")
    day.answer_list(nurse)
    day.let_go(nurse)
    day.press(nurse, "Write how it went", "link")
    expect(nurse.get_by_text("35 mg, left shoulder muscle")).to_be_visible()
    nurse.get_by_role("textbox").last.fill("35 mg into the left shoulder. Quiet, then talking.")
    day.press(nurse, "Keep the summary")
    day.pass_time(hours=49)
    mira = day.therapist_page()
    expect(mira.get_by_text("Quiet, then talking.").first).to_be_visible()
    day.press(mira, "Write note, ", "link")
    mira.locator("[name=focus]").fill("The lake, and the far shore.")
    day.press(mira, "Sign and keep")
    expect(mira.get_by_text("kept", exact=False).first).to_be_visible()


@pytest.mark.long
def test_one_who_prescribes_and_does_the_therapy(site: Site, browse: Browsing, people: Cast) -> None:
    """Says it once, is asked nothing twice, and hands nothing over to themselves."""
    there: dict[str, Any] = {
        "organisation": people.clinic,
        "person": people["tamsin"],
        "role": Role.THERAPIST,
    }
    give_role(by=SYSTEM, at=NOW - timedelta(days=30), **there)
    stage = staged(people, "confirmed", "in_session_iv", "iv")
    arrived_alone(stage)
    day = set_day(browse, site, stage)
    both = day.staff("tamsin")
    both.goto(f"/team/courses/{stage.course.id}/way/")
    both.locator("#therapist_who").select_option(label="Tamsin Orrery")
    day.press(both, "Name this therapist")
    both.goto(day.around)
    day.press(both, "I am here")
    expect(both.get_by_text("Tamsin Orrery, therapist")).to_be_visible()
    expect(both.get_by_text("Tamsin Orrery, medical clinician")).to_be_visible()
    both.goto(day.rooms)
    day.press(both, "Start")
    expect(both.get_by_text("In the room: Tamsin")).to_be_visible()
    both.goto(day.around)
    both.get_by_label("Your note").fill("The lake.")
    day.press(both, "Keep the note")
    both = day.gone("tamsin", minutes=41)
    day.vitals(both, day.rooms, sbp=122, dbp=78, hr=70, spo2=98, moaas=5)
    day.end_dose("tamsin")
    both.goto(day.rooms + "home/")
    both.get_by_role("button", name="Hold it", exact=True).click()
    expect(both.get_by_text("Integration Thu")).to_be_visible()
