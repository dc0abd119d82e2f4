"""How a dosing rule's finding is worded: the library's sentence, filled with the figures.

Decided here: nothing clinical. Every finding of this room is made here, so that each carries its
rule's version, sources, status and confidence.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openkap.medicine.inputs import plain
from openkap.medicine.rules import Rule
from openkap.medicine.verdict import Finding, Level

CENT = Decimal("0.01")
SMALLEST = Decimal("0.00000001")


def finding(
    rule: Rule,
    level: Level,
    *,
    because: str = "because",
    action: str = "action",
    could_be: Level = Level.STOP,
    **figures: Any,
) -> Finding:
    """`because` and `action` name the rule's own sentences; `figures` fill them and are its data."""
    # Decimals come here already rounded, by `beyond` where two would hide the difference.
    shown = {name: plain(v) if isinstance(v, Decimal) else shown_figure(v) for name, v in figures.items()}
    limits = {name: plain(number.value) for name, number in rule.numbers.items()}
    # A caution is the prescriber's to weigh; a hold has an override only where its row names one.
    override = {
        Level.CAUTION: rule.words.get("override", "prescriber"),
        Level.HOLD: rule.words.get("override"),
    }.get(level)
    return Finding(
        rule=rule.id,
        level=level,
        because=rule.words[because].format(**limits | shown),
        version=rule.version,
        data={name: value for name, value in figures.items() if value is not None},
        action=str(rule.words.get(action, "")).format(**limits | shown),
        sources=rule.sources,
        status=rule.status,
        confidence=rule.confidence,
        override=override,
        could_be=could_be,
    )


def shown_figure(value: Any) -> Any:
    """A figure as people read it: decimals without trailing zeros, days with the month as a word."""
    if isinstance(value, Decimal):
        return plain(value.quantize(CENT, ROUND_HALF_UP))
    if isinstance(value, (date, datetime)):
        return f"{value:%A, %B} {value.day}"
    return value


def beyond(value: Decimal, limit: Decimal) -> Decimal:
    """`value` to two decimals, or to as many as it takes to tell it from `limit` ("1.001 is over 1")."""
    step = CENT
    while (shown := value.quantize(step, rounding=ROUND_HALF_UP)) == limit and step > SMALLEST:
        step /= 10
    return shown
