"""One order as a value, refused at the door where it cannot be used.

Decided here: what an order must hold to be worked out at all. An absurd weight, an unknown route or
a dose below zero is an `Unusable` with its field; a dose that is only too much is not, it is a
finding of `dosing.check`. Bounds are the library's (`D-WEIGHT-RANGE`, `D-INPUT`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from openkap.medicine.dosing.tolerated import was_tolerated
from openkap.medicine.inputs import (
    Unusable,
    a_choice,
    a_day,
    a_flag,
    a_number,
    a_positive,
    a_time,
    out_of_range,
    plain,
)
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, library

CM_PER_INCH = Decimal("2.54")
BASES = ("actual", "ideal", "adjusted")
INDICATIONS = ("trd", "mdsi")
LOWER_START = ("liver_moderate", "enzyme_inhibitor", "frail", "low_body_mass")
AMOUNTS = ("mg_per_kg", "mg", "weight_kg", "height_cm", "concentration_mg_per_ml")
FLAGS = ("first_dose", "hcs_certified", "patient_enrolled", "prescriber_on_site", "drawing_up")


@dataclass(frozen=True, slots=True)
class PastDose:
    """A dose that was given: milligrams, the day (and the moment where known), how it was borne.

    `same_session` marks an earlier dose of the session that is being ordered for.
    """

    route: Route
    mg: Decimal
    on: date
    at: datetime | None = None
    tolerated: bool | None = None
    same_session: bool = False

    @classmethod
    def read(cls, row: Mapping[str, Any], field: str = "history") -> PastDose:
        """From one row of input. Raises `Unusable`."""
        if not isinstance(row, Mapping):
            raise Unusable(field, "A past dose must be an object with on, route and mg.")
        at = a_time(f"{field}.at", row["at"]) if row.get("at") is not None else None
        if row.get("on") is None and at is None:
            raise Unusable(f"{field}.on", "A past dose has no day.")
        on = a_day(f"{field}.on", row["on"]) if row.get("on") is not None else at.date()  # type: ignore[union-attr]
        if at is not None:
            _refuse_two_days(f"{field}.on", on, at)
        tolerated, same = row.get("tolerated"), row.get("same_session")
        if tolerated is None:
            tolerated = _tolerated(row, field)
        return cls(
            Route(a_choice(f"{field}.route", row.get("route"), Route)),
            a_positive(f"{field}.mg", row.get("mg")),
            on,
            at,
            None if tolerated is None else a_flag(f"{field}.tolerated", tolerated),
            False if same is None else a_flag(f"{field}.same_session", same),
        )


def _tolerated(row: Mapping[str, Any], field: str) -> bool | None:
    """What `worst_grade`, `pressure_back_min` and `emergency_medicine` of a past dose come to."""
    grade, back, drug = (row.get(key) for key in ("worst_grade", "pressure_back_min", "emergency_medicine"))
    return was_tolerated(
        worst_grade=None if grade is None else int(_not_below_zero(f"{field}.worst_grade", grade)),
        pressure_back_min=None if back is None else _not_below_zero(f"{field}.pressure_back_min", back),
        emergency_medicine=None if drug is None else a_flag(f"{field}.emergency_medicine", drug),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered and what is known about the person. `mg` or `mg_per_kg`, the rest may be absent.

    Weight in kg, height in cm, duration in minutes, strength in mg/mL; `on` is the day, `at` the
    moment; `lower_start` names why a first dose is to be lower; `country` is where it is given, in two
    letters; `sex` is asked by the ideal weight only;
    `drawing_up` is said when the dose is drawn, which needs a strength. Raises `Unusable` (a `ValueError`).
    """

    route: Route
    mg_per_kg: Decimal | None = None
    mg: Decimal | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    age: Decimal | None = None
    sex: str | None = None
    duration_min: Decimal | None = None
    concentration_mg_per_ml: Decimal | None = None
    on: date | None = None
    at: datetime | None = None
    weight_basis: str | None = None
    weighed_on: date | None = None
    indication: str | None = None
    country: str | None = None
    history: tuple[PastDose, ...] = ()
    first_dose: bool | None = None
    hcs_certified: bool | None = None
    patient_enrolled: bool | None = None
    prescriber_on_site: bool | None = None
    drawing_up: bool | None = None
    lower_start: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keep = object.__setattr__
        keep(self, "route", Route(a_choice("route", self.route, Route)))
        for name in AMOUNTS:
            if (value := getattr(self, name)) is not None:
                keep(self, name, a_positive(name, value))
        for name in ("age", "duration_min"):
            if (value := getattr(self, name)) is not None:
                keep(self, name, _not_below_zero(name, value))
        if self.country is not None and not isinstance(self.country, str):
            raise Unusable("country", "The country is written in two letters, as in US or GB.")
        for name in FLAGS:
            if (value := getattr(self, name)) is not None:
                a_flag(name, value)
        for name, choices in (
            ("weight_basis", BASES),
            ("indication", INDICATIONS),
            ("sex", ("female", "male")),
        ):
            if (word := getattr(self, name)) is not None:
                a_choice(name, word, choices)
        _keep_times(self)
        keep(self, "history", _history(self))
        keep(self, "lower_start", _reasons(self.lower_start))
        _refuse_absurd(self, *_bounds())
        _refuse_no_dose(self)
        _refuse_no_weight_of_a_body(self)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Order:
        """From one case of `openkap dose`; keys that are no part of an order are left alone."""
        known = {field.name for field in fields(cls)}
        if row.get("route") is None:
            raise Unusable("route", "The route is missing.")
        return cls(**{key: value for key, value in row.items() if key in known and value is not None})

    @property
    def is_first(self) -> bool:
        """Said, or else: no earlier dose by this route."""
        if self.first_dose is not None:
            return self.first_dose
        return not any(dose.route is self.route for dose in self.history)


