"""What lies ready for an emergency, when a dose is stopped, and when a pressure is referred.

Decided here: how the rows `K-RESCUE-*`, `K-STOP-DOSE`, `K-PRESSURE-LASTS` and `K-CONTINUOUS` are read. The
lists name things, not doses: what no source states, each practice orders for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule, RuleSet, library, listed, of_kind


@dataclass(frozen=True, slots=True)
class Ready:
    """One group of the list: its name, what lies ready, and a note (blank: none)."""

    rule: Rule

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(self.rule.words["items"])

    @property
    def note(self) -> str:
        return str(self.rule.words["note"])


def rescue_list(ruleset: RuleSet | None = None) -> tuple[Ready, ...]:
    """Every group, what is always needed first."""
    return tuple(Ready(rule) for rule in of_kind("rescue", "rescue", ruleset))


def stop_rules(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """When a dose is stopped or paused."""
    return listed("K-STOP-DOSE", "items", ruleset)


def watched_all_the_time(
    route: str, ruleset: RuleSet | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Signals that are watched without a pause by this route; and what a person's state adds, in words."""
    words = (ruleset or library()).rule("K-CONTINUOUS").words
    return tuple(words[route]), (words["cardiac"], words["sedated"])


def refers(minutes_since_start: Decimal, back_at_start: bool, ruleset: RuleSet | None = None) -> str:
    """The sentence that refers a pressure that stays up; blank while there is time, or where it is back."""
    rule = (ruleset or library()).rule("K-PRESSURE-LASTS")
    if back_at_start or minutes_since_start < rule["refer_after"]:
        return ""
    return f"{rule.words['because']} {rule.words['action']}".format(value=plain(minutes_since_start))
