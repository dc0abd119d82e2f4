"""One set of vital signs at one moment.

Decided here: which signals there are and how a row of a recording becomes a reading. A blank is
"not measured", never zero; text that is no number is refused with its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import Any

from openkap.medicine.inputs import Unusable, a_choice, a_flag, a_number, a_time, out_of_range
from openkap.medicine.rules import library

VALUES = ("hr", "sbp", "dbp", "map", "spo2", "rr", "etco2", "moaas", "rass", "cadss6")
ZERO = Decimal(0)
SECONDS_PER_HOUR = 3600
BLANKS = frozenset(("", "-", "--", "nan", "na", "n/a", "null", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Beats and breaths a minute, mmHg, percent; `moaas` 0-5, `rass` -5 to 4, `cadss6` 0-24.

    `t_seconds` counts from the start of the dose; `at` is the same moment with its zone. Either may
    be absent, not both where time matters. `symptoms` are words of `M-BP-SYMPTOMS`.
    """

    t_seconds: Decimal | None = None
    at: datetime | None = None
    hr: Decimal | None = None
    sbp: Decimal | None = None
    dbp: Decimal | None = None
    map: Decimal | None = None
    spo2: Decimal | None = None
    rr: Decimal | None = None
    etco2: Decimal | None = None
    moaas: Decimal | None = None
    rass: Decimal | None = None
    cadss6: Decimal | None = None
    on_oxygen: bool = False
    distressed: bool = False
    symptoms: tuple[str, ...] = ()

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Reading:
        """From a row of a recording or an object of the same keys. Raises `Unusable`."""
        given: dict[str, Any] = {}
        for name in ("t_seconds", *VALUES):
            if (value := row.get(name)) is not None:
                given[name] = _number(name, value) if isinstance(value, str) else a_number(name, value)
        if (seconds := given.get("t_seconds")) is not None:
            _refuse_far(seconds)
        if row.get("at"):
            given["at"] = a_time("at", row["at"])
        for name in ("on_oxygen", "distressed"):
            if row.get(name) not in (None, ""):
                given[name] = _flag(name, row[name])
        if row.get("symptoms"):
            given["symptoms"] = _symptoms(row["symptoms"])
        if given.get("t_seconds") is None and "at" not in given:
            raise Unusable("t_seconds", "The time of the reading is missing.")
        return cls(**given)

    def since(self, started_at: datetime) -> Decimal:
        """Seconds from the start of the dose."""
        if self.t_seconds is not None:
            return self.t_seconds
        if self.at is None:
            raise Unusable("t_seconds", "The time of the reading is missing.")
        return Decimal(str((self.at - started_at).total_seconds()))

    def timed(self, started_at: datetime) -> Reading:
        """The same reading with `t_seconds` filled in."""
        return self if self.t_seconds is not None else replace(self, t_seconds=self.since(started_at))

    @property
    def measured(self) -> bool:
        """Whether it holds any value at all."""
        return any(getattr(self, name) is not None for name in VALUES)

    @property
    def pressure(self) -> str:
        """Blood pressure as people write it ("148/90")."""
        return f"{shown(self.sbp)}/{shown(self.dbp)}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where blood pressure (and the rest, where known) stood before the dose."""

    sbp: Decimal | None = None
    dbp: Decimal | None = None
    hr: Decimal | None = None
    spo2: Decimal | None = None

    @classmethod
    def parse(cls, text: str) -> Baseline:
        """From "128/78". Raises `Unusable`."""
        upper, slash, lower = text.strip().partition("/")
        if not slash:
            raise Unusable("baseline", f"{text!r} is not a blood pressure. Write it as 128/78.")
        sbp, dbp = a_number("baseline", upper), a_number("baseline", lower)
        if not 0 < dbp < sbp:
            raise Unusable("baseline", f"{text!r} is not a blood pressure. Write it as 128/78.")
        limits = library().rule("V-PHYSIOLOGY")
        for name, value in (("sbp", sbp), ("dbp", dbp)):
            out_of_range("baseline", value, limits[f"{name}_least"], limits[f"{name}_most"], "mmHg")
        return cls(sbp, dbp)


def in_time_order(readings: Iterable[Reading]) -> list[Reading]:
    """By time, and those of one moment by value, so that the order of the input never matters."""
    by_time = sorted(readings, key=_moment)
    if all(a.t_seconds != b.t_seconds for a, b in pairwise(by_time)):
        return by_time
    return [reading for _, same in groupby(by_time, key=_moment) for reading in sorted(same, key=_values)]


def _moment(reading: Reading) -> Decimal:
    if reading.t_seconds is None:
        raise Unusable("t_seconds", "The time of the reading is missing.")
    return reading.t_seconds


def _values(reading: Reading) -> tuple[Any, ...]:
    values = (getattr(reading, name) for name in VALUES)
    known = tuple((value is None, value if value is not None else ZERO) for value in values)
    return known, reading.on_oxygen, reading.distressed, reading.symptoms


def shown(value: Decimal | None) -> str:
    """A vital sign as a monitor shows it: no trailing zero; "-" where not measured."""
    if value is None:
        return "-"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=8192)
def _number(name: str, text: str) -> Decimal | None:
    """Recordings repeat the same few numbers a million times; each is read once."""
    return None if text.strip().lower() in BLANKS else a_number(name, text)


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower() in ("1", "0", "true", "false"):
        return value.strip().lower() in ("1", "true")
    return a_flag(name, value)


def _symptoms(value: Any) -> tuple[str, ...]:
    """Words of `M-BP-SYMPTOMS`, in a list or parted by semicolons."""
    known = library().rule("M-BP-SYMPTOMS").words["symptoms"]
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise Unusable("symptoms", "Symptoms must be a list of words.")
    words = [part.strip() if isinstance(part, str) else part for part in parts]
    return tuple(sorted(a_choice("symptoms", word, known) for word in words if word != ""))


@cache
def reach() -> tuple[Decimal, Decimal]:
    """From how many seconds before the start of a dose to how many after it readings are taken."""
    rule = library().rule("V-PHYSIOLOGY")
    return rule["time_least"] * SECONDS_PER_HOUR, rule["time_most"] * SECONDS_PER_HOUR


def _refuse_far(seconds: Decimal) -> None:
    """A clock that is days off would owe thousands of checks."""
    least, most = reach()
    if not least <= seconds <= most:
        said = f"{shown(seconds)} seconds is too far from the start of the dose."
        raise Unusable("t_seconds", f"{said} It must be {shown(least)} to {shown(most)}.")
