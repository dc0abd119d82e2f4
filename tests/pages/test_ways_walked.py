"""Each way of care walked through its pages, by everyone who has a part in it, from the choice to the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from openkap.medicine.protocols import Protocol, protocols
from openkap.records.models import Course, Session, Task, Window
from openkap.steps.ending import end_course, move_course
from openkap.steps.notes import write_note
from tests.at_step import (
    Stage,
    arrived_alone,
    confirmed,
    consented,
    decided,
    drawn,
    evaluated,
    gone_home,
    measured_before,
    opened,
    ordered,
    recovering,
    shared,
    under_way,
    watched,
)
from tests.integration.clinic_desk import form_in
from tests.integration.door_visitors import Visitor
from tests.people import CLINIC, cast
from tests.routes import sign_route

pytestmark = pytest.mark.django_db

WALKED = ("blended_iv", "bracketed_sublingual", "in_session_im", "infusion_only_iv", "esketamine")


@contextmanager
def at_their_desk(stage: Stage, key: str, place: str = "") -> Iterator[Visitor]:
    with time_machine.travel(stage.at, tick=False):
        hat = {"hat": str(stage.people.by(key, place).organisation)} if place else {}
        yield Visitor().become(key, **hat)


def press(visitor: Visitor, page: str, action: str, /, **typed: Any) -> str:
    """Open a page, fill in the form that posts to `action`, send it, and read what comes back."""
    shown = visitor.get(page)
    assert shown.status_code == 200, page
    sent = visitor.post(action, form_in(shown.content.decode(), action) | typed)
    assert sent.status_code == 302, (action, sent.status_code, _errors(sent))
    return visitor.get(sent["Location"]).content.decode()


def _errors(answer: Any) -> str:
    page = answer.content.decode()
    return page[page.find("error") - 200 : page.find("error") + 600] if "error" in page else ""


def owed_on_pages(stage: Stage, what: str) -> bool:
    return Task.objects.filter(course=stage.course, what=what, done_at=None).exists()


@pytest.mark.parametrize("plan", [p for p in protocols() if p.id in WALKED], ids=lambda plan: plan.id)
def test_a_course_goes_its_way_from_the_choice_to_the_end(plan: Protocol) -> None:
    stage = Stage(cast())
    opened(stage)
    sign_route(stage.people.by("osric"), stage.people.clinic, str(plan.route), stage.at)
    _choose(stage, plan)
    for play in (evaluated, decided, measured_before, consented, shared):
        play(stage.fresh())
    if plan.therapist_in_room or "hand_over_before" in plan.needs:
        _name(stage, plan)
    _book(stage, plan)
    for play in (ordered, drawn, confirmed):
        play(stage.fresh())
    _before(stage, plan)
    arrived_alone(stage.fresh())
    under_way(stage.fresh())
    _during(stage, plan)
    for play in (watched, recovering, gone_home):
        play(stage.fresh())
    _after(stage, plan)
    _integrate(stage.fresh(), plan)
    _end(stage, plan)
    assert Course.objects.get(pk=stage.course.pk).state == "done"


def _choose(stage: Stage, plan: Protocol) -> None:
    way = reverse("team-way", args=[stage.course.id])
    with at_their_desk(stage, "tamsin") as tamsin:
        if plan.id != stage.course.protocol:
            page = press(tamsin, way, way, protocol=plan.id)
            assert "How it came to this" in page
    stage.fresh()
    assert (stage.course.protocol, stage.course.route) == (plan.id, str(plan.route))
    stage.route, stage.protocol = str(plan.route), plan.id


def _name(stage: Stage, plan: Protocol) -> None:
    who = stage.people["theo" if plan.therapist_in_room else "mira"]
    place = stage.people.clinic if plan.therapist_in_room else stage.people.therapy
    with at_their_desk(stage, "tamsin") as tamsin:
        way, action = (reverse(name, args=[stage.course.id]) for name in ("team-way", "team-therapist"))
        assert who.name in press(tamsin, way, action, who=f"{who.id}@{place.id}")


def _book(stage: Stage, plan: Protocol) -> None:
    book = reverse("calendar-dose", args=[stage.course.id])
    starts = stage.at + timedelta(hours=3)
    local = starts.astimezone(ZoneInfo(stage.people.clinic.zone))
    with at_their_desk(stage, "odette") as odette:
        shown = odette.get(book).content.decode()
        assert ("Integration" in shown) is plan.integrates
        sent = odette.post(
            book,
            {
                "submission": _submission(shown),
                "planned_from": local.strftime("%Y-%m-%dT%H:%M"),
                "minutes": plan.minutes["dosing"],
                "room": str(stage.people.room().id),
                "lead": str(stage.people["jonah"].id),
                "book": "1",
            },
        )
        assert sent.status_code == 302, _errors(sent)
    stage.dose = Session.objects.get(course=stage.course, phase="dosing")
    held = Session.objects.filter(course=stage.course, phase="integration")
    assert held.exists() is plan.integrates
    stage.integration = held.first()
    stage.at = starts - timedelta(hours=1)


def _submission(page: str) -> str:
    return page.split('name="submission" value="')[1].split('"')[0]


def _before(stage: Stage, plan: Protocol) -> None:
    """Whoever must hand over, read or be there does so on the page around the dose."""
    dose = reverse("team-dose", args=[stage.dose.id])

    def around(name: str, *more: str) -> str:
        return reverse(name, args=[stage.dose.id, *more])

    if "hand_over_before" in plan.needs:
        with at_their_desk(stage, "mira") as mira:
            page = press(mira, dose, around("team-before"), readiness="ready", intentions="To rest.")
            assert "Not read by the clinic yet" in page
        with at_their_desk(stage, "jonah") as jonah:
            assert "Read by Jonah" in press(jonah, dose, around("team-read", "before"))
    comes = [("jonah", "")] if "medical_checked_in" in plan.needs else []
    comes += [("theo", CLINIC)] if "therapist_checked_in" in plan.needs else []
    comes += [("tamsin", "")] if "prescriber_on_site" in plan.needs else []
    for key, place in comes:
        with at_their_desk(stage, key, place) as visitor:
            assert "You are checked in" in press(visitor, dose, around("team-in"))
    if not comes and "hand_over_before" not in plan.needs:
        with at_their_desk(stage, "jonah") as jonah:
            assert "I am here" not in jonah.get(dose).content.decode()


def _during(stage: Stage, plan: Protocol) -> None:
    """The therapist in the room sees it and writes; leaving is on the room's own page."""
    if not plan.therapist_in_room:
        return
    room, dose = (reverse(name, args=[stage.dose.id]) for name in ("rooms-session", "team-dose"))
    note, out = (reverse(name, args=[stage.dose.id]) for name in ("team-note", "team-out"))
    with at_their_desk(stage, "theo", CLINIC) as theo:
        live = theo.get(room)
        assert live.status_code == 200 and "In the room:" in live.content.decode()
        assert "The lake." in press(theo, dose, note, words="The lake.")
        press(theo, dose, out, words="A call.")
        assert theo.get(room).status_code == 404
    with at_their_desk(stage, "jonah") as jonah:
        assert "has left the room" in jonah.get(room).content.decode()
    with at_their_desk(stage, "theo", CLINIC) as theo:
        press(theo, dose, reverse("team-in", args=[stage.dose.id]))


