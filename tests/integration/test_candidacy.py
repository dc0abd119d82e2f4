"""The signed decision of an evaluation: on which verdict, by whom, with which words, and what it ends."""

from __future__ import annotations

from datetime import date

import pytest

from openkap.reads.evaluation import evaluation_of
from openkap.reads.standing import standing_of_course
from openkap.records.facts.screening import evaluate
from openkap.records.models import Course, Decision, Event, Task
from openkap.steps.evaluation import note_result
from openkap.steps.frame import NotPermitted, Refused, Stale
from tests.at_step import at_step
from tests.integration.clinic_desk import ZONE, form_in, reach, visiting
from tests.integration.evaluating import NO, keep, measured, ready, sign
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(people: Cast) -> Course:
    return at_step(people, "opened").course


def test_a_candidate_goes_on_with_the_verdict_as_it_was(people: Cast, course: Course) -> None:
    ready(people, course)
    decision = sign(people, course, seen=evaluate(course, NOW).seen)
    course.refresh_from_db()
    assert course.state == "preparation" and decision.level == "clear"
    assert len(decision.verdict["findings"]) == len(decision.verdict["rules"]) == 58
    assert (decision.for_patient, decision.look_again_on) == ("", None)
    assert decision.verdict["ruleset"].startswith("library")
    assert Event.objects.filter(verb="decision.candidate").count() == 1


def test_a_decision_on_an_older_verdict_is_refused(people: Cast, course: Course) -> None:
    ready(people, course)
    seen = evaluate(course, NOW).seen
    note_result(by=people.by("jonah"), at=NOW, course=course, result=measured("cssrs_recent", "high"))
    with pytest.raises(Stale):
        sign(people, course, seen=seen)
    assert not Decision.objects.exists()


def test_what_is_unknown_cannot_be_overruled_but_not_now_can_be_signed(people: Cast, course: Course) -> None:
    with pytest.raises(Refused, match="Cannot say yet"):
        sign(people, course, overrides={"S06": "I know him"})
    with pytest.raises(Refused, match="on which day you look again"):
        sign(people, course, outcome="not_now", words="An answer is missing.")
    with pytest.raises(Refused, match="past or today"):
        sign(people, course, outcome="not_now", words="Missing.", look_again_on=date(2027, 3, 9))
    sign(people, course, outcome="not_now", words="An answer is missing.", look_again_on=date(2027, 4, 6))
    task = Task.objects.get(course=course, what="look_again")
    assert task.owner == people["tamsin"] and task.due_at.astimezone(ZONE).date() == date(2027, 4, 6)
    course.refresh_from_db()
    told = standing_of_course(course, None)
    assert "When we have the answers, we look again." in told.words
    assert told.look_again_on == date(2027, 4, 6)
    assert course.state == "not_now" and course.ended_at is None


def test_a_stop_without_override_cannot_be_signed_by_anyone(people: Cast, course: Course) -> None:
    ready(people, course, {"aneurysmal_vascular_disease": True})
    for who in ("tamsin", "osric"):
        with pytest.raises(Refused, match="Nobody can overrule"):
            sign(people, course, who=who, overrides={"S01": "Surely fine"})


def test_a_hold_needs_a_reason_and_the_one_who_may(people: Cast, course: Course) -> None:
    high = [measured("sbp", "152", "mmHg"), measured("dbp", "88", "mmHg")]
    ready(people, course, results=high)
    with pytest.raises(Refused, match="Say why you go ahead") as no:
        sign(people, course)
    assert no.value.field == "override_S06"
    decision = sign(people, course, overrides={"S06": "White coat; 128/80 at home all week"})
    assert decision.level == "hold"
    assert decision.verdict["overrides"] == {"S06": "White coat; 128/80 at home all week"}


def test_a_high_suicide_risk_is_the_medical_directors_alone(people: Cast, course: Course) -> None:
    ready(people, course, results=[measured("cssrs_recent", "high")])
    with pytest.raises(Refused, match="Only the medical director"):
        sign(people, course, overrides={"S38": "Safety plan made"})
    assert (
        sign(people, course, who="osric", overrides={"S38": "In hospital, plan made"}).outcome == "candidate"
    )


def test_not_a_candidate_says_why_and_ends_the_course(people: Cast, course: Course) -> None:
    with pytest.raises(Refused, match="what would change it"):
        sign(people, course, outcome="not_candidate", words=" ")
    with pytest.raises(Refused, match="in words for the patient"):
        sign(people, course, outcome="not_candidate", words="The aneurysm.", for_patient=" ")
    keep(people, course, {"aneurysmal_vascular_disease": True})
    sign(people, course, outcome="not_candidate", words="The aneurysm. This will not change.")
    course.refresh_from_db()
    told = standing_of_course(course, None)
    assert "which could make it burst. This does not change with time." in told.words
    assert "The aneurysm." not in told.words, "the chart's reasons stay there"
    assert course.state == "not_candidate" and course.ended_at == NOW
    with pytest.raises(Refused, match="has ended"):
        keep(people, course, NO)


@pytest.mark.parametrize("who", ["jonah", "odette", "priya", "mira"])
def test_only_a_prescriber_signs(people: Cast, course: Course, who: str) -> None:
    with pytest.raises(NotPermitted):
        sign(people, course, who=who)


def test_who_may_not_see_clinical_facts_is_refused_the_page(people: Cast, course: Course) -> None:
    assert evaluation_of(reach(people, "odette", NOW), course, NOW, ZONE) is None
    with visiting("odette", NOW) as page:
        assert page.get(f"/care/courses/{course.id}/evaluation/").status_code == 403
    with visiting("mira", NOW) as page:
        assert page.get(f"/care/courses/{course.id}/evaluation/").status_code == 404
    assert Event.objects.filter(outcome="refused", patient=people["wren"]).count() == 2


def test_signing_on_the_page_and_undoing_it(people: Cast, course: Course) -> None:
    ready(people, course)
    address = f"/care/courses/{course.id}/evaluation/"
    with visiting("tamsin", NOW) as page:
        page.get(address)
        to = f"/care/courses/{course.id}/decision/"
        typed = {**form_in(page.page, to), "outcome": "candidate", "words": "Six doses; rethink after four"}
        assert page.post(to, {**typed, "outcome": ""}).status_code == 422
        assert "Choose one of the three" in page.page and "rethink after four" in page.page
        assert page.post(to, {**typed, **form_in(page.page, to)}).status_code == 302
        page.get(address)
        assert "Signed by Tamsin Orrery" in page.page
        row = Decision.objects.get()
        wrong = f"/care/correct/decision/{row.id}/"
        page.get(wrong)
        sent = {
            "submission": page.hidden("submission"),
            "reason": "Signed for the wrong patient",
            "how": "withdraw",
        }
        assert page.post(wrong, sent).status_code == 302
        page.get(address)
        assert "<s>Candidate, with a plan</s>" in page.page
