"""The whole law on its pages: the work-up, what changed, what runs out, and the course at the gate."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from openkap.records.facts.gate import day_of
from openkap.records.models import Course, Result
from openkap.steps.bedside import give_medicine
from openkap.steps.day import keep_day
from openkap.steps.evaluation import Measured, answer_question, note_result
from openkap.steps.frame import Refused
from openkap.steps.measures import answer_form
from openkap.steps.order import order_dose
from tests.at_step import PHQ9_BEFORE, Stage, arrived, at_step, confirmed, drawn, gone_home, ordered, planned
from tests.integration.floor_visits import sent, visitor
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(course: Course) -> str:
    return f"/care/courses/{course.id}/evaluation/"


def test_the_evaluation_shows_its_work_up_and_what_changed_since_the_decision() -> None:
    stage = at_step(cast(), "decided")
    tamsin = stage.people.by("tamsin")
    with time_machine.travel(stage.at, tick=False):
        client = visitor(stage.people, "tamsin", stage.at)
        shown = text_of(client, address(stage.course))
        assert "Work-up" in shown and "The prescription monitoring program: not on file." in shown
        # Who approved a row that no source states: whoever signed the route's rules as they are now.
        assert "Approved by Osric Thanewell, " in shown and "Nobody yet" not in shown
        assert "Every rule says the same as then." in shown and "To be screened again by September" in shown
        answer_question(by=tamsin, at=stage.at, course=stage.course, key="stroke_history", value=True)
        changed = text_of(client, address(stage.course))
        assert "A stroke is in the history." in changed and "nothing spoke against it" in changed
        page = client.get(address(stage.course)).content.decode()
        seen = re.search(r'name="seen" value="([^"]+)"', page)
        assert seen is not None
        wrong = sent(piece="workup", seen=seen[1], item="mdq", showed="maybe", done_on="2027-03-09")
        refused = client.post(address(stage.course), wrong)
        assert refused.status_code == 422 and "Write positive or negative." in refused.content.decode()
        noted = client.post(address(stage.course), wrong | sent(showed="Positive"))
        assert noted.status_code == 302, noted.content.decode()[:400]
        assert Result.objects.get(key="mdq").value == "positive"
        assert "The MDQ is positive." in text_of(client, address(stage.course))


def test_the_director_sees_what_runs_out_and_where_sources_disagree() -> None:
    people = cast()
    with time_machine.travel(NOW, tick=False):
        shown = text_of(visitor(people, "osric", NOW), "/lead/rules/")
    # Fails closed: the time is over, and the stricter thing holds.
    assert "Ran out after December 31, 2026" in shown
    assert "An in-person examination by the prescriber is needed first." in shown
    assert "Where sources disagree" in shown and "limit 30 kg/m2" in shown


def again(stage: Stage) -> None:
    """A second dose, five days later, up to its gate."""
    stage.later(days=5)
    for play in (planned, ordered, drawn, confirmed, arrived):
        play(stage.fresh())


def test_the_gate_asks_the_course_before_a_further_dose() -> None:
    stage = at_step(cast(), "measured_after")
    again(stage)
    said = {finding.rule: finding for finding in day_of(stage.dose, stage.at).screened}
    assert said  # the day itself is asked as before
    day = day_of(stage.dose, stage.at)
    assert day.since is not None and day.since.mania_or_psychosis is False
    assert (day.since.phq9_was, day.since.phq9_now, day.since.responded) == (18, 6, True)
    worse = dict.fromkeys(PHQ9_BEFORE, 3) | {"9": 0}
    patient = stage.people.patient(stage.key)
    answer_form(
        by=patient,
        at=stage.later(minutes=1),
        course=stage.course,
        instrument="phq9",
        answers=worse,
        point="b2",
    )
    nurse = stage.people.by("jonah")
    keep_day(
        by=nurse,
        at=stage.at,
        session=stage.fresh().dose,
        answers={"taken": {"answer": "alcohol"}, "bladder": {"answer": "yes"}, "mind": {"answer": "yes"}},
    )
    with time_machine.travel(stage.at, tick=False):
        shown = text_of(visitor(stage.people, "jonah", stage.at), f"/rooms/sessions/{stage.dose.id}/")
    for words in (
        "PHQ-9 went from 18 to 24.",
        "Mania or psychosis since the last dose.",
        "New bladder symptoms.",
        "Alcohol was taken within the last 24 hours.",
    ):
        assert words in shown, words


def test_a_decision_of_long_ago_is_looked_at_again_and_a_new_result_shows_how_old_it_is() -> None:
    stage = at_step(cast(), "arrived")
    later = stage.at + timedelta(days=200)
    note_result(
        by=stage.people.by("tamsin"),
        at=stage.at,
        course=stage.course,
        result=Measured("pdmp", "checked, as told", "", stage.at),
    )
    assert (day_of(stage.dose, later).decided_on or stage.at.date()) < later.date()
    with time_machine.travel(later, tick=False):
        shown = text_of(visitor(stage.people, "tamsin", later), address(stage.course))
    assert "The prescription monitoring program: 200 days old. It counts for 90 days." in shown
    assert "sign the decision anew" in shown


def test_a_dose_is_not_raised_after_one_that_was_not_borne_well_but_by_the_director() -> None:
    stage = at_step(cast(), "recovering")
    nurse = stage.people.by("jonah")
    give_medicine(
        by=nurse, at=stage.at, session=stage.dose, name="Labetalol", dose="10 mg by vein", sedative=False
    )
    gone_home(stage.fresh())
    stage.later(days=5)
    planned(stage.fresh())
    wanted = stage.given.wanted | {"mg_per_kg": Decimal("0.6")}
    at, dose = stage.later(minutes=5), stage.fresh().dose
    with pytest.raises(Refused, match="which was not tolerated well"):
        order_dose(by=stage.people.by("tamsin"), at=at, session=dose, words="Little effect.", **wanted)
    kept = order_dose(by=stage.people.by("osric"), at=at, session=dose, words="Looked at it.", **wanted)
    assert kept.mg == 42
