"""The self-check asks the rules' own questions and weighs each answer as the rule does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openkap.medicine.outcomes.published import of_a_hundred, said
from openkap.medicine.rules import library
from openkap.medicine.screening import Case, screen
from openkap.medicine.screening.questions import all_questions
from openkap.medicine.screening.selfcheck import NONE, UNSURE, crisis_line, slip_in, steps, weigh
from openkap.medicine.verdict import Level

AT = datetime(2027, 3, 9, 14, 0, tzinfo=UTC)
OPTIONS = [option for step in steps() for option in step.options]


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.history], ids=lambda o: o.key)
def test_a_choice_weighs_what_the_evaluation_would_say_of_it(option) -> None:  # type: ignore[no-untyped-def]
    assert option.key in {question.key for question in all_questions()}
    case = Case(at=AT, route="iv", history={option.key: True})
    found = screen(case, rules=[option.rule.id]).verdict.findings
    told = next(f for f in found if option.key in f.data)
    assert (told.level, told.override or "") == (option.level, option.decides)


def test_every_history_answer_that_no_one_may_overrule_is_asked() -> None:
    """What stops a dose for good by IV is asked of everyone, but for what only a clinician can judge."""
    asked = {option.key for option in OPTIONS}
    stops = {
        clause["history"]
        for rule in library().area("screening")
        for clause in rule.words.get("clauses", ())
        if "history" in clause
        and clause["level"] == "stop"
        and "override" not in clause
        and "iv" in clause.get("routes", ("iv",))
    }
    assert stops - asked == {"lacks_capacity", "eclampsia_current"}


def test_none_of_these_is_clear_of_nothing_and_not_sure_stays_open() -> None:
    nothing = weigh({step.key: (NONE,) for step in steps()})
    assert (nothing.told, nothing.unsure, nothing.level) == ((), (), Level.UNKNOWN)
    unasked = weigh({})
    assert unasked.unsure == steps()
    both = weigh({"heart": ("hypertension_controlled", UNSURE), "mind": ("psychosis_current",)})
    assert [option.key for option in both.told] == ["psychosis_current", "hypertension_controlled"]
    assert both.level is Level.STOP


def test_what_is_no_answer() -> None:
    heart = next(step for step in steps() if step.key == "heart")
    assert slip_in(heart, ()) == "empty"
    assert slip_in(heart, (NONE, "stable_cardiac_disease")) == "both"
    assert slip_in(heart, ("aneurysmal_vascular_disease",)) == "strange"
    assert slip_in(heart, ("stable_cardiac_disease", UNSURE)) == ""


def test_a_number_is_known_for_its_own_country_only() -> None:
    line = crisis_line("US")
    assert line is not None
    assert line.call == "988"
    assert crisis_line("NZ") is None


def test_the_hundred_people_add_up_and_the_evidence_names_its_sources() -> None:
    people = of_a_hundred()
    assert (people.better, people.between, people.worse) == (54, 38, 8)
    assert "McInnes" in " ".join(said("E-COHORT").sources)
    assert "not proven" in said("E-THERAPY").says
