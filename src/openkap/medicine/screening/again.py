"""Screening again: when it is due, and what changed since the decision.

Decided here: how `S-AGAIN` is read, and that a change is a difference of level, of what was seen, or of the
rule itself, told rule by rule, worse ones first (dossier 4.3: each course, and every six months).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.medicine.rules import RuleSet, library
from openkap.medicine.verdict import Finding, Level
from openkap.medicine.window import months_after


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that speaks differently now. `was` and `now` are sentences, blank where it said nothing."""

    rule: str
    was_level: Level
    level: Level
    was: str
    now: str

    @property
    def worse(self) -> bool:
        return self.level.weight > self.was_level.weight


def due_again(decided_on: date, ruleset: RuleSet | None = None) -> date:
    """The day from which the person is screened again."""
    return months_after(decided_on, int((ruleset or library()).rule("S-AGAIN")["months"]))


def what_changed(before: Iterable[Mapping[str, Any]], now: Iterable[Finding]) -> tuple[Change, ...]:
    """What differs between the findings of a decision, as they were kept, and the findings of now."""
    was = {str(row["rule"]): (Level(row["level"]), str(row["because"])) for row in _worst_first(before)}
    is_now: dict[str, tuple[Level, str]] = {}
    for finding in sorted(now, key=lambda f: f.level.weight):
        is_now[finding.rule] = (finding.level, finding.because)
    found = [
        Change(rule, *_levels(was.get(rule), is_now.get(rule)), *_words(was.get(rule), is_now.get(rule)))
        for rule in sorted(was.keys() | is_now.keys())
    ]
    told = [one for one in found if one.level is not one.was_level or _differs(one)]
    return tuple(sorted(told, key=lambda one: (-one.level.weight, one.rule)))


def _worst_first(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The last of a rule wins above, so the worst comes last."""
    return sorted(rows, key=lambda row: Level(row["level"]).weight)


def _levels(was: tuple[Level, str] | None, now: tuple[Level, str] | None) -> tuple[Level, Level]:
    return (was[0] if was else Level.CLEAR), (now[0] if now else Level.CLEAR)


def _words(was: tuple[Level, str] | None, now: tuple[Level, str] | None) -> tuple[str, str]:
    return _said(was), _said(now)


def _said(one: tuple[Level, str] | None) -> str:
    return one[1] if one is not None and one[0] is not Level.CLEAR else ""


def _differs(one: Change) -> bool:
    return one.was != one.now
