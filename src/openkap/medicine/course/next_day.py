"""The call on the day after a dose: when it is due, what is asked, what needs another person.

Decided here: how the rows `N-*` are read. What is not asked is not an answer, and the call is not done
until every question has one. The suicide questions are an instrument of their own, asked alongside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.medicine.rules import Rule, RuleSet, library, of_kind

AREA = "next_day"
CALL = "N-CALL"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the call. `alert` is the level of an answer that needs someone; blank: only told."""

    rule: Rule

    @property
    def key(self) -> str:
        return self.rule.id

    @property
    def words(self) -> str:
        return str(self.rule.words["asks"])

    def speaks(self, answer: bool) -> bool:
        """Whether this answer is the one the row is about."""
        return answer is (self.rule.words["on"] == "yes")


@dataclass(frozen=True, slots=True)
class Finding:
    """What an answer comes to: the fact, what to do, and how soon (L3 now, L2 the same day, L1, or blank)."""

    rule: str
    because: str
    action: str
    alert: str
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "because": self.because,
            "action": self.action,
            "alert": self.alert,
            "sources": list(self.sources),
        }


def call_rule(ruleset: RuleSet | None = None) -> Rule:
    return (ruleset or library()).rule(CALL)


def call_due(ended_at: datetime, ruleset: RuleSet | None = None) -> datetime:
    """When the first call is due, from the end of the dose. Elapsed hours: a clock change moves nothing."""
    return ended_at + timedelta(hours=float(call_rule(ruleset)["hours_after_end"]))


def call_again(at: datetime, ruleset: RuleSet | None = None) -> datetime:
    """When to try again after not reaching anyone at `at`."""
    return at + timedelta(hours=float(call_rule(ruleset)["again_hours"]))


def gives_up(tries: int, ruleset: RuleSet | None = None) -> bool:
    """Whether, after so many tries, a prescriber is told instead."""
    return tries >= call_rule(ruleset)["tries"]


def questions(ruleset: RuleSet | None = None) -> tuple[Asked, ...]:
    """What is asked, in the order of the library."""
    return tuple(Asked(rule) for rule in of_kind(AREA, "asked", ruleset))


def unanswered(answers: Mapping[str, bool], ruleset: RuleSet | None = None) -> tuple[Asked, ...]:
    """The questions that have no answer yet."""
    return tuple(asked for asked in questions(ruleset) if answers.get(asked.key) is None)


def findings(answers: Mapping[str, bool], ruleset: RuleSet | None = None) -> tuple[Finding, ...]:
    """What these answers come to, the most urgent first."""
    said = [asked.rule for asked in questions(ruleset) if _speaks(asked, answers)]
    found = [
        Finding(rule.id, rule.words["because"], rule.words["action"], rule.words["alert"], rule.sources)
        for rule in said
    ]
    return tuple(sorted(found, key=lambda finding: finding.alert, reverse=True))


def _speaks(asked: Asked, answers: Mapping[str, bool]) -> bool:
    answer = answers.get(asked.key)
    return answer is not None and asked.speaks(answer)
