"""The pages of the calendar: booking in one form, answering, narrowing, and a bounded number of queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openkap.reads.my_sessions import visits_of
from openkap.records.ids import new_id
from openkap.records.models import Proposal, Session
from openkap.records.standing import scope_now
from openkap.steps.booking import cancel_session, move_session
from tests.at_step import Stage
from tests.integration.door_visitors import Visitor
from tests.integration.test_booking import WEDNESDAY, book, on, open_one, sharing
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(people: Cast) -> Stage:
    return sharing(people)


def words(stage: Stage, **more: str) -> dict[str, str]:
    return {
        "submission": str(new_id()),
        "planned_from": WEDNESDAY,
        "minutes": "120",
        "room": str(stage.people.room().id),
        **more,
    }


def test_a_form_looks_for_a_time_writes_nothing_and_then_books_both(shared: Stage) -> None:
    address = reverse("calendar-dose", args=[shared.course.id])
    with time_machine.travel(shared.at, tick=False):
        odette = Visitor().become("odette")
        odette.get(address)
        assert f"With {shared.people['mira'].name}" in odette.page
        said = words(shared)
        assert odette.post(address, {**said, "look": "1"}).status_code == 200
        assert "The nearest time that fits" in odette.page
        assert not Session.objects.exists()
        assert re.search(r'name="hold_from" value="2027-03-19T1', odette.page)
        answer = odette.post(address, {**said, "book": "1", "hold_from": "2027-03-19T15:00"})
        dose = Session.objects.get(phase="dosing")
        assert answer.status_code == 302 and answer["Location"].endswith(f"/calendar/sessions/{dose.id}/")
        odette.post(address, {**said, "book": "1", "hold_from": "2027-03-19T15:00"})
        assert Session.objects.count() == 2
        odette.get(reverse("calendar-session", args=[dose.id]))
    assert "Integration 1" in odette.page and "waits for an answer" in odette.page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"planned_from": "2027-03-14T02:30"}, "did not exist that night"),
        ({"planned_from": "0027-03-14T12:30"}, "cannot be right"),
        ({"planned_from": "2027-03-01T10:00"}, "This time has passed"),
        ({"minutes": "1200"}, "Did you mean 60?"),
        ({"room": ""}, "A dose needs a room"),
        ({"hold_from": "2027-03-17T20:00"}, "outside the window"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    shared: Stage, typed: dict[str, str], says: str
) -> None:
    address = reverse("calendar-dose", args=[shared.course.id])
    with time_machine.travel(shared.at, tick=False):
        odette = Visitor().become("odette")
        answer = odette.post(address, {**words(shared), "words": "My own words", **typed})
    assert answer.status_code == 422
    assert says in odette.page and "My own words" in odette.page
    assert not Session.objects.exists()


def test_the_therapist_answers_on_a_page_and_the_clinic_reads_it(shared: Stage) -> None:
    held = book(shared, on(WEDNESDAY)).held
    proposal = open_one(shared)
    address = reverse("calendar-proposal", args=[proposal.id])
    with time_machine.travel(shared.at, tick=False):
        mira, odette = Visitor().become("mira"), Visitor().become("odette")
        mira.get(reverse("practice-today"))
        assert "Say yes to the integration session" in mira.page
        mira.get(reverse("calendar-proposals"))
        assert "Hold Integration 1" in mira.page
        odette.get(reverse("calendar-proposals"))
        assert "You wait for" in odette.page and "Hold Integration 1" in odette.page
        odette.get(address)
        assert "answers this" in odette.page
        said = {"submission": str(new_id()), "version": "1"}
        assert mira.post(address, {**said, "answer": "decline"}).status_code == 422
        assert "Say in a few words why not" in mira.page
        late = {**said, "answer": "other_time", "planned_from": "2027-03-25T10:00"}
        assert mira.post(address, late).status_code == 422
        assert "outside the window" in mira.page and "2027-03-25T10:00" in mira.page
        assert mira.post(address, {**said, "answer": "accept"}).status_code == 302
        again = {"submission": str(new_id()), "version": "1", "answer": "accept"}
        assert mira.post(address, again).status_code == 422
        assert "already answered this" in mira.page
        odette.get(reverse("calendar-proposals"))
    assert f"Accepted, {shared.people['mira'].name}" in odette.page
    held.refresh_from_db()
    assert held.state == "planned"


def test_both_clocks_are_told_where_they_differ(shared: Stage) -> None:
    shared.people.therapy.zone = "Europe/Berlin"
    shared.people.therapy.save()
    book(shared, on(WEDNESDAY))
    with time_machine.travel(shared.at, tick=False):
        mira, odette = Visitor().become("mira"), Visitor().become("odette")
        for visitor in (mira, odette):
            visitor.get(reverse("calendar-proposals"))
            assert "EDT" in visitor.page and "CET" in visitor.page
        odette.get(reverse("calendar-dose", args=[shared.course.id]))
    assert "Quiet Harbor Therapy has Berlin time" in odette.page


def test_a_session_is_moved_cancelled_and_missed_from_its_page(shared: Stage) -> None:
    dose = book(shared, on(WEDNESDAY)).dose
    with time_machine.travel(shared.at, tick=False):
        odette = Visitor().become("odette")
        move = reverse("calendar-move", args=[dose.id])
        said = {
            "submission": str(new_id()),
            "version": "1",
            "minutes": "120",
            "room": str(dose.room_id),
            "planned_from": "2027-03-14T02:30",
            "words": "Flu at home",
        }
        assert odette.post(move, said).status_code == 422
        assert "did not exist that night" in odette.page and "Flu at home" in odette.page
        assert odette.post(move, {**said, "planned_from": "2027-03-22T10:00"}).status_code == 302
        stale = {**said, "planned_from": "2027-03-23T10:00", "submission": str(new_id())}
        assert odette.post(move, stale).status_code == 422
        assert "Someone changed this session" in odette.page
        odette.get(reverse("calendar-session", args=[dose.id]))
        assert "Moved from Wed March 17, 10:00 am to Mon March 22, 10:00 am." in odette.page
        cancel = reverse("calendar-cancel", args=[dose.id])
        assert odette.post(cancel, {"submission": str(new_id()), "words": ""}).status_code == 422
        assert odette.post(cancel, {"submission": str(new_id()), "words": "Not now"}).status_code == 302
    dose.refresh_from_db()
    assert dose.state == "cancelled"


def test_the_therapist_reads_the_dose_and_finds_no_forms(shared: Stage) -> None:
    dose = book(shared, on(WEDNESDAY)).dose
    with time_machine.travel(shared.at, tick=False):
        mira = Visitor().become("mira")
        assert mira.get(reverse("calendar-session", args=[dose.id])).status_code == 200
        assert "Move it" not in mira.page and "Cancel" not in mira.page
        theo = Visitor().become("theo")
        assert theo.get(reverse("calendar-session", args=[dose.id])).status_code in (200, 404)


def test_the_week_is_narrowed_printed_and_empty(shared: Stage) -> None:
    book(shared, on(WEDNESDAY), lead=shared.people["jonah"])
    with time_machine.travel(shared.at, tick=False):
        odette = Visitor().become("odette")
        week = reverse("calendar") + "?day=2027-03-15"
        odette.get(week)
        assert "Wednesday, March 17" in odette.page and "Wren Alderbrook" in odette.page
        assert "Integration 1 on Fri March 19" in odette.page
        odette.get(f"{week}&room={shared.people.room('Birch').id}")
        assert "Nothing is booked in these seven days" in odette.page
        odette.get(f"{week}&who={shared.people['jonah'].id}&print=1")
        assert "Wren Alderbrook" in odette.page and "<form" not in odette.page
        odette.get(reverse("calendar") + "?day=9999-12-31")
        assert odette.page
        assert odette.get(reverse("calendar") + "?day=yesterday").status_code == 422


def test_the_number_of_queries_does_not_grow(shared: Stage) -> None:
    with time_machine.travel(shared.at, tick=False):
        odette = Visitor().become("odette")
        dose = book(shared, on("2027-03-15T09:00")).dose
        pages = [
            reverse("calendar") + "?day=2027-03-15",
            reverse("calendar-proposals"),
            reverse("calendar-session", args=[dose.id]),
        ]
        few = [count(odette, page) for page in pages]
        for day in ("2027-03-18T09:00", "2027-03-21T09:00"):
            book(shared, on(day))
        many = [count(odette, page) for page in pages]
    assert [b - a for a, b in zip(few, many, strict=True)] == [0, 0, 0]
    assert max(many) < 60


def count(visitor: Visitor, address: str) -> int:
    visitor.get(address)
    with CaptureQueriesContext(connection) as found:
        visitor.get(address)
    return len(found)


def test_the_patient_reads_their_sessions_and_what_became_of_them(shared: Stage) -> None:
    both = book(shared, on(WEDNESDAY))
    by = shared.people.by("odette")
    move_session(
        by=by, at=shared.at, session=both.dose, planned_from=on("2027-03-18T10:00"), words="The room is taken"
    )
    wren = scope_now(shared.people.patient("wren"), shared.at)
    with CaptureQueriesContext(connection) as found:
        rows = visits_of(wren, shared.course, shared.at)
    assert len(found) == 2
    dose, session = rows
    assert (dose.words, dose.was_at) == ("The room is taken", on(WEDNESDAY))
    assert session.practice == "Quiet Harbor Therapy"
    cancel_session(by=by, at=shared.at + timedelta(hours=1), session=both.dose, words="A cold")
    assert Proposal.objects.filter(state="open").get().what == "cancel"
    other = scope_now(shared.people.patient("noor"), shared.at)
    assert visits_of(other, shared.course, shared.at) == ()
