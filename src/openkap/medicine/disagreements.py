"""Where rule authors disagree, as settings of the medical director.

Decided here: only how the rows `Y-*` are read. The number itself has its one home in the row that uses it;
this says what the range is, why it is open, and which rows to look at (dossier 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.rules import Rule, RuleSet, of_kind


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a source gives: which numbers of which rule it would set."""

    says: str
    by: str
    rule: str
    values: tuple[tuple[str, Decimal], ...]


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

    def choices(self, rule: str) -> tuple[Choice, ...]:
        """What sources would set this rule to, in the order of the library; where they give a number."""
        found = (_choice(row) for row in self.rule.words.get("choices", ()))
        return tuple(choice for choice in found if choice.rule == rule)


def settings(ruleset: RuleSet | None = None) -> tuple[Setting, ...]:
    """Every setting, in the order of the library."""
    return tuple(Setting(rule) for rule in of_kind("director", "setting", ruleset))


def _choice(row: Mapping[str, str]) -> Choice:
    """Read "S06 sbp_over 140, dbp_over 90"."""
    rule, _space, sets = row["sets"].partition(" ")
    values = tuple((name, Decimal(value)) for name, value in (each.split() for each in sets.split(", ")))
    return Choice(row["says"], row["by"], rule, values)
