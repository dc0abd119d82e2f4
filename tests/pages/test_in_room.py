"""A questionnaire asked in the room: kept as such, by whose hand, and its alert opened at once."""

from __future__ import annotations

import pytest

from openkap.records.models import Course, Response, Score, Task
from tests.at_step import PHQ9_BEFORE, at_step
from tests.integration.clinic_desk import visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return at_step(people, "opened").course


def test_it_is_kept_as_answered_in_the_room(people: Cast, course: Course) -> None:
    address = f"/care/courses/{course.id}/form/phq9/"
    with visiting("jonah", NOW) as page:
        page.get(address)
        sent = {f"answer_{item}": str(value) for item, value in PHQ9_BEFORE.items()}
        reply = page.post(address, {**sent, "submission": page.hidden("submission"), "point": "before"})
        assert reply.status_code == 302
        page.get(f"/care/courses/{course.id}/evaluation/")
        assert "PHQ-9" in page.page
    response, score = Response.objects.get(), Score.objects.get()
    assert (response.source, response.by_name) == ("in_room", "Jonah Bellwether")
    assert score.total == sum(PHQ9_BEFORE.values())


def test_a_worrying_answer_opens_its_task_and_the_page_says_so(people: Cast, course: Course) -> None:
    address = f"/care/courses/{course.id}/form/phq9/"
    with visiting("jonah", NOW) as page:
        page.get(address)
        sent = {f"answer_{item}": str(value) for item, value in {**PHQ9_BEFORE, "9": 3}.items()}
        page.post(address, {**sent, "submission": page.hidden("submission")})
    assert Task.objects.filter(course=course, done_at=None).exclude(level="").exists()


def test_nothing_answered_is_told_and_no_form_is_made_up(people: Cast, course: Course) -> None:
    with visiting("jonah", NOW) as page:
        address = f"/care/courses/{course.id}/form/phq9/"
        page.get(address)
        reply = page.post(address, {"submission": page.hidden("submission"), "answer_1": "9"})
        assert reply.status_code == 422 and not Response.objects.exists()
        assert page.get(f"/care/courses/{course.id}/form/none/").status_code == 404
        odd = f"{address}?point=a%00b"  # no text that a database could be asked for
        assert page.get(odd).status_code == 200
        sent = {"submission": page.hidden("submission"), "point": "a\x00b", "answer_1": "1"}
        assert page.post(address, sent).status_code == 422 and not Response.objects.exists()
    with visiting("mira", NOW) as page:
        assert page.get(address).status_code == 404
