"""What was answered to a form, question by question: who reads it, and that reading it is told."""

from __future__ import annotations

import pytest

from openkap.records.models import Event
from openkap.steps.measures import answer_form
from tests.at_step import at_step
from tests.integration.clinic_desk import visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


def test_each_question_with_its_answer_is_read_by_whoever_may_and_told(people: Cast) -> None:
    stage = at_step(people, "decided", at=NOW)
    by, answers = people.patient("wren"), {**{str(n): 1 for n in range(1, 9)}, "9": 2}
    answer_form(by=by, at=stage.at, course=stage.course, instrument="phq9", point="before", answers=answers)
    address = f"/answers/{stage.course.id}/"
    with visiting("tamsin", stage.at) as page:
        assert page.get(address).status_code == 200
        assert "Thoughts that you would be better off dead" in page.page
        assert "More than half the days" in page.page and "Wren Alderbrook" in page.page
    assert Event.objects.filter(verb="opened.answers", patient=people["wren"]).count() == 1
    with visiting("odette", stage.at) as page:
        assert page.get(address).status_code == 403
