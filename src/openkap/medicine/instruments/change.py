"""Says whether a change between two scores is real, by every rule that has a name.

Decided here: how points, percent, response, remission and the reliable change index are worked
out. Sources disagree about thresholds, so each named rule gives its own verdict and none is hidden.
Authority: Jacobson and Truax 1991 for the index; each rule's own source for its threshold.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from openkap.medicine.instruments import jacobson
from openkap.medicine.instruments.answers import BadAnswer
from openkap.medicine.instruments.instrument import ChangeRule, Instrument, Value
from openkap.medicine.instruments.jacobson import Norm
from openkap.medicine.rules import library

IMPROVED, UNCHANGED, DETERIORATED = jacobson.IMPROVED, jacobson.UNCHANGED, jacobson.DETERIORATED


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one named rule says. `threshold` is in points (`unit` "points") or percent of the first."""

    rule: str
    threshold: float
    unit: str
    verdict: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Whether a named end, such as remission by one study's mark, is reached."""

    rule: str
    at_most: Value | None
    at_least: Value | None
    reached: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """Where a person ends by Jacobson and Truax: the category, and the cut-off it was told by."""

    category: str
    cutoff: float
    by: str
    ill_at_first: bool


@dataclass(frozen=True, slots=True)
class Change:
    """From `pre` to `post`. `points` and `percent` are after minus before: a fall is negative.

    `fired` names the rules that call it real. `partial_response` is short of a response.
    """

    instrument: str
    version: str
    pre: Value
    post: Value
    points: Value
    percent: float | None
    response: bool | None
    partial_response: bool | None
    remission: bool | None
    rules: tuple[Ruling, ...]
    fired: tuple[str, ...]
    ends: tuple[End, ...]
    rci: float | None
    jt: Category | None = None

    def as_dict(self) -> dict[str, Any]:
        """The shape that `openkap change` prints."""
        return asdict(self)


def change(
    form: Instrument,
    pre: Value,
    post: Value,
    sd: float | None = None,
    reliability: float | None = None,
    *,
    norms: tuple[Norm, Norm] | None = None,
    ill_at_first: bool = False,
) -> Change:
    """Compare two totals of one instrument. Raises `BadAnswer` naming the field that cannot be used.

    `norms` are those of the ill and of the well: with `reliability` they give a category.
    """
    if not form.sums:
        raise BadAnswer("instrument", f"{form.name} has no total to compare.")
    for field, total in (("pre", pre), ("post", post)):
        _check(form, field, total)
    points = round(post - pre, 4)
    worse = points if form.lower_is_better else -points
    rulings = [_ruling(rule, worse, pre) for rule in form.changes]
    if norms is not None and sd is None:
        sd = norms[0].sd
    sdiff = None if sd is None or reliability is None else jacobson.sdiff(sd, reliability)
    if sdiff is not None:
        rulings.append(_reliable(worse, sdiff))
    response = _response(form, worse, pre)
    return Change(
        instrument=form.id,
        version=form.version,
        pre=pre,
        post=post,
        points=points,
        percent=round(100 * points / pre, 2) if pre else None,
        response=response,
        partial_response=_partial(worse, pre, response),
        remission=None if form.remission_at_most is None else post <= form.remission_at_most,
        rules=tuple(rulings),
        fired=tuple(ruling.rule for ruling in rulings if ruling.verdict != UNCHANGED),
        ends=tuple(
            End(end.id, end.at_most, end.at_least, end.reached(post), end.backing.sources)
            for end in form.ends
        ),
        rci=None if sdiff is None else round(points / sdiff, 4),
        jt=None if norms is None or sdiff is None else _category(form, pre, post, sdiff, norms, ill_at_first),
    )


def _check(form: Instrument, field: str, total: Value) -> None:
    """A whole number within the range of the total, unless the form's own total is not whole."""
    least, most = form.total.minimum, form.total.maximum
    step = form.questions[form.items[0]].step if form.items else 1
    whole = form.total.how in ("sum", "entered") and step == 1
    wanted = "a whole number" if whole else "a number"
    told = f" from {least} to {most}" if most is not None else ""
    wrong = isinstance(total, bool) or not isinstance(total, (int, float)) or (whole and total != int(total))
    if wrong or (least is not None and total < least) or (most is not None and total > most):
        raise BadAnswer(field, f"{field} must be {wanted}{told}.")


def _ruling(rule: ChangeRule, worse: Value, pre: Value) -> Ruling:
    threshold, unit = (rule.points, "points") if rule.points is not None else (rule.percent, "percent")
    if threshold is None:
        raise ValueError(f"{rule.id} has no threshold.")
    reach = threshold if unit == "points" else threshold * _exact(pre) / 100
    return Ruling(rule.id, float(threshold), unit, _verdict(worse, reach), rule.backing.sources)


def _verdict(worse: Value, reach: Decimal) -> str:
    if worse == 0 or abs(_exact(worse)) < reach:
        return UNCHANGED
    return DETERIORATED if worse > 0 else IMPROVED


def _response(form: Instrument, worse: Value, pre: Value) -> bool | None:
    if form.response_percent is None or not pre:
        return None
    return _exact(-worse) * 100 / _exact(pre) >= form.response_percent


def _partial(worse: Value, pre: Value, response: bool | None) -> bool | None:
    if response is None:
        return None
    return not response and _exact(-worse) * 100 / _exact(pre) >= library().rule("C-PARTIAL")["percent"]


def _reliable(worse: Value, sdiff: float) -> Ruling:
    threshold = jacobson.reliable_points(sdiff)
    verdict = UNCHANGED if abs(worse) <= threshold else (DETERIORATED if worse > 0 else IMPROVED)
    return Ruling("jt_rci", round(threshold, 4), "points", verdict, library().rule("C-RCI").sources)


def _category(
    form: Instrument, pre: Value, post: Value, sdiff: float, norms: tuple[Norm, Norm], ill_at_first: bool
) -> Category:
    cutoff = jacobson.cutoffs(*norms, lower_is_better=form.lower_is_better)["c"]
    found = jacobson.category(
        pre,
        post,
        jacobson.reliable_points(sdiff),
        cutoff,
        lower_is_better=form.lower_is_better,
        ill_at_first=ill_at_first,
    )
    return Category(found, round(cutoff, 4), "c", ill_at_first)


def _exact(value: Value) -> Decimal:
    return Decimal(str(value))
