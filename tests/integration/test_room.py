"""The pages of the dosing rooms: who sees them, what they ask of the database, what a refusal keeps."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openkap.door.who import DEVICE_COOKIE
from openkap.reads.room import live, open_checks
from openkap.records.ids import new_id
from openkap.records.models import Device, Discharge, Event, Person, Reading, Session
from openkap.records.standing import scope_now
from openkap.steps.dose import pause_dose, resume_dose
from tests.at_step import Stage, arrived, at_step, reading, under_way
from tests.integration.floor_visits import QUIET, body, page_of, sent, stage_at, visitor
from tests.people import cast

pytestmark = pytest.mark.django_db


def test_the_gate_names_what_is_open_and_lets_start_when_nothing_is(at_now: time_machine.Traveller) -> None:
    stage = stage_at("confirmed", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    shown = body(nurse, page_of(stage))
    assert "The first vitals are missing: pressure, heart, oxygen." in shown
    assert "disabled" in shown
    assert "10 questions of this morning are open" in shown
    arrived(stage)
    assert 'action="' + page_of(stage, "start/") in body(nurse, page_of(stage))
    answer = nurse.post(page_of(stage, "start/"), sent(version=stage.fresh().dose.version))
    assert answer.status_code == 302
    assert stage.fresh().dose.state == "under_way"


def test_start_from_an_older_page_leads_to_the_room(at_now: time_machine.Traveller) -> None:
    stage = stage_at("arrived", at_now)
    version = stage.dose.version
    first, second = (visitor(stage.people, key, stage.at) for key in ("jonah", "osric"))
    first.post(page_of(stage, "start/"), sent(version=version))
    answer = second.post(page_of(stage, "start/"), sent(version=version), follow=True)
    assert "The dose was started by someone else a moment ago." in answer.content.decode()


def test_a_refused_set_keeps_what_was_typed(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    typed = {"submission_id": sent()["submission"], "sbp": "12", "dbp": "80", "hr": "77", "moaas": "4"}
    answer = nurse.post(page_of(stage, "set/"), typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean 120" in shown
    assert 'value="77"' in shown and typed["submission_id"] in shown
    typed["sbp"] = "120"
    for _again in range(2):
        assert nurse.post(page_of(stage, "set/"), typed).status_code == 302
    assert Reading.objects.filter(session=stage.dose, hr=77).count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0202-03-09T10:00", "Did you mean 2002"),
        ("2027-03-14T02:30", "did not exist that night"),
        ("2027-03-10T10:00", "still to come"),
        ("tomorrow", "is not a date and time"),
    ],
)
def test_odd_times_are_said(at_now: time_machine.Traveller, text: str, words: str) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    answer = nurse.post(page_of(stage, "vitals/"), sent(hr="70", taken_at=text))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_fahrenheit_is_kept_as_celsius(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    assert nurse.post(page_of(stage, "vitals/"), sent(temp_c="98.6", temp_unit="F")).status_code == 302
    assert Reading.objects.get(session=stage.dose, temp_c__isnull=False).temp_c == Decimal("37.0")


def test_nobody_else_finds_the_room(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    for key in ("mira", "odette", "priya"):
        client = visitor(stage.people, key, stage.at)
        for tail in ("", "part/?was=live", "vitals/", "end/", "home/", "confirm/", "play/"):
            assert client.get(page_of(stage, tail)).status_code == 404, (key, tail)
    assert Client().get(page_of(stage)).status_code == 302


def test_a_refresh_is_no_opening_and_a_first_look_is(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    opened = Event.objects.filter(session=stage.dose.id, outcome="opened")
    body(nurse, page_of(stage))
    body(nurse, page_of(stage, "part/?was=live"), **QUIET)
    assert opened.count() == 1


def test_a_page_that_has_become_another_sends_its_reader_there(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    answer = visitor(stage.people, "jonah", stage.at).get(page_of(stage, "part/?was=gate"), **QUIET)  # type: ignore[arg-type]
    assert answer.headers["HX-Redirect"] == page_of(stage) + "?refresh=1"


def test_the_room_asks_few_questions_however_many_sets(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    body(nurse, page_of(stage))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            body(nurse, page_of(stage, "part/?was=live"), **QUIET)
        return len(asked)

    before = queries()
    for _set in range(20):
        stage.later(seconds=10)
        reading(stage)
    at_now.move_to(stage.at)
    assert queries() == before
    assert before <= 20


def test_numbers_grow_old_and_say_so(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    reading(stage, sbp=148, dbp=90)
    nurse = visitor(stage.people, "jonah", stage.at)
    assert "148" in body(nurse, page_of(stage))
    at_now.move_to(stage.at + timedelta(minutes=14))
    shown = body(nurse, page_of(stage))
    assert "14 min old" in shown
    assert 'class="tile stale"' in shown


def test_a_value_that_cannot_be_is_never_shown_as_one() -> None:
    stage = at_step(cast(), "under_way")
    kept = Reading.objects.filter(session=stage.dose)[0]
    kept.pk, kept.at, kept.spo2 = new_id(), stage.at + timedelta(minutes=1), Decimal(0)
    kept.save(force_insert=True)
    seen = live(scope_now(stage.people.by("jonah"), stage.at), stage.dose, stage.at + timedelta(minutes=2))
    assert (seen.numbers["spo2"].value, seen.numbers["spo2"].odd) == ("98", True)


def test_a_pause_stands_still() -> None:
    stage = at_step(cast(), "under_way")
    by = stage.people.by("jonah")
    pause_dose(by=by, at=stage.later(minutes=10), session=stage.dose)
    resume_dose(by=by, at=stage.later(minutes=20), session=stage.dose)
    seen = live(scope_now(by, stage.at), stage.fresh().dose, stage.later(minutes=10))
    assert seen.clockwork.ran == timedelta(minutes=20)
    assert seen.clockwork.left == timedelta(minutes=20)
    assert seen.clockwork.given == Decimal("17.5")


def test_a_miss_that_was_made_good_is_not_owed_any_more() -> None:
    stage = at_step(cast(), "watched")
    seen = live(scope_now(stage.people.by("jonah"), stage.at), stage.dose, stage.at)
    assert "vitals" not in {check.what for check in open_checks(seen.checks) if check.state == "late"}


def test_alertness_that_was_asked_late_is_not_owed_any_more() -> None:
    stage = at_step(cast(), "under_way")
    at, by = stage.later(minutes=10), stage.people.by("jonah")

    def late() -> set[str]:
        seen = live(scope_now(by, at), stage.fresh().dose, at)
        return {c.what for c in open_checks(seen.checks, seen.answered) if c.state == "late"}

    assert "alertness" in late()
    reading(stage, moaas=5)
    assert "alertness" not in late()


def test_the_room_says_when_one_was_born_and_what_is_known_of_allergies(
    at_now: time_machine.Traveller,
) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    for address in (page_of(stage), page_of(stage, "vitals/"), page_of(stage, "confirm/")):
        shown = body(nurse, address)
        assert "Born May 3, 1985" in shown
        assert "Allergies not asked" in shown or "No known allergies" in shown


def test_the_end_asks_why_where_less_was_given(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    answer = nurse.post(page_of(stage, "end/"), sent(mg="20"))
    assert answer.status_code == 422 and "Say why it ended early" in answer.content.decode()
    assert nurse.post(page_of(stage, "end/"), sent(mg="20", words="Asked to stop")).status_code == 302
    assert stage.fresh().dose.state == "recovering"


def test_going_home_page_keeps_answers_and_lets_go(at_now: time_machine.Traveller) -> None:
    stage = stage_at("recovering", at_now)
    stage.later(minutes=65)
    at_now.move_to(stage.at)
    reading(stage)
    doctor = visitor(stage.people, "tamsin", stage.at)
    answers = dict.fromkeys(("oriented", "gait_steady", "escort_present", "instructions_signed"), "yes")
    answers |= {"aldrete": "10", "padss": "10", "cadss6": "0", "si_today": "no", "nausea": "none"}
    answers |= {"escort_name": "Lou Alderbrook", "identified": "photo_id"}
    looked = doctor.post(page_of(stage, "home/"), sent(look="1", **answers))
    assert looked.status_code == 200 and not Discharge.objects.exists()
    assert 'value="Lou Alderbrook"' in looked.content.decode()
    refused = doctor.post(page_of(stage, "home/"), sent(**answers))
    assert refused.status_code == 422 and "Integration is booked" in refused.content.decode()
    assert (
        doctor.post(page_of(stage, "home/"), sent(words="Mira calls on Monday", **answers)).status_code == 302
    )
    assert stage.fresh().dose.state == "done"
    at_now.move_to(stage.at + timedelta(days=3))
    shown = body(visitor(stage.people, "tamsin", stage.at + timedelta(days=3)), page_of(stage))
    assert "with Lou Alderbrook." in shown
    assert "4320" not in shown, "the strip of a session that is over ends when they went home"


def test_a_recording_plays_on_by_itself(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    form = sent(recording="invented_infusion", speed="20")
    assert nurse.post(page_of(stage, "play/"), form).status_code == 302
    played = Reading.objects.filter(session=stage.dose, played=True)
    for seconds, rows in ((0, 1), (1, 5), (2, 9)):
        at_now.move_to(stage.at + timedelta(seconds=seconds))
        assert nurse.post(page_of(stage, "play/?refresh=1"), form).status_code == 204
        assert played.count() == rows
    assert "Played from a recording" in body(nurse, page_of(stage))


@pytest.mark.parametrize(("stop", "tail", "most"), [("arrived", "", 56), ("recovering", "home/", 37)])
def test_other_pages_ask_few_questions_too(
    at_now: time_machine.Traveller, stop: str, tail: str, most: int
) -> None:
    stage = stage_at(stop, at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    with CaptureQueriesContext(connection) as asked:
        body(nurse, page_of(stage, tail))
    assert len(asked) <= most


def test_a_high_pressure_is_looked_at_again_in_five_minutes(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    stage.later(minutes=8)
    reading(stage, sbp=168)
    at = stage.later(minutes=9)
    seen = live(scope_now(stage.people.by("jonah"), at), stage.fresh().dose, at)
    first = seen.owed[0]
    assert (first.what, first.state, first.minutes_late) == ("vitals", "late", 4)
    reading(stage, sbp=130)
    seen = live(scope_now(stage.people.by("jonah"), at), stage.fresh().dose, at)
    assert seen.again == ()


# --- the board and the walls


def test_the_board_shows_every_room_in_a_bounded_number_of_questions(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    body(nurse, "/rooms/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            body(nurse, "/rooms/part/", **QUIET)
        return len(asked)

    before = queries()
    other = at_step(stage.people, "arrived", key="noor", at=stage.at - timedelta(minutes=70))
    Session.objects.filter(pk=other.dose.pk).update(room=stage.people.room("Birch"))
    other.fresh()
    under_way(other)
    queries()  # tells that someone who came onto the board since is seen
    assert queries() == before
    assert before <= 20
    shown = body(nurse, "/rooms/")
    assert "Alderbrook" in shown and "Castellane" in shown


def test_a_room_not_heard_from_looks_old_and_needs_eyes(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    assert "needs eyes" not in body(nurse, "/rooms/")
    at_now.move_to(stage.at + timedelta(minutes=16))
    shown = visitor(stage.people, "jonah", stage.at + timedelta(minutes=16))
    text = body(shown, "/rooms/")
    assert "Alder needs eyes" in text and "No newer set received" in text and "min old" in text


def test_a_long_name_and_an_empty_board(at_now: time_machine.Traveller) -> None:
    stage = stage_at("planned", at_now)
    Person.objects.filter(pk=stage.people["wren"].pk).update(family_name="Alderbrook-" * 8)
    shown = body(visitor(stage.people, "jonah", stage.at), "/rooms/")
    assert "Alderbrook-Alderbrook" in shown and "Free. Nobody else" in shown


def wall_of(stage: Stage, room: str = "Alder") -> str:
    return f"/rooms/{stage.people.room(room).id}/wall/"


def test_an_enrolled_tablet_shows_its_room_and_only_that(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    office = visitor(stage.people, "priya", stage.at)
    answer = office.post("/rooms/tablets/", sent(room=stage.people.room().id, name="Alder, left of the door"))
    assert answer.status_code == 302 and answer.headers["Location"] == wall_of(stage)
    assert "sessionid" not in office.cookies or not office.cookies["sessionid"].value
    shown = body(office, wall_of(stage))
    assert "124" in shown and "<form" not in shown
    assert office.get(wall_of(stage, "Birch")).status_code == 404
    assert office.get(page_of(stage)).status_code in (302, 404)
    opened = Event.objects.filter(session=stage.dose.id, outcome="opened", by_kind="device")
    assert opened.count() == 1
    device = Device.objects.get()
    back = visitor(stage.people, "priya", stage.at)
    assert back.post(f"/rooms/tablets/{device.id}/revoke/", sent()).status_code == 302
    assert office.cookies[DEVICE_COOKIE].value
    assert office.get(wall_of(stage)).status_code == 404


def test_only_an_administrator_reaches_tablets(at_now: time_machine.Traveller) -> None:
    stage = stage_at("planned", at_now)
    for key, status in (("priya", 200), ("jonah", 404), ("tamsin", 404), ("mira", 200)):
        assert visitor(stage.people, key, stage.at).get("/rooms/tablets/").status_code == status, key
    assert "Alder" not in visitor(stage.people, "mira", stage.at).get("/rooms/tablets/").content.decode()
