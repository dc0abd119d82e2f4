"""What may come of an alert, and what a worrying answer about suicide opens next.

Decided here: how the rows `A-*` are read. An alert is about suicide where the item that raised it is one of
its form's safety items, or the form asks of nothing else. Every alert has a list of outcomes; a try that
reached nobody is none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from openkap.medicine.instruments import instrument, instrument_ids
from openkap.medicine.rules import Rule, RuleSet, library

SCREENER, PLAN, CALL, REVIEW = "screener", "safety_plan", "safety_call", "safety_review"
SAFETY_TASKS = (SCREENER, PLAN, CALL, REVIEW)
ALERT, ELSEWHERE = "alert_", "_2"
# What stays owed to a living person whatever became of the course.
STAYS = (ALERT, "next_day_call", *SAFETY_TASKS)
# As the records hold it, with room for the mark of the other practice.
LONGEST_CODE = 38
WORSE = "safety_call-worse"

_LISTS = {
    SCREENER: "A-OUTCOME-SCREENER",
    PLAN: "A-OUTCOME-PLAN",
    REVIEW: "A-OUTCOME-PLAN",
    CALL: "A-OUTCOME-CALL",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a list. `asks_words`: it is not enough by itself; `calls`: someone calls afterwards."""

    key: str
    words: str
    asks_words: bool = False
    calls: bool = False


def outcomes(what: str, ruleset: RuleSet | None = None) -> tuple[Outcome, ...]:
    """The list for a task of this code ("alert_phq9-item9", "safety_call"), in the order of its row."""
    words = (ruleset or library()).rule(_list_of(what)).words
    asks, calls = _named(words.get("ask_words", "")), _named(words.get("call_after", ""))
    return tuple(Outcome(key, says, key in asks, key in calls) for key, says in words["choices"].items())


def tries(ruleset: RuleSet | None = None) -> dict[str, str]:
    """What was tried and closes nothing, by its word."""
    return dict((ruleset or library()).rule("A-TRY").words["choices"])


def has_outcomes(what: str, level: str) -> bool:
    """Whether a task is closed only with an outcome from a list."""
    return bool(level) or what in SAFETY_TASKS


def is_of_safety(what: str) -> bool:
    """Whether this task is about suicide: one of the path, or an alert by a safety item or a screener."""
    if what in SAFETY_TASKS:
        return True
    return what.removesuffix(ELSEWHERE) in _safety_codes()


def alert_code(rule: str) -> str:
    """The code of an alert's task by the id of its rule, as long as a task keeps one."""
    return f"{ALERT}{rule}"[:LONGEST_CODE]


def raises_safety(form: str, rules: Iterable[str]) -> bool:
    """Whether one of these alerts of `form` was raised by an answer about suicide; a gap is none."""
    return bool(set(rules) & _safety_rules(form))


def is_screener(form: str, ruleset: RuleSet | None = None) -> bool:
    words = (ruleset or library()).rule("A-SCREENER").words
    return form in (words["first"], words["again"])


def screener_for(asked_before: bool, ruleset: RuleSet | None = None) -> str:
    """The screener to ask: for life and the past month once, since last contact after that."""
    words = (ruleset or library()).rule("A-SCREENER").words
    return str(words["again"] if asked_before else words["first"])


def plan_by(level: str, ruleset: RuleSet | None = None) -> str:
    """When a screener's alert of this level wants a safety plan: "same_day", "next_visit", or blank."""
    words = (ruleset or library()).rule("A-PLAN").words
    return next((when for when in ("same_day", "next_visit") if level in words[when]), "")


def call_rule(ruleset: RuleSet | None = None) -> Rule:
    """The row of the call after an alert: its outcomes, and what it says where someone is worse."""
    return (ruleset or library()).rule("A-OUTCOME-CALL")


def worse_outcome(ruleset: RuleSet | None = None) -> str:
    return str(call_rule(ruleset).words["worse"])


def call_after(ruleset: RuleSet | None = None) -> timedelta:
    """How long after an alert about suicide was closed the patient is called."""
    return timedelta(hours=float((ruleset or library()).rule("A-PLAN")["call"]))


def review_after(ruleset: RuleSet | None = None) -> timedelta:
    """When a plan is gone through where no visit is planned before."""
    return timedelta(days=float((ruleset or library()).rule("A-PLAN")["review"]))


def still_alerts(filled_at: datetime, entered_at: datetime, ruleset: RuleSet | None = None) -> bool:
    """Whether a form filled in at `filled_at` and entered later opens its alerts."""
    within = timedelta(days=float((ruleset or library()).rule("A-PAPER")["within"]))
    return entered_at - filled_at <= within


def _named(words: str) -> frozenset[str]:
    return frozenset(filter(None, words.split(", ")))


@cache
def _safety_rules(form: str) -> frozenset[str]:
    """The alert rules of one form that are about suicide: all of a form that asks of nothing else."""
    made = instrument(form)
    whole = set(made.items) <= set(made.safety)
    return frozenset(rule.id for rule in made.alerts if whole or rule.when.get("item") in made.safety)


@cache
def _safety_codes() -> frozenset[str]:
    rules = {rule for form in instrument_ids() for rule in _safety_rules(form)}
    return frozenset(alert_code(rule) for rule in (WORSE, *rules))


def _list_of(what: str) -> str:
    if what in _LISTS:
        return _LISTS[what]
    return "A-OUTCOME-SAFETY" if is_of_safety(what) else "A-OUTCOME-LOOK"
