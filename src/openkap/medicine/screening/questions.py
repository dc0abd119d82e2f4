"""What has to be asked so that every rule can speak.

Decided here: how the questions of a form follow from the rules. The words of each question are
library data (`library/questions`); which rules use an answer is read off the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openkap.medicine.rules import Document, Rule, documents, library


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. `key` is its name in the case (`name` adds its group).

    `kind` is yes_no, number, choice, list or date; `rules` are the ids that use the answer; `system` is
    the part of the history it is asked in, blank for what is measured or listed; `short` names it where
    many answers stand in one line ("stroke, ever").
    """

    key: str
    asks: str
    kind: str
    group: str
    rules: tuple[str, ...]
    routes: tuple[str, ...]
    system: str = ""
    short: str = ""

    @property
    def name(self) -> str:
        """Where the answer stands in a case: history keys by themselves, others behind their group."""
        return f"{self.group}.{self.key}" if self.group in ("labs", "scores", "vitals") else self.key


@cache
def all_questions() -> tuple[Question, ...]:
    """Every question, in the order a form asks them."""
    return tuple(q for document in documents("questions") for q in _read(document))


def questions(route: str) -> tuple[Question, ...]:
    """The questions of one route, in the order a form asks them."""
    return tuple(q for q in all_questions() if not q.routes or route in q.routes)


@dataclass(frozen=True, slots=True)
class System:
    """One part of the history, with the questions asked in it."""

    id: str
    name: str
    questions: tuple[Question, ...]


def history(route: str) -> tuple[System, ...]:
    """The yes-or-no questions of one route by body system, in the order a person is asked."""
    asked = questions(route)
    names = {row["id"]: row["name"] for document in documents("questions") for row in document.data["system"]}
    found = (System(id, name, tuple(q for q in asked if q.system == id)) for id, name in names.items())
    return tuple(system for system in found if system.questions)


def _read(document: Document) -> list[Question]:
    rules = library().area("screening")
    systems = {row["id"] for row in document.data.get("system", ())}
    found = []
    for row in document.data["question"]:
        key, group = row["key"], row["group"]
        used = tuple(row.get("rules") or (rule.id for rule in rules if _uses(rule, group, key)))
        if not used:
            raise document.unsound(f"no rule uses {key}.", rf'^key = "{key}"')
        if row["kind"] == "yes_no" and group == "history" and row.get("system") not in systems:
            raise document.unsound(f"{key} is in no part of the history.", rf'^key = "{key}"')
        if row.get("system") and not row.get("short"):
            raise document.unsound(f"{key} has no short name.", rf'^key = "{key}"')
        routes, system, short = tuple(row.get("routes", ())), row.get("system", ""), row.get("short", "")
        found.append(Question(key, row["asks"], row["kind"], group, used, routes, system, short))
    return found


_CLAUSE_OF_GROUP = {"history": "history", "scores": "score", "labs": "lab", "vitals": "vital"}


def _uses(rule: Rule, group: str, key: str) -> bool:
    named = _CLAUSE_OF_GROUP.get(group)
    return any(clause.get(named) == key for clause in rule.words.get("clauses", ()))
