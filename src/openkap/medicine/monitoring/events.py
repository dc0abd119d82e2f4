"""An adverse event as it is written down: what can be said of it, what makes it serious, is it expected.

Decided here: how the rows `E-SERIOUS`, `E-RELATED`, `E-ACTION`, `E-OUTCOME`, `E-EXPECTED` and `E-VERSION` are
read. An event of the fourth or fifth grade, or one that ended in death, is serious whatever was ticked. An
event in own words is neither expected nor not: no list speaks of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from openkap.medicine.monitoring.adverse import Term, terms
from openkap.medicine.rules import Rule, RuleSet, library, library_folder

SERIOUS, RELATED, ACTION, OUTCOME = "E-SERIOUS", "E-RELATED", "E-ACTION", "E-OUTCOME"
PRESSURE = "E-PRESSURE"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Expected:
    """Whether an event is expected (`state`: expected, unexpected or unknown), why, and by which row."""

    state: str
    because: str
    rule: Rule


def choices(row: str, ruleset: RuleSet | None = None) -> dict[str, str]:
    """What can be chosen, by its word, in the order of the row."""
    return dict((ruleset or library()).rule(row).words["choices"])


def ctcae_versions(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """Every version whose grades are encoded, the usual one first."""
    words = (ruleset or library()).rule("E-VERSION").words
    return (words["usual"], *(v for v in words["versions"] if v != words["usual"]))


def term_of(id: str, ruleset: RuleSet | None = None) -> Term | None:
    """The term of this id; None for an event in own words."""
    return next((term for term in terms(ruleset) if term.rule.id == id), None)


def expectedness(id: str, ruleset: RuleSet | None = None) -> Expected:
    """By the row of its term; of an event in own words by none."""
    rule = (ruleset or library()).rule("E-EXPECTED")
    term = term_of(id, ruleset)
    if term is None:
        return Expected("unknown", rule.words["unknown"], rule)
    state = "expected" if term.expected else "unexpected"
    said = [rule.words[state]]
    if term.transient:
        said.append(rule.words["transient"])
    if id == PRESSURE:
        said.append(rule.words["pressure"])
    return Expected(state, " ".join(said), term.rule)


def serious_by(
    ticked: Iterable[str], *, grade: int | None, outcome: str, ruleset: RuleSet | None = None
) -> tuple[str, ...]:
    """The criteria that hold, in the row's order: what was ticked, and what grade and outcome add."""
    rules = ruleset or library()
    words = rules.rule(SERIOUS).words
    held = {*ticked, words.get(f"g{grade}", "")}
    if outcome == rules.rule(OUTCOME).words["fatal"]:
        held.add(words["g5"])
    return tuple(key for key in words["choices"] if key in held)


@cache
def plain_words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words a patient reads: terms by id, grades and outcomes. A language without them has English."""
    folder = library_folder() / "adverse" / "texts"
    file = folder / f"{language}.toml"
    if not file.is_file():
        file = folder / f"{FALLBACK}.toml"
    return tomllib.loads(file.read_text("utf-8"))
