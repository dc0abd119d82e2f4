"""Codes of records from elsewhere: what each points at, and that a code never answers by itself."""

from __future__ import annotations

import pytest

from openkap.medicine.rules import Unsound, library, read_document
from openkap.medicine.screening import codes, history, questions
from openkap.medicine.screening.codes import bears, coded_results, hints
from openkap.medicine.screening.endings import ended_rules, endings
from openkap.medicine.verdict import Finding, Level, Status

POINTS = [
    ("38341003", True, {"hypertension_controlled": True}),
    ("38341003", False, {}),
    ("I10", True, {"hypertension_controlled": True}),
    ("230690007", False, {"stroke_history": True, "cardiac_event_last_6_weeks": False}),
    ("I71.4", False, {"aneurysmal_vascular_disease": True}),
    ("F20.0", True, {"psychosis_current": True}),
    ("F20.0", False, {}),
    ("F31.9", False, {"bipolar_disorder": True}),
    ("G40.909", True, {"seizures_uncontrolled": False}),
    ("38822007", False, {"cystitis_past": True}),
    ("H40.11X0", True, {"open_angle_glaucoma_controlled": True}),
    ("44465007", True, {}),
]


@pytest.mark.parametrize(("code", "active", "points"), POINTS)
def test_a_code_points_at_its_question(code: str, active: bool, points: dict[str, bool]) -> None:
    found = {hint.key: hint.yes for hint in hints(code, active=active)}
    assert points.items() <= found.items() and bool(points) == bool(found)


def test_every_hint_has_a_source_and_a_question_of_the_history() -> None:
    keys = {question.key for system in history("iv") for question in system.questions}
    keys |= {question.key for system in history("esketamine") for question in system.questions}
    for code in ("I10", "I21.9", "O14.1", "K74.6", "J34.2", "Z33.1", "E05.9"):
        for hint in hints(code, active=True):
            assert hint.key in keys and hint.sources


def test_a_sprained_ankle_bears_on_nothing() -> None:
    assert not bears("44465007") and not bears("") and bears("I10")


def test_every_coded_result_is_asked_for_somewhere() -> None:
    asked = {question.key for question in questions("iv")} | {"dbp", "hr", "temp_c"}
    assert {found.key for found in coded_results().values()} <= asked


def test_a_code_for_a_question_that_is_not_asked_is_refused() -> None:
    slip = '[[condition]]\nkey = "no_such"\nanswer = "yes"\nwhen = "ever"\nicd10cm = ["I10"]\n'
    document = read_document("codes/slip.toml", slip)
    with pytest.raises(Unsound, match="line 2: no question has the key no_such"):
        codes._condition(document, document.data["condition"][0], {"psychosis_current"})


@pytest.mark.parametrize("route", ["iv", "im", "sublingual", "oral", "nasal_racemic", "esketamine"])
def test_every_yes_or_no_of_the_history_is_in_one_system(route: str) -> None:
    grouped = [question.key for system in history(route) for question in system.questions]
    asked = [q.key for q in questions(route) if q.kind == "yes_no" and q.key != "escort"]
    assert sorted(grouped) == sorted(asked) and len(set(grouped)) == len(grouped)


def test_every_rule_that_stops_or_holds_has_words_for_the_patient() -> None:
    judged = {"S04", "S06", "S07", "S16"}
    strong = {
        rule.id
        for rule in library().area("screening")
        if rule.id in judged
        or any(clause["level"] in ("stop", "hold") for clause in rule.words.get("clauses", ()))
    }
    assert strong <= ended_rules(), strong - ended_rules()


def finding(rule: str, level: Level) -> Finding:
    return Finding(
        rule=rule,
        level=level,
        because="",
        version="1",
        data={},
        action="",
        sources=(),
        status=Status.PROPOSED,
        confidence="H",
        override=None,
        could_be=Level.STOP,
    )


def test_the_worst_is_told_first_and_what_is_not_known_last() -> None:
    told = endings([finding("S06", Level.HOLD), finding("S12", Level.UNKNOWN), finding("S01", Level.STOP)])
    assert [one.rule for one in told] == ["S01", "S06", ""]
    assert all(one.why and one.changes for one in told)
