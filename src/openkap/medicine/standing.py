"""Whether someone may do their work today, by their licenses and certificates, and what an ended one holds.

Decided here: how the rows `P-*` (kinds) and the gate's rows of people are read. A paper holds to the end of
its last day. One that nobody looked at is somebody's own word; what was never written down is unknown. Of
several of one kind the best counts: a license of one state does not end with that of another. What each state
means stands in the rows, with its source: law stops, what a guideline asks holds and can be gone over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.window import months_after

VALID, UNDATED, UNLOOKED, NONE, ENDED, NOT_VALID = (
    "valid",
    "undated",
    "unlooked",
    "none",
    "ended",
    "not_valid",
)
# From the best to the worst, both where one of several is enough and where each person needs one.
ORDER = (VALID, UNDATED, UNLOOKED, NONE, ENDED, NOT_VALID)
# What keeps someone from what a kind refuses; what is not known is asked at the gate.
REFUSED = (ENDED, NOT_VALID)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Held:
    """One license or certificate as known. `looked`: valid, not_valid, or "" where nobody has looked."""

    kind: str
    last_day: date | None = None
    looked: str = ""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone with a part in a dose (prescriber, monitor or second), and what they hold."""

    name: str
    part: str
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Stands:
    """How one kind stands for one person: the state, and the paper it rests on."""

    state: str
    best: Held | None = None

    @property
    def rank(self) -> int:
        return ORDER.index(self.state)


def kinds() -> tuple[Rule, ...]:
    """Every kind in the order of the library, for its words."""
    return library().area("standing")


def kind_of(kind: str) -> Rule:
    """The words of one kind; a kind that no row has is another certificate."""
    return _row(kind, library())


def state_of(one: Held, on: date) -> str:
    """valid, undated, unlooked, ended or not_valid, on this day of the practice's calendar."""
    if one.looked == NOT_VALID:
        return NOT_VALID
    if one.last_day is not None and one.last_day < on:
        return ENDED
    if one.looked != VALID:
        return UNLOOKED
    return UNDATED if one.last_day is None else VALID


def stands(held: Iterable[Held], wanted: Sequence[str], on: date) -> Stands:
    """How someone stands in these kinds, any of which answers. None of them: `none`."""
    found = [Stands(state_of(one, on), one) for one in held if one.kind in wanted]
    return min(found, key=lambda each: (each.rank, -_last(each.best)), default=Stands(NONE))


def days_left(one: Held, on: date) -> int | None:
    """Whole days to its last day, 0 on that day, less after it; None where no last day is known."""
    return (one.last_day - on).days if one.last_day is not None else None


def ends_soon(one: Held, on: date, ruleset: RuleSet | None = None) -> bool:
    """Whether it is told that this ends, by the days of its kind's row."""
    left = days_left(one, on)
    return left is not None and 0 <= left <= _row(one.kind, ruleset)["told"]


def last_day_of(kind: str, given_on: date, ruleset: RuleSet | None = None) -> date | None:
    """By the day it was given, where a source says how long this kind holds: the end of that month."""
    rule = _row(kind, ruleset)
    if "holds_months" not in rule.numbers:
        return None
    return months_after(given_on.replace(day=1), int(rule["holds_months"]) + 1) - timedelta(days=1)


def refused(act: str, held: Iterable[Held], on: date) -> tuple[Rule, Stands] | None:
    """The first kind by which this act is refused on this day, and how it stands.

    `act`: order, decide, on_site. What is missing, or nobody looked at, refuses nothing here: the gate asks
    for it before a dose.
    """
    all_held = tuple(held)
    for rule in kinds():
        if act in rule.words["refuses"]:
            found = stands(all_held, (rule.words["kind"],), on)
            if found.state in REFUSED:
                return rule, found
    return None


def line_of(rule: Rule, people: Sequence[Colleague], on: date) -> tuple[str, Mapping[str, Any]] | None:
    """The state of one of the gate's rows, and what its sentence names; None where nobody is asked yet."""
    asked = [one for one in people if one.part in rule.words["of"]]
    found = [(stands(one.held, rule.words["credentials"], on), one.name) for one in asked]
    if not found:
        return None
    each = rule.words["asks"] == "each"
    if each:
        state, name = max(found, key=lambda pair: pair[0].rank)
    else:  # of those who have one at all
        state, name = min(found, key=lambda pair: (pair[0].state == NONE, pair[0].rank))
    last = state.best.last_day if state.best is not None else None
    until = f"{last:%B} {last.day}, {last.year}" if last is not None else ""
    if state.state == VALID and each:
        name = ", ".join(dict.fromkeys(one.name for one in asked))
    return state.state, {"name": name, "until": until}


def tells_from(on: date, ruleset: RuleSet | None = None) -> date:
    """The furthest last day that any kind tells of on this day."""
    rows = (ruleset or library()).area("standing")
    return on + timedelta(days=int(max(rule["told"] for rule in rows)))


def _row(kind: str, ruleset: RuleSet | None) -> Rule:
    rows = {rule.words["kind"]: rule for rule in (ruleset or library()).area("standing")}
    return rows.get(kind, rows[OTHER])


def _last(one: Held | None) -> int:
    return one.last_day.toordinal() if one is not None and one.last_day is not None else 0
