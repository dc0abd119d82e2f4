"""How long a response lasts: Kaplan and Meier's curve, its median, and two curves compared.

Decided here: the conventions. Greenwood's error; intervals on the log-log scale; where the curve lies flat on
exactly one half, the median is the middle of that stretch, as R and SAS say it, and equality is judged with a
small tolerance: a product that comes to 0.5000000000000001 has moved a published median by eight weeks. The
curve itself is statsmodels', asked for only here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openkap.medicine.outcomes.proportion import confidence, z_of

ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """From `time` on, this share is free of the event. None: `low` and `high` at 0 and 1, `error` at 0."""

    time: float
    at_risk: int
    events: int
    survival: float
    error: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """`median` is None where half was never reached; `flat_until` where it lies flat on one half."""

    n: int
    events: int
    steps: tuple[Step, ...]
    median: float | None
    median_low: float | None
    median_high: float | None
    flat_until: float | None
    last: float

    def at(self, time: float) -> float:
        """The share still free of the event just after `time`."""
        reached = [step.survival for step in self.steps if step.time <= time]
        return reached[-1] if reached else 1.0


@dataclass(frozen=True, slots=True)
class Compared:
    """The log-rank test."""

    chi_square: float
    df: int
    p: float


def kaplan_meier(times: Sequence[float], happened: Sequence[bool]) -> Curve:
    """`times` since the clock began; `happened`: the event, or False where it was not seen to the end."""
    from statsmodels.duration.survfunc import SurvfuncRight

    _check(times, happened)
    last, events = max(times), sum(map(bool, happened))
    if not events:
        return Curve(len(times), 0, (), None, None, None, None, last)
    found = SurvfuncRight(list(times), [int(each) for each in happened])
    steps = tuple(_steps(found))
    half, flat = _half([(step.time, step.survival) for step in steps], last)
    # The median's interval is where the limits of the curve cross one half.
    low, _ = _half([(step.time, step.low) for step in steps if step.low is not None], last)
    high, _ = _half([(step.time, step.high) for step in steps if step.high is not None], last)
    return Curve(len(times), events, steps, half, low, high, flat, last)


def log_rank(times: Sequence[float], happened: Sequence[bool], groups: Sequence[object]) -> Compared:
    """Whether the curves of two groups or more differ. Raises `ValueError`, also where nothing can tell."""
    from statsmodels.duration.survfunc import survdiff

    _check(times, happened)
    kinds = len(set(groups))
    if len(groups) != len(times) or kinds < 2:
        raise ValueError("Comparing needs a group for each person, and at least two groups.")
    try:
        chi_square, p = survdiff(list(times), [int(each) for each in happened], list(groups))
    except ValueError:  # no event came while both groups were seen: there is nothing to divide by
        raise ValueError("No event tells these groups apart.") from None
    return Compared(float(chi_square), kinds - 1, float(p))


def _check(times: Sequence[float], happened: Sequence[bool]) -> None:
    if not times or len(times) != len(happened):
        raise ValueError("A curve needs a time and an event, or its absence, for each person.")
    if min(times) < 0 or not all(math.isfinite(time) for time in times):
        raise ValueError("Times must be numbers from 0 on.")


def _steps(found: Any) -> list[Step]:
    z = z_of(confidence())
    rows = zip(
        found.surv_times, found.n_risk, found.n_events, found.surv_prob, found.surv_prob_se, strict=True
    )
    return [
        Step(
            float(t), int(risk), int(events), float(s), _finite(float(se)), *_log_log(float(s), float(se), z)
        )
        for t, risk, events, s, se in rows
        if events
    ]


def _finite(value: float) -> float | None:
    """No number where there is none: a program that reads JSON knows no other."""
    return value if math.isfinite(value) else None


def _log_log(survival: float, error: float, z: float) -> tuple[float | None, float | None]:
    if not ALIKE < survival < 1 - ALIKE:
        return None, None
    reach = z * error / (survival * abs(math.log(survival)))
    return survival ** math.exp(reach), survival ** math.exp(-reach)


def _half(curve: Sequence[tuple[float, float]], last: float) -> tuple[float | None, float | None]:
    """When a falling curve reaches one half; and how far it lies flat on it, where it does."""
    under = next((time for time, share in curve if share < 1 / 2 - ALIKE), None)
    on = next((time for time, share in curve if abs(share - 1 / 2) <= ALIKE), None)
    if on is None:
        return under, None
    until = last if under is None else under
    return (on + until) / 2, until
