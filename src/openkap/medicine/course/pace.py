"""What a form is about and how long it takes; how much is asked of one person in a day.

Decided here: how the rows `F-AREAS` and `F-PACE` are read. A form about safety is never put off: pace is for
what can wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from openkap.medicine.course.follow_up import may_ask_of_safety
from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.rules import RuleSet, library


@dataclass(frozen=True, slots=True)
class Area:
    """What some forms are about: its key ("alcohol_and_drugs") and their ids, the usual one first."""

    key: str
    forms: tuple[str, ...]


def areas(ruleset: RuleSet | None = None) -> tuple[Area, ...]:
    words = (ruleset or library()).rule("F-AREAS").words
    return tuple(Area(key, tuple(forms)) for key, forms in words.items() if key != "kind")


def minutes_of(name: str, ruleset: RuleSet | None = None) -> int:
    """About how many minutes this form takes; at least one."""
    questions = _questions(name)
    seconds = questions * float((ruleset or library()).rule("F-PACE")["seconds"])
    return max(ceil(seconds / 60), 1)


def is_long(name: str, ruleset: RuleSet | None = None) -> bool:
    """Whether one of these is enough for a day. One that asks of safety cannot wait, so it is not."""
    rules = ruleset or library()
    asks_of_safety = may_ask_of_safety(name, rules)
    return _questions(name) >= rules.rule("F-PACE")["long"] and not asks_of_safety


def next_of(
    waiting: Iterable[str], answered_today: Iterable[str], ruleset: RuleSet | None = None
) -> tuple[str | None, bool]:
    """Which of `waiting` to ask next, and whether that had better wait until tomorrow.

    What is short or asks of safety comes before what is long. `answered_today` may hold any form.
    """
    names = list(waiting)
    if not names:
        return None, False
    short = next((name for name in names if not is_long(name, ruleset)), None)
    if not is_enough(answered_today, ruleset):
        return names[0], False
    return (short, False) if short is not None else (names[0], True)


def can_wait(
    waiting: Iterable[str], answered_today: Iterable[str], ruleset: RuleSet | None = None
) -> Iterator[str]:
    """Those of `waiting` that had better wait until tomorrow, were they answered in this order."""
    given = list(answered_today)
    for name in waiting:
        if is_long(name, ruleset) and is_enough(given, ruleset):
            yield name
        else:
            given.append(name)


def is_enough(answered_today: Iterable[str], ruleset: RuleSet | None = None) -> bool:
    """Whether as many long forms were answered today as are asked in one day."""
    rules = ruleset or library()
    asked = sum(_questions(name) >= rules.rule("F-PACE")["long"] for name in answered_today)
    return asked >= rules.rule("F-PACE")["a_day"]


def _questions(name: str) -> int:
    try:
        return len(instrument(name).items)
    except UnknownInstrument:
        return 0
