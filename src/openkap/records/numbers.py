"""A number of a form, as it was given: whole where it is whole, else with its decimals.

Decided here: kept exactly (up to 999, four places: the mean of seven answers has no end), and read back as
medicine's own number, so that 7 stays 7 and is not said as 7.0000.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from openkap.medicine.instruments.instrument import Value

DIGITS, PLACES = 7, 4


class NumberField(models.DecimalField):  # type: ignore[type-arg]
    """An answer or a total. In Python an int, or a float where it has decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_digits": DIGITS, "decimal_places": PLACES})

    def deconstruct(self) -> Any:
        """As the plain column it is: a migration needs none of this."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def from_db_value(self, value: Decimal | None, expression: Any, connection: Any) -> Value | None:
        return None if value is None else plain(value)


def plain(value: Decimal | Value) -> Value:
    """A whole number where it is one."""
    return int(value) if value == int(value) else float(value)
