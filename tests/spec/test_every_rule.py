"""No rule without a table, no source that does not resolve, no number in code, no page kept by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from openkap.medicine.instruments import instrument_ids
from openkap.medicine.rules import library
from openkap.medicine.screening.questions import all_questions
from openkap.medicine.sources import bibliography
from tests.house.tree import SOURCE
from tests.spec.publish import pages
from tests.spec.tables import tables

# What arithmetic needs: identity, doubling and halving, the clock, percent, and rounding to hundredths.
ARITHMETIC = {0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 32, 60, 100, 365, 1000, 3600}
# How machines keep and cut things: no clinician would sign these.
MACHINERY = {
    "alerts.py": {38},  # letters of a task's code
    "inputs.py": {9, 39, 40},  # digits of a number, letters of a quoted value
    "quantity.py": {9},  # the degrees of Fahrenheit in five of Celsius
    "medicines.py": {4096},  # entries kept in memory
    "physiology.py": {64},
    "reading.py": {8192}  # characters of a value kept in memory; and formulas of how hard a text reads,
    | {0.39, 11.8, 15.59, 206.84, 1.02, 206.835, 62.3, 20, 40.0, 55.0, 60, 65.0, 70.0, 80.0, 90.0}
    | {4.0, 5.0, 6.0, 8.0, 9.0},  # and the school grades of their tables
    "promises.py": {50, 256, 8192},  # letters of a line that is wrapped; texts and sentences kept in memory
    "plain_words.py": {50},  # letters of a line that is wrapped
    "signed.py": {8},  # digits a number on the page may have
    "text_pack.py": {1_000_000},  # bytes of a file of words
    "survival.py": {1e-9},  # how near to one half is one half
    "ahead.py": {9, 18, 30},  # a calendar's hours of the day and its half hour
}


def test_every_rule_has_a_table() -> None:
    assert [rule.id for rule in library() if rule.id not in tables()] == []


def test_every_instrument_has_a_table() -> None:
    assert [id for id in instrument_ids() if id not in tables()] == []


def test_every_source_that_a_rule_names_is_in_the_bibliography() -> None:
    named = {key for rule in library() for key in rule.sources}
    named |= {key for rule in library() for number in rule.numbers.values() for key in number.sources}
    assert named
    assert named - set(bibliography()) == set()


def test_every_page_of_the_manual_can_be_written() -> None:
    written = pages()
    assert {f"manual/{rule.area}/{rule.id}.md" for rule in library()} <= set(written)
    assert all(text.startswith("# ") for text in written.values())


@pytest.mark.parametrize("path", sorted((SOURCE / "medicine").rglob("*.py")), ids=lambda path: path.stem)
def test_no_number_stands_in_code(path: Path) -> None:
    """A clinical number belongs to the library, where it has a unit, a source and a status."""
    allowed = ARITHMETIC | MACHINERY.get(path.name, set())
    strangers = [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if abs(node.value) not in allowed
    ]
    assert strangers == [], f"{path} {strangers}"


def test_every_row_of_screening_is_whole() -> None:
    """S01 to S43 and I01 to I15: a reason, what to do, a question, what it says and how grave that is."""
    rows = {rule.id: rule for rule in library().area("screening")}
    named = [f"S{n:02}" for n in range(1, 44)] + [f"I{n:02}" for n in range(1, 16)]
    asked = {id for question in all_questions() for id in question.rules}
    assert [id for id in named if id not in asked] == []
    for id in named:
        words = rows[id].words
        assert words["why"] and words["action"] and (words.get("clauses") or words["judge"]), id
        assert all(clause["because"] and clause["level"] for clause in words.get("clauses", ())), id
