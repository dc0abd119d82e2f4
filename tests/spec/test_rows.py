"""Rows that are lists and rates: what stands in the manual is what the library holds."""

from __future__ import annotations

from typing import Any

import pytest

from openkap.medicine.changed import move_of
from openkap.medicine.course.integration import (
    EVIDENCE,
    honest_words,
    journal_prompts,
    modalities,
    session_parts,
)
from openkap.medicine.disagreements import settings
from openkap.medicine.inputs import plain
from openkap.medicine.monitoring.adverse import grades, terms
from openkap.medicine.monitoring.rescue import rescue_list, stop_rules, watched_all_the_time
from openkap.medicine.monitoring.scales import scales, steps
from openkap.medicine.protocols import Route
from openkap.medicine.protocols.protocol import rows as protocol_rows
from openkap.medicine.rules import Rule, library
from openkap.medicine.settable import why_not
from openkap.medicine.sources import resolve
from tests.spec.tables import lines

WORDS = {True: "yes", False: "no"}


def reads(rule: Rule) -> list[tuple[str, str]]:
    """Every part of a row as its table writes it."""
    words: dict[str, Any] = dict(rule.words)
    parts: list[tuple[str, str]] = []
    match words.pop("kind"):
        case "term":
            parts = [
                ("expected", WORDS[words["expected"]]),
                ("passes by itself", WORDS[words["expected_transient"]]),
            ]
            parts += [("pathway", words["pathway"])] if "pathway" in words else []
        case "grade":
            parts = [(f"grade {grade[1:]}", says) for grade, says in words["grades"].items()]
        case "choices":
            parts = [(key.replace("_", " "), says) for key, says in words["choices"].items()]
            parts += [(key, says) for key, says in words.items() if key != "choices"]
        case "scale":
            parts = [(step.value, step.says) for step in steps(rule.id)]
        case "rescue" | "stop":
            parts = [("on the list", item) for item in words["items"]]
        case "continuous":
            parts = [
                (k.replace("_", " "), ", ".join(v) if isinstance(v, list) else v) for k, v in words.items()
            ]
        case "setting":
            parts = [("range", words["range"]), ("why it is open", words["why"])]
            parts += [("held by", row) for row in words["rows"]]
            parts += [("choice", f"{c['says']} ({c['by']}): {c['sets']}") for c in words.get("choices", ())]
        case _:
            words.pop("honest_sources", None)
            for key, value in words.items():
                parts += [(key, each) for each in (value if isinstance(value, list) else [value])]
    return parts + [(n.replace("_", " "), f"{x.value} {x.unit}") for n, x in rule.numbers.items()]


@pytest.mark.parametrize("id", sorted({line.rule for line in lines("rows")}))
def test_a_row_reads_as_its_table(id: str) -> None:
    said = [(line["part"], line["reads"]) for line in lines("rows") if line.rule == id]
    assert reads(library().rule(id)) == said


def test_every_setting_names_rows_that_exist() -> None:
    known = {rule.id for rule in library()} | {rule.id for rule in protocol_rows()}
    assert {row for setting in settings() for row in setting.rows} <= known
    assert all(setting.range and setting.why and setting.title for setting in settings())


def test_terms_have_rates_pathways_and_grades() -> None:
    found = {term.words: term for term in terms()}
    nausea = found["Nausea"].rates[0]
    assert (plain(nausea.percent), plain(nausea.placebo or nausea.percent)) == ("29.4", "10.6")
    assert (
        found["Suicidal thoughts or behavior"].pathway and not found["Suicidal thoughts or behavior"].expected
    )
    assert found["Blood pressure increased"].transient
    assert set(grades("E-VOMITING", "5.0")) == {1, 2, 3, 4} and set(grades("E-VOMITING", "6.0")) == {2, 3}
    assert grades("E-DIZZINESS", "5.0")[5] == "Death"


def test_lists_of_the_room_and_of_the_therapist() -> None:
    assert rescue_list()[0].items[0] == "oxygen" and len(stop_rules()) == 5
    assert all(watched_all_the_time(route)[0][0].startswith("oxygen") for route in Route)
    assert [m.evidence for m in modalities()] == sorted(
        (m.evidence for m in modalities()), key=EVIDENCE.index
    )
    assert all(m.about and m.name for m in modalities()) and len(session_parts()) == 9
    assert len(journal_prompts()) == 10 and len(scales()) == 5
    assert all(resolve(key).text for key in honest_words()[1])
    assert all(group.title for group in rescue_list()) and any(group.note for group in rescue_list())


def test_what_a_source_would_set_is_a_number_that_a_practice_may_set() -> None:
    offered = [choice for setting in settings() for rule in setting.rows for choice in setting.choices(rule)]
    assert len(offered) > 5
    for choice in offered:
        rule = library().rule(choice.rule)
        for name, value in choice.values:
            assert not why_not(rule, name) and not move_of(rule.number(name), value).refused, choice
