"""What someone may see and yet not do, and places and times that cannot be meant."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from openkap.door.idle import is_open
from openkap.door.who import HAT, PERSON, SEEN
from openkap.permits import Actor
from openkap.records.models import (
    Grant,
    Location,
    Organisation,
    PatientFile,
    Room,
    Session,
    SessionSummary,
    Task,
)
from openkap.steps.closing import close_alert
from openkap.steps.correct import correct
from openkap.steps.course import open_course, plan_session
from openkap.steps.frame import Refused
from openkap.steps.measures import answer_form
from openkap.steps.sharing import revoke
from tests.at_step import PHQ9_BEFORE, at_step
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


def test_an_alert_is_not_the_front_desks_to_close(people: Cast) -> None:
    stage = at_step(people, "decided")
    answered = answer_form(
        by=people.patient("wren"), at=stage.at, course=stage.course, instrument="phq9",
        answers={**PHQ9_BEFORE, "9": 2}, point="before",
    )  # fmt: skip
    (alert,) = [task for task in answered.tasks if task.role == "prescriber"]
    for who in ("odette", "jonah"):
        with pytest.raises(Refused, match="for the prescriber"):
            close_alert(by=people.by(who), at=stage.at, task=alert, outcome="safe")
    assert Task.objects.get(pk=alert.pk).done_at is None
    close_alert(by=people.by("tamsin"), at=stage.at, task=alert, outcome="safe", words="At home.")
    assert Task.objects.get(pk=alert.pk).outcome.endswith("knows whom to call. At home.")


def test_a_summary_can_be_put_right_by_those_who_write_them(people: Cast) -> None:
    stage = at_step(people, "gone_home")
    row = SessionSummary.objects.current().get(session=stage.dose)
    with visiting("jonah", stage.later(minutes=1)) as jonah:
        assert jonah.get(reverse("care-correct", args=["sessionsummary", row.pk])).status_code == 200
    with visiting("odette", stage.at) as odette:
        assert odette.get(reverse("care-correct", args=["sessionsummary", row.pk])).status_code == 404
    new = correct(
        by=people.by("jonah"), at=stage.at, row=row, reason="Wrong dose", changes={"text": "34 mg."}
    )
    assert list(SessionSummary.objects.current().filter(session=stage.dose)) == [new]


def plan(people: Cast, course, **other):  # type: ignore[no-untyped-def]
    given = {
        "by": people.by("odette"), "at": NOW, "course": course, "organisation": people.clinic,
        "phase": "preparation", "planned_from": NOW + timedelta(days=1), "minutes": 60,
    }  # fmt: skip
    return plan_session(**{**given, **other})


def test_a_session_is_planned_in_a_room_of_ones_own_at_a_time_that_can_be_meant(people: Cast) -> None:
    course = at_step(people, "shared").course
    elsewhere = Room.objects.create(
        location=_location(people.therapy), organisation=people.therapy, name="Ours"
    )
    with pytest.raises(Refused, match="not one of yours"):
        plan(people, course, room=elsewhere)
    with pytest.raises(Refused, match="are given at Larkmoor"):
        plan(
            people, course, by=people.by("mira"), organisation=people.therapy, phase="dosing", room=elsewhere
        )
    for odd, said in ((timedelta(days=-700), "has passed"), (timedelta(days=3000), "Check the year")):
        with pytest.raises(Refused, match=said):
            plan(people, course, planned_from=NOW + odd)
    assert not Session.objects.exists()


def test_undoing_a_stop_shares_the_same_practices_record_again(people: Cast) -> None:
    """A later course at another practice is never what an undo opens."""
    stage = at_step(people, "shared")
    other = Organisation.objects.create(name="Third Practice", what="clinic")
    PatientFile.objects.create(
        organisation=other, patient=people["wren"], number="00001", opened_at=stage.later(minutes=1)
    )
    third = Actor.system("tests", organisation=other.id)
    file = PatientFile.objects.get(organisation=other)
    open_course(by=third, at=stage.later(minutes=1), file=file, protocol_id="blended_iv")
    revoke(by=people.patient("wren"), at=stage.later(minutes=1), grant=stage.grant)
    with time_machine.travel(stage.later(minutes=1), tick=False):
        wren = Visitor().become("wren", hat="patient")
        wren.post(reverse("me-sharing-again", args=[stage.grant.pk]))
    (standing,) = Grant.objects.filter(revoked_at=None)
    assert standing.organisation == people.clinic


def test_a_clock_set_back_does_not_keep_a_session_open(people: Cast) -> None:
    session = {PERSON: str(uuid4()), HAT: str(uuid4()), SEEN: (NOW + timedelta(hours=1)).isoformat()}
    assert is_open(session, NOW + timedelta(minutes=50))
    assert not is_open(session, NOW)


def test_cookies_are_for_tls_alone_where_the_site_has_it(people: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = Client()
    answer = browser.post("/demo/become/theo/", {"hat": str(people.clinic.id)}, secure=True)
    assert answer.cookies
    assert [name for name, cookie in answer.cookies.items() if not cookie["secure"]] == []


def _location(practice: Organisation):  # type: ignore[no-untyped-def]
    return Location.objects.filter(organisation=practice).first() or Location.objects.create(
        organisation=practice, name="House"
    )


def test_a_persona_is_still_there_after_a_new_mail_address(people: Cast) -> None:
    people["wren"].email = "wren.new@example.org"
    people["wren"].save()
    assert Visitor().become("wren").get("/me/").status_code == 200
