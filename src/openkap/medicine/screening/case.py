"""One person, one route, one moment: everything screening looks at.

Decided here: the shape of the input, as promised in the command's contract, and what no measurement
can be. A fact that is absent stays absent; nothing is filled in. The limits of what is possible are
library data (`S-INPUT`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openkap.medicine.inputs import Unusable, a_choice, a_day, a_flag, a_number, a_time, out_of_range
from openkap.medicine.rules import Rule, library
from openkap.medicine.window import instant

ROUTES = ("iv", "im", "sublingual", "oral", "nasal_racemic", "esketamine")
RISKS = ("none", "low", "moderate", "high")
VITALS = ("sbp", "dbp", "hr", "spo2", "weight_kg", "height_cm")


class BadCase(Unusable):
    """A case that cannot be used. `field` says where."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One set of measurements. Pressures in mmHg, heart rate a minute, oxygen in %, kg and cm."""

    at: datetime
    sbp: Decimal | None = None
    dbp: Decimal | None = None
    hr: Decimal | None = None
    spo2: Decimal | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lab:
    """A result and when it was taken; `at` None where only the value was given."""

    value: Decimal | str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What screening is asked about. `None`, or a key that is absent, means not asked."""

    at: datetime
    route: str
    born_on: date | None = None
    childbearing_potential: bool | None = None
    history: Mapping[str, bool] = field(default_factory=dict)
    medications: tuple[str, ...] | None = None
    allergies: tuple[str, ...] | None = None
    labs: Mapping[str, Lab] = field(default_factory=dict)
    vitals: tuple[Vitals, ...] = ()
    scores: Mapping[str, Decimal | str] = field(default_factory=dict)
    escort: bool | None = None
    dosing_day: bool = False

    @property
    def today(self) -> date:
        """The day of the case, by its own clock."""
        return self.at.date()


def read_case(data: Mapping[str, Any]) -> Case:
    """A case from the contract's JSON object. Raises `BadCase` naming the field."""
    limits = library().rule("S-INPUT")
    at = a_time("at", _needed(data, "at"))
    return Case(
        at=at,
        route=a_choice("route", _needed(data, "route"), ROUTES),
        born_on=_born(data.get("born_on"), at.date(), limits),
        childbearing_potential=_flag(data.get("childbearing_potential"), "childbearing_potential"),
        history={
            key: answer
            for key, value in _table(data, "history").items()
            if (answer := _flag(value, f"history.{key}")) is not None
        },
        medications=_texts(data.get("medications"), "medications"),
        allergies=_texts(data.get("allergies"), "allergies"),
        labs={
            key: lab
            for key, value in _table(data, "labs").items()
            if (lab := _lab(key, value, limits)) is not None
        },
        vitals=_vitals(data.get("vitals"), limits),
        scores={
            key: score
            for key, value in _table(data, "scores").items()
            if (score := _score(key, value, limits)) is not None
        },
        escort=_flag(data.get("escort"), "escort"),
        dosing_day=_flag(data.get("dosing_day"), "dosing_day") is True,
    )


def _needed(data: Mapping[str, Any], field: str) -> Any:
    if data.get(field) is None:
        raise BadCase(field, f"{field} is missing.")
    return data[field]


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadCase(name, f"{name} must be an object.")
    return value


def _born(value: Any, today: date, limits: Rule) -> date | None:
    if value is None:
        return None
    born = a_day("born_on", value)
    if born > today:
        raise BadCase("born_on", f"The birth date {born} is after the day of this case.")
    if today.year - born.year > limits["age_highest"]:
        raise BadCase("born_on", f"The birth date {born} is more than {limits['age_highest']} years ago.")
    return born


def _flag(value: Any, field: str) -> bool | None:
    return None if value is None else a_flag(field, value)


def _texts(value: Any, field: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if (
        isinstance(value, str)
        or not isinstance(value, Sequence)
        or any(not isinstance(v, str) for v in value)
    ):
        raise BadCase(field, f"{field} must be a list of texts. An empty list means none.")
    return tuple(text.strip() for text in value if text.strip())


def _number(value: Any, field: str, limits: Rule, name: str) -> Decimal | None:
    """A number inside what is possible (`<name>_lowest`, `<name>_highest`; lowest is 0 if absent)."""
    if value is None:
        return None
    if isinstance(value, (str, bool)):
        raise BadCase(field, f"{value!r} is not a number.")
    number = a_number(field, str(value) if isinstance(value, float) else value)
    lowest = limits.numbers[f"{name}_lowest"].value if f"{name}_lowest" in limits.numbers else Decimal(0)
    highest = limits.number(f"{name}_highest")
    out_of_range(field, number, lowest, highest.value, highest.unit)
    return number


def _lab(key: str, value: Any, limits: Rule) -> Lab | None:
    field, at = f"labs.{key}", None
    if isinstance(value, Mapping):
        at = a_time(f"{field}.at", value["at"]) if value.get("at") is not None else None
        value = value.get("value")
    if value is None:
        return None
    if key == "hcg":
        if not isinstance(value, str):
            raise BadCase(field, f"{field} must be negative or positive, not {value!r}.")
        return Lab(value.strip().lower(), at)
    if key.endswith("_x_uln"):
        number = _number(value, field, limits, "x_uln")
        return None if number is None else Lab(number, at)
    return Lab(str(value), at)


def _score(key: str, value: Any, limits: Rule) -> Decimal | str | None:
    field = f"scores.{key}"
    if value is None:
        return None
    if key.startswith("cssrs"):
        return a_choice(field, value, RISKS)
    if f"{key}_highest" in limits.numbers:
        return _number(value, field, limits, key)
    return str(value)


def _vitals(value: Any, limits: Rule) -> tuple[Vitals, ...]:
    if value is None:
        return ()
    if isinstance(value, Mapping):
        value = [value]
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadCase("vitals", "vitals must be a list of sets, each with its time.")
    sets = [_set(row, f"vitals[{index}]", limits) for index, row in enumerate(value)]
    return tuple(sorted(sets, key=lambda one: instant(one.at)))


def _set(row: Any, field: str, limits: Rule) -> Vitals:
    if not isinstance(row, Mapping):
        raise BadCase(field, f"{field} must be one set of measurements with its time.")
    if row.get("at") is None:
        raise BadCase(f"{field}.at", f"{field} has no time.")
    at = a_time(f"{field}.at", row["at"])
    numbers = {name: _number(row.get(name), f"{field}.{name}", limits, name) for name in VITALS}
    one = Vitals(at, **numbers)
    if one.sbp is not None and one.dbp is not None and one.dbp >= one.sbp:
        raise BadCase(f"{field}.dbp", f"Diastolic {one.dbp} is not below systolic {one.sbp}.")
    if (one.sbp is None) != (one.dbp is None):
        raise BadCase(f"{field}.sbp", "A blood pressure needs both numbers.")
    return one
