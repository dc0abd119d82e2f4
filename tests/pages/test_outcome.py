"""The outcome: before against after by named rules, what is missing, and who has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from openkap.medicine.course.alerts import outcomes
from openkap.reads.looked import looks_of
from openkap.reads.outcome import Outcome, outcome_of
from openkap.reads.outcome_beside import beside_of
from openkap.reads.outcome_chart import point_words
from openkap.reads.what_helps import Helps, helps_of
from openkap.records.models import Task
from openkap.records.standing import scope_now
from openkap.steps.closing import close_alert
from openkap.steps.links import send_link
from openkap.steps.measures import answer_form
from openkap.steps.open import open_record
from openkap.steps.preparation import keep_preparation
from openkap.steps.sharing import revoke
from openkap.steps.small_things import add_small_thing, end_small_thing, tick
from openkap.ui import scorechart
from tests.at_step import PHQ9_BEFORE, Stage, at_step
from tests.integration.clinic_desk import ZONE, asked, reach, visiting
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db


def outcome(stage: Stage, who: str = "tamsin"):  # type: ignore[no-untyped-def]
    return outcome_of(reach(stage.people, who, stage.at), stage.course, stage.at, ZONE)


def after(stage: Stage, answers: dict[str, int]) -> None:
    answer_form(
        by=stage.people.patient("wren"),
        at=stage.later(hours=1),
        course=stage.course,
        instrument="phq9",
        answers=answers,
        point="after",
    )


def test_better_by_a_named_rule(people: Cast) -> None:
    shown = outcome(at_step(people, "measured_after"))
    assert (shown.level, shown.says) == ("clear", "Reliably better")
    assert shown.why == (
        "18 to 6, down 12. A change of 6 or more is more than chance (NHS reliable change). Not in remission."
    )
    assert (shown.response, shown.remission, shown.missing, shown.doses) == ("Yes", "No", (), 1)
    assert {r.name: r.says for r in shown.rules}["NHS reliable change"] == "Better"
    assert all(r.sources for r in shown.rules)


@pytest.mark.parametrize(
    ("answers", "level", "says"),
    [
        ({**PHQ9_BEFORE, "4": 0}, "unknown", "Could be chance alone"),
        (dict.fromkeys("12345678", 3) | {"9": 0}, "caution", "Reliably worse"),
        (dict.fromkeys("123456789", 0), "clear", "Reliably better"),
        (PHQ9_BEFORE, "unknown", "Could be chance alone"),
    ],
)
def test_same_worse_and_gone(people: Cast, answers: dict[str, int], level: str, says: str) -> None:
    stage = at_step(people, "measured_before")
    after(stage, answers)
    shown = outcome(stage)
    assert (shown.level, shown.says) == (level, says)


def test_what_is_missing_is_named(people: Cast) -> None:
    stage = at_step(people, "decided")
    shown = outcome(stage)
    assert shown.level == "unknown" and shown.says == "Cannot say yet. No answers"
    assert shown.missing == ("Before the first dose: not asked yet", "After the doses: not asked yet")
    send_link(
        by=people.by("tamsin"),
        at=stage.at,
        organisation=people.clinic,
        patient=people["wren"],
        purpose="measure",
        course=stage.course,
        about="phq9",
        point="before",
    )
    stage.later(hours=1)
    shown = outcome(stage)
    assert shown.missing[0] == "Before the first dose: asked March 9, 2027, not answered"
    [hollow] = shown.chart.points
    assert hollow.value is None


def test_an_incomplete_form_has_no_total_and_is_not_compared(people: Cast) -> None:
    stage = at_step(people, "measured_before")
    after(stage, {"1": 1, "2": 1})
    shown = outcome(stage)
    assert shown.level == "unknown" and "One answer" in shown.says
    assert shown.rows[-1].total == "No total" and "not complete" in shown.rows[-1].note


def test_the_chart_can_be_drawn_at_every_size(people: Cast) -> None:
    shown = outcome(at_step(people, "measured_after"))
    for width in (scorechart.WIDE, scorechart.NARROW, scorechart.SPARK):
        assert scorechart.draw(shown.chart, width).dots  # type: ignore[arg-type]
    words = [line.words for line in shown.chart.rules]
    assert words == ["12: reliably better", "24: reliably worse", "9: response", "4: remission"]
    assert [e.kind for e in shown.chart.events] == ["dose"], "the clinic does not see Mira's own session"


def test_another_practice_sees_scores_only_while_shared(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    assert outcome(stage, "mira").level == "clear"
    revoke(by=people.patient("wren"), at=stage.at, grant=stage.grant)
    assert outcome(stage, "mira").says == "Cannot say yet. No answers"
    assert outcome(stage, "odette").says == "Cannot say yet. No answers"


def test_four_questions(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    scope = reach(people, "tamsin", stage.at)
    _shown, count = asked(lambda: outcome_of(scope, stage.course, stage.at, ZONE))
    assert count == 4


def test_the_page_says_it_in_words_and_in_a_table(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    with visiting("tamsin", stage.at) as page:
        page.get(f"/care/patients/{people.file('wren').id}/outcome/")
        assert "Reliably better" in page.page and "moderately severe" in page.page
        assert page.page.count("<table") >= 3
        page.get(f"/care/patients/{people.file('noor').id}/outcome/")
        assert "No course yet" in page.page
    with visiting("odette", stage.at) as page:
        assert page.get(f"/care/patients/{people.file('wren').id}/outcome/").status_code == 403


def test_who_has_looked_names_people_pages_and_refusals(people: Cast) -> None:
    stage = at_step(people, "shared")
    by = people.by("mira")
    open_record(by=by, at=stage.at, about=stage.course, page="patient")
    with visiting("odette", stage.at) as page:
        page.get(f"/care/courses/{stage.course.id}/evaluation/")
    with visiting("tamsin", stage.at) as page:
        page.get(f"/care/patients/{people.file('wren').id}/looked/")
        assert "Mira Fennimore-Hale" in page.page and "Quiet Harbor Therapy" in page.page
        assert "Odette Marsh" in page.page and "Refused, and told" in page.page
        assert "therapist" in page.page and "front desk" in page.page


def test_a_namesake_and_ones_own_visits_hide_nobody_who_looked(people: Cast) -> None:
    """A name is not who someone is, and a patient's own visits take no line from others'."""
    stage = at_step(people, "shared")
    wren, namesake = people.patient("wren"), replace(people.by("mira"), name=people["wren"].name)
    open_record(by=namesake, at=stage.at, about=stage.course, page="patient")
    for _n in range(3):
        open_record(by=wren, at=stage.at, about=stage.course, page="looked")
    scope, later = scope_now(wren, stage.at), stage.at + timedelta(days=1)
    (look,) = looks_of(scope, people["wren"].id, later, ZONE, others=True, limit=1)
    assert (look.who, look.organisation) == (people["wren"].name, "Quiet Harbor Therapy")


def test_looks_are_within_scope_and_in_two_questions(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    for _n in range(5):
        open_record(by=people.by("jonah"), at=stage.at, about=people.file("wren"), page="chart")
    patient = people["wren"].id
    looks, count = asked(
        lambda: looks_of(reach(people, "tamsin", stage.at), patient, stage.at + timedelta(days=1), ZONE)
    )
    assert len(looks) >= 5 and count == 4, "two of its own, and two of the Scope"
    assert looks_of(reach(people, "odette", stage.at), patient, stage.at, ZONE) == ()
    assert [look.at for look in looks] == sorted((look.at for look in looks), reverse=True)


@pytest.mark.usefixtures("given_to_pages")
def test_the_director_narrows_the_trail(people: Cast) -> None:
    stage = at_step(people, "decided")
    with visiting("odette", stage.at) as page:
        page.get(f"/care/courses/{stage.course.id}/evaluation/")
        assert page.get("/lead/trail/").status_code == 404
    with visiting("osric", stage.at) as page:
        page.get("/lead/trail/?outcome=refused")
        assert "Odette Marsh" in page.page and "decision" not in page.page
        assert people["wren"].family_name not in page.page, "the trail names files, not patients"
        asked_for = f"person={people['tamsin'].id}&file=00001&on=2027-03-09"
        lines = page.get(f"/lead/trail/?{asked_for}").context["trail"].lines
        assert lines and {line.who for line in lines} == {"Tamsin Orrery"}
        assert {line.file for line in lines} == {"00001"}
        page.get("/lead/trail/?on=2027-03-10")
        assert "Nothing fits" in page.page
        assert page.get("/lead/trail/?on=yesterday").status_code == 422
        assert page.get("/lead/staff/").status_code == 200 and "Jonah Bellwether" in page.page
    with visiting("priya", NOW) as page:
        assert page.get("/lead/", follow=True).status_code == 200


def test_beside_the_chart_stand_other_forms_bad_weeks_and_doses(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    for name, answers in (("gad7", dict.fromkeys("1234567", 1)), ("phq9", dict.fromkeys("123456789", 2))):
        answer_form(
            by=people.patient("wren"),
            at=stage.later(days=1),
            course=stage.course,
            instrument=name,
            answers=answers,
            point="month_1",
        )
    beside = beside_of(reach(people, "tamsin", stage.at), stage.course, stage.at, ZONE, "phq9")
    assert [form for form, _name in beside.forms] == ["phq9", "gad7"]
    assert [small.instrument for small in beside.small] == ["gad7"]
    assert beside.weeks[0].open and "Still open, with Osric Thanewell" in beside.weeks[0].came
    assert beside.doses == "1 dose, 35 mg IV in all"
    stage.later(hours=3)
    for task in Task.objects.filter(what__startswith="alert_"):
        outcome = outcomes(task.what)[0].key
        close_alert(
            by=people.by("tamsin"), at=stage.at, task=task, outcome=outcome, words="Called. C-SSRS done"
        )
    again = beside_of(reach(people, "tamsin", stage.at), stage.course, stage.at, ZONE, "gad7")
    assert "Called. C-SSRS done. Tamsin Orrery, 3 hours later" in again.weeks[0].came
    _shown, count = asked(
        lambda: beside_of(reach(people, "tamsin", stage.at), stage.course, stage.at, ZONE, "phq9")
    )
    assert count <= 14, "seven of its own, four for the other form, two of the Scope"
    with visiting("tamsin", stage.at) as page:
        page.get(f"/care/patients/{people.file('wren').id}/outcome/?form=gad7")
        assert "GAD-7 over time" in page.page and "The bad weeks" in page.page
        assert page.get(f"/care/patients/{people.file('wren').id}/outcome/?form=nothing").status_code == 200


def worse_again(stage: Stage, **later: float) -> None:
    """Two weeks on, five points or more above the form before."""
    answer_form(
        by=stage.people.patient("wren"),
        at=stage.later(**later),
        course=stage.course,
        instrument="phq9",
        answers=dict.fromkeys("12345678", 2) | {"9": 0},
        point="month_1",
    )


def test_a_raised_point_says_what_rose_and_what_came_of_it(people: Cast) -> None:
    stage = at_step(people, "measured_after")
    worse_again(stage, days=14)

    def shown() -> Outcome:
        scope = reach(people, "tamsin", stage.at)
        notes = beside_of(scope, stage.course, stage.at, ZONE, "phq9").notes
        return outcome_of(scope, stage.course, stage.at, ZONE, notes=notes)

    open_still = shown().chart.points[-1]
    assert open_still.raised and open_still.note[0].startswith("Up 10 in 2 weeks, March 2")
    assert open_still.note[1] == "Still open, with Tamsin Orrery"
    stage.later(hours=2, minutes=10)
    for task in Task.objects.filter(what="alert_phq9-worse"):
        close_alert(by=people.by("tamsin"), at=stage.at, task=task, outcome="talked", words="Called")
    assert shown().chart.points[-1].note[1] == "Tamsin Orrery, within 3 hours"
    drawn = scorechart.draw(shown().chart)  # type: ignore[arg-type]
    assert len(drawn.notes) == 1 and not scorechart.draw(shown().chart, scorechart.NARROW).notes  # type: ignore[arg-type]
    with visiting("tamsin", stage.at) as page:
        page.get(f"/care/patients/{people.file('wren').id}/outcome/?rule=clinically_significant")
        assert page.page.count("Tamsin Orrery, within 3 hours") == 2, "on the chart, and in its table"
        assert "The band is the rule “Clinically significant change”, 5 points." in page.page
        assert "NHS reliable change, 6 points</a>" in page.page


def test_what_helps_is_the_patients_own_words_within_scope(people: Cast) -> None:
    stage = at_step(people, "measured_after")

    def helps(who: str) -> Helps:
        return helps_of(reach(people, who, stage.at), stage.course, stage.at)

    assert helps("tamsin").name == "Wren"
    assert "Nothing is shared with this practice yet" in helps("tamsin").empty
    wren, mira = people.patient("wren"), people.by("mira")
    walk = add_small_thing(by=wren, at=stage.at, course=stage.course, text="Walk before work")
    tick(by=wren, at=stage.later(hours=1), thing=walk)
    gone = add_small_thing(by=wren, at=stage.at, course=stage.course, text="Cold showers")
    end_small_thing(by=wren, at=stage.later(hours=1), thing=gone)
    assert helps("mira").things == (("Walk before work", True),)
    assert helps("tamsin").things == (), "they stand with the therapy, and are not shared back"
    keep_preparation(by=mira, at=stage.later(hours=1), course=stage.course, comfort="Sol, on Sundays")
    assert helps("tamsin").comfort == "Sol, on Sundays", "a preparation is handed over"
    assert helps("odette").empty == "Not for this reader."


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("before", "Before the first dose"),
        ("before_2", "Before dose 2"),
        ("day_3_1", "Day 1 after dose 3"),
        ("week_6_12", "Week 12 after dose 6"),
        ("month_6", "Month 6"),
        ("end_of_acute", "At the end of the doses"),
        ("baseline", "Baseline"),
    ],
)
def test_a_point_of_the_course_in_words(point: str, words: str) -> None:
    assert point_words(point) == words
