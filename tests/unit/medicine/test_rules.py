"""The library loader refuses what is unsound, and a signed set may only do what a director may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openkap.medicine.rules import RuleSet, Unsound, library, read_document, read_rules, refuse_overlaps
from openkap.medicine.signed import export, read_signed
from openkap.medicine.verdict import Status

SOUND = """
[[rule]]
id = "X-1"
version = "1"
title = "An example"
effective_from = 2026-11-21
status = "proposed"
confidence = "M"
sources = ["PROPOSED"]
[rule.numbers]
sbp_over = { value = 140, unit = "mmHg", safer = "lower" }
[rule.words]
action = "Wait."
"""


def test_a_sound_rule_is_read_exactly() -> None:
    [rule] = read_rules(read_document("x.toml", SOUND.replace("140", "0.30")), "x")
    assert str(rule["sbp_over"]) == "0.30"
    assert rule.number("sbp_over").sources == ("PROPOSED",)
    assert rule.in_force(date(2026, 11, 21))
    assert not rule.in_force(date(2026, 11, 20))


@pytest.mark.parametrize(
    ("was", "becomes", "line", "reason"),
    [
        ('id = "X-1"', 'id = ""', 2, "no id"),
        ('status = "proposed"', 'status = "maybe"', 7, "status must be"),
        ('confidence = "M"', 'confidence = "sure"', 8, "confidence must be"),
        ('sources = ["PROPOSED"]', "sources = []", 3, "no source"),
        ('sources = ["PROPOSED"]', 'sources = ["S999"]', 9, "'S999' is not in the bibliography"),
        ("effective_from = 2026-11-21", 'effective_from = "soon"', 6, "must be a date"),
        (
            "effective_from = 2026-11-21",
            "effective_from = 2026-11-21\neffective_to = 2026-11-21",
            7,
            "later date",
        ),
        ('title = "An example"', "", 3, "title is missing"),
        ('unit = "mmHg", ', "", 11, "needs a value and a unit"),
        ("value = 140", 'value = "140"', 11, "is not a number"),
        ("value = 140", "value = true", 11, "is not a number"),
        ('safer = "lower"', 'safer = "less"', 11, "safer must be"),
        ('action = "Wait."', "limit = 140", 13, "outside `numbers`"),
        ('action = "Wait."', "limits = [140]", 13, "outside `numbers`"),
        ('title = "An example"', 'title = "An example"\nowner = "me"', 6, "unknown key"),
        ("[[rule]]", "[[rules]]", 2, "unknown table"),
        ('version = "1"', "version = 1", 3, "version is missing or not text"),
        ('title = "An example"', "title = An example", 5, "not readable as TOML"),
    ],
)
def test_what_is_unsound_is_refused_by_file_line_and_reason(
    was: str, becomes: str, line: int, reason: str
) -> None:
    assert was in SOUND
    with pytest.raises(Unsound, match=reason) as refused:
        read_rules(read_document("x.toml", SOUND.replace(was, becomes, 1)), "x")
    assert (refused.value.file, refused.value.line) == ("x.toml", line)


def test_two_versions_may_follow_each_other_and_never_overlap() -> None:
    first = SOUND.replace(
        "effective_from = 2026-11-21", "effective_from = 2026-01-01\neffective_to = 2026-11-21"
    )
    rules = read_rules(read_document("x.toml", first + SOUND.replace('"1"', '"2"', 1)), "x")
    refuse_overlaps(rules)
    both = RuleSet("x 1", tuple(rules))
    assert [both.rule("X-1", day).version for day in (date(2026, 11, 20), date(2026, 11, 21))] == ["1", "2"]
    assert both.rule("X-1", date(2020, 1, 1)).version == "1", "a rule is never silent about an old case"
    assert [rule.version for rule in both.area("x", date(2026, 12, 1))] == ["2"]
    with pytest.raises(Unsound, match="twice on the same day"):
        refuse_overlaps([*rules, rules[1]])


def test_a_rule_that_has_ended_is_gone() -> None:
    ended = SOUND.replace(
        "effective_from = 2026-11-21", "effective_from = 2026-01-01\neffective_to = 2026-02-01"
    )
    [rule] = read_rules(read_document("x.toml", ended), "x")
    rules = RuleSet("x 1", (rule,))
    assert rules.area("x", date(2026, 2, 1)) == ()
    with pytest.raises(KeyError, match="No rule X-1"):
        rules.rule("X-1", date(2026, 2, 1))


def signed(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> RuleSet:
    """The library with an exported, signed and changed set laid over it."""
    data = json.loads(json.dumps(export(library()), default=str))
    data |= {"name": "Larkmoor", "version": "3", "signed_by": "Dr Orrery", "signed_on": "2026-11-21"}
    change(data)
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data, indent=1))
    return read_signed(path, library())


def row(data: dict[str, Any], id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(rule for rule in data["rules"] if rule["id"] == id)
    return found


def test_an_exported_set_comes_back_as_it_was(tmp_path: Path) -> None:
    rules = signed(tmp_path, lambda data: None)
    assert rules.rules == library().rules
    assert rules.name == "Larkmoor 3"


def test_a_director_may_approve_and_be_more_careful(tmp_path: Path) -> None:
    def careful(data: dict[str, Any]) -> None:
        row(data, "S06")["status"] = "approved"
        row(data, "S06")["version"] = "1a"
        row(data, "S06")["numbers"]["sbp_over"]["value"] = "135"

    rule = signed(tmp_path, careful).rule("S06")
    assert (rule.status, rule["sbp_over"], rule.number("dbp_over").status) == (
        Status.APPROVED,
        135,
        "approved",
    )


def test_a_rule_left_out_stays_in_force(tmp_path: Path) -> None:
    rules = signed(tmp_path, lambda data: data.update(rules=[row(data, "S06")]))
    assert len(rules.rules) == len(library().rules)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: row(d, "S06")["numbers"]["sbp_over"].update(value="150"), "less careful"),
        (lambda d: row(d, "S06")["numbers"]["sbp_over"].update(value="130"), "needs a new version"),
        (lambda d: row(d, "S06")["numbers"]["sbp_over"].update(value="high"), "not a number"),
        (lambda d: row(d, "S06")["numbers"]["sbp_over"].update(unit="kPa"), "is in mmHg, not kPa"),
        (lambda d: row(d, "S06")["numbers"].update(extra={"value": "1"}), "has no number 'extra'"),
        (lambda d: row(d, "S06").update(id="S99"), "S99 is not a rule"),
        (lambda d: row(d, "S06").update(status="fixed"), "only the library"),
        (lambda d: row(d, "S01").update(status="approved"), "only the library"),
        (lambda d: row(d, "S06").update(status="fine"), "status must be"),
        (lambda d: (row(d, "S06").update(status="approved"), d.update(signed_by=None)), "not signed"),
        (lambda d: d.update(rules={}), "no list of rules"),
        (lambda d: d["rules"].append(row(d, "S06")), "stands twice"),
        (lambda d: d.pop("name"), "has no name"),
        (lambda d: row(d, "S06").update(numbers=[1]), "numbers must be an object"),
        (lambda d: row(d, "D-BIOAVAILABILITY")["numbers"]["oral"].update(value="0"), "oral cannot be 0"),
        (lambda d: row(d, "D-BIOAVAILABILITY")["numbers"]["oral"].update(value="0.1"), "less careful"),
        (lambda d: row(d, "D-IV-MAX")["numbers"]["limit"].update(value="-1"), "limit cannot be -1"),
        (lambda d: row(d, "V-PHYSIOLOGY")["numbers"]["spo2_least"].update(value="91"), "less careful"),
    ],
)
def test_a_director_may_not(tmp_path: Path, change: Callable[[dict[str, Any]], None], reason: str) -> None:
    with pytest.raises(Unsound, match=reason):
        signed(tmp_path, change)


def test_a_changed_set_does_not_go_by_the_name_of_the_library(tmp_path: Path) -> None:
    def careful(data: dict[str, Any]) -> None:
        data.update(name="library", version="1")
        row(data, "S06")["version"] = "1a"
        row(data, "S06")["numbers"]["sbp_over"]["value"] = "135"

    with pytest.raises(Unsound, match="of its own"):
        signed(tmp_path, careful)


def test_less_careful_needs_a_second_name_and_a_reason(tmp_path: Path) -> None:
    def looser(data: dict[str, Any]) -> None:
        numbers = row(data, "S06")["numbers"]
        numbers["sbp_over"]["value"] = "150"
        row(data, "S06").update(version="1a", second_signature="Dr Vale", reason="Local guide")

    assert signed(tmp_path, looser).rule("S06")["sbp_over"] == 150


def test_a_file_that_is_no_set_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text('{"name": "x",\n "version": }')
    with pytest.raises(Unsound, match="not readable") as refused:
        read_signed(path, library())
    assert refused.value.line == 2
