"""Where rule authors disagree, as settings of the medical director.

Decided here: only how the rows `Y-*` are read. The number itself has its one home in the row that uses it;
this says what the range is, why it is open, and which rows to look at (dossier 10).
"""

from __future__ import annotations

from dataclasses import dataclass

from openkap.medicine.rules import Rule, RuleSet, of_kind


@dataclass(frozen=True, slots=True)
class Setting:
    """One question that sources answer differently. `rows` are ids of the rules that hold the number."""

    rule: Rule

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def range(self) -> str:
        return str(self.rule.words["range"])

    @property
    def why(self) -> str:
        return str(self.rule.words["why"])

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(self.rule.words["rows"])


def settings(ruleset: RuleSet | None = None) -> tuple[Setting, ...]:
    """Every setting, in the order of the library."""
    return tuple(Setting(rule) for rule in of_kind("director", "setting", ruleset))