def _after(stage: Stage, plan: Protocol) -> None:
    dose = reverse("team-dose", args=[stage.dose.id])
    if "hand_over_after" in plan.needs:
        with at_their_desk(stage, "jonah") as jonah:
            after = reverse("team-after", args=[stage.dose.id])
            assert "Not read by the therapist yet" in press(jonah, dose, after, seen="Calm, some tears.")
        with at_their_desk(stage, "mira") as mira:
            read = reverse("team-read", args=[stage.dose.id, "after"])
            assert "Read by Mira" in press(mira, dose, read)
    if "monitoring_form_within_7_days" in plan.needs:
        with at_their_desk(stage, "jonah") as jonah:
            sent = reverse("team-sent", args=[stage.dose.id])
            press(jonah, dose, sent, sent_on=str(stage.at.date()), how="online")
        assert not owed_on_pages(stage, "monitoring_form")
    assert Window.objects.filter(course=stage.course).exists() is plan.integrates
    with at_their_desk(stage, "jonah") as jonah:
        paper = jonah.get(reverse("rooms-paper", args=[stage.dose.id])).content.decode()
        assert ("Your integration session" in paper) is plan.has_therapy


def _integrate(stage: Stage, plan: Protocol) -> None:
    """Whoever does the therapy holds the session, and writes its note."""
    if not plan.integrates:
        return
    stage.at = stage.integration.planned_to
    _tell_of_an_event(stage, plan)
    by = stage.people.by("theo", CLINIC) if plan.therapist_in_room else stage.people.by("mira")
    write_note(by=by, at=stage.at, session=stage.integration, focus="The lake, and the far shore.")


def _tell_of_an_event(stage: Stage, plan: Protocol) -> None:
    """What began since the dose is told to the therapist, who writes it down from the patient's own page."""
    event = reverse("team-event", args=[stage.dose.id])
    who = ("theo", CLINIC) if plan.therapist_in_room else ("mira", "")
    with at_their_desk(stage, *who) as therapist:
        told = {"words": "Dreams", "grade": "1", "related": "unknown", "action": "none", "outcome": "gone"}
        page = press(therapist, f"{event}?term=own", event, **told)
        assert "What you wrote down for this dose" in page and "Dreams" in page
    with at_their_desk(stage, "jonah") as jonah:
        assert "Dreams" in jonah.get(reverse("rooms-event", args=[stage.dose.id])).content.decode()
    with at_their_desk(stage, "odette") as odette:
        assert "Tell one of them" in odette.get(event).content.decode()


def _end(stage: Stage, plan: Protocol) -> None:
    by = stage.people.by("tamsin")
    stage.at += timedelta(days=2)
    move_course(by=by, at=stage.at, course=stage.course, verb="end_doses")
    with at_their_desk(stage, "wren") as wren:
        home = wren.get(reverse("me-home")).content.decode()
        assert "How your care goes" in home
        assert ("Your doses do not depend on it" in home) is not plan.has_therapy
    with at_their_desk(stage, "tamsin") as tamsin:
        chart = tamsin.get(reverse("care-patient", args=[stage.people.file("wren").id])).content.decode()
        assert ("Continued integration" in chart) is plan.integrates
    end_course(by=by, at=stage.at, course=stage.course, verb="finish", why="All that was planned was done.")
