"""Every number of a dosing day is held by its table: a number that is moved a little changes a line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from openkap.medicine.course import next_dose
from openkap.medicine.dosing import Unusable, check
from openkap.medicine.monitoring import Baseline, Schedule, watch
from openkap.medicine.monitoring import discharge as going_home
from openkap.medicine.rules import Number, Rule, RuleSet, library
from tests.spec.orders import order
from tests.spec.recordings import readings
from tests.spec.tables import Line, lines
from tests.spec.test_going_home import changed
from tests.spec.test_next_dose import since

AREAS = ("dosing", "prompts", "discharge", "course")
FOLDERS = ("dosing", "monitoring", "discharge", "course")
TABLED = {line.rule for folder in FOLDERS for line in lines(folder)}
# What an input can hold at all is asked before any rule set; their tables compare the bounds themselves.
BOUNDS = {"D-WEIGHT-RANGE", "D-INPUT", "V-PHYSIOLOGY"}
# Between two seconds of a recording, two steps of a scale or two totals of a questionnaire nothing can lie.
BETWEEN_STEPS = {
    ("M-EPISODE", "opens_after", "lower"),
    ("M-CADSS6-AMBER", "at_least", "lower"),
    ("C-WORSE", "percent", "lower"),
}
WHOLE = ("visits", "doses", "d", "years", "MOAA/S", "RASS", "points")
NUMBERS = [
    (rule, name, way)
    for area in AREAS
    for rule in library().area(area)
    if rule.id in TABLED - BOUNDS
    for name in rule.numbers
    for way in ("lower", "higher")
    if (rule.id, name, way) not in BETWEEN_STEPS
]


@pytest.mark.long
@pytest.mark.parametrize(("rule", "name", "way"), NUMBERS, ids=lambda part: getattr(part, "id", part))
def test_a_number_that_is_moved_is_noticed(rule: Rule, name: str, way: str) -> None:
    moved = _moved(rule, name, 1 if way == "higher" else -1)
    rules = RuleSet("moved", tuple(moved if other is rule else other for other in library()))
    assert _answers(rule.id, rules) != _answers(rule.id, library())


def _moved(rule: Rule, name: str, step: int) -> Rule:
    number: Number = rule.numbers[name]
    small = number.value * Decimal("0.02")
    size = Decimal(1) if number.unit in WHOLE or not small else abs(small)
    return replace(rule, numbers={**rule.numbers, name: replace(number, value=number.value + step * size)})


def _answers(id: str, rules: RuleSet) -> list[Any]:
    """What every line of the rule's table comes to under a rule set."""
    return [
        ask(line, rules)
        for folder, ask in zip(FOLDERS, (_dose, _watch, _home, _next), strict=True)
        for line in lines(folder)
        if line.rule == id
    ]


def _dose(line: Line, rules: RuleSet) -> Any:
    try:
        checked = check(order(line.cells), rules)
    except Unusable as unusable:
        return str(unusable)
    said = [(finding.rule, finding.level) for finding in checked.verdict.findings]
    return said, checked.mg, checked.ml, checked.iv_equivalent_mg_per_kg, checked.arithmetic


def _watch(line: Line, rules: RuleSet) -> Any:
    if "readings" not in line.cells:
        return Schedule.read(rules.rule(line.rule))
    start = Baseline.parse(line["baseline"]) if line["baseline"] else None
    heard = readings(line["signal"], line["readings"], line["also"])
    return [str(said) for said in watch(heard, line["route"] or "iv", start, ruleset=rules)]


def _home(line: Line, rules: RuleSet) -> Any:
    return [
        item.met for item in going_home.check(going_home.GoingHome.read(changed(line.cells)), rules).items
    ]


def _next(line: Line, rules: RuleSet) -> Any:
    return [(finding.rule, finding.level) for finding in next_dose(since(line.cells), rules).findings]
