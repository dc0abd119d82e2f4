"""Forms of the library as pages: gates, lines and boxes, paper and totals, and finding the one to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from openkap.records.ids import new_id
from openkap.records.models import Ask, PersonalLink, Response, Score
from tests.at_step import Stage, at_step
from tests.integration.clinic_desk import visiting
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(people: Cast) -> Stage:
    return at_step(people, "shared")


def tap(visitor: Visitor, address: str, item: str, value: Any) -> Any:
    return visitor.post(address, {"submission": new_id(), "item": item, "value": value})


def own(stage: Stage, form: str, point: str = "after_1") -> str:
    return reverse("me-form", args=[stage.course.id, form, point])


def test_an_answer_leaves_questions_out_and_going_back_opens_them_again(stage: Stage) -> None:
    wren, address = Visitor().become("wren"), own(stage, "audit")
    assert tap(wren, address, "1", 0)["Location"].endswith("?q=9")
    wren.get(f"{address}?q=9")
    assert "2 of 3" in wren.page and "<fieldset" in wren.page
    assert tap(wren, address, "1", 2)["Location"].endswith("?q=2")
    tap(wren, address, "2", 3)
    assert tap(wren, address, "1", 0)["Location"].endswith("?q=9")
    for item in ("9", "10"):
        tap(wren, address, item, 0)
    assert wren.post(address, {"submission": new_id()}).status_code == 302
    score = Score.objects.get(instrument="audit")
    assert (score.total, score.complete) == (0, True), "how much is no answer where the answer is never"
    assert not score.response.answers.filter(item="2").exists()


def test_a_number_that_cannot_be_is_told_and_stays_as_it_was_typed(stage: Stage) -> None:
    wren, address = Visitor().become("wren"), own(stage, "peg")
    for typed in ("eleven", "11"):
        assert tap(wren, address, "1", typed).status_code == 422
    assert not Response.objects.filter(instrument="peg").exists()
    assert wren.get(own(stage, "madrs")).status_code == 404, "its words may not be shown"
    assert wren.get(own(stage, "hama")).status_code == 404, "a clinician rates it"


def test_boxes_where_the_words_may_not_be_shown(stage: Stage) -> None:
    address = f"/care/courses/{stage.course.id}/form/madrs/"
    with visiting("jonah", stage.at) as page:
        page.get(address)
        assert "Sadness seen" in page.page and "0 to 6" in page.page
        sent = {f"answer_{n}": "2" for n in range(1, 11)} | {"submission": page.hidden("submission")}
        reply = page.post(address, {**sent, "answer_3": "two", "point": "before"})
        assert reply.status_code == 422 and 'value="two"' in page.page and 'href="#answer_3"' in page.page
        assert page.post(address, {**sent, "point": "end_of_acute"}).status_code == 302
    response = Response.objects.get(instrument="madrs")
    assert (response.source, response.point, response.scores.get().total) == ("in_room", "end_of_acute", 20)


def test_a_paper_keeps_its_own_day_and_a_total_its_safety_item(stage: Stage) -> None:
    day = stage.at - timedelta(days=3)
    with visiting("tamsin", stage.at) as page:
        address = f"/care/courses/{stage.course.id}/form/phq9/"
        page.get(address)
        answers = {f"answer_{n}": "1" for n in range(1, 9)} | {"answer_9": "0"}
        paper = {"filled_at": day.astimezone(NOW.tzinfo).strftime("%Y-%m-%dT%H:%M+00:00"), "point": "before"}
        page.post(address, {**answers, **paper, "submission": page.hidden("submission")})
        address = f"/care/courses/{stage.course.id}/form/bdi2/?total=1"
        page.get(address)
        assert "Item 9, about safety" in page.page
        page.post(address, {"total": "24", "answer_9": "1", "submission": page.hidden("submission")})
    kept = Score.objects.get(instrument="phq9", source="paper")
    assert (kept.total, kept.at.replace(second=0), kept.recorded_at > kept.at) == (8, kept.at, True)
    entered = Score.objects.get(instrument="bdi2")
    assert (entered.total, entered.entered, [a["rule"] for a in entered.alerts]) == (24, True, ["bdi2-item9"])


def test_a_form_is_found_by_what_it_is_about_and_what_is_owed_goes_by_one_link(stage: Stage) -> None:
    address = reverse("care-forms", args=[stage.course.id])
    with visiting("tamsin", stage.at) as page:
        page.get(f"{address}?q=alcohol")
        assert "AUDIT-C" in page.page and "DAST-10" in page.page and "MADRS</th>" not in page.page
        assert page.post(address, {"all": "before"}).status_code == 302
        sent = set(Ask.objects.filter(point="before").exclude(link=None).values_list("instrument", flat=True))
        assert {"pcptsd5", "auditc", "bladder_check"} <= sent and "cgi_s" not in sent
        page.post(address, {"form": "who5", "point": "before", "submission": new_id()})
        assert PersonalLink.objects.filter(about="who5", point="before").count() == 1
        assert (
            page.post(address, {"form": "madrs", "point": "before", "submission": new_id()}).status_code
            == 422
        )


def test_a_second_long_form_can_wait_and_is_gone_on_with_if_one_likes(stage: Stage) -> None:
    address = reverse("care-forms", args=[stage.course.id])
    with visiting("tamsin", stage.at) as page:
        for form in ("pcl5", "phq9"):
            page.post(address, {"form": form, "point": "after_1", "submission": new_id()})
    with visiting("wren", stage.at + timedelta(minutes=5)) as wren:
        wren.get(reverse("me-home"))
        assert "can wait until tomorrow" not in wren.page.partition(own(stage, "pcl5"))[0]
        assert wren.page.count("can wait until tomorrow") == 1
        sent = {f"answer_{n}": 0 for n in range(1, 10)} | {"submission": new_id()}
        wren.get(wren.post(own(stage, "phq9"), sent)["Location"])
        assert "That is enough for today" in wren.page and own(stage, "pcl5") in wren.page
    with visiting("wren", stage.at + timedelta(hours=13)) as wren:
        wren.get(reverse("me-home"))
        assert own(stage, "pcl5") in wren.page and "can wait until tomorrow" not in wren.page


def test_what_an_answer_leaves_out_is_told_and_named_for_the_script_that_hides_it(stage: Stage) -> None:
    with visiting("tamsin", stage.at) as page:
        page.get(f"/care/courses/{stage.course.id}/form/audit/")
        assert 'id="answer_4" data-behind="1 2,3"' in page.page and "Not asked where 1 is" in page.page
        assert 'id="answer_9" data-behind' not in page.page
