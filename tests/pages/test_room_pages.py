"""The room's other pages: what they say, what a refusal keeps, who finds them, how few questions they ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.medicine.course.next_day import questions
from openkap.reads.instructions import last_taken_home
from openkap.records.models import Escort, NextDayCall, Person, Reading, RoomEvent, Session, SessionPart, Task
from openkap.records.standing import scope_now
from openkap.steps.correct import withdraw
from openkap.steps.room import authored_in
from tests.at_step import Stage, at_step, reading
from tests.integration.floor_visits import QUIET, body, page_of, sent, stage_at, visitor
from tests.people import cast

pytestmark = pytest.mark.django_db


def call_of(stage: Stage) -> str:
    return f"/care/sessions/{stage.dose.id}/call/"


def test_the_room_says_who_watches_over_and_that_it_is_no_alarm(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    shown = body(visitor(stage.people, "jonah", stage.at), page_of(stage))
    assert "You watch over" in shown and "Jonah Bellwether" in shown
    assert "This screen does not replace the monitor’s alarms." in shown
    assert "Since start" in shown and "Since last set" in shown
    assert "Watching over" in body(visitor(stage.people, "osric", stage.at), page_of(stage))


def test_the_next_person_takes_over_and_every_screen_says_so(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    reading(stage, sbp=168, dbp=92)
    next_one = visitor(stage.people, "osric", stage.at)
    told = body(next_one, page_of(stage, "over/"))
    assert "I take over" in told and "168" in told
    assert next_one.post(page_of(stage, "over/"), sent(words="Pressure up once")).status_code == 302
    part = body(visitor(stage.people, "jonah", stage.at), page_of(stage, "part/?was=live"), **QUIET)
    assert 'hx-swap-oob="true"' in part and "Osric" in part
    assert SessionPart.objects.get(session=stage.dose, out_at=None).person == stage.people["osric"]
    again = next_one.post(page_of(stage, "over/"), sent())
    assert again.status_code == 422 and "You already watch over" in again.content.decode()


def test_stopping_early_keeps_what_was_typed_until_it_has_a_reason(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    form = {f"stop-{name}": value for name, value in sent(mg="21.5").items()}
    refused = nurse.post(page_of(stage, "stop/"), form)
    assert refused.status_code == 422
    assert 'value="21.5"' in refused.content.decode() and "Say why it is stopped" in refused.content.decode()
    assert nurse.post(page_of(stage, "stop/"), {**form, "stop-words": "Wren asked"}).status_code == 302
    assert stage.fresh().dose.state == "recovering"
    assert "Stopped early: Wren asked" in body(nurse, page_of(stage))


def test_help_says_whom_to_call_and_what_to_say(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    nurse.post(page_of(stage, "medicine/"), medicine(name="Lorazepam", dose="1 mg by mouth", sedative="yes"))
    shown = body(nurse, page_of(stage, "help/"))
    for words in ("911", "Larkmoor", "41 years old", "about 35 mg", "pressure 124/78", "Lorazepam, 1 mg"):
        assert words in shown, words
    assert "Tamsin" in shown and "calls nobody by itself" in shown


def test_asking_for_help_is_on_the_board_until_it_came(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    assert "Help was asked for" not in body(nurse, page_of(stage))
    nurse.post(page_of(stage, "mark/"), sent(what="help"))
    assert "Help was asked for" in body(nurse, page_of(stage))
    assert "Alder needs eyes" in body(nurse, "/rooms/")
    nurse.post(page_of(stage, "mark/"), sent(what="help_here"))
    assert "Help was asked for" not in body(nurse, page_of(stage))


def test_handing_to_emergency_care_ends_the_session(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    refused = nurse.post(page_of(stage, "help/"), sent(called="Ambulance 12", mg="30"))
    assert refused.status_code == 422 and 'value="Ambulance 12"' in refused.content.decode()
    done = sent(called="Ambulance 12", words="Chest pain at minute 40", mg="30")
    assert nurse.post(page_of(stage, "help/"), done).status_code == 302
    assert stage.fresh().dose.state == "stopped"
    assert "Adverse event: Chest pain at minute 40" in body(nurse, page_of(stage))
    assert Task.objects.get(what="emergency_review").due_at == stage.at


def medicine(**fields: str) -> dict[str, str]:
    return {f"medicine-{name}": value for name, value in sent(**fields).items()}


def test_a_medicine_is_written_down_in_the_room(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    refused = nurse.post(page_of(stage, "medicine/"), medicine(name="Ondansetron", dose="4 mg by vein"))
    assert refused.status_code == 422 and 'value="Ondansetron"' in refused.content.decode()
    form = medicine(name="Ondansetron", dose="4 mg by vein", sedative="no")
    for _again in range(2):
        assert nurse.post(page_of(stage, "medicine/"), form).status_code == 302
    assert RoomEvent.objects.filter(what="medicine").count() == 1
    assert "Medicine given: Ondansetron, 4 mg by vein" in body(nurse, page_of(stage))


def test_a_timer_stands_on_every_screen_until_it_is_ended(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    form = {f"timer-{name}": value for name, value in sent(name="Look at the drip", minutes="10").items()}
    assert nurse.post(page_of(stage, "timer/"), form).status_code == 302
    assert "Look at the drip" in body(visitor(stage.people, "tamsin", stage.at), page_of(stage))
    timer = RoomEvent.objects.get(what="timer")
    for _again in range(2):  # a second tap is no stranger's
        assert nurse.post(f"/rooms/timers/{timer.id}/end/", sent()).status_code == 302
    assert "Look at the drip" not in body(nurse, page_of(stage))
    assert nurse.post(f"/rooms/timers/{stage.dose.id}/end/", sent()).status_code == 404


def test_the_table_stands_beside_the_picture(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    reading(stage, sbp=131, dbp=81, hr=77)
    nurse = visitor(stage.people, "jonah", stage.at)
    shown = body(nurse, page_of(stage, "?view=table"))
    assert 'class="live show-table"' in shown and "131/81" in shown
    row = Reading.objects.get(hr=77)
    assert f"/care/correct/reading/{row.id}/" in shown
    assert "show-table" not in body(nurse, page_of(stage))


def test_a_set_that_waited_on_the_tablet_keeps_its_own_time(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    set_of = {"submission_id": sent()["submission"], "hr": "91", "waited_seconds": "240"}
    for _again in range(2):
        assert nurse.post(page_of(stage, "set/"), set_of).status_code == 302
    kept = Reading.objects.get(hr=91)
    assert (kept.at, kept.recorded_at) == (stage.at - timedelta(minutes=4), stage.at)


def test_going_home_begins_with_whoever_was_named(at_now: time_machine.Traveller) -> None:
    stage = stage_at("recovering", at_now)
    by = stage.people.by("odette")
    Escort.objects.create(**authored_in(by, stage.dose, stage.at), session=stage.dose, name="Sol Alderbrook")
    nurse = visitor(stage.people, "jonah", stage.at)
    shown = body(nurse, page_of(stage, "home/"))
    assert 'value="Sol Alderbrook"' in shown and "No driving and no machines for 24 hours" in shown
    paper = body(nurse, page_of(stage, "paper/"))
    assert "Going home after ketamine" in paper and "V15" in paper


def test_a_refused_going_home_says_each_reason_at_its_own_item(at_now: time_machine.Traveller) -> None:
    stage = stage_at("recovering", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    said = nurse.post(page_of(stage, "home/"), sent(aldrete="10", escort_name="Sol"))
    shown = said.content.decode()
    assert said.status_code == 422 and 'value="10"' in shown and 'value="Sol"' in shown
    assert '<a href="#item-gait_steady">' in shown and '<a href="#id_identified">' in shown
    assert "#item-aldrete" not in shown and "Nothing was signed yet" in shown
    row = shown.split('<li id="item-gait_steady"')[1].split("</li>")[0]
    assert 'class="error"' in row
    assert nurse.post(page_of(stage, "home/")).status_code == 422  # a script that sends nothing at all


def test_a_patient_reads_what_they_took_home() -> None:
    stage = at_step(cast(), "gone_home")
    me = scope_now(stage.people.patient("wren"), stage.at)
    taken = last_taken_home(me, stage.people["wren"].id)
    assert taken is not None and taken.text.id == "going_home.racemic" and taken.practice == "Larkmoor Clinic"
    assert last_taken_home(me, stage.people["noor"].id) is None


def answers(**changed: str) -> dict[str, str]:
    said = {asked.key: "yes" if asked.key == "N-SLEPT" else "no" for asked in questions()}
    return {**said, "s_1": "no", "s_2": "no", "s_6": "no", "reached": "yes", **changed}


def test_the_call_on_the_day_after(at_now: time_machine.Traveller) -> None:
    stage = stage_at("gone_home", at_now)
    at_now.move_to(stage.later(hours=23))
    nurse = visitor(stage.people, "jonah", stage.at)
    assert "Have you wished you were dead" in body(nurse, call_of(stage))
    gap = nurse.post(call_of(stage), sent(**{**answers(), "N-MIND": ""}, words="Fine so far"))
    assert gap.status_code == 422
    assert "Not asked yet" in gap.content.decode() and "Fine so far" in gap.content.decode()
    assert nurse.post(call_of(stage), sent(reached="no")).status_code == 302
    assert nurse.post(call_of(stage), sent(**answers(), words="Slept well")).status_code == 302
    assert list(NextDayCall.objects.order_by("recorded_at").values_list("reached", flat=True)) == [
        False,
        True,
    ]
    shown = body(nurse, call_of(stage))
    assert "Slept well" in shown and "Not reached" in shown


def test_whoever_is_not_of_the_room_finds_none_of_it(at_now: time_machine.Traveller) -> None:
    stage = stage_at("watched", at_now)
    for key in ("mira", "odette", "priya"):
        client = visitor(stage.people, key, stage.at)
        for tail in ("more/", "help/", "over/", "paper/"):
            assert client.get(page_of(stage, tail)).status_code == 404, (key, tail)
        assert client.get(call_of(stage)).status_code == 404
        assert client.post(page_of(stage, "stop/"), sent()).status_code == 404


@pytest.mark.parametrize(
    ("tail", "most"),
    [("", 30), ("more/", 26), ("help/", 26), ("over/", 26), ("end/", 26), ("paper/", 22)],
)
def test_pages_of_the_room_ask_few_questions(at_now: time_machine.Traveller, tail: str, most: int) -> None:
    stage = stage_at("watched", at_now)
    nurse = visitor(stage.people, "jonah", stage.at)
    body(nurse, page_of(stage, tail))
    with CaptureQueriesContext(connection) as asked:
        body(nurse, page_of(stage, tail))
    assert len(asked) <= most


def test_long_names_break_and_an_empty_room_says_so(at_now: time_machine.Traveller) -> None:
    stage = stage_at("under_way", at_now)
    Person.objects.filter(pk=stage.people["wren"].pk).update(family_name="Alderbrook-" * 8)
    first = Reading.objects.get(session=stage.dose)
    withdraw(by=stage.people.by("jonah"), at=stage.at, row=first, reason="Another patient")
    shown = body(visitor(stage.people, "jonah", stage.at), page_of(stage))
    assert "Alderbrook-Alderbrook" in shown and "No vitals yet" in shown and "none yet" in shown
    assert Session.objects.get(pk=stage.dose.pk).state == "under_way"


def test_a_clock_that_went_back_leaves_the_page_of_going_home_open(at_now: time_machine.Traveller) -> None:
    stage = stage_at("measured_after", at_now)
    back = stage.dose.started_at
    assert back is not None
    at_now.move_to(back + timedelta(minutes=1))
    nurse = visitor(stage.people, "jonah", back + timedelta(minutes=1))
    assert body(nurse, page_of(stage, "home/"))
