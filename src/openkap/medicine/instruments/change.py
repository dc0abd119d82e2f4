"""Says whether a change between two scores is real, by every rule that has a name.

Decided here: how points, percent, response, remission and the reliable change index are worked
out. Sources disagree about thresholds, so each named rule gives its own verdict and none is hidden.
Authority: Jacobson and Truax 1991 for the index; each rule's own source for its threshold.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from openkap.medicine.instruments.instrument import ChangeRule, Instrument
from openkap.medicine.instruments.scoring import BadAnswer
from openkap.medicine.rules import library

IMPROVED, UNCHANGED, DETERIORATED = "improved", "unchanged", "deteriorated"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one named rule says. `threshold` is in points (`unit` "points") or percent of the first."""

    rule: str
    threshold: float
    unit: str
    verdict: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From `pre` to `post`. `points` and `percent` are after minus before: a fall is negative."""

    instrument: str
    version: str
    pre: int
    post: int
    points: int
    percent: float | None
    response: bool | None
    remission: bool | None
    rules: tuple[Ruling, ...]
    rci: float | None

    def as_dict(self) -> dict[str, Any]:
        """The shape that `openkap change` prints."""
        return asdict(self)


def change(
    form: Instrument, pre: int, post: int, sd: float | None = None, reliability: float | None = None
) -> Change:
    """Compare two totals of one instrument. Raises `BadAnswer` naming the field that cannot be used."""
    if not form.sums:
        raise BadAnswer("instrument", f"{form.name} has no total to compare.")
    for field, total in (("pre", pre), ("post", post)):
        if isinstance(total, bool) or not isinstance(total, int) or not 0 <= total <= form.highest_total:
            raise BadAnswer(field, f"{field} must be a whole number from 0 to {form.highest_total}.")
    points = post - pre
    worse = points if form.lower_is_better else -points
    percent = 100 * points / pre if pre else None
    rulings = [_ruling(rule, worse, pre) for rule in form.changes]
    sdiff = _sdiff(sd, reliability)
    if sdiff is not None:
        rulings.append(_reliable(worse, sdiff))
    return Change(
        instrument=form.id,
        version=form.version,
        pre=pre,
        post=post,
        points=points,
        percent=None if percent is None else round(percent, 2),
        response=_response(form, worse, pre),
        remission=None if form.remission_at_most is None else post <= form.remission_at_most,
        rules=tuple(rulings),
        rci=None if sdiff is None else round(points / sdiff, 4),
    )


def _ruling(rule: ChangeRule, worse: int, pre: int) -> Ruling:
    threshold, unit = (rule.points, "points") if rule.points is not None else (rule.percent, "percent")
    if threshold is None:
        raise ValueError(f"{rule.id} has no threshold.")
    reach = threshold if unit == "points" else threshold * pre / 100
    return Ruling(rule.id, float(threshold), unit, _verdict(worse, reach), rule.backing.sources)


def _verdict(worse: int, reach: Decimal) -> str:
    if worse == 0 or abs(worse) < reach:
        return UNCHANGED
    return DETERIORATED if worse > 0 else IMPROVED


def _response(form: Instrument, worse: int, pre: int) -> bool | None:
    if form.response_percent is None or pre == 0:
        return None
    return Decimal(-worse * 100) / pre >= form.response_percent


def _sdiff(sd: float | None, reliability: float | None) -> float | None:
    """The standard error of a difference: the spread times the root of twice what is unreliable."""
    if sd is None or reliability is None:
        return None
    if not sd > 0 or not math.isfinite(sd):
        raise BadAnswer("sd", "sd must be a number above 0.")
    if not 0 <= reliability < 1:
        raise BadAnswer("reliability", "reliability must be from 0 up to, but not, 1.")
    return sd * math.sqrt(1 - reliability) * math.sqrt(2)


def _reliable(worse: int, sdiff: float) -> Ruling:
    rule = library().rule("C-RCI")
    threshold = float(rule["standard_errors_over"]) * sdiff
    verdict = UNCHANGED if abs(worse) <= threshold else (DETERIORATED if worse > 0 else IMPROVED)
    return Ruling("jt_rci", round(threshold, 4), "points", verdict, rule.sources)
