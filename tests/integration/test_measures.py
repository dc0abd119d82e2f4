"""Forms: half answered, late, worrying; every answer kept, and a person set to look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openkap.permits import Role
from openkap.reads.rows import words_of
from openkap.records.ids import new_id
from openkap.records.models import Answer, Course, Draft, PersonalLink, Response, Score, Task
from openkap.steps.frame import AlreadyDone, NotPermitted, Refused
from openkap.steps.measures import Answered, answer_form, enter_total, keep_answer
from tests.integration.course_of import course_of
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db
WHOLE = {str(item): 1 for item in range(1, 9)}


@pytest.fixture
def course(people: Cast) -> Course:
    return course_of(people)


def answer(
    people: Cast, course: Course, answers: dict[str, int | None], at: datetime = NOW, **more: object
) -> Answered:
    given = {"by": people.patient("wren"), "course": course, "instrument": "phq9", "point": "before"}
    return answer_form(at=at, answers=answers, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item9", "total", "worrying", "rules"),
    [
        (0, 8, False, set()),
        (1, 9, True, {"phq9-item9"}),
        (3, 11, True, {"phq9-item9"}),
        (None, None, False, {"safety-item-unanswered"}),
    ],
)
def test_item_9_decides_what_happens_next(
    people: Cast, course: Course, item9: int | None, total: int | None, worrying: bool, rules: set[str]
) -> None:
    sent = answer(people, course, {**WHOLE, "9": item9})
    assert (sent.score.total, sent.worrying) == (total, worrying)
    assert {alert.rule for alert in sent.alerts} == rules
    opened = Task.objects.filter(course=course, done_at=None, what__startswith="alert_")
    assert opened.count() == len(rules)


def test_an_alert_is_a_task_with_an_owner_and_a_clock_from_its_first_second(
    people: Cast, course: Course
) -> None:
    task = answer(people, course, {**WHOLE, "9": 1}).tasks[0]
    assert (task.made_at, task.role, task.owner) == (NOW, Role.PRESCRIBER, people["tamsin"])
    tonight = datetime(2027, 3, 10, tzinfo=ZoneInfo("America/New_York"))
    assert task.due_at == tonight
    assert "9" not in task.text.replace("PHQ-9", "").replace("988", "")


def test_a_second_alert_joins_the_open_task(people: Cast, course: Course) -> None:
    answer(people, course, {**WHOLE, "9": 1})
    answer(people, course, {**WHOLE, "9": 1}, at=NOW + timedelta(hours=1), point="after")
    assert Task.objects.filter(what="alert_phq9-item9", done_at=None).count() == 1


def test_a_rise_since_the_last_form_is_an_alert_of_its_own(people: Cast, course: Course) -> None:
    answer(people, course, {**WHOLE, "9": 1})
    sent = answer(people, course, {**WHOLE, "9": 2}, at=NOW + timedelta(days=7), point="after")
    assert {"phq9-item9", "phq9-item9-rise"} <= {alert.rule for alert in sent.alerts}


def test_half_a_form_is_kept_and_has_no_total(people: Cast, course: Course) -> None:
    sent = answer(people, course, {"1": 2, "2": 3, "3": None})
    assert (sent.score.total, sent.score.complete) == (None, False)
    assert dict(Answer.objects.values_list("item", "value")) == {"1": 2, "2": 3}


def test_half_a_form_alerts_on_what_it_already_says(people: Cast, course: Course) -> None:
    half = answer(people, course, {"9": 2})
    assert half.worrying and half.tasks


def test_nothing_answered_is_not_a_form(people: Cast, course: Course) -> None:
    with pytest.raises(Refused, match="Nothing was answered"):
        answer(people, course, {"1": None})
    assert not Response.objects.exists()


@pytest.mark.parametrize(("item", "value"), [("1", 4), ("1", -1), ("11", 1), ("x", 0)])
def test_an_answer_the_form_has_not_names_its_item(
    people: Cast, course: Course, item: str, value: int
) -> None:
    with pytest.raises(Refused) as refusal:
        answer(people, course, {item: value})
    assert refusal.value.field == item


def test_a_late_answer_is_kept_marked_and_still_alerts(people: Cast, course: Course) -> None:
    sent = answer(people, course, {**WHOLE, "9": 1}, at=NOW + timedelta(days=120), late=True)
    assert sent.response.late
    assert sent.tasks


def test_an_answer_after_the_course_ended_is_kept_too(people: Cast, course: Course) -> None:
    course.ended_at, course.state = NOW, "done"
    course.save()
    assert answer(people, course, {**WHOLE, "9": 1}, at=NOW + timedelta(days=30)).tasks


def test_sent_twice_is_sent_once(people: Cast, course: Course) -> None:
    submission = new_id()
    answer(people, course, {**WHOLE, "9": 1}, submission=submission)
    with pytest.raises(AlreadyDone):
        answer(people, course, {**WHOLE, "9": 1}, submission=submission)
    assert (Response.objects.count(), Task.objects.filter(course=course).count()) == (1, 2)


def tap(people: Cast, course: Course, item: str, value: int, **more: object) -> Answered | None:
    given = {
        "by": people.patient("wren"),
        "at": NOW,
        "course": course,
        "instrument": "phq9",
        "point": "before",
    }
    return keep_answer(item=item, value=value, **{**given, **more})  # type: ignore[arg-type]


def test_each_tap_is_kept_and_the_last_word_counts(people: Cast, course: Course) -> None:
    assert tap(people, course, "1", 2) is None
    tap(people, course, "2", 1)
    tap(people, course, "1", 0)
    assert Draft.objects.get().answers == {"1": 0, "2": 1}
    assert not Response.objects.exists()


def test_a_worrying_tap_sends_the_form_at_once(people: Cast, course: Course) -> None:
    tap(people, course, "1", 2)
    sent = tap(people, course, "9", 1)
    assert sent is not None
    assert sent.worrying
    assert sent.tasks[0].made_at == NOW
    assert Draft.objects.get().response == sent.response


def test_a_calm_answer_to_item_9_goes_on(people: Cast, course: Course) -> None:
    assert tap(people, course, "9", 0) is None
    assert not Task.objects.filter(course=course).exists()


def test_sending_closes_the_draft_and_the_next_form_starts_anew(people: Cast, course: Course) -> None:
    tap(people, course, "1", 2)
    sent = answer(people, course, {**WHOLE, "9": 0})
    assert Draft.objects.get().response == sent.response
    tap(people, course, "1", 1, at=NOW + timedelta(days=1))
    assert Draft.objects.filter(response=None).get().answers == {"1": 1}


def test_a_link_answers_for_its_own_patient_only(people: Cast, course: Course) -> None:
    link = PersonalLink.objects.create(
        purpose="measure",
        patient=people["wren"],
        organisation=people.clinic,
        course=course,
        token_hash="h",
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    by = people.link("wren", course, "measure", link.id)
    assert answer(people, course, {"1": 1}, by=by).response.organisation == people.clinic
    with pytest.raises(NotPermitted):
        answer(people, course_of(people, "noor"), {"1": 1}, by=by)
    PersonalLink.objects.update(ended_at=NOW)
    with pytest.raises(NotPermitted):
        answer(people, course, {"1": 1}, by=by)


def test_a_therapist_does_not_answer_for_a_patient(people: Cast, course: Course) -> None:
    with pytest.raises(NotPermitted):
        answer(people, course, {"1": 1}, by=people.by("mira"))


def test_a_worse_total_is_an_alert_before_the_next_dose(people: Cast, course: Course) -> None:
    answer(people, course, {**WHOLE, "9": 0})
    worse = {str(item): 2 for item in range(1, 9)} | {"9": 0}
    sent = answer(people, course, worse, at=NOW + timedelta(days=7), point="after")
    assert [alert.rule for alert in sent.alerts] == ["phq9-worse"]
    assert not sent.worrying
    assert Score.objects.order_by("at").last() == sent.score


@pytest.mark.parametrize(
    ("instrument", "answers", "total"),
    [
        ("edi", {str(n): n * 10 + 1 for n in range(1, 9)}, 46),
        ("edi", {str(n): 30 + (n == 1) for n in range(1, 9)}, 30.125),
        ("madrs_s", {str(n): 0.5 * n for n in range(1, 10)}, 22.5),
    ],
)
def test_a_number_is_kept_with_its_decimals_and_a_whole_one_stays_whole(
    people: Cast, course: Course, instrument: str, answers: Mapping[str, float], total: float
) -> None:
    by = people.patient("wren")
    answer_form(by=by, at=NOW, course=course, instrument=instrument, answers=answers, point="after_1")
    assert repr(Score.objects.get().total) == repr(total)
    assert dict(Answer.objects.values_list("item", "value")) == answers


def test_a_total_from_paper_is_kept_as_it_was_entered_and_its_safety_item_alerts(
    people: Cast, course: Course
) -> None:
    given = {"by": people.by("jonah"), "at": NOW, "course": course, "instrument": "bdi2"}
    day = NOW - timedelta(days=3)
    kept = enter_total(total=31, items={"9": 2}, point="before", filled_at=day, **given)  # type: ignore[arg-type]
    score = Score.objects.get()
    assert (score.total, score.entered, score.band) == (31, True, "severe")
    assert (score.at, score.source, kept.response.recorded_at) == (day, "paper", NOW)
    assert [alert.rule for alert in kept.alerts] == ["bdi2-item9"] and kept.tasks
    assert words_of(score) == "BDI-II 31, severe, total entered"
    with pytest.raises(Refused) as refusal:
        enter_total(total=64, point="before", **given)  # type: ignore[arg-type]
    assert refusal.value.field == "total"
