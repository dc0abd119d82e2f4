"""Integration: the ways of working with their evidence, and the parts of a session.

Decided here: how the rows `J-*` are read, and the labels: trial, open, protocol, practice. A label says what
is known of a way of working beside ketamine, not how good it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from openkap.medicine.rules import Rule, RuleSet, library, listed, of_kind

EVIDENCE = ("trial", "open", "protocol", "practice")


@dataclass(frozen=True, slots=True)
class Modality:
    """One way of working."""

    rule: Rule

    @property
    def name(self) -> str:
        return self.rule.title

    @property
    def evidence(self) -> str:
        return str(self.rule.words["evidence"])

    @property
    def about(self) -> str:
        return str(self.rule.words["about"])


def modalities(ruleset: RuleSet | None = None) -> tuple[Modality, ...]:
    """Every way of working, the best known first."""
    rows = [Modality(rule) for rule in of_kind("integration", "modality", ruleset)]
    return tuple(sorted(rows, key=lambda row: EVIDENCE.index(row.evidence)))


def session_parts(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """What an integration session goes through, in its order."""
    return listed("J-SESSION", "parts", ruleset)


def journal_prompts(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    return listed("J-JOURNAL", "prompts", ruleset)


def homework_kinds(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """What may be agreed until next time."""
    return listed("J-HOMEWORK", "kinds", ruleset)


def honest_words(ruleset: RuleSet | None = None) -> tuple[str, tuple[str, ...]]:
    """What is known of therapy beside ketamine, in one sentence, and its sources."""
    words = (ruleset or library()).rule("J-WHAT").words
    return str(words["honest"]), tuple(words["honest_sources"])
