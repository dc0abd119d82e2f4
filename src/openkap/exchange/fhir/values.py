"""What a file from elsewhere says of one person, as plain values; and the refusal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from openkap.exchange.fhir import resources as r4

T = TypeVar("T", bound=r4.Part)


class NotUsable(ValueError):
    """The file cannot be taken in at all; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition, medicine or allergy: words, code, whether it is so now, since when.

    `held`: a medicine on hold; `none_known`: it says that there is no allergy.
    """

    text: str
    code: str
    active: bool
    at: datetime | None
    held: bool = False
    none_known: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One dated result: `key` as in our records ('weight_kg'), its value and unit."""

    key: str
    value: Decimal | str
    unit: str
    at: datetime


@dataclass(slots=True)
class Incoming:
    """What one bundle says of one person."""

    given_name: str = ""
    family_name: str = ""
    born_on: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    outside_id: str = ""
    deceased: str = ""
    conditions: list[Fact] = field(default_factory=list)
    medications: list[Fact] = field(default_factory=list)
    allergies: list[Fact] = field(default_factory=list)
    results: list[Measured] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "conditions": len(self.conditions),
            "medications": len(self.medications),
            "allergies": len(self.allergies),
            "results": len(self.results),
        }


def parse(model: type[T], resource: dict[str, Any], name: str) -> T:
    """The resource as this model reads it. Raises NotUsable naming the field."""
    try:
        return model.model_validate(resource)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotUsable(f"{name}.{where} is not as FHIR R4 has it: {first['msg']}.") from None


def when(text: str) -> datetime | None:
    """A FHIR date or dateTime. A bare date is its noon in UTC, the same day in nearly every zone;
    a year alone is no day."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
    if moment is None:
        return None
    if "T" not in text:
        moment = moment.replace(hour=12)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
