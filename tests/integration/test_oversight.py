"""What a director looks over: who may, what stands on each list, what settling keeps, a month told twice."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, transaction

from openkap.commands import month as command
from openkap.permits import Kind, Role
from openkap.reads.oversight.lists import Asked, Section
from openkap.reads.oversight.month import month_shown
from openkap.reads.oversight.page import LISTS, may_read, may_see, one_section, sections
from openkap.reads.oversight.period import THIS, period_of
from openkap.records.models import AdverseEvent, Event, OversightLook, Person, Task
from openkap.records.standing import scope_now
from openkap.steps.adverse import change_event, note_event
from openkap.steps.correction_wish import ask_for_correction
from openkap.steps.demonstration import acting_for
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.misuse import note_misuse, settle_misuse
from openkap.steps.open import open_record
from openkap.steps.oversight import settle_row, settle_rows
from openkap.steps.people import give_role
from openkap.steps.tasks import finish_task
from tests.at_step import Stage, at_step
from tests.harm import sick
from tests.people import LONG_AGO, SYSTEM, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Stage:
    return at_step(cast(), "gone_home")


def asked(stage: Stage, who: str = "osric", **later: float) -> Asked:
    at, zone = stage.at + timedelta(**later), ZoneInfo(stage.people.clinic.zone)
    scope = scope_now(stage.people.by(who), at)
    return Asked(scope, stage.people.clinic, period_of(THIS, at, zone), at, zone)


def listed(stage: Stage, key: str, **later: float) -> Section:
    return one_section(asked(stage, **later), key)


def noted(stage: Stage, **but: object) -> AdverseEvent:
    said = sick(**{"at": stage.dose.started_at} | but)
    return note_event(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, said=said)


def settled(stage: Stage, key: str, subject: object, act: str = "nothing", **more: object) -> OversightLook:
    given = {"by": stage.people.by("osric"), "at": stage.at, "organisation": stage.people.clinic}
    given |= {"what": key, "subject": subject, "act": act, "words": "Read; the team talked about it."}
    return settle_row(**given | more)  # type: ignore[arg-type]


def test_only_a_director_sees_what_is_clinical_and_an_administrator_what_is_not(home: Stage) -> None:
    place = home.people.clinic.id
    scopes = {who: asked(home, who).scope for who in ("osric", "priya", "tamsin", "jonah", "odette")}
    assert {who for who, scope in scopes.items() if may_see(scope, place)} == {"osric", "priya"}
    assert {key for key in LISTS if may_read(scopes["osric"], place, key)} == set(LISTS)
    assert {key for key in LISTS if may_read(scopes["priya"], place, key)} == {"standing", "site", "access"}
    assert not may_see(scopes["osric"], uuid4())
    assert {
        part.key
        for part in month_shown(scopes["priya"], home.people.clinic, 2027, 3, home.at, asked(home).zone).parts
    } == {"staff", "access"}


def test_a_privacy_officer_who_is_nothing_else_sees_and_settles_unusual_access_alone(home: Stage) -> None:
    people, place = home.people, home.people.clinic
    ilke = Person.objects.create(given_name="Ilke", family_name="Moor")
    give_role(by=SYSTEM, at=LONG_AGO, organisation=place, person=ilke, role=Role.PRIVACY_OFFICER)
    officer = acting_for(ilke, place)
    scope = scope_now(officer, home.at)
    assert {key for key in LISTS if may_read(scope, place.id, key)} == {"access", "standing", "site"}
    look = Event.objects.filter(organisation=place, patient=people["wren"]).order_by("seq")[0]
    owed = settled(home, "access", look.id, "to_do", by=officer, words="Ask the nurse about it").task
    assert owed is not None and owed.owner == ilke
    finish_task(by=officer, at=home.at, task=owed, outcome="A phone call; it was theirs to make")
    with pytest.raises(NotPermitted):
        settled(home, "events", noted(home).id, by=officer)


def test_serious_events_come_first_and_a_sign_that_was_decided_on_leaves(home: Stage) -> None:
    mild, grave = noted(home), noted(home, term="E-SEIZURE", grade=3, serious=("hospital",))
    found = listed(home, "events")
    assert [line.id for line in found.lines] == [grave.id, mild.id] and found.level == "stop"
    assert found.lines[0].number == home.people.file("wren").number
    sign = note_misuse(by=home.people.by("jonah"), at=home.at, course=home.course, sign="craving")
    assert [line.id for line in listed(home, "signs").lines] == [sign.id]
    settle_misuse(by=home.people.by("tamsin"), at=home.at, sign=sign, decided="Talked about it; go on.")
    assert not listed(home, "signs").lines
    assert listed(home, "second").facts and not listed(home, "second").lines


def test_what_is_settled_stands_out_no_more_and_a_task_is_made_of_what_is_to_be_done(home: Stage) -> None:
    event = noted(home, term="E-SEIZURE", grade=3, serious=("hospital",))
    assert settled(home, "events", event.id).task is None
    line = listed(home, "events").lines[0]
    assert line.look is not None and line.look.act == "nothing" and listed(home, "events").level == ""
    again = settled(home, "events", event.id, "to_do", words="Ask the hospital for its letter")
    assert again.task is not None and again.task.owner == home.people["osric"] and again.task.patient is None
    assert (
        "hospital" in again.task.text
        and Task.objects.get(pk=again.task_id).organisation == home.people.clinic
    )
    newest = listed(home, "events").lines[0].look
    assert newest is not None and newest.act == "to_do" and OversightLook.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        OversightLook.objects.filter(pk=again.pk).update(words="Nothing")


def test_overdue_work_tells_neither_what_a_patient_wrote_nor_who_asks_to_be_evaluated(home: Stage) -> None:
    wren = home.people.patient("wren")
    ask_for_correction(by=wren, at=home.at, course=home.course, words="I never took lithium")
    Task.objects.create(
        organisation=home.people.clinic, what=f"request_{uuid4().hex}", text="Ada Quill asked to be seen.",
        due_at=home.at, made_at=home.at, role="front_desk",
    )  # fmt: skip
    said = " ".join(line.words for line in listed(home, "tasks", days=30).lines)
    assert "put something right" in said and "a request for an evaluation" in said
    assert not [word for word in ("lithium", "quill", "wren") if word in said]


def test_settling_is_refused_to_others_without_words_and_for_what_is_not_there(home: Stage) -> None:
    event = noted(home)
    for who in ("priya", "tamsin"):
        with pytest.raises(NotPermitted):
            settled(home, "events", event.id, by=home.people.by(who))
    for more, field in (({"words": " "}, "words"), ({"act": ""}, "act"), ({"words": "x" * 301}, "words")):
        with pytest.raises(Refused) as refusal:
            settled(home, "events", event.id, **{"act": "nothing", **more})
        assert refusal.value.field == field
    for key, subject in (("events", uuid4()), ("signs", event.id), ("nothing", event.id)):
        with pytest.raises(Refused, match="not there any more"):
            settled(home, key, subject)
    assert not OversightLook.objects.exists()


def test_several_rows_are_settled_with_one_reason_all_or_none_and_what_harmed_someone_is_not(
    home: Stage,
) -> None:
    made = {"organisation": home.people.clinic, "made_at": home.at, "due_at": home.at, "role": "prescriber"}
    late = [Task.objects.create(what=f"send_{n}", text="Send the letter", **made).pk for n in range(2)]
    given: dict[str, Any] = {"by": home.people.by("osric"), "at": home.at, "organisation": home.people.clinic}
    said = {"what": "tasks", "words": "Both are on paper."}
    for wrong in ({"subjects": []}, {"subjects": [*late, uuid4()]}, {"subjects": late, "words": " "}):
        with pytest.raises(Refused):
            settle_rows(**given | said | wrong)
    with pytest.raises(Refused, match="one by one"):
        settle_rows(**given | said | {"what": "events", "subjects": [noted(home).id]})
    assert not OversightLook.objects.exists()
    settle_rows(**given | said | {"subjects": [*late, late[0]]})
    assert {(row.subject, row.act, row.task) for row in OversightLook.objects.all()} == {
        (one, "nothing", None) for one in late
    }
    with pytest.raises(NotPermitted):
        settle_rows(**given | said | {"subjects": late, "by": home.people.by("tamsin")})


def test_a_look_with_a_reason_does_not_stand_out_and_one_without_does(home: Stage) -> None:
    file = home.people.file("wren")
    assert not listed(home, "access").lines
    for who in ("jonah", "priya"):  # a nurse who watched this dose, and somebody who was never near it
        at = home.at + timedelta(days=14)
        open_record(by=home.people.by(who), at=at, about=file, page="looked", kind=Kind.IDENTITY)
    (line,) = listed(home, "access", days=14, hours=1).lines
    assert line.who == home.people.by("priya").name and "90 days" in line.says
    night = home.at + timedelta(days=14, hours=15)
    open_record(by=home.people.by("jonah"), at=night, about=file, page="chart", kind=Kind.IDENTITY)
    assert "not on call" in listed(home, "access", days=15).lines[0].says
    assert settled(home, "access", line.id).subject == line.id
    assert {one.look is None for one in listed(home, "access", days=15).lines} == {True, False}


def test_a_month_says_the_same_after_a_later_correction(home: Stage) -> None:
    event = noted(home)
    before = month_of(home)
    by, at = home.people.by("jonah"), home.at + timedelta(days=38)
    said = sick(at=home.dose.started_at, grade=2)
    change_event(by=by, at=at, event=event, said=said, reason="Read again")
    assert AdverseEvent.objects.current().get().grade == 2
    after = month_of(home)
    assert after == before and after["whole"] is True
    parts = {part["part"]: part for part in after["parts"]}
    assert parts["doses"]["rows"] == [["into a vein", "With your own therapist", "1", "1"]]
    assert parts["adverse"]["rows"][0][1] == "1" and parts["incidents"]["rows"] == []


def month_of(stage: Stage) -> dict[str, Any]:
    """The month of this stage, told forty days later."""
    held = asked(stage, days=40)
    day = stage.at.astimezone(held.zone)
    return month_shown(held.scope, held.place, day.year, day.month, held.at, held.zone).as_json()


def test_every_list_is_read_in_a_bounded_number_of_queries(
    home: Stage, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for n in range(6):
        noted(home, at=home.dose.started_at + timedelta(minutes=n))
    task = {"organisation": home.people.clinic, "patient": home.people["wren"], "course": home.course}
    for n in range(12):
        raised = {"made_at": home.at, "due_at": home.at, "level": "L2", "role": "prescriber"}
        Task.objects.create(**task, **raised, what=f"alert_{n}", text="Wren Alderbrook needs a look")
    held = asked(home)
    with django_assert_max_num_queries(48):
        found = sections(held)
    assert {section.key for section in found} == set(LISTS)
    (alerts,) = (section for section in found if section.key == "alerts")
    assert len(alerts.lines) == 12 and all("Wren" not in line.says for line in alerts.lines)


def test_a_month_is_printed_by_command_for_whoever_may_read_it(
    home: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--organisation", home.people.clinic.name]
    with time_machine.travel(home.at + timedelta(days=40), tick=False):
        assert command.run([f"{home.at:%Y-%m}", *place, "--by", home.people["osric"].email]) == 0
        assert json.loads(capsys.readouterr().out)["parts"] == month_of(home)["parts"]
        assert command.run([f"{home.at:%Y-%m}", *place, "--csv", "--by", home.people["osric"].email]) == 0
        assert ",doses,1,Doses,1\n" in capsys.readouterr().out
        assert command.run([f"{home.at:%Y-%m}", *place, "--by", home.people["jonah"].email]) == 2
        assert command.run(["2027-13", *place, "--by", home.people["osric"].email]) == 2
        assert "role here does not include oversight" in capsys.readouterr().err
