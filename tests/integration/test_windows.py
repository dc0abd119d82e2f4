"""Windows and the therapist's pages: half-open hours, what is shared, and what stays after it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from openkap.reads.header import header_of
from openkap.reads.practice import people as people_of
from openkap.reads.practice import today as today_of
from openkap.reads.shared_person import person as person_of
from openkap.reads.window import WindowAt, current, windows_of
from openkap.records.ids import new_id
from openkap.records.models import Disclosure, PatientFile, SessionNote, Task, Window
from openkap.records.standing import scope_now
from openkap.steps.sharing import change_scopes, revoke
from tests.at_step import Stage, at_step
from tests.integration.door_visitors import Visitor
from tests.people import Cast

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def home(people: Cast) -> Stage:
    """The dose is over, a session is held in its window."""
    return at_step(people, "gone_home")


def seen(stage: Stage, at: datetime, who: str = "mira") -> tuple[WindowAt, ...]:
    return windows_of(scope_now(stage.people.by(who), at), at)


def file_of(stage: Stage) -> PatientFile:
    return PatientFile.objects.get(patient=stage.people["wren"], organisation=stage.people.therapy)


def visit(stage: Stage, key: str = "mira") -> Visitor:
    return Visitor().become(key)


def test_everyone_on_the_course_sees_the_same_window(home: Stage) -> None:
    at = home.at
    mine, theirs = seen(home, at), seen(home, at, "tamsin")
    own = windows_of(scope_now(home.people.patient("wren"), at), at)
    assert len(mine) == 1
    assert {w.closes_at for w in (*mine, *theirs, *own)} == {mine[0].closes_at}
    assert {w.session_at for w in (*mine, *theirs, *own)} == {home.integration.planned_from}
    clinic = header_of(scope_now(home.people.by("tamsin"), at), home.course, at, NEW_YORK).countdown
    assert clinic is not None
    assert clinic.session_at == home.integration.planned_from
    assert seen(home, at, "theo") == ()


def test_a_colleagues_note_is_not_owed_by_others(home: Stage) -> None:
    at, practice = home.at, home.people.therapy.id

    def owed(who: str) -> set[str]:
        found = today_of(
            scope_now(home.people.by(who, home.people.therapy.name), at),
            practice,
            at,
            NEW_YORK,
            reader=home.people[who].id,
        )
        return {task.what for task in found.owed}

    assert "integration_note" in owed("mira")
    assert "integration_note" not in owed("theo")


def test_the_phases_meet_at_the_second(home: Stage) -> None:
    row = Window.objects.get()
    second = timedelta(seconds=1)
    for at, phase in (
        (row.opens_at - second, "before"),
        (row.opens_at, "open"),
        (row.closes_at - second, "open"),
        (row.closes_at, "after"),
    ):
        assert seen(home, at)[0].phase == phase


def test_the_bar_begins_where_the_dose_ended(home: Stage) -> None:
    window = seen(home, home.at)[0]
    assert window.opens_at - window.dose_ended_at == timedelta(hours=24)


def test_the_window_that_matters_is_the_next_to_close(home: Stage) -> None:
    window = seen(home, home.at)[0]
    assert current([window]) == window
    assert current([]) is None


def test_across_the_night_the_clocks_change_hours_stay_hours(people: Cast) -> None:
    # A Friday in New York; the clocks go forward on Sunday, March 14, 2027.
    stage = at_step(people, "gone_home", at=datetime(2027, 3, 12, 14, 0, tzinfo=UTC))
    window = seen(stage, stage.at)[0]
    assert window.closes_at - window.dose_ended_at == timedelta(hours=72)
    wall = window.closes_at.astimezone(NEW_YORK), window.dose_ended_at.astimezone(NEW_YORK)
    assert wall[0].replace(tzinfo=None) - wall[1].replace(tzinfo=None) == timedelta(hours=73)


def test_a_note_in_the_window_keeps_it(people: Cast) -> None:
    stage = at_step(people, "integrated")
    assert seen(stage, stage.at)[0].kept
    assert not Task.objects.filter(course=stage.course, organisation=people.therapy, done_at=None).exists()


def test_pages_of_the_practice(home: Stage) -> None:
    with time_machine.travel(home.at, tick=False):
        mira = visit(home)
        for name in ("practice-today", "practice-windows", "practice-people"):
            assert mira.get(reverse(name)).status_code == 200
            assert "Wren Alderbrook" in mira.page
        mira.get(reverse("practice-people") + "?q=alder")
        assert "Wren Alderbrook" in mira.page
        mira.get(reverse("practice-people") + "?q=nobody")
        assert "Nobody found" in mira.page
        mira.get(reverse("practice-person", args=[file_of(home).id]))
    for words in (
        "some tears near the end",
        "Dates and doses",
        "a care goal",
        "PHQ-9",
        "Larkmoor Clinic, until",
        "Allergies are not shared with you",
    ):
        assert words in mira.page, words
    assert set(Disclosure.objects.values_list("what", flat=True)) == {"practice", "summary", "measures"}


def test_only_what_was_granted_is_on_the_page(home: Stage) -> None:
    change_scopes(by=home.people.patient("wren"), at=home.at, grant=home.grant, scopes=("schedule",))
    with time_machine.travel(home.at, tick=False):
        mira = visit(home)
        mira.get(reverse("practice-person", args=[file_of(home).id]))
    assert "some tears" not in mira.page
    assert "No scores to show" in mira.page
    assert set(Disclosure.objects.values_list("what", flat=True)) == {"practice"}


def test_after_revocation_own_notes_stay_and_the_rest_is_gone_at_once(people: Cast) -> None:
    stage = at_step(people, "integrated")
    address = reverse("practice-person", args=[file_of(stage).id])
    with time_machine.travel(stage.at, tick=False):
        mira = visit(stage)
        mira.get(address)
        assert "some tears" in mira.page
        revoke(by=people.patient("wren"), at=stage.at, grant=stage.grant)
        mira.get(address)
    assert "has stopped sharing with you" in mira.page
    assert "The lake, and the far shore." in mira.page
    assert "under the grant of" in mira.page.lower()
    for gone in ("some tears", "PHQ-9", "Dose 1"):
        assert gone not in mira.page


def test_a_note_half_written_when_sharing_stops_keeps_its_words(home: Stage) -> None:
    address = reverse("practice-note", args=[home.integration.id])
    with time_machine.travel(home.integration.planned_to, tick=False):
        mira = visit(home)
        mira.get(address)
        given = {"submission": mira.hidden("submission"), "version": mira.hidden("version")}
        revoke(by=home.people.patient("wren"), at=home.integration.planned_to, grant=home.grant)
        answer = mira.post(
            address, {**given, "focus": "Half a sentence about the lake", "agreed": "", "for_clinic": ""}
        )
    assert answer.status_code == 422
    assert "no longer shares this course with you" in mira.page
    assert "Half a sentence about the lake" in mira.page
    assert not SessionNote.objects.exists()


def test_writing_reading_and_correcting_a_note(home: Stage) -> None:
    address = reverse("practice-note", args=[home.integration.id])
    with time_machine.travel(home.integration.planned_to, tick=False):
        mira = visit(home)
        mira.get(address)
        given = {"submission": mira.hidden("submission"), "version": mira.hidden("version"), "for_clinic": ""}
        assert mira.post(address, {**given, "focus": "", "agreed": "Call him"}).status_code == 422
        assert "Call him" in mira.page
        for _twice in range(2):
            assert mira.post(address, {**given, "focus": "The lake", "agreed": "Call him"}).status_code == 302
        late = {**given, "submission": new_id(), "focus": "A second hand", "agreed": ""}
        assert mira.post(address, late).status_code == 422
        assert "already wrote the note" in mira.page
        assert "A second hand" in mira.page
        mira.get(address)
        assert "The lake" in mira.page
        corrected = {"submission": new_id(), "focus": "The shore", "agreed": "", "reason": "A slip"}
        assert mira.post(address, corrected).status_code == 302
    assert SessionNote.objects.count() == 2
    assert SessionNote.objects.current().get().focus == "The shore"


def test_holding_a_session_and_the_hour_that_does_not_exist(home: Stage) -> None:
    address = reverse("practice-hold", args=[file_of(home).id])
    with time_machine.travel(home.at, tick=False):
        mira = visit(home)
        mira.get(address)
        given = {"submission": mira.hidden("submission"), "minutes": "50"}
        assert mira.post(address, {**given, "planned_from": "2027-03-14T02:30"}).status_code == 422
        assert "did not exist that night" in mira.page
        assert mira.post(address, {**given, "planned_from": "0202-03-11T10:00"}).status_code == 422
        assert mira.post(address, {**given, "planned_from": "2027-03-11T14:00"}).status_code == 302
        revoke(by=home.people.patient("wren"), at=home.at, grant=home.grant)
        answer = mira.post(address, {**given, "submission": new_id(), "planned_from": "2027-03-11T15:00"})
    assert answer.status_code == 422
    assert "no longer shares" in mira.page
    assert "2027-03-11T15:00" in mira.page


@pytest.mark.parametrize("key", ["tamsin", "odette", "theo"])
def test_another_practices_file_and_session_are_not_there(home: Stage, key: str) -> None:
    with time_machine.travel(home.at, tick=False):
        other = visit(home, key)
        file, session = file_of(home), home.integration
        person = other.get(reverse("practice-person", args=[file.id])).status_code
        # Theodora treats at the same practice: the file is hers to open, with nothing shared in it.
        assert person == (200 if key == "theo" else 404)
        if key == "theo":
            assert "some tears" not in other.page
        else:
            assert other.get(reverse("practice-note", args=[session.id])).status_code == 404
            assert other.get(reverse("practice-hold", args=[file.id])).status_code == 404


def test_the_lists_take_a_bounded_number_of_queries(
    home: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scope, practice = scope_now(home.people.by("mira"), home.at), home.people.therapy.id
    with django_assert_max_num_queries(6):
        today_of(scope, practice, home.at, NEW_YORK)
    with django_assert_max_num_queries(4):
        people_of(scope, practice, home.at)
    with django_assert_max_num_queries(16):
        person_of(scope, file_of(home), home.at, NEW_YORK)


def test_no_pages_of_the_therapist_for_a_patient(home: Stage) -> None:
    wren = visit(home, "wren")
    assert wren.get(reverse("practice-today")).status_code == 404
