"""Adverse events and signs of misuse: who writes them, before whom they come, and what rules read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from openkap.medicine.rules import library
from openkap.permits import Role
from openkap.records.facts.gate import day_of
from openkap.records.facts.since import since_of
from openkap.records.facts.tolerated import tolerated_of
from openkap.records.facts.ways import plan_of
from openkap.records.models import AdverseEvent, Event, MisuseSign, NextDayCall, Session, Task
from openkap.records.scoped import scoped
from openkap.records.standing import scope_now
from openkap.steps.adverse import change_event, note_event
from openkap.steps.cast import CLINIC
from openkap.steps.correct import withdraw
from openkap.steps.frame import NotPermitted, Refused, Stale
from openkap.steps.misuse import note_misuse, settle_misuse
from openkap.steps.room import authored_in
from openkap.steps.sharing import revoke
from openkap.steps.stopping import hand_over_to_emergency
from openkap.steps.tasks import make_task
from tests.at_step import Stage, at_step, planned
from tests.harm import sick
from tests.people import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Stage:
    return at_step(cast(), "gone_home")


def noted(stage: Stage, who: str = "jonah", **but: Any) -> AdverseEvent:
    said = sick(**{"at": stage.dose.started_at} | but)
    return note_event(by=stage.people.by(who), at=stage.at, session=stage.dose, said=said)


def serious_tasks() -> set[tuple[str, str]]:
    return set(Task.objects.filter(what__startswith="serious_event").values_list("what", "role"))


def test_an_event_is_kept_with_what_the_list_says_of_it(home: Stage) -> None:
    event = noted(home)
    assert (event.expected, event.serious, event.ctcae_version) == ("expected", [], "6.0")
    assert noted(home, term="", words="A rash on both arms", grade=2).expected == "unknown"
    assert noted(home, term="E-SEIZURE", grade=3).expected == "unexpected"
    assert Event.objects.filter(verb="adverse_event.noted").count() == 3 and not serious_tasks()
    for table in (
        event,
        note_misuse(by=home.people.by("jonah"), at=home.at, course=home.course, sign="craving"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(table)._base_manager.filter(pk=table.pk).update(words="Nothing")


def events_seen(stage: Stage, who: str, place: str = "") -> int:
    by = stage.people.by(who, place or None)
    return int(scoped(AdverseEvent.objects.all(), scope_now(by, stage.at)).count())


def test_a_therapist_tells_of_one_in_either_practice_and_reads_what_they_told(home: Stage) -> None:
    noted(home)
    serious = {"term": "", "words": "Heard voices last night", "grade": 3, "serious": ("hospital",)}
    told = noted(home, "mira", **serious)
    assert (told.organisation_id, told.by_name) == (home.people.clinic.id, home.people["mira"].name)
    assert serious_tasks() == {
        ("serious_event", "prescriber"),
        ("serious_event_review", "medical_director"),
    }
    here = {"by": home.people.by("theo", CLINIC), "at": home.at, "session": home.dose}
    note_event(**here, said=sick(home.dose.started_at))
    assert events_seen(home, "jonah") == 3
    assert events_seen(home, "mira") == events_seen(home, "theo", CLINIC) == 1
    with pytest.raises(NotPermitted):
        change_event(by=home.people.by("mira"), at=home.at, event=told, said=sick(told.at), reason="No")


def test_another_practice_tells_only_while_the_patient_shares(home: Stage) -> None:
    noted(home, "mira")
    revoke(by=home.people.patient("wren"), at=home.at, grant=home.grant)
    with pytest.raises(Refused):
        noted(home, "mira", grade=2)
    assert events_seen(home, "mira") == 0 and AdverseEvent.objects.count() == 1
    with pytest.raises(NotPermitted):
        noted(home, "odette")


CANNOT_BE: list[tuple[dict[str, Any], str]] = [
    ({"term": "E-NO-SUCH"}, "words"),
    ({"term": "", "words": " "}, "words"),
    ({"grade": None}, "grade"),
    ({"grade": 4}, "grade"),  # nausea has no fourth grade
    ({"ctcae_version": "4.0"}, "grade"),
    ({"serious": ("bad",)}, "serious"),
    ({"related": ""}, "related"),
    ({"action": "prayed"}, "action"),
    ({"outcome": ""}, "outcome"),
    ({"at": -timedelta(hours=3)}, "at"),
    ({"at": timedelta(days=2)}, "at"),
    ({"ended_at": -timedelta(minutes=1)}, "ended_at"),
    ({"ended_at": timedelta(days=2)}, "ended_at"),
]


def test_what_cannot_be_is_refused_at_its_field(home: Stage) -> None:
    for but, field in CANNOT_BE:
        moved = {k: home.dose.started_at + v if isinstance(v, timedelta) else v for k, v in but.items()}
        with pytest.raises(Refused) as refusal:
            noted(home, **moved)
        assert refusal.value.field == field, but
    assert not AdverseEvent.objects.exists()


def test_a_page_gives_minutes_and_the_minute_of_the_dose_is_not_before_it(home: Stage) -> None:
    home.dose.started_at += timedelta(seconds=40)
    home.dose.save()
    minute = home.dose.started_at.replace(second=0)
    event = noted(home, at=minute, ended_at=minute)
    assert event.at == event.ended_at == home.dose.started_at


def test_a_task_keeps_the_beginning_of_a_long_text_on_every_database(home: Stage) -> None:
    task = make_task(
        home.people.by("osric"),
        at=home.at,
        organisation=home.people.clinic,
        what="rule_change",
        text="Was hold; now clear. " * 40,
        due_at=home.at,
        role=Role.PRESCRIBER,
        course=home.course,
    )
    task.refresh_from_db()
    assert task.text.startswith("Was hold") and len(task.text) == 300


def test_a_serious_event_comes_before_both_who_decide(home: Stage) -> None:
    noted(home, term="E-SEIZURE", grade=4)
    assert AdverseEvent.objects.get().serious == ["life_threatening"]
    both = {("serious_event", "prescriber"), ("serious_event_review", "medical_director")}
    assert serious_tasks() == both
    noted(home, serious=("hospital",), outcome="death", grade=3)
    assert AdverseEvent.objects.get(grade=3).serious == ["hospital", "death"]
    assert Task.objects.filter(what="serious_event").count() == 1  # theirs is open: they are told once
    since = since_of(home.dose, home.at, plan_of(home.course), {})
    assert since is None  # before a further dose there is nothing to ask


def test_it_goes_on_in_further_rows_and_is_corrected_by_adding(home: Stage) -> None:
    osric, first = home.people.by("osric"), noted(home, outcome="there")
    later = sick(first.at, outcome="gone", ended_at=home.at)
    now = change_event(by=osric, at=home.at, event=first, said=later, reason="Gone by evening")
    assert (now.corrects, now.outcome) == (first, "gone")
    with pytest.raises(Stale):
        change_event(by=osric, at=home.at, event=first, said=later, reason="Again")
    worse = sick(first.at, serious=("hospital",), grade=3)
    change_event(by=osric, at=home.at, event=now, said=worse, reason="Was taken in at night")
    assert len(serious_tasks()) == 2
    withdraw(by=osric, at=home.at, row=AdverseEvent.objects.current().get(), reason="Another patient")
    assert not AdverseEvent.objects.current().exists() and AdverseEvent.objects.count() == 4


def test_whoever_does_not_add_to_the_record_writes_no_event_and_no_sign(home: Stage) -> None:
    for who in ("odette", "priya"):
        with pytest.raises(NotPermitted):
            noted(home, who)
    for who in ("odette", "mira", "priya"):
        with pytest.raises(NotPermitted):
            note_misuse(by=home.people.by(who), at=home.at, course=home.course, sign="craving")


def test_no_event_before_a_dose_was_given() -> None:
    stage = at_step(cast(), "confirmed")
    with pytest.raises(Refused, match="No dose was given"):
        note_event(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, said=sick(stage.at))


def called(stage: Stage, **found: Any) -> None:
    by = stage.people.by("jonah")
    NextDayCall.objects.create(
        **authored_in(by, stage.dose, stage.at),
        session=stage.dose,
        reached=True,
        findings=found.get("found", []),
    )


def test_a_dose_is_known_to_be_tolerated_once_the_call_found_nothing(home: Stage) -> None:
    assert tolerated_of([home.dose], library()) == {home.dose.id: None}
    called(home)
    assert tolerated_of([home.dose], library()) == {home.dose.id: True}
    noted(home)
    assert tolerated_of([home.dose], library()) == {home.dose.id: True}  # the first grade is borne
    noted(home, grade=2)
    assert tolerated_of([home.dose], library()) == {home.dose.id: False}


def test_a_call_that_found_something_leaves_it_open(home: Stage) -> None:
    called(home, found=[{"because": "A headache.", "action": ""}])
    assert tolerated_of([home.dose], library()) == {home.dose.id: None}
    noted(home)
    assert tolerated_of([home.dose], library()) == {home.dose.id: True}


def test_emergency_care_is_a_serious_event_until_someone_says_otherwise() -> None:
    stage = at_step(cast(), "under_way")
    hand_over_to_emergency(
        by=stage.people.by("jonah"),
        at=stage.at,
        session=stage.dose,
        called="Ambulance",
        words="Chest pain",
        mg=stage.order.mg,
    )
    event = AdverseEvent.objects.get()
    assert (event.words, event.grade, event.serious) == ("Chest pain", None, ["important"])
    assert (
        len(serious_tasks()) == 2
        and tolerated_of([Session.objects.get(pk=stage.dose.pk)], library())[stage.dose.id] is False
    )
    graded = sick(event.at, term="", words="Chest pain", grade=3, serious=("hospital",))
    change_event(
        by=stage.people.by("osric"), at=stage.at, event=event, said=graded, reason="Letter of the hospital"
    )
    assert AdverseEvent.objects.current().get().grade == 3


def test_a_sign_of_misuse_holds_the_next_dose_until_someone_decides(home: Stage) -> None:
    by = home.people.by("jonah")
    for sign, words, field in (("nonsense", "", "sign"), ("", " ", "words")):
        with pytest.raises(Refused) as refusal:
            note_misuse(by=by, at=home.at, course=home.course, sign=sign, words=words)
        assert refusal.value.field == field
    listed = note_misuse(by=by, at=home.at, course=home.course, sign="lost_medicine")
    own = note_misuse(by=by, at=home.at, course=home.course, sign="", words="Asked the desk for a vial")
    home.later(days=5)
    ahead = at_next(home)
    asked = day_of(ahead, home.at).since
    assert asked is not None and asked.misuse == ("lost_medicine", "Asked the desk for a vial")
    osric = home.people.by("osric")
    with pytest.raises(Refused):
        settle_misuse(by=osric, at=home.at, sign=own, decided=" ")
    settle_misuse(by=osric, at=home.at, sign=own, decided="A misunderstanding")
    settle_misuse(by=osric, at=home.at, sign=listed, decided="Talked over. Clinic only.")
    asked = day_of(ahead, home.at).since
    assert asked is not None and asked.misuse == () and MisuseSign.objects.current().count() == 2


def test_what_was_decided_on_a_sign_is_taken_back_and_the_sign_stands_again(home: Stage) -> None:
    osric = home.people.by("osric")
    sign = note_misuse(by=osric, at=home.at, course=home.course, sign="craving")
    settled = settle_misuse(by=osric, at=home.at, sign=sign, decided="Somebody else was meant")
    again = withdraw(by=osric, at=home.at, row=settled, reason="The wrong line")
    assert (again.settled, again.withdrawn, again.sign) == (False, False, "craving")
    assert MisuseSign.objects.current().get() == again
    withdraw(by=osric, at=home.at, row=again, reason="Written on the wrong person")
    assert not MisuseSign.objects.current().exists()


def test_a_serious_event_holds_the_next_dose(home: Stage) -> None:
    noted(home, serious=("hospital",), grade=3)
    home.later(days=5)
    asked = day_of(at_next(home), home.at).since
    assert asked is not None and asked.severe_event is True


def at_next(stage: Stage) -> Any:
    """The next dose, planned."""
    planned(stage)
    return stage.dose
