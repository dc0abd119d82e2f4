"""What an instrument is: its items, its total, bands, flags and alerts, and its named rules of change.

Decided here: the shape of a questionnaire as a value. What each one asks and how it is scored is data by
its authors (`library/instruments/*.toml`), and ships for every instrument: numbers are facts. Its wording
is a text pack of its own with its own licence (`text_pack`), and may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openkap.medicine.verdict import Status

Value = int | float
Answer = int | float | Decimal | bool | str | Mapping[str, object] | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Backing:
    """Who stands behind a block of numbers."""

    status: Status
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: the values it can hold, and how each counts.

    `label` is a short name of our own for a box without the authors' words. `also` are answers outside the
    scale that are kept and never counted (refused, not applicable). `coded` are words and codes that mean a
    value. `points` maps a value to what it counts, where that differs.
    """

    id: str
    yes_no: bool
    minimum: Value
    maximum: Value
    step: Value
    label: str
    also: Mapping[str, int]
    coded: Mapping[str, Value]
    points: Mapping[Value, Value]

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value of the scale, lowest first."""
        count = round((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * place for place in range(count + 1))

    def counts(self, value: Value | None) -> Value | None:
        """What an answer counts; None where it is unanswered or outside the scale."""
        if value is None or value in self.also.values():
            return None
        return self.points.get(value, value)


@dataclass(frozen=True, slots=True)
class Skip:
    """When the answers to `when` add up to 0, the items of `skip` are not asked and count 0."""

    when: tuple[str, ...]
    skip: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How answers become one number. `how`: sum, mean, lookup (of the sum), entered (typed in), none.

    `highest_of`: groups of items that count once, by their highest answer. `also`: what is told beside the
    total: raw (the sum), percent (of the way from lowest to highest sum), continuous (the sum of the values).
    `minimum` and `maximum` are None where no source gives the range.
    """

    how: str
    times: int
    minimum: Value | None
    maximum: Value | None
    not_summed: tuple[str, ...]
    highest_of: tuple[tuple[str, ...], ...]
    lookup: Mapping[Value, float]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subscale:
    """Some of the items: their `sum` or `mean`, told from `at_least` answers on. Without items: typed in."""

    name: str
    items: tuple[str, ...]
    how: str
    at_least: int
    minimum: Value | None = None
    maximum: Value | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A total from `lowest` to `highest`, both counted in."""

    name: str
    lowest: Value
    highest: Value


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
    """A yes or no drawn from answers, total or subscales; `None` where too much is missing to say.

    `by_sex` holds the total from which it is yes, by sex; under "" for anyone whose sex is not known, where
    the source gives one.
    """

    name: str
    counts: tuple[Count, ...]
    total_at_least: Value | None
    total_at_most: Value | None
    by_sex: Mapping[str, Value]
    subscales_at_least: Mapping[str, Value]
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
class EndState:
    """A named place to end at, as remission: a total of at most, or at least, so much."""

    id: str
    at_most: Value | None
    at_least: Value | None
    backing: Backing

    def reached(self, total: Value) -> bool:
        if self.at_most is not None:
            return total <= self.at_most
        return self.at_least is not None and total >= self.at_least


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes in `system`: LOINC, each with a right check digit, or our own where LOINC has none.

    `unverified` are not yet checked against a release.
    """

    system: str
    panel: str
    total: str
    band: str
    items: Mapping[str, str]
    unverified: frozenset[str]

    def verified(self, code: str) -> bool:
        return bool(code) and code not in self.unverified


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, scored by data. `version` is kept with every score.

    `recall_days`: how far back it looks, None for none. `points`: the course points it is meant for.
    `without`: what is typed where its words may not be shown, `boxes` (a number for each item) or `total`.
    `tier` is the dossier's (1 ships with its words, 2 should, 3 never).
    """

    id: str
    version: str
    name: str
    respondent: tuple[str, ...]
    recall_days: int | None
    points: tuple[str, ...]
    tier: int
    without: str
    lower_is_better: bool
    questions: Mapping[str, Item]
    items: tuple[str, ...]
    optional: tuple[str, ...]
    safety: tuple[str, ...]
    either: tuple[tuple[str, ...], ...]
    skips: tuple[Skip, ...]
    minimum: Value
    maximum: Value
    may_miss: int
    total: Total
    bands: tuple[Band, ...]
    tiers: tuple[Tier, ...]
    no_tier: str
    subscales: tuple[Subscale, ...]
    flags: tuple[Flag, ...]
    alerts: tuple[AlertRule, ...]
    changes: tuple[ChangeRule, ...]
    ends: tuple[EndState, ...]
    response_percent: Decimal | None
    remission_at_most: Value | None
    backing: Mapping[str, Backing]
    codes: Codes
    scale: str

    @property
    def sums(self) -> bool:
        """Whether it gives a total."""
        return self.total.how != "none"

    @property
    def lowest_total(self) -> Value:
        """0 where no source gives a range."""
        return self.total.minimum or 0

    @property
    def highest_total(self) -> Value:
        """0 where the form has no total, or no source gives its range."""
        return self.total.maximum or 0

    @property
    def summed(self) -> tuple[str, ...]:
        return tuple(item for item in self.items if item not in self.total.not_summed)

    def band_of(self, total: Value) -> str | None:
        return next((band.name for band in self.bands if band.lowest <= total <= band.highest), None)
