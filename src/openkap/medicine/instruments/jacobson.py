"""The method of Jacobson and Truax: is a change more than error, and does it end among the well?

Decided here: how the standard error of a difference, the cut-offs a, b and c and the five categories are
worked out. Authority: Jacobson and Truax 1991, as the dossier's D.1 states it. Scores are turned so that
lower is better. Strict use asks that the first score was on the ill side; that is the caller's choice, and
is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from openkap.medicine.instruments.answers import BadAnswer
from openkap.medicine.rules import library

RECOVERED, IMPROVED, UNCHANGED = "recovered", "improved", "unchanged"
DETERIORATED, HARMED = "deteriorated", "harmed"


@dataclass(frozen=True, slots=True)
class Norm:
    """A group's mean and spread, on the scale of the instrument. `sd` is above 0."""

    mean: float
    sd: float


def sem(sd: float, reliability: float) -> float:
    """The standard error of measurement. Raises `BadAnswer`."""
    if not sd > 0 or not math.isfinite(sd):
        raise BadAnswer("sd", "sd must be a number above 0.")
    if not 0 <= reliability < 1:
        raise BadAnswer("reliability", "reliability must be from 0 up to, but not, 1.")
    return sd * math.sqrt(1 - reliability)


def sdiff(sd: float, reliability: float) -> float:
    """The standard error of a difference: the root of two times that of one measurement."""
    return math.sqrt(2) * sem(sd, reliability)


def reliable_points(difference: float) -> float:
    """How many points are more than error, from the standard error of a difference (`C-RCI`)."""
    return float(library().rule("C-RCI")["standard_errors_over"]) * difference


def cutoffs(clinical: Norm, well: Norm | None, *, lower_is_better: bool = True) -> dict[str, float]:
    """Where the ill end (`a`), where the well begin (`b`), and halfway between the two (`c`).

    Without a norm of the well there is only `a`.
    """
    sign = -1 if lower_is_better else 1
    spread = float(library().rule("C-CUTOFF")["standard_deviations"])
    found = {"a": clinical.mean + sign * spread * clinical.sd}
    if well is not None:
        found["b"] = well.mean - sign * spread * well.sd
        found["c"] = (clinical.sd * well.mean + well.sd * clinical.mean) / (clinical.sd + well.sd)
    return found


def category(
    pre: float,
    post: float,
    threshold: float,
    cutoff: float,
    *,
    lower_is_better: bool = True,
    ill_at_first: bool = False,
) -> str:
    """One of the five. `threshold` is in points and must be passed, as the cut-off must.

    `ill_at_first` asks for the first score on the ill side before a person can count as recovered.
    """
    sign = 1 if lower_is_better else -1
    fall = (pre - post) * sign
    began_ill, ended_well = (pre - cutoff) * sign >= 0, (cutoff - post) * sign > 0
    if fall > threshold:
        return RECOVERED if ended_well and (began_ill or not ill_at_first) else IMPROVED
    if -fall > threshold:
        return HARMED if not began_ill and not ended_well else DETERIORATED
    return UNCHANGED
