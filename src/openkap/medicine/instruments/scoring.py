"""Scores a form, and says who must look at it.

Decided here: how answers become a total, a band and flags, for every instrument alike. The numbers are the
instrument's own (`library/instruments`). Two rules are ours, from the dossier's design rules: a safety item
is never imputed, and a partial form alerts on what it already says (`alerts`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openkap.medicine.inputs import as_typed
from openkap.medicine.instruments.alerts import UNANSWERED, Alert, Known, raised_by
from openkap.medicine.instruments.answers import BadAnswer, read_answers
from openkap.medicine.instruments.instrument import Answers, Flag, Instrument, Subscale, Value

__all__ = ["UNANSWERED", "Alert", "BadAnswer", "Score", "asked", "score", "score_entered", "unanswered"]
SEXES = ("female", "male")
DIGITS = 4  # of a mean


@dataclass(frozen=True, slots=True)
class Score:
    """What a form says. `total` and `band` are `None` where the missing-data rule forbids them."""

    instrument: str
    version: str
    complete: bool
    missing: tuple[str, ...]
    total: Value | None
    prorated: bool
    band: str | None
    subscales: Mapping[str, Value | None]
    flags: Mapping[str, bool | None]
    alerts: tuple[Alert, ...]
    entered: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The shape that `openkap score` prints."""
        told = {
            "instrument": self.instrument,
            "version": self.version,
            "complete": self.complete,
            "missing": list(self.missing),
            "total": self.total,
            "prorated": self.prorated,
            "band": self.band,
            "subscales": dict(self.subscales),
            "flags": dict(self.flags),
            "alerts": [asdict(alert) for alert in self.alerts],
        }
        return told | ({"entered": True} if self.entered else {})


def score(form: Instrument, answers: Answers, context: Mapping[str, Any] | None = None) -> Score:
    """Score `answers` (item id to the value printed on the form; missing or `None` is unanswered).

    `context` may hold `previous_answers`, `previous_total`, `baseline_total`, `on_site_for_dosing` and `sex`.
    Raises `BadAnswer`.
    """
    given = read_answers(form, answers)
    before = _before(form, context or {})
    missing = unanswered(form, given)
    total, prorated = _total(form, given, missing)
    subscales = {scale.name: _subscale(form, given, scale) for scale in form.subscales if scale.items}
    return _scored(form, given, before, missing, (total, prorated), subscales | _beside(form, given, missing))


def score_entered(
    form: Instrument,
    total: Value | None,
    subtotals: Mapping[str, Value] | None = None,
    items: Answers | None = None,
    context: Mapping[str, Any] | None = None,
) -> Score:
    """Score a total worked out elsewhere, as from a paper form whose words may not be shown.

    `items` holds the safety items: without them there is no total here either. Raises `BadAnswer` where a
    number cannot be one of this form.
    """
    given = read_answers(form, items or {})
    if not form.sums and total is not None:
        raise BadAnswer("total", f"{form.name} has no total.")
    read = _entered("total", total, form.total.minimum, form.total.maximum)
    _on_the_scale("total", read, _total_step(form), form.total.lookup.values())
    named = {scale.name: scale for scale in form.subscales}
    for name in subtotals or {}:
        if name not in named:
            raise BadAnswer(name, f"{form.name} has no subtotal {name!r}.")
    told: dict[str, Value | None] = {
        name: _entered(name, value, *_range_of(form, named[name]))
        for name, value in (subtotals or {}).items()
    }
    for name, value in told.items():
        scale = named[name]
        _on_the_scale(name, value, _step(form, scale.items) if scale.how == "sum" else None)
    missing = tuple(item for item in form.safety if given.get(item) is None)
    kept = None if missing else read
    return _scored(form, given, _before(form, context or {}), missing, (kept, False), told, entered=True)


def unanswered(form: Instrument, given: Mapping[str, Value | None]) -> tuple[str, ...]:
    """The items that are asked, after the form's own skips, and have no answer."""
    open_ = [item for item in asked(form, given) if given.get(item) is None]
    excused = {
        item for group in form.either if any(given.get(each) is not None for each in group) for item in group
    }
    # A gate that counts nothing is passed where everything behind it was answered.
    excused |= {
        gate
        for skip in form.skips
        for gate in skip.when
        if gate in form.total.not_summed and all(given.get(item) is not None for item in skip.skip)
    }
    return tuple(item for item in open_ if item not in excused)


def asked(form: Instrument, given: Mapping[str, Value | None]) -> tuple[str, ...]:
    """The items the form asks, after its own skips."""
    skipped = _skipped(form, given)
    return tuple(item for item in form.items if item not in skipped)


