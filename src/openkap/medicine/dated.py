"""What runs out: rules that hold to a day, and texts that were read as of a day.

Decided here: how the rows `X-*` are read. Before its last day a row nags; after it, it has run out and the
stricter thing holds (dossier 10.1: fail closed). A row without a last day is read again after a while. The
last day is a day of the clinic's calendar and holds to its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openkap.medicine.rules import Rule, RuleSet, library

CURRENT, SOON, OVER = "current", "soon", "over"


@dataclass(frozen=True, slots=True)
class Dated:
    """One row on one day. `until`: the last day it holds, or may go unread; `days` are left to it."""

    rule: Rule
    state: str
    until: date
    days: int

    @property
    def about(self) -> str:
        return str(self.rule.words["about"])

    @property
    def then(self) -> str:
        """What holds, or is to be done, once it has run out."""
        return str(self.rule.words["action"])

    @property
    def ends(self) -> bool:
        """Whether it stops holding on its day; otherwise it is only to be read again."""
        return "last_day" in self.rule.words


def dated(on: date, ruleset: RuleSet | None = None) -> tuple[Dated, ...]:
    """Every row as it stands on this day, the nearest first."""
    rows = (_stands(rule, on) for rule in (ruleset or library()).area("dated"))
    return tuple(sorted(rows, key=lambda row: row.until))


def nagging(on: date, ruleset: RuleSet | None = None) -> tuple[Dated, ...]:
    """What is to be said on this day: what runs out soon, and what has."""
    return tuple(row for row in dated(on, ruleset) if row.state != CURRENT)


def has_run_out(id: str, on: date, ruleset: RuleSet | None = None) -> bool:
    """Whether a row no longer holds. A row that nobody knows has run out. Only a last day ends a row."""
    try:
        row = _stands((ruleset or library()).rule(id), on)
    except KeyError:
        return True
    return row.ends and row.state == OVER


def _stands(rule: Rule, on: date) -> Dated:
    words = rule.words
    until: date = words.get("last_day") or words["as_of"] + timedelta(days=int(rule["recheck"]))
    left = (until - on).days
    state = OVER if left < 0 else SOON if left <= rule["nag"] else CURRENT
    return Dated(rule, state, until, left)
