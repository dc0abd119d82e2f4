"""Reading an answer, in whatever shape a form, a paper or another system sends it.

Decided here: what counts as an answer. A yes may come as true, 1, "yes" or its code, and means the same
each time: an answer about safety must never be lost to its shape. What cannot be read is refused by its
item, never taken for an unanswered question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openkap.medicine.inputs import Unusable, as_typed
from openkap.medicine.instruments.instrument import Answers, Instrument, Item, Value

# Where the answer stands in a coded object (FHIR QuestionnaireResponse and Coding).
WITHIN = ("valueCoding", "valueBoolean", "valueInteger", "valueDecimal", "value", "code")

MOST = 1000  # beyond any scale


class BadAnswer(Unusable):
    """An answer that the form cannot hold. `field` is the item."""


def read_answers(form: Instrument, answers: Answers) -> dict[str, Value | None]:
    """The answers as numbers, unanswered as `None`. Raises `BadAnswer` naming the item."""
    given: dict[str, Value | None] = {}
    for item, answer in answers.items():
        if item not in form.questions:
            raise BadAnswer(str(item), f"{form.name} has no item {item!r}.")
        given[item] = read_answer(form, form.questions[item], answer)
    return given


def read_answer(form: Instrument, item: Item, answer: Any) -> Value | None:
    """One answer as a number. Raises `BadAnswer`."""
    if isinstance(answer, Mapping):
        key = next((key for key in WITHIN if key in answer), None)
        if key is None:
            raise BadAnswer(item.id, f"{form.name} item {item.id}: the answer holds no value and no code.")
        return read_answer(form, item, answer[key])
    if answer is None:
        return None
    if isinstance(answer, str) and answer.strip().lower() in item.coded:
        return item.coded[answer.strip().lower()]
    if isinstance(answer, bool) and not item.yes_no:
        raise BadAnswer(item.id, f"{form.name} item {item.id} takes {_wanted(item)}, not yes or no.")
    number = _number(answer)
    if number is None or (item.step >= 1 and not isinstance(number, int)):
        raise BadAnswer(item.id, _refusal(form, item, answer))
    if number not in item.also.values() and not _on_scale(item, number):
        raise BadAnswer(
            item.id, f"{form.name} item {item.id} takes {_wanted(item)}. It says {as_typed(answer)}."
        )
    return number


def _number(answer: Any) -> Value | None:
    if not isinstance(answer, (bool, int, float, Decimal)):
        return None
    number = float(answer)
    if not abs(number) <= MOST:  # nor infinity, nor what is no number
        return None
    return int(number) if number == int(number) else number


def _on_scale(item: Item, number: Value) -> bool:
    if not item.minimum <= number <= item.maximum:
        return False
    steps = (number - item.minimum) / item.step
    return math.isclose(steps, round(steps))


def _refusal(form: Instrument, item: Item, answer: Any) -> str:
    if item.yes_no and isinstance(answer, str):
        return f"{form.name} item {item.id} takes yes or no. It says {as_typed(answer)}."
    return f"{form.name} item {item.id}: {as_typed(answer)} is not a whole number."


def _wanted(item: Item) -> str:
    """What the item takes, in words: 0 to 3; yes or no; 0, 2 or 4."""
    if item.yes_no:
        return "yes or no"
    if item.step == 1:
        return f"{item.minimum} to {item.maximum}"
    if item.step > 1:
        return ", ".join(str(value) for value in item.values)
    return f"{item.minimum} to {item.maximum} in steps of {item.step}"