def ideal_weight(devine: Rule, sex: str, height_cm: Decimal) -> Decimal:
    """Devine's ideal weight in kg, by `D-WEIGHT-IDEAL`. Far below 5 feet it means nothing."""
    return devine[sex] + devine["per_inch"] * (height_cm / CM_PER_INCH - devine["from_inches"])


def _refuse_no_weight_of_a_body(order: Order) -> None:
    """An ideal or adjusted weight that no order could go by: for a small height it even falls below zero."""
    if order.weight_basis in (None, "actual") or not (order.height_cm and order.sex):
        return
    rules = library()
    weight = ideal_weight(rules.rule("D-WEIGHT-IDEAL"), order.sex, order.height_cm)
    if order.weight_basis == "adjusted":
        if order.weight_kg is None:
            return
        weight += rules.rule("D-WEIGHT-BASIS")["adjusted_share"] * (order.weight_kg - weight)
    least = _bounds()[0]["least"]
    if weight < least:
        why = f"comes to less than {plain(least)} kg at {plain(order.height_cm)} cm"
        raise Unusable("weight_basis", f"The {order.weight_basis} weight {why}. Use the actual weight.")


def _refuse_two_days(field: str, on: date, at: datetime) -> None:
    """A day and a moment of one dose; a day apart may be two clocks, more is two different doses."""
    if abs((on - at.date()).days) > 1:
        raise Unusable(field, f"The day {on} and the time {at.isoformat()} are not of one day.")


def _not_below_zero(field: str, value: Any) -> Decimal:
    number = a_number(field, value)
    if number < 0:
        raise Unusable(field, f"{plain(number)} is out of range. It cannot be below 0.")
    return number


def _reasons(given: Any) -> tuple[str, ...]:
    """Each reason once, in the order of `LOWER_START`."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise Unusable("lower_start", "The reasons for a lower start must be a list.")
    said = [a_choice("lower_start", reason, LOWER_START) for reason in given]
    return tuple(reason for reason in LOWER_START if reason in said)


def _keep_times(order: Order) -> None:
    at = a_time("at", order.at) if order.at is not None else None
    on = a_day("on", order.on) if order.on is not None else (at.date() if at else None)
    if on is not None and at is not None:
        _refuse_two_days("on", on, at)
    object.__setattr__(order, "at", at)
    object.__setattr__(order, "on", on)
    if order.weighed_on is not None:
        weighed = a_day("weighed_on", order.weighed_on)
        object.__setattr__(order, "weighed_on", weighed)
        if on is not None and weighed > on:
            raise Unusable("weighed_on", "The weight was taken after the day of the order.")


def _history(order: Order) -> tuple[PastDose, ...]:
    """Oldest first, whatever the order of the input. A dose after the order is dates backwards."""
    rows: Any = order.history
    if isinstance(rows, (str, bytes, Mapping)) or not isinstance(rows, Iterable):
        raise Unusable("history", "The history must be a list of past doses.")
    doses = [
        row if isinstance(row, PastDose) else PastDose.read(row, f"history.{place}")
        for place, row in enumerate(rows)
    ]
    for place, dose in enumerate(doses):
        later = order.on is not None and dose.on > order.on
        if later or (order.at is not None and dose.at is not None and dose.at > order.at):
            raise Unusable(f"history.{place}.on", "A past dose is later than this order.")
    return tuple(sorted(doses, key=_age_first))


def _age_first(dose: PastDose) -> tuple[date, float, str, Decimal, str]:
    moment = dose.at.timestamp() if dose.at else 0.0
    return (dose.on, moment, dose.route, dose.mg, str(dose.tolerated))


@cache
def _bounds() -> tuple[Rule, Rule]:
    """What can be an order at all is the library's; no clinic's set widens it."""
    return library().rule("D-WEIGHT-RANGE"), library().rule("D-INPUT")


def _refuse_absurd(order: Order, weights: Rule, bounds: Rule) -> None:
    if order.weight_kg is not None:
        out_of_range("weight_kg", order.weight_kg, weights["least"], weights["most"], "kg")
    if order.height_cm is not None:
        out_of_range("height_cm", order.height_cm, bounds["height_least"], bounds["height_most"], "cm")
    for name, most, unit in (
        ("age", "age_most", "years"),
        ("duration_min", "duration_most", "minutes"),
        ("concentration_mg_per_ml", "concentration_most", "mg/mL"),
        ("mg", "dose_most", "mg"),
        ("mg_per_kg", "dose_most", "mg/kg"),
    ):
        if (value := getattr(order, name)) is not None:
            out_of_range(name, value, Decimal(0), bounds[most], unit)


def _refuse_no_dose(order: Order) -> None:
    """Exactly one dose, and a weight where the milligrams depend on it."""
    if order.mg is None and order.mg_per_kg is None:
        raise Unusable("mg_per_kg", "The dose is missing. Give mg or mg_per_kg.")
    if order.route is Route.ESKETAMINE and order.mg is None:
        raise Unusable("mg", "Esketamine is ordered in milligrams, not by weight.")
    if order.mg_per_kg is not None and order.weight_kg is None:
        raise Unusable("weight_kg", "The weight is missing, and the milligrams depend on it.")
    if order.mg is not None and order.mg_per_kg is not None:
        raise Unusable("mg", "The dose is given twice, as mg and as mg_per_kg. Give one.")
    if order.weight_basis in ("ideal", "adjusted") and order.mg_per_kg is not None:
        for field in ("height_cm", "sex"):
            if getattr(order, field) is None:
                raise Unusable(
                    field, f"The {order.weight_basis} weight needs height and sex (female or male)."
                )
