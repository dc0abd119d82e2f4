"""How a course goes on and ends: what it calls off, who is told, and that an end can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openkap.reads.course_paper import paper_of
from openkap.records.models import AskStop, Course, CourseEnd, Participation, PersonalLink, Session, Task
from openkap.steps.course import plan_session
from openkap.steps.ending import end_course, move_course, take_back_end
from openkap.steps.follow_up import follow_courses
from openkap.steps.frame import Refused
from openkap.steps.links import send_link
from openkap.steps.measures import answer_form
from openkap.steps.redeem import Stands, ask_sign_in, stands
from openkap.steps.sharing import revoke
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import ZONE, form_in, reach, visiting
from tests.people import SYSTEM, Cast
from tests.post import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(people: Cast) -> Stage:
    return at_step(people, "measured_after")


def end(stage: Stage, verb: str = "stop", by: str = "tamsin", why: str = "Her own wish") -> CourseEnd:
    ended = end_course(by=stage.people.by(by), at=stage.at, course=stage.course, verb=verb, why=why)
    stage.fresh()
    return ended


def follow_up_visit(stage: Stage) -> Session:
    return plan_session(
        by=stage.people.by("odette"),
        at=stage.at,
        course=stage.course,
        organisation=stage.people.clinic,
        phase="follow_up",
        planned_from=stage.at + timedelta(days=3),
        minutes=60,
    )


def sent(stage: Stage, purpose: str = "measure", about: str = "phq9") -> PersonalLink:
    link, _token = send_link(
        by=stage.people.by("tamsin"),
        at=stage.at,
        organisation=stage.people.clinic,
        patient=stage.people["wren"],
        purpose=purpose,
        course=stage.course,
        about=about,
        point="later",
    )
    return link


def test_a_course_goes_on_only_as_the_table_says(stage: Stage) -> None:
    by, at = stage.people.by("tamsin"), stage.at
    assert stage.course.state == "dosing"
    with pytest.raises(Refused, match="Not now"):
        move_course(by=by, at=at, course=stage.course, verb="follow")
    with pytest.raises(Refused, match="Not now"):
        end(stage, "finish")
    assert move_course(by=by, at=at, course=stage.course, verb="end_doses").state == "integration"
    assert move_course(by=by, at=at, course=stage.course, verb="follow").state == "follow_up"
    assert move_course(by=by, at=at, course=stage.course, verb="begin_doses").state == "dosing"
    with pytest.raises(Refused, match="prescriber or therapist"):
        move_course(by=stage.people.by("odette"), at=at, course=stage.course, verb="end_doses")


def test_doses_are_not_over_while_one_is_planned(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    plan_session(
        by=people.by("odette"),
        at=stage.at,
        course=stage.course,
        organisation=people.clinic,
        phase="dosing",
        planned_from=stage.at + timedelta(days=3),
        minutes=120,
        room=people.room(),
    )
    with pytest.raises(Refused, match="still planned"):
        move_course(by=people.by("tamsin"), at=stage.at, course=stage.course, verb="end_doses")


def test_an_end_calls_off_closes_stops_and_tells(stage: Stage) -> None:
    visit, link = follow_up_visit(stage), sent(stage)
    stage.later(hours=1)
    ended = end(stage)
    assert (stage.course.state, stage.course.ended_at, ended.came_from) == ("stopped", stage.at, "dosing")
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    link.refresh_from_db()
    assert stands(link, "", stage.at) is Stands.LATE, "an answer is still kept"
    left = Task.objects.filter(course=stage.course, done_at=None, organisation=stage.people.clinic)
    assert {task.what for task in left} <= {"next_day_call"}
    [told] = Task.objects.filter(organisation=stage.people.therapy, what__startswith="ended_")
    assert told.owner == stage.people["mira"] and "yours to keep or cancel" in told.text
    assert follow_courses(by=SYSTEM, at=stage.at + timedelta(days=8)) == 0
    with pytest.raises(Refused, match="has ended"):
        sent(stage)
    with pytest.raises(Refused, match="Not now"):
        end(stage)


def test_who_is_shared_nothing_is_told_nothing(stage: Stage) -> None:
    revoke(by=stage.people.patient("wren"), at=stage.at, grant=stage.grant)
    end(stage)
    assert not Task.objects.filter(what__startswith="ended_").exists()


def test_an_alert_outlives_the_course(people: Cast) -> None:
    from openkap.steps.measures import answer_form

    stage = at_step(people, "measured_after")
    answers = dict.fromkeys("123456789", 2)
    answer_form(
        by=people.patient("wren"),
        at=stage.at,
        course=stage.course,
        instrument="phq9",
        answers=answers,
        point="later",
    )
    end(stage)
    assert Task.objects.filter(what="alert_phq9-item9", done_at=None).exists()


def test_a_death_is_told_with_care_and_no_mail_goes_out_again(stage: Stage, mailoutbox: list[Any]) -> None:
    link = sent(stage)
    stage.later(hours=1)
    end(stage, "record_death", by="odette", why="Her brother called this morning")
    assert delivered(stage.at) == [], "what was on its way is held"
    for task in Task.objects.filter(what__startswith="died_"):
        assert "Take the time you need" in task.text
    known = set(Task.objects.filter(what__startswith="died_").values_list("owner_id", flat=True))
    assert {stage.people["tamsin"].id, stage.people["jonah"].id} <= known
    assert "hear it from a person" in Task.objects.get(what__startswith="ended_").text
    link.refresh_from_db()
    assert not stands(link, "", stage.at).opens
    assert ask_sign_in(by=SYSTEM, at=stage.at, contact="wren@example.org") == []
    with pytest.raises(Refused, match="has died"):
        send_link(
            by=stage.people.by("odette"),
            at=stage.at,
            organisation=stage.people.clinic,
            patient=stage.people["wren"],
            purpose="sign_in",
        )
    follow_courses(by=SYSTEM, at=stage.at + timedelta(days=40))
    assert delivered() == []


def test_a_form_answered_after_a_death_still_reaches_a_named_person_in_words_that_fit(stage: Stage) -> None:
    stage.later(hours=1)
    end(stage, "record_death", by="odette", why="Her brother called this morning")
    before = len(delivered(stage.at))
    answered = answer_form(
        by=stage.people.patient("wren"),
        at=stage.later(days=2),
        course=stage.course,
        instrument="phq9",
        answers=dict.fromkeys("123456789", 2),
        point="month_1",
        late=True,
    )
    assert answered.score.alerts and answered.tasks
    for task in answered.tasks:
        assert task.owner is not None and task.done_at is None
        assert "after their death was recorded" in task.text and "C-SSRS" not in task.text
    told = {address for mail in delivered(stage.at)[before:] for address in mail.to}
    assert stage.people["wren"].email not in told and told <= {p.email for p in stage.people.persons.values()}
    follow_courses(by=SYSTEM, at=stage.at + timedelta(days=40))
    assert not any(stage.people["wren"].email in mail.to for mail in delivered())


@pytest.mark.parametrize("verb", ["stop", "transfer", "record_death"])
def test_an_end_entered_in_error_is_taken_back(stage: Stage, verb: str) -> None:
    end(stage, verb)
    by, at = stage.people.by("tamsin"), stage.later(minutes=3)
    with pytest.raises(Refused, match="why"):
        take_back_end(by=by, at=at, course=stage.course, reason=" ")
    back = take_back_end(by=by, at=at, course=stage.course, reason="Another person of this name")
    assert (back.state, back.ended_at) == ("dosing", None)
    assert not CourseEnd.objects.current().exists() and CourseEnd.objects.count() == 2
    assert Participation.objects.filter(course=back, until=None).count() == 2
    assert not Task.objects.filter(what__startswith="died_", done_at=None).exists()
    assert sent(stage.fresh()).pk, "mail goes out again"
    with pytest.raises(Refused, match="taken back"):
        take_back_end(by=by, at=at, course=back, reason="Again")


def test_a_course_is_not_ended_under_a_running_dose(people: Cast) -> None:
    stage = at_step(people, "under_way")
    with pytest.raises(Refused, match="under way"):
        end(stage)


def test_two_who_end_at_once(stage: Stage) -> None:
    version = stage.course.version
    move_course(by=stage.people.by("tamsin"), at=stage.at, course=stage.course, verb="end_doses")
    with pytest.raises(Refused, match="Someone changed this course"):
        end_course(
            by=stage.people.by("osric"),
            at=stage.at,
            course=stage.course,
            verb="stop",
            why="No response",
            version=version,
        )


def test_the_page_says_what_an_end_does_and_does_it(stage: Stage) -> None:
    follow_up_visit(stage)
    address = reverse("care-end", args=[stage.course.id])
    with visiting("tamsin", stage.at) as page:
        page.get(address)
        assert "1 planned session is called off" in page.page and "Quiet Harbor Therapy" in page.page
        assert "The doses are over" in page.page and "Done: what was planned" not in page.page
        hidden = form_in(page.page, address)
        assert page.post(address, {**hidden, "verb": "stop", "why": ""}).status_code == 422
        assert "Say in a few words why" in page.page
        assert page.post(address, {**hidden, "verb": "stop", "why": "Her own wish"}).status_code == 302
        page.get(address)
        assert "Her own wish" in page.page and "Take the end back" in page.page
    assert Course.objects.get(id=stage.course.id).state == "stopped"


def test_the_paper_holds_what_scope_holds(stage: Stage) -> None:
    end(stage)
    at = stage.at
    doctor, desk, mira = (
        paper_of(reach(stage.people, key, at), stage.course, at, ZONE) for key in ("tamsin", "odette", "mira")
    )
    said = {section.title: " ".join(line.words for line in section.lines) for section in doctor.sections}
    assert "35 mg given" in said["Doses"] and "PHQ-9 18" in said["Scores"] and "Signed as" in said["Consents"]
    assert doctor.vitals[0].sets >= 5 and ("Systolic, mmHg", "124", "124") in doctor.vitals[0].rows
    assert "Her own wish" in doctor.end
    hidden = {section.title for section in desk.sections if section.hidden}
    assert {"Evaluation", "Doses", "Scores", "Session notes for the course"} <= hidden and desk.vitals_hidden
    notes = next(section for section in mira.sections if section.title.startswith("Session notes"))
    assert [line.who for line in notes.lines] == ["Mira Fennimore-Hale, Quiet Harbor Therapy"], "her own"


def test_the_paper_asks_the_same_however_long_the_course(stage: Stage) -> None:
    scope = reach(stage.people, "tamsin", stage.at)
    with CaptureQueriesContext(connection) as counted:
        paper_of(scope, stage.course, stage.at, ZONE)
    assert len(counted) <= 20


def test_questions_by_mail_stop_and_begin_again_from_the_page(stage: Stage) -> None:
    page_of, address = (
        reverse("care-end", args=[stage.course.id]),
        reverse("care-asking", args=[stage.course.id]),
    )
    with visiting("tamsin", stage.at) as page:
        page.get(page_of)
        page.post(address, {**form_in(page.page, address), "stop": "1"})
        assert AskStop.objects.filter(course=stage.course, until=None).count() == 1
        page.get(page_of)
        assert "No questions go out by mail: Tamsin Orrery" in page.page
        page.post(address, {**form_in(page.page, address), "again": "1"})
    assert not AskStop.objects.filter(course=stage.course, until=None).exists()


def test_who_was_stopped_meanwhile_is_not_in_again(stage: Stage) -> None:
    """The end is taken back; a practice with which the patient stopped sharing since stays out."""
    end(stage)
    revoke(by=stage.people.patient("wren"), at=stage.later(hours=1), grant=stage.grant)
    take_back_end(
        by=stage.people.by("tamsin"), at=stage.later(hours=1), course=stage.course, reason="Wrong patient"
    )
    parts = Participation.objects.filter(course=stage.course, until=None)
    assert set(parts.values_list("organisation_id", flat=True)) == {stage.people.clinic.id}
