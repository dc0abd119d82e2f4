"""The front desk's day: who is expected, who is here, what is missing by name; and the pages of requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from openkap.permits import Act, Kind, Reach, Scope
from openkap.reads.day import day_of
from openkap.reads.requests import requests_of
from openkap.records.models import EvaluationRequest, Event, PatientFile, Session
from openkap.steps.arrival import record_arrival, take_back_arrival
from openkap.steps.course import plan_session
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.requests import Asked, ask_for_evaluation
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import ZONE, asked, form_in, reach
from tests.integration.door_visitors import Visitor
from tests.integration.test_requests import STRANGER
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db

TODAY = NOW.astimezone(ZONE).date()


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


def visit(people: Cast, stage: Stage, at: Any, phase: str = "preparation", **more: Any) -> Session:
    return plan_session(
        by=people.by("tamsin"),
        at=NOW - timedelta(days=1),
        course=stage.course,
        organisation=people.clinic,
        phase=phase,
        planned_from=at,
        minutes=60,
        **more,
    )


@pytest.fixture
def opened(people: Cast) -> Stage:
    return at_step(people, "opened", key="wren", at=NOW - timedelta(days=2))


def test_the_day_holds_every_phase_of_this_practice_and_nobody_elses(people: Cast, opened: Stage) -> None:
    visit(people, opened, NOW + timedelta(hours=2), "evaluation", lead=people["tamsin"])
    visit(people, opened, NOW - timedelta(hours=1), "preparation")
    visit(people, opened, NOW + timedelta(days=1), "follow_up")
    shown = day_of(reach(people, "odette", NOW), people.clinic.id, TODAY, NOW, ZONE)
    assert [v.visit for v in shown.visits] == ["Preparation 1", "Evaluation"]
    assert (shown.now_after, shown.expected, shown.here) == (1, 2, 0)
    first, second = shown.visits
    assert (first.late, first.may_arrive, second.late) == (True, True, False)
    assert second.where == "with Tamsin Orrery"
    elsewhere = day_of(reach(people, "mira", NOW), people.therapy.id, TODAY, NOW, ZONE)
    assert elsewhere.visits == ()


def test_what_is_missing_is_named_as_far_as_the_reader_may_know(people: Cast, opened: Stage) -> None:
    visit(people, opened, NOW + timedelta(hours=2), "dosing", room=people.room())
    for key in ("odette", "jonah"):
        shown = day_of(reach(people, key, NOW), people.clinic.id, TODAY, NOW, ZONE)
        assert shown.visits[0].missing == ("Consent not signed", "No one named for the ride home")
        assert shown.missing == 1
    therapist = Reach(tuple({Kind.SCHEDULE: frozenset(Act)}.items()), keeper=people.clinic.id)
    unknowing = day_of(Scope((therapist,)), people.clinic.id, TODAY, NOW, ZONE)
    assert (unknowing.visits[0].missing, unknowing.visits[0].ride) == ((), None)


def test_a_signed_consent_is_not_missing(people: Cast) -> None:
    stage = at_step(people, "planned", key="wren", at=NOW)
    session = Session.objects.get(patient=people["wren"], phase="dosing")
    on = session.planned_from.astimezone(ZONE).date()
    shown = day_of(reach(people, "odette", stage.at), people.clinic.id, on, stage.at, ZONE)
    missing = [v.missing for v in shown.visits if v.session == session.id]
    assert missing == [("No one named for the ride home",)]


def test_an_arrival_is_one_tap_and_can_be_taken_back(people: Cast, opened: Stage) -> None:
    session = visit(people, opened, NOW + timedelta(hours=1))
    odette = people.by("odette")
    record_arrival(by=odette, at=NOW, session=session, version=1)
    session.refresh_from_db()
    assert (session.state, session.version) == ("arrived", 2)
    assert Event.objects.filter(verb="session.arrive", session=session.id).exists()
    with pytest.raises(Stale):
        record_arrival(by=people.by("jonah"), at=NOW, session=session, version=1)
    with pytest.raises(Refused, match="the patient is here"):
        record_arrival(by=odette, at=NOW, session=session)
    take_back_arrival(by=odette, at=NOW, session=session)
    assert session.state == "planned"
    with pytest.raises(NotPermitted):
        record_arrival(by=people.by("mira"), at=NOW, session=session)


def test_the_page_records_an_arrival_and_offers_to_undo_it(people: Cast, opened: Stage) -> None:
    session = visit(people, opened, NOW + timedelta(hours=1))
    odette = Visitor().become("odette")
    odette.get("/desk/")
    assert "Tuesday, March 9" in odette.page
    assert "Wren Alderbrook" in odette.page
    here = f"/desk/here/{session.id}/"
    sent = form_in(odette.page, here)
    odette.post(here, sent, follow=True)
    assert "Wren Alderbrook is here." in odette.page
    undo = f"/desk/not-here/{session.id}/"
    assert f'action="{undo}"' in odette.page
    assert odette.post(here, sent).status_code == 302  # the same tap again is the same arrival
    odette.post(undo, follow=True)
    session.refresh_from_db()
    assert session.state == "planned"
    assert odette.post(undo).status_code == 422
    assert (
        odette.post(here, {**sent, "submission": "0197f000-0000-7000-8000-000000000077"}).status_code == 422
    )
    assert "Someone changed this session" in odette.page


def test_other_days_an_empty_one_and_paper(people: Cast, opened: Stage) -> None:
    visit(people, opened, NOW + timedelta(days=1))
    odette = Visitor().become("odette")
    odette.get("/desk/")
    assert "Nobody is planned for this day" in odette.page
    assert 'href="?day=2027-03-10"' in odette.page
    odette.get("/desk/", {"day": "2027-03-10"})
    assert "Wren Alderbrook" in odette.page
    assert "Is here" not in odette.page  # nobody can have come tomorrow
    for odd in ("yesterday", "9999-12-31", "0001-01-01", "2027-02-30"):
        assert odette.get("/desk/", {"day": odd}).status_code == 200
    odette.get("/desk/print/", {"day": "2027-03-10"})
    assert "Wren Alderbrook" in odette.page
    assert "Wednesday, March 10" in odette.page


def test_the_day_the_clocks_change_is_whole(people: Cast, opened: Stage) -> None:
    """Sunday, March 14, 2027 has 23 hours in New York."""
    last = plan_session(
        by=people.by("tamsin"),
        at=NOW,
        course=opened.course,
        organisation=people.clinic,
        phase="follow_up",
        planned_from=NOW.replace(day=15, hour=3, minute=30),
        minutes=20,
    )
    scope = reach(people, "odette", NOW)
    sunday = day_of(scope, people.clinic.id, date(2027, 3, 14), NOW, ZONE)
    assert [v.session for v in sunday.visits] == [last.id]
    assert sunday.visits[0].time == "11:30 pm"
    assert day_of(scope, people.clinic.id, date(2027, 3, 15), NOW, ZONE).visits == ()


def test_the_day_asks_the_same_few_questions_for_one_visit_and_many(people: Cast, opened: Stage) -> None:
    visit(people, opened, NOW + timedelta(hours=1), "dosing", room=people.room())
    scope = reach(people, "odette", NOW)
    _one, few = asked(lambda: day_of(scope, people.clinic.id, TODAY, NOW, ZONE))
    for n in range(6):
        visit(people, opened, NOW + timedelta(hours=2, minutes=n), "preparation")
    many, same = asked(lambda: day_of(scope, people.clinic.id, TODAY, NOW, ZONE))
    assert (len(many.visits), same) == (7, few)
    assert few <= 6


def test_the_list_of_requests_asks_a_bounded_number_of_questions(people: Cast) -> None:
    scope = reach(people, "odette", NOW)
    _few, before = asked(lambda: requests_of(scope, people.clinic.id, NOW, ZONE))
    for n in range(8):
        who = Asked(f"Juna {n}", "Underhill", email=f"juna{n}@example.org")
        ask_for_evaluation(
            by=replace(STRANGER, where=f"198.51.100.{n}"), at=NOW, organisation=people.clinic, asked=who
        )
    many, after = asked(lambda: requests_of(scope, people.clinic.id, NOW, ZONE))
    assert (before, after) == (3, 3)
    assert many.open == len(many.lines) == 10
    assert requests_of(scope, people.clinic.id, NOW, ZONE, asked="juna 3").lines[0].name == "Juna 3 Underhill"


def test_a_request_is_answered_on_its_page(people: Cast) -> None:
    row = EvaluationRequest.objects.get(family_name="Pettigrass")
    odette, path = Visitor().become("odette"), f"/desk/requests/{row.id}/"
    odette.get("/desk/requests/")
    assert "Juno Pettigrass" in odette.page
    assert "Ottoline" not in odette.page  # asked the other practice
    odette.get(path)
    assert "High blood pressure, treated" in odette.page
    assert Event.objects.filter(verb="opened.request", by_person=people["odette"]).count() == 1
    sent = form_in(odette.page, f"{path}contact/")
    assert odette.post(f"{path}contact/", {**sent, "words": ""}).status_code == 422
    assert "Say what was done" in odette.page
    odette.post(f"{path}contact/", {**sent, "words": "Calls back on Friday."}, follow=True)
    assert "Calls back on Friday." in odette.page
    sent = form_in(odette.page, f"{path}close/")
    odette.post(f"{path}close/", {**sent, "reason": "Found care nearer home."}, follow=True)
    assert "Take it up again" in odette.page
    odette.get("/desk/requests/", {"state": "closed"})
    assert "Juno Pettigrass" in odette.page


def test_the_page_asks_whether_a_likely_match_is_the_same_person(people: Cast) -> None:
    row = EvaluationRequest.objects.get(family_name="Ibarra")
    odette, path = Visitor().become("odette"), f"/desk/requests/{row.id}/"
    odette.get(path)
    assert "Someone here may be the same person" in odette.page
    sent = form_in(odette.page, f"{path}open/") | {"protocol": "blended_iv"}
    assert odette.post(f"{path}open/", sent).status_code == 422
    assert "Nobody is merged" in odette.page
    other = str(people.file("pell").id)
    assert odette.post(f"{path}open/", {**sent, "whose": other}).status_code == 422  # not one of the choices
    ana = PatientFile.objects.get(patient=people["ana_a"], organisation=people.clinic)
    odette.post(f"{path}open/", {**sent, "whose": str(ana.id)}, follow=True)
    assert "They are a patient now" in odette.page
    assert f"/patients/{ana.id}/" in odette.page or str(ana.id) in odette.page
    row.refresh_from_db()
    assert (row.state, row.patient) == ("opened", people["ana_a"])


def test_requests_are_not_there_for_who_gives_doses_only_or_works_elsewhere(people: Cast) -> None:
    row = EvaluationRequest.objects.get(family_name="Pettigrass")
    for key in ("jonah", "priya", "mira"):
        answer = Visitor().become(key).get(f"/desk/requests/{row.id}/")
        assert answer.status_code == 404, key
    assert Visitor().become("jonah").get("/desk/requests/").status_code == 404
    mira = Visitor().become("mira")
    mira.get("/desk/requests/")
    assert "Ottoline Brackenbury" in mira.page
    assert "Pettigrass" not in mira.page
