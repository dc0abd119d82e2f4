"""Amounts that refuse to mix.

Decided here: which units exist, which may be multiplied or divided, and how amounts round. A dose
is exact (`Decimal`), never a float. The conversion factors below are definitions (international
pound 1959, inch 1959, Celsius), not clinical numbers; those live in `library/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import ClassVar, Self, overload

Number = Decimal | int | str


def exact(value: Number) -> Decimal:
    """A finite `Decimal` from a whole number, a `Decimal` or text. Raises `TypeError` or `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"{value!r} is not exact. Write the number as text, a whole number or a Decimal.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number.") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number.")
    return number


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A number with its unit. Only the same unit adds, subtracts or compares."""

    value: Decimal
    unit: ClassVar[str] = ""

    def __init__(self, value: Number) -> None:
        object.__setattr__(self, "value", exact(value))

    def __add__(self, other: Self) -> Self:
        return type(self)(self.value + other.value) if type(other) is type(self) else NotImplemented

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.value - other.value) if type(other) is type(self) else NotImplemented

    def times(self, factor: Number) -> Self:
        """The same unit, `factor` times as much."""
        return type(self)(self.value * exact(factor))

    def share_of(self, whole: Self) -> Decimal:
        """This amount as a share of `whole` (same unit): a plain number."""
        if type(whole) is not type(self):
            raise TypeError(f"{self.unit} and {whole.unit} do not mix.")
        return self.value / whole.value

    def rounded(self, step: Number = "0.01") -> Self:
        """To the nearest `step`, half up."""
        return type(self)(_to_step(self.value, exact(step), ROUND_HALF_UP))

    def rounded_down(self, step: Number = "0.01") -> Self:
        """To the `step` below, so that a limit is never passed by rounding."""
        return type(self)(_to_step(self.value, exact(step), ROUND_DOWN))

    @property
    def plain(self) -> str:
        """For pages and labels: no trailing zero, no exponent ("35", "0.7")."""
        text = f"{self.value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    @property
    def two_decimals(self) -> str:
        """For machines: always two decimals, half up ("35.00")."""
        return f"{_to_step(self.value, Decimal('0.01'), ROUND_HALF_UP):.2f}"

    def __str__(self) -> str:
        return f"{self.plain} {self.unit}"


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).to_integral_value(rounding=rounding) * step


class Kg(Quantity):
    """Body weight in kilograms."""

    __slots__ = ()
    unit = "kg"


class Cm(Quantity):
    """Height in centimeters."""

    __slots__ = ()
    unit = "cm"


class Mmhg(Quantity):
    """A pressure in millimeters of mercury."""

    __slots__ = ()
    unit = "mmHg"


class Celsius(Quantity):
    __slots__ = ()
    unit = "°C"


class MgPerKg(Quantity):
    """A dose for each kilogram; times a weight it gives milligrams."""

    __slots__ = ()
    unit = "mg/kg"

    def __mul__(self, weight: Kg) -> Mg:
        return Mg(self.value * weight.value) if isinstance(weight, Kg) else NotImplemented


class MgPerMl(Quantity):
    """How strong a vial is."""

    __slots__ = ()
    unit = "mg/mL"


class Mg(Quantity):
    """A dose. Over a weight it gives mg/kg, over a strength it gives milliliters."""

    __slots__ = ()
    unit = "mg"

    @overload
    def __truediv__(self, other: Kg) -> MgPerKg: ...
    @overload
    def __truediv__(self, other: MgPerMl) -> Ml: ...
    def __truediv__(self, other: Kg | MgPerMl) -> MgPerKg | Ml:
        if isinstance(other, Kg):
            return MgPerKg(self.value / other.value)
        if isinstance(other, MgPerMl):
            return Ml(self.value / other.value)
        return NotImplemented


class Ml(Quantity):
    """A volume. Times a strength it gives milligrams."""

    __slots__ = ()
    unit = "mL"

    def __mul__(self, strength: MgPerMl) -> Mg:
        return Mg(self.value * strength.value) if isinstance(strength, MgPerMl) else NotImplemented


def kg_from_pounds(pounds: Number) -> Kg:
    """The international pound is 0.45359237 kg by definition."""
    return Kg(exact(pounds) * Decimal("0.45359237"))


def cm_from_feet_and_inches(feet: Number, inches: Number = 0) -> Cm:
    """Twelve inches a foot, 2.54 cm an inch, by definition."""
    return Cm((exact(feet) * 12 + exact(inches)) * Decimal("2.54"))


def celsius_from_fahrenheit(degrees: Number) -> Celsius:
    return Celsius((exact(degrees) - 32) * 5 / 9)