def _skipped(form: Instrument, given: Mapping[str, Value | None]) -> set[str]:
    """Those behind a gate whose answers are all 0."""
    return {item for gate in form.skips if all(given.get(w) == 0 for w in gate.when) for item in gate.skip}


def _scored(
    form: Instrument,
    given: Mapping[str, Value | None],
    context: Mapping[str, Any],
    missing: tuple[str, ...],
    total: tuple[Value | None, bool],
    subscales: Mapping[str, Value | None],
    *,
    entered: bool = False,
) -> Score:
    band = _band(form, given, missing, total[0])
    flags = {
        flag.name: _holds(flag, given, missing, total[0], subscales, str(context.get("sex") or ""))
        for flag in form.flags
    }
    known = Known(given, missing, total[0], band, flags, context)
    return Score(
        instrument=form.id,
        version=form.version,
        complete=not missing,
        missing=missing,
        total=total[0],
        prorated=total[1],
        band=band,
        subscales=subscales,
        flags=flags,
        alerts=raised_by(form, known),
        entered=entered,
    )


def _before(form: Instrument, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What went before, checked as the form itself is. Keys that scoring does not use are left alone."""
    for key in ("previous_total", "baseline_total"):
        value = context.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float, Decimal))):
            raise BadAnswer(f"context.{key}", f"{as_typed(value)} is not a whole number.")
    previous = context.get("previous_answers")
    if previous is not None and not isinstance(previous, Mapping):
        raise BadAnswer("context.previous_answers", "previous_answers must be an object of item and answer.")
    if context.get("sex") is not None and context["sex"] not in SEXES:
        raise BadAnswer("context.sex", f"sex is {' or '.join(SEXES)} where a cut-off needs it.")
    return {**context, "previous_answers": read_answers(form, previous or {})}


def _total(
    form: Instrument, given: Mapping[str, Value | None], missing: tuple[str, ...]
) -> tuple[Value | None, bool]:
    """The total, and whether it was prorated: the mean of what was answered times the items, half up."""
    how = form.total.how
    if how in ("none", "entered") or set(missing) & set(form.safety):
        return None, False
    parts = _parts(form, given)
    known = [part for part in parts if part is not None]
    if not known or len(parts) - len(known) > form.may_miss + _outside(form, given):
        return None, False
    whole = len(known) == len(parts)
    if how == "mean":
        return (round(sum(known) / len(known), DIGITS), False) if whole else (None, False)
    if how == "lookup":
        return (form.total.lookup[sum(known)], False) if whole else (None, False)
    if whole:
        return _whole(sum(known) * form.total.times), False
    return math.floor(
        Fraction(sum(known)) * len(parts) / len(known) + Fraction(1, 2)
    ) * form.total.times, True


def _parts(form: Instrument, given: Mapping[str, Value | None]) -> list[Value | None]:
    """What each item, or group that counts once, adds; None where it is unanswered; a skipped item adds 0."""
    skipped = _skipped(form, given)

    def counts(item: str) -> Value | None:
        counted = form.questions[item].counts(given.get(item))
        return 0 if counted is None and item in skipped else counted

    grouped = {item for group in form.total.highest_of for item in group}
    parts = [counts(item) for item in form.summed if item not in grouped]
    for group in form.total.highest_of:
        answered = [value for item in group if (value := counts(item)) is not None]
        parts.append(max(answered) if answered else None)
    return parts


def _outside(form: Instrument, given: Mapping[str, Value | None]) -> int:
    """Items answered outside the scale, as "not applicable": the mean of the others stands for them."""
    return sum(given.get(item) in form.questions[item].also.values() for item in form.summed)


def _subscale(form: Instrument, given: Mapping[str, Value | None], scale: Subscale) -> Value | None:
    skipped = _skipped(form, given)
    parts = [
        0 if item in skipped and given.get(item) is None else form.questions[item].counts(given.get(item))
        for item in scale.items
    ]
    known = [part for part in parts if part is not None]
    if len(known) < scale.at_least or not known:
        return None
    return _whole(sum(known)) if scale.how == "sum" else round(sum(known) / len(known), DIGITS)


def _beside(
    form: Instrument, given: Mapping[str, Value | None], missing: tuple[str, ...]
) -> dict[str, Value | None]:
    """What is told beside the total, on a whole form only."""
    told: dict[str, Value | None] = dict.fromkeys(form.total.also)
    if not told or missing:
        return told
    raw = sum(part for part in _parts(form, given) if part is not None)
    questions = [form.questions[item] for item in form.summed]
    least, most = sum(item.minimum for item in questions), sum(item.maximum for item in questions)
    values = {
        "raw": raw,
        "percent": round(100 * (raw - least) / (most - least), DIGITS),
        "continuous": sum(value for item in form.summed if (value := given.get(item)) is not None),
    }
    return {name: values[name] for name in told}


def _band(
    form: Instrument, given: Mapping[str, Value | None], missing: tuple[str, ...], total: Value | None
) -> str | None:
    if form.tiers:
        reached = [tier for tier in form.tiers if any(given.get(item) for item in tier.any)]
        if missing and reached[:1] != list(form.tiers[:1]):
            return None  # an unanswered question could still make it worse
        return reached[0].name if reached else form.no_tier
    return None if total is None else form.band_of(total)


def _holds(
    flag: Flag,
    given: Mapping[str, Value | None],
    missing: tuple[str, ...],
    total: Value | None,
    subscales: Mapping[str, Value | None],
    sex: str,
) -> bool | None:
    """True or false where the answers settle it whatever the unanswered items would say."""
    if flag.by_sex:
        return _by_sex(flag.by_sex, total, sex)
    if flag.total_at_least is not None:
        return None if total is None else total >= flag.total_at_least
    if flag.total_at_most is not None:
        return None if total is None else total <= flag.total_at_most
    if flag.subscales_at_least:
        found = [(subscales.get(name), least) for name, least in flag.subscales_at_least.items()]
        if any(value is not None and value < least for value, least in found):
            return False
        return None if any(value is None for value, _ in found) else True
    if flag.whole_form and missing:
        return None
    verdicts = []
    for count in flag.counts:
        sure = sum((given.get(item) or 0) >= mark for item, mark in count.reach.items())
        open_ = sum(given.get(item) is None for item in count.reach)
        if sure > count.at_most or sure + open_ < count.at_least:
            return False
        verdicts.append(sure >= count.at_least and sure + open_ <= count.at_most)
    return True if all(verdicts) else None


def _by_sex(least: Mapping[str, Value], total: Value | None, sex: str) -> bool | None:
    """By the cut-off of this sex; where that is not known and they disagree, nothing is said."""
    if total is None:
        return None
    if sex in least or "" in least:
        return total >= least.get(sex, least.get("", 0))
    if total >= max(least.values()):
        return True
    return False if total < min(least.values()) else None


def _entered(field: str, value: Value | None, least: Value | None, most: Value | None) -> Value | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1000:
        raise BadAnswer(field, f"{_named(field)} is a number of up to 3 digits. It says {as_typed(value)}.")
    if (least is not None and value < least) or (most is not None and value > most):
        raise BadAnswer(field, f"{_named(field)} is from {least} to {most}. It says {as_typed(value)}.")
    return _whole(value)


def _named(field: str) -> str:
    return "The total" if field == "total" else f"The subtotal {field.replace('_', ' ')}"


def _total_step(form: Instrument) -> Fraction | None:
    step = _step(form, form.summed) if form.total.how == "sum" else None
    return None if step is None else step * form.total.times


def _step(form: Instrument, items: Iterable[str]) -> Fraction | None:
    """The least by which sums of these items can differ; None where no item is known."""
    counted = {
        Fraction(str(counts))
        for item in items
        for value in form.questions[item].values
        if (counts := form.questions[item].counts(value))
    }
    if not counted:
        return None
    below = math.lcm(*(each.denominator for each in counted))
    return Fraction(math.gcd(*(int(each * below) for each in counted)), below)


def _on_the_scale(
    field: str, value: Value | None, step: Fraction | None, only: Collection[Value] = ()
) -> None:
    """Refuse a number between those that a form can come to: a slip of the pen, or another form's."""
    if value is None:
        return
    if only and value not in only:
        raise BadAnswer(field, f"{_named(field)} is not in this form's table. It says {as_typed(value)}.")
    if step is not None and Fraction(str(value)) % step:
        near = "a whole number" if step == 1 else f"a multiple of {float(step):g}"
        raise BadAnswer(field, f"{_named(field)} is {near}. It says {as_typed(value)}.")


def _whole(value: Value) -> Value:
    """A sum of halves is a whole number where it is one; thirds and tenths are rounded off."""
    return int(value) if value == int(value) else round(value, DIGITS)


def _range_of(form: Instrument, scale: Subscale) -> tuple[Value | None, Value | None]:
    if not scale.items:
        return scale.minimum, scale.maximum
    questions = [form.questions[item] for item in scale.items]
    if scale.how == "mean":
        return min(item.minimum for item in questions), max(item.maximum for item in questions)
    return sum(item.minimum for item in questions), sum(item.maximum for item in questions)
