"""The work-up: what this person and route require, what is missing, and what no longer counts.

Decided here: how the rows `U-*` are read. A row without a `when` is for everyone; another is asked for by
any of its clauses. What was done before this course, or longer ago than its row allows, no longer counts
and says so. A work-up is told beside the verdict and changes none (dossier 4.3: required, proposed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from openkap.medicine.dated import has_run_out
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.screening.case import Case
from openkap.medicine.screening.facts import Facts
from openkap.medicine.window import instant

DONE, MISSING, EXPIRED = "done", "missing", "expired"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the case. `done`: when each score or result was last taken (None: not known when).

    `since`: when the last course before this one ended; what is older is of that course. `doses_before`:
    whether any ketamine was given before.
    """

    done: Mapping[str, datetime | None] = field(default_factory=dict)
    since: datetime | None = None
    doses_before: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look into: why it is asked for, whether it is done, and what to do. `at`: when it was."""

    rule: Rule
    state: str
    why: str
    because: str
    at: datetime | None = None

    @property
    def action(self) -> str:
        return "" if self.state == DONE else str(self.rule.words["action"])


def work_up(case: Case, known: Known | None = None, ruleset: RuleSet | None = None) -> tuple[Item, ...]:
    """Every row that this case asks for, what is open first."""
    rules, known = ruleset or library(), known or Known()
    facts = Facts(case, rules.rule("S-INPUT", case.today))
    items = [
        item
        for rule in rules.area("workup", case.today)
        if (item := _item(rule, facts, known, rules)) is not None
    ]
    return tuple(sorted(items, key=lambda item: item.state == DONE))


def _item(rule: Rule, facts: Facts, known: Known, rules: RuleSet) -> Item | None:
    clauses = rule.words.get("when", ())
    asked = [why for clause in clauses if (why := _asks(rule, clause, facts, known, rules))]
    if clauses and not asked:
        return None
    why = ", ".join(dict.fromkeys(asked)) or "for everyone"
    at, done = _done(rule, facts.case, known)
    if not done:
        return Item(rule, MISSING, why, f"{rule.title}: not on file.")
    if at is not None and (gone := _no_longer(rule, at, facts.case, known)):
        return Item(rule, EXPIRED, why, gone, at)
    return Item(rule, DONE, why, f"{rule.title}: on file.", at)


def _asks(rule: Rule, clause: Mapping[str, Any], facts: Facts, known: Known, rules: RuleSet) -> str:
    """Why this clause asks for its row; blank where it does not."""
    limit = rule[clause["age_at_least"]] if "age_at_least" in clause else None
    case, age = facts.case, facts.age()
    asks = (
        case.history.get(clause.get("history", "")) is True
        or (clause.get("potential") is True and case.childbearing_potential is True)
        or (clause.get("repeat") is True and known.doses_before)
        or (limit is not None and age.known and age.value >= limit)
        or ("dated" in clause and has_run_out(clause["dated"], case.today, rules))
    )
    return str(clause["because"]).format(limit=limit) if asks else ""


def _done(rule: Rule, case: Case, known: Known) -> tuple[datetime | None, bool]:
    """When it was last done (None: not known when), and whether it was done at all."""
    key = str(rule.words["key"])
    if key in known.done:
        return known.done[key], True
    match rule.words["found"]:
        case "score":
            return None, key in case.scores
        case "lab":
            lab = case.labs.get(key)
            return (lab.at if lab else None), lab is not None
        case "history":
            return None, key in case.history
        case "list":
            return None, getattr(case, key) is not None
        case "vital":
            return _measured(rule, case, key)
    return None, False


def _measured(rule: Rule, case: Case, key: str) -> tuple[datetime | None, bool]:
    """The oldest of as many sets as the row asks for, the newest of all."""
    times = int(rule["times"]) if "times" in rule.numbers else 1
    sets = [one.at for one in case.vitals if getattr(one, key) is not None]
    return (sets[-times], True) if len(sets) >= times else (None, False)


def _no_longer(rule: Rule, at: datetime, case: Case, known: Known) -> str:
    """Why something that was done does not count any more; blank where it does."""
    if instant(at) > instant(case.at):
        return f"{rule.title}: dated after this day."
    if known.since is not None and instant(at) < instant(known.since):
        return f"{rule.title}: of an earlier course."
    if "valid" in rule.numbers and instant(case.at) - instant(at) > timedelta(days=int(rule["valid"])):
        many = "" if rule["valid"] == 1 else "s"
        old = f"{(case.at.date() - at.date()).days} days old"
        return f"{rule.title}: {old}. It counts for {rule['valid']} day{many}."
    return ""
