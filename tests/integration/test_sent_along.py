"""From a request to an evaluation: what was answered along with it, and the task it left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from openkap.records.models import Task
from openkap.steps.course import plan_session
from openkap.steps.requests import open_from_request
from tests.integration.clinic_desk import visiting
from tests.integration.test_requests import JUNO, ask
from tests.people import NOW, Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def test_what_was_sent_along_stands_on_the_evaluation_and_planning_it_settles_the_task(people: Cast) -> None:
    answers = {"medicines": ["sedatives"]}
    row = ask(people, replace(JUNO, answers=answers))
    open_from_request(by=people.by("odette"), at=NOW, request=row, protocol_id="blended_iv")
    assert row.course is not None
    with visiting("tamsin", NOW) as page:
        shown = page.get(f"/care/courses/{row.course.id}/evaluation/").content.decode()
    assert "Said before, when they asked" in shown and "benzodiazepines" in shown
    plan_session(
        by=people.by("odette"),
        at=NOW,
        course=row.course,
        organisation=people.clinic,
        phase="evaluation",
        planned_from=NOW + timedelta(days=3),
        minutes=60,
    )
    assert Task.objects.get(course=row.course, what="plan_evaluation").done_at == NOW
