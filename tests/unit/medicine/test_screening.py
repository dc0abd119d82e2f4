"""Screening as a whole: nothing missing is fine, worse is never calmer, order never matters."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openkap.medicine.rules import library
from openkap.medicine.screening import ROUTES, Screened, questions, read_case, screen
from openkap.medicine.screening.questions import all_questions
from openkap.medicine.verdict import Level
from tests.spec.cases import clean

# Facts that only a caution reads (contract: such a rule never makes a verdict unknown by its silence).
MILD = {
    "hypertension_controlled",
    "hypertensive_encephalopathy",
    "stable_cardiac_disease",
    "psychosis_first_degree_relative",
    "drug_induced_psychosis_past",
    "bipolar_disorder",
    "contraception_absent",
    "opioid_use_disorder_history",
    "open_angle_glaucoma_controlled",
    "cystitis_past",
    "sleep_apnoea_untreated",
    "personality_disorder_no_alliance",
    "eating_disorder_purging",
    "dissociative_disorder",
    "eclampsia_history",
    "nasal_obstruction",
    "cannabis_today",
    "liver_disease_moderate",
    "frail_benzodiazepine_naive",
    "low_body_mass",
}
HISTORY = sorted(clean()["history"])
GRAVE = sorted(set(HISTORY) - MILD - {"breastfeeding"})
OTHER = [
    "born_on",
    "childbearing_potential",
    "medications",
    "allergies",
    "escort",
    "vitals",
    "scores.audit",
    "scores.dast10",
    "scores.cssrs_recent",
    "scores.moca",
    "labs.alt_x_uln",
    "labs.ast_x_uln",
]
routes = st.sampled_from(ROUTES)


def ask(case: dict[str, Any]) -> Screened:
    return screen(read_case(case))


def without(case: dict[str, Any], field: str) -> None:
    group, _, key = field.rpartition(".")
    (case[group] if group else case).pop(key)


@given(routes, st.sets(st.sampled_from(GRAVE + OTHER), min_size=1, max_size=4))
def test_what_could_stop_or_hold_and_is_not_known_is_never_clear_or_caution(
    route: str, absent: set[str]
) -> None:
    case = clean() | {"route": route}
    for field in absent:
        without(case["history"] if field in GRAVE else case, field)
    screened = ask(case)
    assert screened.verdict.at_least(Level.UNKNOWN)
    assert screened.unknown


@pytest.mark.parametrize("field", GRAVE + OTHER)
def test_each_such_fact_alone_makes_the_verdict_unknown(field: str) -> None:
    case = clean()
    without(case["history"] if field in GRAVE else case, field)
    assert ask(case).verdict.level is Level.UNKNOWN


@pytest.mark.parametrize("key", sorted(MILD - {"nasal_obstruction"}))
def test_what_only_a_caution_reads_is_listed_and_weighs_nothing(key: str) -> None:
    case = clean()
    without(case["history"], key)
    screened = ask(case)
    assert screened.verdict.level is Level.CLEAR
    assert screened.unknown


@given(routes, st.integers(90, 200), st.integers(50, 89), st.integers(0, 60), st.integers(0, 30))
def test_a_higher_pressure_is_never_calmer(route: str, sbp: int, dbp: int, more: int, more_dbp: int) -> None:
    def level(sbp: int, dbp: int) -> int:
        case = clean() | {"route": route}
        case["vitals"][0] |= {"sbp": max(sbp, dbp + 1), "dbp": dbp}
        return ask(case).verdict.level.weight

    assert level(sbp, dbp) <= level(sbp + more, dbp) <= level(sbp + more, dbp + more_dbp)


@given(routes, st.sets(st.sampled_from(HISTORY)), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(route: str, yes: set[str], shuffle: random.Random) -> None:
    case = clean() | {"route": route, "medications": ["lorazepam 1 mg", "theophylline", "blorbix", "zinc"]}
    case["history"] |= dict.fromkeys(yes, True)
    case["vitals"].append(case["vitals"][0] | {"at": "2026-11-21T08:40:00-05:00", "sbp": 170})
    other = {key: case[key] for key in shuffle.sample(list(case), len(case))}
    other["history"] = {key: case["history"][key] for key in shuffle.sample(HISTORY, len(HISTORY))}
    other["vitals"] = case["vitals"][::-1]
    other["medications"] = shuffle.sample(case["medications"], 4)
    first, second = ask(case), ask(other)
    told = [[(f.rule, f.level, f.override) for f in s.verdict.findings] for s in (first, second)]
    assert told[0] == told[1]
    assert first.unknown == second.unknown


@given(st.sets(st.sampled_from(HISTORY)), st.sampled_from(HISTORY))
def test_one_more_yes_never_gives_a_calmer_verdict(yes: set[str], more: str) -> None:
    def weight(keys: set[str]) -> int:
        case = clean()
        case["history"] |= dict.fromkeys(keys, True)
        return ask(case).verdict.level.weight

    assert weight(yes) <= weight(yes | {more})


def test_only_some_rules_may_be_asked() -> None:
    case = read_case(clean() | {"vitals": []})
    screened = screen(case, rules=("S01", "S06"))
    assert [finding.rule for finding in screened.verdict.findings] == ["S06", "S01"]
    assert screened.unknown == ("S06",)


def test_an_unknown_medicine_is_told_with_a_guess_and_still_counts() -> None:
    screened = ask(clean() | {"medications": ["lorazapam 1 mg at night", "metformin 500 mg"]})
    assert screened.verdict.level is Level.UNKNOWN
    assert screened.unrecognised_medications == ("lorazapam 1 mg at night",)
    assert screened.guesses == {"lorazapam 1 mg at night": "lorazepam"}


def test_a_history_key_that_no_rule_reads_is_told() -> None:
    case = clean()
    case["history"]["anuerysm"] = True
    assert ask(case).unrecognised_keys == ("anuerysm",)


def test_a_score_or_a_test_that_no_rule_reads_is_told() -> None:
    case = clean() | {"scores": {"ASRM": 15, "phq9": 17, "gad7": 9}, "labs": {"hcg": "negative", "ast": 90}}
    assert ask(case).unrecognised_keys == ("labs.ast", "scores.ASRM")


def test_an_older_case_is_asked_the_same_rules() -> None:
    old = clean() | {"at": "2024-05-01T09:00:00-04:00", "vitals": []}
    assert len(ask(old).verdict.findings) >= len(ask(clean()).verdict.findings)


def test_every_history_key_is_asked_and_used() -> None:
    clauses = [c for rule in library().area("screening") for c in rule.words.get("clauses", ())]
    used = {clause["history"] for clause in clauses if "history" in clause}
    assert used == {question.key for question in all_questions() if question.group == "history"}


def test_a_form_asks_about_the_nose_only_for_the_nose() -> None:
    asked = {route: {question.key for question in questions(route)} for route in ROUTES}
    assert {route for route in ROUTES if "nasal_obstruction" in asked[route]} == {
        "nasal_racemic",
        "esketamine",
    }
