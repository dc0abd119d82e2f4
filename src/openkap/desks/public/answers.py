"""The answers of a self-check on their way: they travel in the form, and are kept nowhere.

Decided here: not in the address (which is logged and remembered), not in the session, not in a record. The
page that asks gives back what was answered so far as hidden fields (docs/adr/0017-front-door.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from openkap.medicine.screening.selfcheck import slip_in, step_named, steps

CRISIS, AGE, COUNTRY = "crisis", "age", "country"
GATES = (CRISIS, AGE, COUNTRY)
YES, NO, UNSURE = "yes", "no", "unsure"
RESULT = "result"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far, by step. Anything that is no answer is left out."""

    given: dict[str, tuple[str, ...]]

    def one(self, key: str) -> str:
        return next(iter(self.given.get(key, ())), "")

    def without(self, key: str) -> list[tuple[str, str]]:
        """As hidden fields, without the step that the page asks itself."""
        return [
            (field(step), value) for step, values in self.given.items() if step != key for value in values
        ]

    @property
    def of_health(self) -> dict[str, tuple[str, ...]]:
        return {key: values for key, values in self.given.items() if key not in GATES}

    @property
    def next_open(self) -> str:
        """The first step without an answer; the result where there is none left."""
        return next((key for key in order() if key not in self.given), RESULT)


def order() -> tuple[str, ...]:
    """Every step, in the order in which they are asked."""
    return (*GATES, *(step.key for step in steps()))


def field(key: str) -> str:
    return f"a_{key}"


def read(data: QueryDict) -> Answers:
    """The answers that a form brought along."""
    given = {}
    for key in order():
        chosen = tuple(dict.fromkeys(data.getlist(field(key))))
        if chosen and not slip(key, chosen):
            given[key] = chosen
    return Answers(given)


def slip(key: str, chosen: tuple[str, ...]) -> str:
    """Why this is no answer: "empty", "both", "strange"; or blank."""
    if key in GATES:
        allowed = (YES, NO, UNSURE) if key == CRISIS else (YES, NO)
        return "empty" if not chosen else "" if len(chosen) == 1 and chosen[0] in allowed else "strange"
    step = step_named(key)
    return slip_in(step, chosen) if step is not None else "strange"
