"""Reading what people and machines hand in, before medicine looks at it.

Decided here: what counts as a number, a day, a time, a yes or no, and how a value that cannot be
used is told: by its field and one sentence. Nothing is guessed into place; a guess is only offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openkap.medicine.quantity import exact
from openkap.medicine.window import instant

DIGITS = 9


class Unusable(ValueError):
    """A value that cannot be used. `field` names it, `sentence` says why and what would do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def plain(value: Decimal) -> str:
    """For people: no exponent, no trailing zero ("35", "0.7")."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def a_number(field: str, value: Any) -> Decimal:
    """A finite decimal from a whole number, a decimal or text. Raises `Unusable`."""
    try:
        number = exact(value.strip() if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise Unusable(field, f"{as_typed(value)} is not a number.") from None
    if number and abs(number.adjusted()) > DIGITS:
        raise Unusable(field, f"{as_typed(value)} is out of range.")
    return number


def a_positive(field: str, value: Any) -> Decimal:
    """A number above zero. Raises `Unusable`."""
    number = a_number(field, value)
    if number <= 0:
        raise Unusable(field, f"{plain(number)} is out of range. It must be more than 0.")
    return number


def out_of_range(field: str, value: Decimal, least: Decimal, most: Decimal, unit: str) -> None:
    """Raises `Unusable` outside `least` to `most`, with the slip of a decimal point as a guess."""
    if least <= value <= most:
        return
    slips = (value * factor for factor in map(Decimal, ("0.1", "10", "0.01", "100")))
    guess = next((slip for slip in slips if least <= slip <= most), None)
    offer = f"It must be {plain(least)} to {plain(most)}."
    if guess is not None:
        # A lost point is shown with its point back ("70.0"), a lost zero without one.
        offer = f"Did you mean {f'{guess:f}' if guess < value else plain(guess)}?"
    raise Unusable(field, f"{plain(value)} {unit} is out of range. {offer}")


def a_flag(field: str, value: Any) -> bool:
    """Yes or no, and nothing that only looks like it. Raises `Unusable`."""
    if not isinstance(value, bool):
        raise Unusable(field, f"{as_typed(value)} is not yes or no. Write true or false.")
    return value


def a_choice(field: str, value: Any, choices: Iterable[str]) -> str:
    """One of the words. Raises `Unusable`, naming them."""
    known = tuple(choices)
    if not isinstance(value, str) or value not in known:
        raise Unusable(field, f"{as_typed(value)} is not known. Use one of: {', '.join(known)}.")
    return value


def a_day(field: str, value: Any) -> date:
    """A calendar day, from a date or its text (2026-11-21). Raises `Unusable`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise Unusable(field, f"{as_typed(value)} is not a day. Write it as 2026-11-21.") from None


def a_time(field: str, value: Any) -> datetime:
    """A moment with its zone, kept as given. Raises `Unusable`: without a zone nobody can tell when."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise Unusable(
            field, f"{as_typed(value)} is not a time. Write it as 2026-11-21T09:00:00-05:00."
        ) from None
    try:
        instant(moment)
    except (ValueError, OverflowError):
        raise Unusable(
            field, f"{as_typed(value)} has no time zone. Write it as {moment.isoformat()}Z."
        ) from None
    return moment


def as_typed(value: Any) -> str:
    """The value as a person typed it, cut short; never "None"."""
    if value is None or value == "":
        return "Nothing"
    text = (
        str(value) if isinstance(value, (str, Decimal, int, float, datetime, date)) else type(value).__name__
    )
    return text if len(text) <= 40 else text[:39] + "…"
