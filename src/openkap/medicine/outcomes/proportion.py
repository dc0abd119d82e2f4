"""So many out of so many, with the interval that a small clinic can trust.

Decided here: the interval is Wilson's, never Wald's, which breaks at the ends and at clinic size; the
percent is told with one decimal, half up, as journals print it. How wide: the row `C-INTERVAL`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

from openkap.medicine.rules import library


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of`; percent, low and high are None where nobody was counted. Percent is 0 to 100."""

    count: int
    of: int
    percent: float | None
    low: float | None
    high: float | None


def confidence() -> float:
    """How much of the time an interval is to hold what it is about, as a fraction."""
    return float(library().rule("C-INTERVAL")["confidence"]) / 100


def z_of(level: float) -> float:
    """The two-sided normal quantile: 1.96 for 95%."""
    return NormalDist().inv_cdf((1 + level) / 2)


def proportion(count: int, of: int) -> Proportion:
    """Raises `ValueError` where more are counted than there are."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} cannot be.")
    if not of:
        return Proportion(0, 0, None, None, None)
    z, share = z_of(confidence()), count / of
    shrunk = 1 + z**2 / of
    middle = (share + z**2 / (2 * of)) / shrunk
    half = z * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2)) / shrunk
    low, high = (max(0.0, min(1.0, edge)) for edge in (middle - half, middle + half))
    return Proportion(count, of, _percent(Decimal(count) * 100 / of), _tenth(low), _tenth(high))


def _tenth(share: float) -> float:
    return _percent(Decimal(str(share)) * 100)


def _percent(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))
