"""How large a change or a difference is, in standard deviations; and which of the several it is.

Decided here: every effect is told under its own name, since for one set of data they run from 0.83 to 1.20. A
fall counts as positive. Small-sample correction is Hedges'. Authority: the dossier's D.1. Intervals of a mean
need scipy, asked for only then.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from openkap.medicine.outcomes.proportion import confidence


@dataclass(frozen=True, slots=True)
class Paired:
    """Before and after in the same people. Positive: it fell.

    `dz` is over the spread of the differences, `drm` corrected for how alike before and after are, `dav`
    over the mean spread, `glass` over the spread before, `g` is `drm` with Hedges' correction `j`;
    `variance` is of `drm`.
    """

    n: int
    mean_before: float
    sd_before: float
    mean_after: float
    sd_after: float
    r: float
    difference: float
    sd_difference: float
    dz: float
    drm: float
    dav: float
    glass: float
    j: float
    g: float
    variance: float


@dataclass(frozen=True, slots=True)
class Between:
    """Two groups of different people: `d` over the pooled spread, `g` with Hedges' correction."""

    pooled_sd: float
    d: float
    variance: float
    j: float
    g: float
    variance_g: float


@dataclass(frozen=True, slots=True)
class Mean:
    """The t test of a mean against nought, with its interval."""

    t: float
    df: int
    p: float
    low: float
    high: float


def paired(before: Sequence[float], after: Sequence[float]) -> Paired:
    """From the scores themselves, in the same order of people. Raises `ValueError`."""
    if len(before) != len(after) or len(before) < 3:
        raise ValueError("A paired effect needs at least three people with both scores.")
    return paired_from(
        len(before),
        (statistics.mean(before), statistics.stdev(before)),
        (statistics.mean(after), statistics.stdev(after)),
        statistics.correlation(before, after),
    )


def paired_from(n: int, before: tuple[float, float], after: tuple[float, float], r: float) -> Paired:
    """From published means, spreads and the correlation. Raises `ValueError` for a spread of nought."""
    (m1, s1), (m2, s2) = before, after
    spread = math.sqrt(s1**2 + s2**2 - 2 * r * s1 * s2)
    if not min(s1, spread) > 0:
        raise ValueError("Everyone changed alike: there is no spread to measure by.")
    difference = m1 - m2
    dz = difference / spread
    drm = dz * math.sqrt(2 * (1 - r))
    j = hedges(n - 1)
    return Paired(
        n=n,
        mean_before=m1,
        sd_before=s1,
        mean_after=m2,
        sd_after=s2,
        r=r,
        difference=difference,
        sd_difference=spread,
        dz=dz,
        drm=drm,
        dav=difference / ((s1 + s2) / 2),
        glass=difference / s1,
        j=j,
        g=j * drm,
        variance=(1 / n + drm**2 / (2 * n)) * 2 * (1 - r),
    )


def paired_from_difference(n: int, difference: float, spread: float, r: float) -> Between:
    """From a published mean and spread of the differences, over the spread within (Borenstein)."""
    within = spread / math.sqrt(2 * (1 - r))
    d, j = difference / within, hedges(n - 1)
    variance = (1 / n + d**2 / (2 * n)) * 2 * (1 - r)
    return Between(within, d, variance, j, j * d, j**2 * variance)


def between(first: tuple[int, float, float], second: tuple[int, float, float]) -> Between:
    """Two groups, each as n, mean, spread; positive where the first is higher."""
    (n1, m1, s1), (n2, m2, s2) = first, second
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    d, j = (m1 - m2) / pooled, hedges(n1 + n2 - 2)
    variance = (n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2))
    return Between(pooled, d, variance, j, j * d, j**2 * variance)


def hedges(df: int) -> float:
    """The correction for a small sample."""
    return 1 - 3 / (4 * df - 1)


def mean_against_nought(n: int, mean: float, sd: float) -> Mean:
    """The paired t test, from the mean and spread of the differences. Needs scipy."""
    from scipy import stats

    error, df = sd / math.sqrt(n), n - 1
    reach = float(stats.t.ppf((1 + confidence()) / 2, df)) * error
    t = mean / error
    return Mean(t, df, float(2 * stats.t.sf(abs(t), df)), mean - reach, mean + reach)
