"""What can be a vital sign at all.

Decided here: how `V-PHYSIOLOGY` (and the weight and height bounds of orders) are read, for a form
that must refuse "700 kg" kindly and for a recording that must not alarm on a probe that fell off.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from openkap.medicine.inputs import Unusable, a_number, out_of_range, plain
from openkap.medicine.quantity import (
    celsius_from_fahrenheit,
    cm_from_feet_and_inches,
    exact,
    kg_from_pounds,
)
from openkap.medicine.rules import RuleSet, library

UNITS = {"weight_kg": "kg", "height_cm": "cm"}
SCALES = ("moaas", "rass", "cadss6", "aldrete", "padss")
TENTH = Decimal("0.1")
FEET = re.compile(r"""^\s*(\d+)\s*(?:ft|feet|'|’|-)\s*(\d+(?:\.\d+)?)?\s*(?:in|inches|"|”|'')?\s*$""")


def bounds(name: str, rules: RuleSet | None = None) -> tuple[Decimal, Decimal]:
    """The least and most of one vital sign, in its canonical unit. Raises `KeyError`."""
    return _bounds(name) if rules is None else _read_bounds(name, rules)


@lru_cache(maxsize=64)
def _bounds(name: str) -> tuple[Decimal, Decimal]:
    return _read_bounds(name, library())


def _read_bounds(name: str, rules: RuleSet) -> tuple[Decimal, Decimal]:
    if name == "weight_kg":
        rule = rules.rule("D-WEIGHT-RANGE")
        return rule["least"], rule["most"]
    if name == "height_cm":
        rule = rules.rule("D-INPUT")
        return rule["height_least"], rule["height_most"]
    rule = rules.rule("V-PHYSIOLOGY")
    return rule[f"{name}_least"], rule[f"{name}_most"]


def check_vital(name: str, value: Any, unit: str = "") -> Decimal:
    """The value in its canonical unit (kg, cm, °C, /min, mmHg, %). Raises `Unusable` with a guess.

    `unit` may be lb, kg, cm, m, in, ft (with "5 ft 8" as the value), C or F; empty is canonical.
    """
    canonical = _canonical(name, value, unit.strip().lower().lstrip("°"))
    least, most = bounds(name)
    if name == "temperature" and not unit and not least <= canonical <= most:
        _guess_fahrenheit(canonical, least, most)
    if name in SCALES:
        _refuse_no_step(name, canonical, least, most)
        return canonical
    shown = UNITS.get(name) or str(library().rule("V-PHYSIOLOGY").words[name])
    out_of_range(name, canonical, least, most, shown)
    return canonical


def check_pressure(sbp: Any, dbp: Any, mean: Any = None) -> tuple[Decimal, Decimal]:
    """Systolic over diastolic, the mean between them. Raises `Unusable` with a guess."""
    upper, lower = check_vital("sbp", sbp), check_vital("dbp", dbp)
    if lower >= upper:
        swapped = f" Did you mean {plain(lower)}/{plain(upper)}?" if lower > upper else ""
        raise Unusable(
            "dbp", f"{plain(upper)}/{plain(lower)} cannot be. The lower number is not below.{swapped}"
        )
    if mean is not None:
        middle = check_vital("map", mean)
        if not lower <= middle <= upper:
            raise Unusable(
                "map", f"A mean of {plain(middle)} is not between {plain(lower)} and {plain(upper)}."
            )
    return upper, lower


def _canonical(name: str, value: Any, unit: str) -> Decimal:
    if name == "height_cm" and isinstance(value, str) and (found := FEET.match(value)):
        return cm_from_feet_and_inches(found[1], found[2] or 0).rounded(TENTH).value
    number = a_number(name, value)
    if unit in ("lb", "lbs", "pounds"):
        return kg_from_pounds(number).rounded(TENTH).value
    if unit in ("in", "inches"):
        return cm_from_feet_and_inches(0, number).rounded(TENTH).value
    if unit in ("ft", "feet"):
        return cm_from_feet_and_inches(number).rounded(TENTH).value
    if unit == "m":
        return number * 100
    if unit in ("f", "fahrenheit"):
        return celsius_from_fahrenheit(number).rounded(TENTH).value
    known = {"weight_kg": ("kg",), "height_cm": ("cm",), "temperature": ("c", "celsius")}
    if unit and unit not in known.get(name, (unit,)):
        raise Unusable(name, f"{unit} is not a unit for this.")
    return exact(number)


def _refuse_no_step(name: str, value: Decimal, least: Decimal, most: Decimal) -> None:
    """A scale has whole steps; a value outside it is no slip of a point."""
    if not least <= value <= most or value != value.to_integral_value():
        raise Unusable(
            name, f"{plain(value)} is no step of this scale. It has {plain(least)} to {plain(most)}."
        )


def _guess_fahrenheit(value: Decimal, least: Decimal, most: Decimal) -> None:
    converted = celsius_from_fahrenheit(value).rounded(TENTH).value
    if least <= converted <= most:
        raise Unusable(
            "temperature",
            f"{plain(value)} °C is out of range. Did you mean {plain(value)} °F ({plain(converted)} °C)?",
        )
