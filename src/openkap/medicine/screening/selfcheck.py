"""The self-check: the screening rules' own questions, asked of a stranger in plain words.

Decided here: what a choice weighs is read off the rule that asks it, so that page and evaluation cannot
differ. It is not a diagnosis: it can say what to bring up and what usually stands in the way, and never
yes. Not sure is unknown, and unknown is never clear. The words are `library/selfcheck`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openkap.medicine.rules import Document, Rule, library, read_document
from openkap.medicine.rules import library_folder as folder
from openkap.medicine.verdict import Level

NONE, UNSURE = "none", "unsure"
# The route is not chosen yet. What a rule says of IV doses is what a stranger is told.
ROUTE = "iv"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be so. `key` is its name in an answer, and in a case where it is a history key.

    `decides` names who may go ahead all the same; blank: nobody.
    """

    key: str
    words: str
    history: bool
    rule: Rule
    level: Level
    decides: str


@dataclass(frozen=True, slots=True)
class Step:
    """One page: choices that may all be so, or none, or the person is not sure. `about` is its short name."""

    key: str
    about: str
    asks: str
    why: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the answers come to: choices by weight, the worst first, and the steps left open."""

    told: tuple[Option, ...]
    unsure: tuple[Step, ...]

    @property
    def level(self) -> Level:
        """The worst of it; `unknown` where nothing stands in the way, for this cannot say yes."""
        return max((o.level for o in self.told), key=lambda level: level.weight, default=Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Line:
    """A crisis line of one country."""

    country: str
    call: str
    text: str
    words: str


@cache
def steps() -> tuple[Step, ...]:
    """Every step, in the order in which they are asked."""
    document = _document("selfcheck.toml")
    return tuple(_step(document, row) for row in document.data["step"])


def step_named(key: str) -> Step | None:
    return next((step for step in steps() if step.key == key), None)


def weigh(answers: Mapping[str, tuple[str, ...]]) -> Weighed:
    """What these answers come to. A step that was not answered counts as not sure."""
    told, unsure = [], []
    for step in steps():
        chosen = answers.get(step.key, (UNSURE,))
        told += [option for option in step.options if option.key in chosen]
        if UNSURE in chosen:
            unsure.append(step)
    return Weighed(tuple(sorted(told, key=lambda o: -o.level.weight)), tuple(unsure))


def slip_in(step: Step, chosen: tuple[str, ...]) -> str:
    """Why these choices are no answer: "empty", "both" (none of these, and yet one), "strange"; or blank."""
    if not chosen:
        return "empty"
    known = {option.key for option in step.options} | {NONE, UNSURE}
    if set(chosen) - known:
        return "strange"
    return "both" if NONE in chosen and len(set(chosen)) > 1 else ""


@cache
def crisis_line(country: str) -> Line | None:
    """The crisis line of this country (ISO code), None where we know none."""
    rows = _document("crisis.toml").data["line"]
    found = next((row for row in rows if row["country"] == country), None)
    return Line(found["country"], found["call"], found["text"], found["words"]) if found else None


def emergency_number(country: str) -> str:
    """What emergency services answer to in this country; where it is not listed, the number of most."""
    numbers = _document("crisis.toml").data["emergency"]
    return str(numbers.get(country, numbers["elsewhere"]))


@cache
def _document(name: str) -> Document:
    text = folder().joinpath("selfcheck", name).read_text("utf-8")
    return read_document(f"selfcheck/{name}", text)


def _step(document: Document, row: Mapping[str, Any]) -> Step:
    return Step(
        row["key"], row["about"], row["asks"], row["why"], tuple(_option(document, o) for o in row["option"])
    )


def _option(document: Document, row: Mapping[str, Any]) -> Option:
    if "key" in row:
        rule, clauses = _by_history(document, row["key"])
        return Option(row["key"], row["words"], True, rule, *_worst(clauses))
    rule = library().rule(row["rule"])
    clauses = rule.words.get("clauses", ())
    if "weighs" in row:
        return Option(row["name"], row["words"], False, rule, Level(row["weighs"]), "")
    return Option(row["name"], row["words"], False, rule, *_worst(clauses))


def _by_history(document: Document, key: str) -> tuple[Rule, list[Mapping[str, Any]]]:
    for rule in library().area("screening"):
        clauses = [c for c in rule.words.get("clauses", ()) if c.get("history") == key]
        if clauses:
            return rule, clauses
    raise document.unsound(f"no rule asks {key}.", rf'^key = "{key}"')


def _worst(clauses: Any) -> tuple[Level, str]:
    """The gravest of what the rule may say, and who may go ahead all the same."""
    of_route = [clause for clause in clauses if ROUTE in clause.get("routes", (ROUTE,))]
    worst = max(of_route, key=lambda c: (Level(c["level"]).weight, "override" not in c))
    return Level(worst["level"]), str(worst.get("override", ""))
