"""What an instrument is: its items, its bands, its flags, its alerts, and its words.

Decided here: the shape of a questionnaire as a value. What each one asks and how it is scored is
data by its authors (`library/instruments/*.toml`); its wording is a text pack that may be absent
where the licence says so (`library/instruments/texts/<language>/*.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.verdict import Status

Answer = int | bool | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Backing:
    """Who stands behind a block of numbers."""

    status: Status
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A total from `lowest` to `highest`, both counted in."""

    name: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Tier:
    """A name that any yes to one of `any` earns; tiers are ordered, worst first."""

    name: str
    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many items reach their mark: at least so many, at most so many."""

    reach: Mapping[str, int]
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no drawn from the answers or the total; `None` where too much is missing to say."""

    name: str
    counts: tuple[Count, ...]
    total_at_least: int | None
    whole_form: bool
    backing: Backing


@dataclass(frozen=True, slots=True)
class AlertRule:
    """When an answer needs a person. `raised` holds worse levels with conditions of their own."""

    id: str
    level: str
    when: Mapping[str, str | int]
    because: str
    action: str
    raised: tuple[tuple[str, Mapping[str, str | int]], ...]
    backing: Backing


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One published way to call a change real: by points or by percent of the first score."""

    id: str
    points: Decimal | None
    percent: Decimal | None
    backing: Backing


@dataclass(frozen=True, slots=True)
class Option:
    """An answer as printed on the form: the value that is kept and the words beside it."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an instrument in one language, with the notice that must be shown with them."""

    language: str
    title: str
    recall: str
    intro: str
    notice: str
    items: Mapping[str, str]
    options: Mapping[str, tuple[Option, ...]]
    licence: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, scored by data. `version` is kept with every score."""

    id: str
    version: str
    name: str
    respondent: tuple[str, ...]
    lower_is_better: bool
    kind: str
    items: tuple[str, ...]
    optional: tuple[str, ...]
    safety: tuple[str, ...]
    skips: Mapping[str, tuple[str, ...]]
    minimum: int
    maximum: int
    may_miss: int
    sums: bool
    highest_total: int
    bands: tuple[Band, ...]
    tiers: tuple[Tier, ...]
    no_tier: str
    subscales: Mapping[str, tuple[str, ...]]
    flags: tuple[Flag, ...]
    alerts: tuple[AlertRule, ...]
    changes: tuple[ChangeRule, ...]
    response_percent: Decimal | None
    remission_at_most: int | None
    backing: Mapping[str, Backing]
    codes: Mapping[str, object]

    @property
    def yes_no(self) -> bool:
        return self.kind == "yes_no"

    def band_of(self, total: int) -> str | None:
        return next((band.name for band in self.bands if band.lowest <= total <= band.highest), None)
