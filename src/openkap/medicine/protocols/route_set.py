"""The rules of one route as a medical director signs them, and what changed since.

Decided here: which rows of the library speak to a route, under which heading they are read, and what
their fingerprint covers: every number with its unit, source, confidence and status, and every word. A
signature covers a fingerprint; once a row changes it covers the set no more, and the difference is
named row by row (dossier 3.4 and 10: a medical director signs each row before care under it begins).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Number, Rule, RuleSet, library

# Headings in the order of a course, and the areas of the library under each.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("who", ("screening", "workup")),
    ("day", ("gate",)),
    ("limits", ("dosing", "giving")),
    ("watching", ("prompts", "monitoring", "scales", "rescue", "adverse")),
    ("home", ("discharge", "next_day")),
    ("between", ("course", "integration")),
)
# Rows about the time between doses are read with the course, wherever they are kept.
SPACING = ("D-SPACING", "D-COUNT", "D-MONTH-2")


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading: who, day, limits, watching, home or between."""

    key: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: the row, the number (blank: its words), what it was and what it is."""

    rule: str
    number: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RouteSet:
    """Everything the library says of one route. `lines` are what a signature keeps, path to reading."""

    route: str
    ruleset: str
    sections: tuple[Section, ...]
    lines: Mapping[str, str]
    fingerprint: str

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for section in self.sections for rule in section.rules)


def route_set(route: str, ruleset: RuleSet | None = None) -> RouteSet:
    """The rows that speak to `route`, the newest of each. Raises `ValueError` for an unknown route."""
    if ruleset is None or ruleset is library():
        return _of_library(Route(route))
    return _set(Route(route), ruleset)


@cache
def _of_library(route: Route) -> RouteSet:
    return _set(route, library())


def _set(route: Route, ruleset: RuleSet) -> RouteSet:
    rows = [rule for rule in _newest(ruleset) if speaks(rule, route)]
    sections = tuple(
        Section(key, tuple(rule for rule in rows if _heading(rule) == key)) for key, _areas in SECTIONS
    )
    lines = {path: text for s in sections for rule in s.rules for path, text in _lines(rule, route)}
    told = json.dumps([str(route), sorted(lines.items())], ensure_ascii=False)
    return RouteSet(str(route), ruleset.name, sections, lines, hashlib.sha256(told.encode()).hexdigest())


def changes(signed: Mapping[str, str], now: RouteSet) -> tuple[Change, ...]:
    """What differs between the lines that were signed and the set as it is now, row by row."""
    paths = sorted(set(signed) | set(now.lines))
    return tuple(
        _change(path, signed.get(path, ""), now.lines.get(path, ""))
        for path in paths
        if signed.get(path) != now.lines.get(path)
    )


def speaks(rule: Rule, route: str) -> bool:
    """Whether a row says anything of this route: rows of another route, and esketamine's, do not."""
    if "-ESK-" in rule.id:
        return route == Route.ESKETAMINE
    named = rule.words.get("routes") or rule.words.get("route")
    if isinstance(named, str):
        named = [named]
    return named is None or route in named


def numbers_of(rule: Rule, route: str) -> Mapping[str, Number]:
    """The row's numbers that bear on this route: one that is named for another route does not."""
    others = {str(other) for other in Route} - {route}
    return {
        name: number
        for name, number in rule.numbers.items()
        if not any(name == other or name.startswith(f"{other}_") for other in others)
    }


def _newest(ruleset: RuleSet) -> tuple[Rule, ...]:
    return tuple(ruleset.rule(id) for id in dict.fromkeys(rule.id for rule in ruleset))


def _heading(rule: Rule) -> str:
    if rule.id in SPACING:
        return "between"
    return next((key for key, areas in SECTIONS if rule.area in areas), "")


def _lines(rule: Rule, route: Route) -> list[tuple[str, str]]:
    numbers = [
        (
            f"{rule.id} {name}",
            f"{reading(number)}; {number.status}; {number.confidence}; {_keys(number.sources)}",
        )
        for name, number in numbers_of(rule, route).items()
    ]
    words: Any = [rule.title, rule.status, rule.confidence, _keys(rule.sources), rule.words]
    told = json.dumps(words, sort_keys=True, ensure_ascii=False, default=str)
    return [*numbers, (f"{rule.id} words", hashlib.sha256(told.encode()).hexdigest())]


def reading(number: Number) -> str:
    """A number with its unit, as people read it."""
    return f"{plain(number.value)} {number.unit}"


def _keys(sources: tuple[str, ...]) -> str:
    return ", ".join(sources)


def _change(path: str, was: str, now: str) -> Change:
    """Words are kept as a hash: that they changed is told, not what they were."""
    rule, number = path.split(" ", 1)
    if number == "words":
        return Change(rule, "", "signed" if was else "", "changed" if now else "")
    return Change(rule, number, was, now)
