"""The six rules of the alert engine, and the way from a worrying answer to a plan, a call and a review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from openkap.medicine.instruments import instrument
from openkap.permits import Role
from openkap.records.facts.on_call import on_call_at
from openkap.records.ids import new_id
from openkap.records.models import AlertNote, Course, Draft, Event, OnCallCover, Response, Session, Task
from openkap.steps.alerts import due_by, pass_on_alerts
from openkap.steps.closing import close_alert, note_try
from openkap.steps.correct import withdraw
from openkap.steps.cover import cover_on_call, end_cover
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused
from openkap.steps.measures import Answered, answer_form, keep_answer
from openkap.steps.safety_plan import write_plan
from tests.integration.course_of import course_of, dose_given
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db
CALM = dict.fromkeys("12345678", 1)
NO: dict[str, int | None] = dict.fromkeys(("1", "2", "6_lifetime"), 0)
HIGH: dict[str, int | None] = {"1": 1, "2": 1, "3": 1, "4": 1, "5": 0, "6_lifetime": 0}
SAFETY = [(form, item) for form in ("phq9", "cssrs_recent") for item in instrument(form).safety]


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


def answered(people: Cast, course: Course, answers: Mapping[str, int | None], **more: Any) -> Answered:
    given: dict[str, Any] = {
        "by": people.patient("wren"),
        "at": NOW,
        "course": course,
        "instrument": "phq9",
        "point": "before",
        "answers": answers,
        **more,
    }
    return answer_form(**given)


def open_of(course: Course) -> dict[str, Task]:
    return {task.what: task for task in Task.objects.filter(course=course, done_at=None)}


# Rule 1: in the same transaction as the answer, and no clinical word in the mail.
def test_an_answer_and_its_alert_are_kept_together_or_not_at_all(people: Cast, course: Course) -> None:
    class Away(Exception):
        pass

    with pytest.raises(Away), transaction.atomic():
        answered(people, course, {**CALM, "9": 1})
        raise Away
    assert not Response.objects.exists() and not Task.objects.filter(course=course).exists()
    answered(people, course, {**CALM, "9": 1})
    note = AlertNote.objects.get(task__what="alert_phq9-item9")
    assert note.response == Response.objects.get() and note.what == AlertNote.What.RAISED
    said = " ".join(f"{mail.subject} {mail.body}" for mail in delivered())
    assert said and not any(word in said for word in ("Wren", "PHQ", "suicid", "screener", "dead"))


# Rule 2: on drafts, and on paper entered within 14 days.
@pytest.mark.parametrize(("form", "item"), SAFETY)
def test_a_tap_on_any_safety_question_alerts_before_anything_is_sent(
    people: Cast, course: Course, form: str, item: str
) -> None:
    given: dict[str, Any] = {"course": course, "instrument": form, "point": "before"}
    keep_answer(by=people.patient("wren"), at=NOW, item=item, value=1, **given)
    assert any(what.startswith("alert_") for what in open_of(course))


def test_a_worse_total_on_a_draft_alerts_and_asks_on(people: Cast, course: Course) -> None:
    answered(people, course, {**CALM, "9": 0})
    for item in "912345678":
        value = 0 if item == "9" else 2
        given: dict[str, Any] = {"course": course, "instrument": "phq9", "point": "after"}
        kept = keep_answer(
            by=people.patient("wren"), at=NOW + timedelta(days=7), item=item, value=value, **given
        )
        assert kept is None
    assert set(open_of(course)) == {"alert_phq9-worse"} and Draft.objects.filter(response=None).exists()


@pytest.mark.parametrize(("days", "alerts"), [(0, True), (14, True), (15, False)])
def test_paper_entered_later_alerts_within_fourteen_days(
    people: Cast, course: Course, days: int, alerts: bool
) -> None:
    filled = NOW - timedelta(days=days)
    sent = answered(
        people, course, {**CALM, "9": 1}, by=people.by("tamsin"), filled_at=filled, source="paper"
    )
    assert (sent.response.at, sent.response.recorded_at, sent.score.alerts != []) == (filled, NOW, True)
    assert bool(open_of(course)) is alerts
    if alerts:
        assert open_of(course)["alert_phq9-item9"].made_at == NOW, "its clock runs from when it was entered"
    with pytest.raises(Refused, match="not come yet"):
        answered(people, course, CALM, by=people.by("tamsin"), filled_at=NOW + timedelta(minutes=1))


def test_whoever_has_come_for_a_dose_is_not_left_alone(people: Cast, course: Course) -> None:
    answered(people, course, {**CALM, "9": 2})
    assert open_of(course)["alert_phq9-item9"].level == "L2"
    dose_given(people, course, NOW - timedelta(minutes=20))
    answered(people, course, {**CALM, "9": 2}, point="after")
    task = open_of(course)["alert_phq9-item9"]
    assert (task.level, task.due_at, task.goes_on_at) == ("L3", NOW, NOW + timedelta(minutes=10))
    Session.objects.update(planned_from=NOW - timedelta(days=1, minutes=20))
    assert answered(people, course, {**CALM, "9": 2}, point="later").alerts[-1].level == "L2"


# Rule 3: open until a person says what came of it; a try is none.
def test_a_try_closes_nothing_and_the_clock_runs_on(people: Cast, course: Course) -> None:
    task = answered(people, course, {**CALM, "9": 1}).tasks[0]
    tried: dict[str, Any] = {"task": task, "tried": "not_reached", "words": "Twice", "submission": new_id()}
    note_try(by=people.by("tamsin"), at=NOW + timedelta(hours=1), **tried)
    with pytest.raises(AlreadyDone):
        note_try(by=people.by("tamsin"), at=NOW + timedelta(hours=1), **tried)
    with pytest.raises(Refused, match="Choose what was tried"):
        note_try(by=people.by("tamsin"), at=NOW, task=task, tried="safe")
    assert task.notes.filter(what=AlertNote.What.TRIED).count() == 1
    assert pass_on_alerts(by=SYSTEM, at=NOW + timedelta(hours=4)) == 1
    task.refresh_from_db()
    assert task.done_at is None and task.owner == people["osric"]


@pytest.mark.parametrize(
    ("outcome", "words", "calls"),
    [
        ("safe", "", True),
        ("emergency", "", True),
        ("known", "As before", True),
        ("mistake", "Slip", False),
    ],
)
def test_an_outcome_of_the_list_closes_it_and_a_call_follows(
    people: Cast, course: Course, outcome: str, words: str, calls: bool
) -> None:
    task = answered(people, course, {**CALM, "9": 1}).tasks[0]
    later = NOW + timedelta(hours=2)
    done = close_alert(by=people.by("tamsin"), at=later, task=task, outcome=outcome, words=words)
    assert (done.done_by, done.outcome_key) == (people["tamsin"], outcome) and words in done.outcome
    with pytest.raises(Refused, match="already done"):
        close_alert(by=people.by("osric"), at=later, task=task, outcome="safe")
    call = open_of(course).get("safety_call")
    assert (call is not None) is calls
    if call is not None:
        assert (call.due_at, call.level) == (later + timedelta(hours=24), "")


def test_a_call_that_finds_them_worse_is_an_alert_again(people: Cast, course: Course) -> None:
    first = answered(people, course, {**CALM, "9": 1}).tasks[0]
    close_alert(by=people.by("tamsin"), at=NOW, task=first, outcome="safe")
    close_alert(by=people.by("tamsin"), at=NOW, task=open_of(course)["safety_call"], outcome="worse")
    again = open_of(course)["alert_safety_call-worse"]
    assert again.level == "L2"
    with pytest.raises(Refused, match="few words"):
        close_alert(by=people.by("tamsin"), at=NOW, task=again, outcome="known")


# Rule 5: a correction adds a note and undoes nothing.
def test_an_answer_entered_in_error_leaves_the_alert_open_with_a_note(people: Cast, course: Course) -> None:
    sent = answered(people, course, {**CALM, "9": 1})
    withdraw(by=people.by("tamsin"), at=NOW + timedelta(hours=1), row=sent.response, reason="Another patient")
    answered(people, course, {**CALM, "9": 0}, at=NOW + timedelta(hours=2), point="again")
    task = open_of(course)["alert_phq9-item9"]
    assert [note.what for note in task.notes.all()] == ["raised", "corrected"]
    assert [note.words for note in task.notes.all()][-1] == "Another patient"
    assert Event.objects.filter(verb="alert.answer_corrected", patient=people["wren"]).count() == 1


# Suicide-risk path.
def test_item_9_asks_for_the_screener_today_and_its_answers_close_that(people: Cast, course: Course) -> None:
    answered(people, course, {**CALM, "9": 1})
    screener = open_of(course)["screener"]
    assert (screener.role, screener.owner, screener.due_at) == (
        Role.PRESCRIBER,
        people["tamsin"],
        open_of(course)["alert_phq9-item9"].due_at,
    )
    answered(people, course, NO, by=people.by("tamsin"), instrument="cssrs_recent", source="in_room")
    assert set(open_of(course)) == {"alert_phq9-item9"}, "the alert itself waits for its outcome"
    screener.refresh_from_db()
    assert screener.outcome_key == "answered"


@pytest.mark.parametrize(
    ("answers", "level", "days"),
    [
        (HIGH, "L3", 0),
        ({**HIGH, "4": 0}, "L2", 0),
        ({**NO, "1": 1}, "L1", 7),
    ],
)
def test_a_positive_screener_opens_the_plan_by_its_level(
    people: Cast, course: Course, answers: dict[str, int | None], level: str, days: int
) -> None:
    sent = answered(people, course, answers, by=people.by("tamsin"), instrument="cssrs_recent")
    assert sent.tasks[0].level == level
    plan = open_of(course)["safety_plan"]
    assert plan.due_at == (NOW + timedelta(days=days) if days else due_by(course, "L2", NOW))
    assert "screener" not in open_of(course)
    write_plan(by=people.patient("wren"), at=NOW, course=course, words={"alone": "The river"})
    assert "safety_plan" in open_of(course), "the patient alone does not close what the team owes"
    newest = course.safety_plans.get()
    given: dict[str, Any] = {"course": course, "words": {"alone": "The lake"}, "made_from": newest.id}
    write_plan(by=people.by("tamsin"), at=NOW, **given)
    assert {"safety_plan", "safety_review"} & set(open_of(course)) == {"safety_review"}


def test_nobody_is_asked_after_a_death(people: Cast, course: Course) -> None:
    course.state = "died"
    course.save()
    answered(people, course, {**CALM, "9": 1})
    assert set(open_of(course)) == {"alert_phq9-item9"}


# Cover and hand-over.
def test_who_stands_in_answers_and_what_is_open_goes_along(people: Cast, course: Course) -> None:
    task = answered(people, course, {**CALM, "9": 1}).tasks[0]
    hours: dict[str, Any] = {"organisation": people.clinic, "until": NOW + timedelta(hours=8)}
    own = {**hours, "person": people["tamsin"], "covered_by": people["jonah"]}
    with pytest.raises(NotPermitted):
        cover_on_call(by=people.by("jonah"), at=NOW, **own)
    with pytest.raises(Refused, match="does not treat"):
        cover_on_call(by=people.by("tamsin"), at=NOW, **{**own, "covered_by": people["odette"]})
    with pytest.raises(Refused, match="end lies before"):
        cover_on_call(by=people.by("tamsin"), at=NOW, **{**own, "until": NOW})
    cover = cover_on_call(by=people.by("tamsin"), at=NOW, **own)
    with pytest.raises(Refused, match="already"):
        cover_on_call(by=people.by("osric"), at=NOW, **own)
    task.refresh_from_db()
    assert (task.owner, task.goes_on_at) == (people["jonah"], NOW + timedelta(hours=4))
    assert on_call_at(people.clinic, NOW) == [people["jonah"].id]
    assert on_call_at(people.clinic, NOW + timedelta(hours=8)) == [people["tamsin"].id]
    end_cover(by=people.by("osric"), at=NOW + timedelta(hours=1), row=cover)
    assert on_call_at(people.clinic, NOW + timedelta(hours=1)) == [people["tamsin"].id]
    assert OnCallCover.objects.count() == 1
