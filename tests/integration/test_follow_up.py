"""Asking between visits: once, by one link, a few times, and then a person; and never after a no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from openkap.medicine.course.follow_up import Wish
from openkap.medicine.instruments import instrument
from openkap.reads.form import answered_by_longer, form_now
from openkap.reads.owed_forms import owed_of
from openkap.reads.patient_home import asks_of
from openkap.records.models import Ask, OnCallHours, PersonalLink, Response, Task
from openkap.records.standing import scope_now
from openkap.steps.course import open_course, plan_session
from openkap.steps.follow_up import ask_again, ask_at_point, follow_courses, skip_asks, stop_asking
from openkap.steps.measures import answer_form
from openkap.watch.rounds import Round, go_round
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import ZONE
from tests.people import NOW, SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db
GONE_HOME = "gone_home"


@pytest.fixture
def stage(people: Cast) -> Stage:
    return at_step(people, GONE_HOME)


def ended(stage: Stage) -> datetime:
    return stage.dose.window.opens_at - timedelta(hours=24)


def round_at(at: datetime) -> int:
    return follow_courses(by=SYSTEM, at=at)


def points() -> set[tuple[str, str]]:
    return set(Ask.objects.values_list("instrument", "point"))


def links() -> list[PersonalLink]:
    return list(PersonalLink.objects.filter(purpose="measure").order_by("made_at", "id"))


def test_what_is_due_is_asked_once_by_one_link_a_point(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    assert round_at(day - timedelta(minutes=1)) == 0 and not points()
    round_at(day)
    mailoutbox = [mail for mail in delivered() if "question" in mail.subject]
    assert points() == {("daily", "day_1_1"), ("phq9", "after_1"), ("gad7", "after_1")}
    assert [(link.about, link.point) for link in links()] == [("phq9", "after_1"), ("daily", "day_1_1")]
    assert len(mailoutbox) == 1 and mailoutbox[0].to == ["wren@example.org"], "two links, one message"
    body = mailoutbox[0].body
    assert body.count("/l/") == 2 and body.index("one question") < body.index("a few questions")
    assert not any(word in mail.body for mail in mailoutbox for word in ("ketamine", "PHQ", "depress"))
    assert round_at(day + timedelta(minutes=5)) == 0, "a round done twice asks once"


def test_what_is_asked_again_soon_goes_along_with_what_is_asked_now(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day + timedelta(minutes=3))  # the forms of the window, and the first question
    before = len(delivered())
    round_at(day + timedelta(hours=24))  # the second question; the forms are due again in three minutes
    assert len(delivered()) - before == 1
    assert delivered()[-1].body.count("/l/") == 2
    assert Ask.objects.get(instrument="phq9", point="after_1").reminders == 1
    round_at(day + timedelta(hours=24, minutes=5))
    assert len(delivered()) - before == 1


def test_a_round_that_was_missed_asks_later_or_not_at_all(stage: Stage) -> None:
    round_at(ended(stage) + timedelta(hours=50))
    assert points() == {("daily", "day_1_2"), ("phq9", "after_1"), ("gad7", "after_1")}
    round_at(ended(stage) + timedelta(days=30))
    assert ("daily", "day_1_3") not in points() and ("weekly", "week_1_4") in points()


def test_reminders_are_bounded_and_stop_with_the_answer(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    for hour in range(0, 49, 6):
        round_at(day + timedelta(hours=hour))
    ask = Ask.objects.get(instrument="phq9", point="after_1")
    assert ask.reminders == 1 and ask.closes_at == day + timedelta(hours=48), "its time ends at 72 hours"
    weekly = ended(stage) + timedelta(days=7)
    for hour in range(0, 24 * 6, 12):
        round_at(weekly + timedelta(hours=hour))
    assert Ask.objects.get(instrument="weekly", point="week_1_1").reminders == 3
    for name in ("weekly",):
        answer(stage, name, {"1": 2}, "week_1_2", weekly + timedelta(days=7))
    sent = len(links())
    round_at(weekly + timedelta(days=7, hours=1))
    assert len(links()) == sent, "what was answered unasked is not asked"


def answer(stage: Stage, name: str, answers: dict[str, int | None], point: str, at: datetime) -> None:
    answer_form(
        by=stage.people.patient("wren"),
        at=at,
        course=stage.course,
        instrument=name,
        answers=answers,
        point=point,
    )


def test_silence_after_a_dose_is_a_call(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day)
    round_at(day + timedelta(hours=23))
    assert not Task.objects.filter(what="silent_day_1_1").exists()
    round_at(day + timedelta(hours=24))
    round_at(day + timedelta(hours=25))
    [task] = Task.objects.filter(what="silent_day_1_1")
    assert task.role == "monitor" and "Call" in task.text


def test_a_heavier_day_opens_more_on_the_same_link(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day)
    link = next(link for link in links() if link.about == "daily")
    assert form_now(link) == "daily"
    answer(stage, "daily", {"1": 4}, link.point, day)
    assert form_now(link) == "phq2"
    answer(stage, "phq2", {"1": 2, "2": 1}, link.point, day)
    assert form_now(link) == "phq9"
    answer(stage, "phq9", dict.fromkeys(instrument("phq9").items, 1), link.point, day)
    assert form_now(link) is None
    assert Task.objects.filter(what="alert_phq9-item9").exists()


def test_forms_of_one_point_come_one_after_the_other(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day)
    link = next(link for link in links() if link.about == "phq9")
    answer(stage, "phq9", dict.fromkeys(instrument("phq9").items, 0), link.point, day)
    assert form_now(link) == "gad7"
    answer(stage, "gad7", dict.fromkeys(instrument("gad7").items, 0), link.point, day)
    assert form_now(link) is None


def plan_dose(stage: Stage, planned_from: datetime) -> None:
    plan_session(
        by=stage.people.by("odette"),
        at=planned_from - timedelta(hours=24),
        course=stage.course,
        organisation=stage.people.clinic,
        phase="dosing",
        planned_from=planned_from,
        minutes=120,
        room=stage.people.room(),
    )


def test_a_short_form_is_needed_no_more_once_the_long_one_was_answered(stage: Stage) -> None:
    at, course = ended(stage) + timedelta(hours=60), stage.course
    plan_dose(stage, at + timedelta(hours=24))
    wish = Wish("phq2", "before_2", at, at + timedelta(hours=24))
    [ask] = ask_at_point(by=SYSTEM, at=at, course=course, point="before_2", wanted=[wish])
    ask.refresh_from_db()
    link, scope = ask.link, scope_now(stage.people.patient("wren"), at)
    partly = {"1": 0, "2": 0, "9": 0}
    answer(stage, "phq9", partly, "asked_again", at + timedelta(hours=1))
    assert form_now(link) == "phq2" and asks_of(scope, course, at), "a part of the long form is not enough"
    answer(stage, "phq9", dict.fromkeys(instrument("phq9").items, 0), "asked_again", at + timedelta(hours=2))
    later = at + timedelta(hours=3)
    assert form_now(link) is None and answered_by_longer(link) and not asks_of(scope, course, later)
    before = next(p for p in owed_of(scope, course, later, ZONE) if p.code == "before_2")
    [short] = [form for form in before.owed if form.id == "phq2"]
    assert (short.state, short.says) == ("done", "not needed any more: PHQ-9 was answered")
    assert not any(form.id == "phq9" for form in before.owed)
    round_at(at + timedelta(hours=23, minutes=50))
    assert Ask.objects.get(instrument="phq2").reminders == 0


def test_without_someone_on_call_a_person_asks_instead(stage: Stage) -> None:
    OnCallHours.objects.all().delete()
    round_at(ended(stage) + timedelta(hours=24))
    assert [(link.about, link.point) for link in links()] == [("gad7", "after_1")]
    tasks = {task.what: task for task in Task.objects.filter(what__startswith="ask_")}
    assert set(tasks) == {"ask_daily", "ask_phq9"}
    assert "nobody is on call" in tasks["ask_phq9"].text and tasks["ask_phq9"].role == "monitor"


def test_without_a_mail_address_a_person_asks_instead(stage: Stage) -> None:
    wren = stage.people["wren"]
    wren.email = ""
    wren.save()
    round_at(ended(stage) + timedelta(hours=24))
    assert not links()
    assert {"ask_daily", "ask_phq9", "ask_gad7"} <= set(Task.objects.values_list("what", flat=True))


def test_a_no_is_a_no(stage: Stage) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day)
    skip_asks(by=stage.people.patient("wren"), at=day, course=stage.course, point="day_1_1")
    round_at(day + timedelta(hours=24))
    assert not Task.objects.filter(what="silent_day_1_1").exists(), "who skips has answered"
    sent = len(links())
    stop_asking(by=stage.people.patient("wren"), at=day + timedelta(hours=25), course=stage.course)
    stop_asking(by=stage.people.patient("wren"), at=day + timedelta(hours=26), course=stage.course)
    assert Task.objects.filter(what="asking_stopped").count() == 1
    round_at(day + timedelta(days=9))
    assert len(links()) == sent
    ask_again(by=stage.people.by("tamsin"), at=day + timedelta(days=10), course=stage.course)
    round_at(day + timedelta(days=13, hours=1))
    assert len(links()) > sent


def test_a_dose_to_come_asks_the_day_before(people: Cast) -> None:
    stage = at_step(people, "planned")
    round_at(stage.dose.planned_from - timedelta(minutes=50))
    # The PHQ-9 was answered minutes ago, after it could first be asked for: it is not asked again.
    assert {name for name, point in points() if point == "before_1"} == {"gad7", "cssrs_slc"}


@pytest.mark.parametrize("months", [2, 7, 26])
def test_an_answer_months_later_is_kept_marked_and_alerts(stage: Stage, months: int) -> None:
    day = ended(stage) + timedelta(hours=24)
    round_at(day)
    link = next(link for link in links() if link.about == "phq9")
    late = day + timedelta(days=30 * months)
    answer_form(
        by=stage.people.link("wren", stage.course, "measure", link.id),
        at=late,
        course=stage.course,
        instrument="phq9",
        answers=dict.fromkeys(instrument("phq9").items, 2),
        point=link.point,
        late=True,
    )
    kept = Response.objects.get(point=link.point, instrument="phq9")
    assert (kept.late, kept.at) == (True, late)
    task = Task.objects.get(what="alert_phq9-item9")
    assert task.owner is not None and task.made_at == late and task.level == "L2"


def test_a_round_over_a_quiet_site_asks_little(stage: Stage, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        round_at(ended(stage) + timedelta(hours=2))


def test_what_breaks_in_one_course_keeps_no_other_from_being_asked(
    stage: Stage, people: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from openkap.steps import follow_up

    broken = open_course(
        by=people.by("mira"), at=stage.at, file=people.file("pell"), protocol_id="blended_iv"
    )
    type(broken).objects.filter(pk=broken.pk).update(state="preparation")
    whole = follow_up._not_yet_asked

    def breaks(course: Any, at: datetime) -> Any:
        if course.pk == broken.pk:
            raise KeyError("Pell Strand")
        return whole(course, at)

    monkeypatch.setattr(follow_up, "_not_yet_asked", breaks)
    assert round_at(stage.later(days=1)) == 1
    assert Ask.objects.filter(course=stage.course).exists()
    assert str(broken.pk) in caplog.text and "Pell" not in caplog.text


def test_a_duty_that_breaks_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """Alerts are handed on whatever becomes of the rest."""
    done: list[datetime] = []

    def breaks(_at: datetime) -> None:
        raise RuntimeError("wren@example.org")

    go_round(
        [Round("asking", timedelta(minutes=5), breaks), Round("alerts", timedelta(seconds=30), done.append)],
        NOW,
    )
    assert done == [NOW]
    assert "asking failed: RuntimeError" in caplog.text and "wren" not in caplog.text
