"""With the therapist in the room: two sign-ins, both check in, and only then the session opens."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect
from tests.at_step import Stage, arrived_alone, at_step
from tests.browser import Browsing
from tests.people import cast, press, sign_in
from tests.serving import Site

from openkap.steps.ways import name_therapist


def before_the_session() -> Stage:
    """Everything is ready but that nobody has come yet; the therapist is Mira, of the other practice."""
    begun = timezone.now()
    people, at = cast(begun - timedelta(days=60)), begun - timedelta(minutes=61)
    stage = at_step(people, "confirmed", at=at, protocol="in_session_iv")
    stage.at = timezone.now()
    arrived_alone(stage)
    name_therapist(
        by=people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        person=people["mira"],
        place=people.therapy,
    )
    return stage.fresh()


def test_the_session_opens_once_both_are_there(site: Site, browse: Browsing) -> None:
    stage = before_the_session()
    room, around = f"/rooms/sessions/{stage.dose.id}/", f"/team/doses/{stage.dose.id}/"
    nurse, therapist = browse("tablet"), browse("desk")
    sign_in(nurse, "jonah")
    nurse.goto(room)
    expect(nurse.get_by_role("button", name="Start")).to_be_disabled()
    press(nurse, nurse.get_by_role("link", name="Check in"))
    press(nurse, nurse.get_by_role("button", name="I am here"))
    sign_in(therapist, "mira")
    therapist.goto(around)
    press(therapist, therapist.get_by_role("button", name="I am here"))
    expect(therapist.get_by_text("You are checked in.")).to_be_visible()
    nurse.goto(room)
    press(nurse, nurse.get_by_role("button", name="Start"))
    expect(nurse.get_by_text("In the room: Jonah, Mira")).to_be_visible()
    therapist.goto(room)
    expect(therapist.get_by_text("In the room: Jonah, Mira")).to_be_visible()
