"""Scores a form, and says who must look at it.

Decided here: how answers become a total, a band, flags and alerts, for every instrument alike. The
numbers are the instrument's own (`library/instruments`). Two rules are ours, from the dossier's
design rules: a safety item is never imputed, and a partial form alerts on what it already says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from openkap.medicine.inputs import Unusable, as_typed
from openkap.medicine.instruments.instrument import AlertRule, Answer, Answers, Flag, Instrument
from openkap.medicine.verdict import Status

UNANSWERED = "safety-item-unanswered"
STILL_OPEN = "Not every question was answered, so it may be higher."


class BadAnswer(Unusable):
    """An answer that the form cannot hold. `field` is the item."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A person must look: L3 stay with the patient now, L2 the same day, L1 before the next dose."""

    rule: str
    level: str
    because: str
    action: str
    sources: tuple[str, ...]
    status: Status
    confidence: str


@dataclass(frozen=True, slots=True)
class Score:
    """What a form says. `total` and `band` are `None` where the missing-data rule forbids them."""

    instrument: str
    version: str
    complete: bool
    missing: tuple[str, ...]
    total: int | None
    prorated: bool
    band: str | None
    subscales: Mapping[str, int | None]
    flags: Mapping[str, bool | None]
    alerts: tuple[Alert, ...]

    def as_dict(self) -> dict[str, Any]:
        """The shape that `openkap score` prints."""
        return {
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


def score(form: Instrument, answers: Answers, context: Mapping[str, Any] | None = None) -> Score:
    """Score `answers` (item id to the value printed on the form; missing or `None` is unanswered).

    `context` may hold `previous_answers`, `previous_total`, `baseline_total` and
    `on_site_for_dosing`. Raises `BadAnswer`.
    """
    given = checked(form, answers)
    before = _before(form, context or {})
    missing = tuple(item for item in _asked(form, given) if given.get(item) is None)
    total = _total(form, given, missing)
    band = _band(form, given, missing, total)
    return Score(
        instrument=form.id,
        version=form.version,
        complete=not missing,
        missing=missing,
        total=total,
        prorated=total is not None and bool(missing),
        band=band,
        subscales={name: _sum(given, items) for name, items in form.subscales.items()},
        flags={flag.name: _holds(flag, given, missing, total) for flag in form.flags},
        alerts=_alerts(form, given, missing, total, band, before),
    )


def checked(form: Instrument, answers: Answers) -> dict[str, int | None]:
    """The answers as whole numbers, unanswered as `None`. Raises `BadAnswer` naming the item."""
    given: dict[str, int | None] = {}
    for item, value in answers.items():
        if item not in form.items and item not in form.optional:
            raise BadAnswer(str(item), f"{form.name} has no item {item!r}.")
        given[item] = None if value is None else _checked(form, item, value)
    return given


def _checked(form: Instrument, item: str, value: Answer) -> int:
    if isinstance(value, bool) and not form.yes_no:
        raise BadAnswer(
            item, f"{form.name} item {item} takes {form.minimum} to {form.maximum}, not yes or no."
        )
    if not isinstance(value, int):
        raise BadAnswer(item, f"{form.name} item {item}: {as_typed(value)} is not a whole number.")
    if not form.minimum <= value <= form.maximum:
        wanted = "yes or no" if form.yes_no else f"{form.minimum} to {form.maximum}"
        raise BadAnswer(item, f"{form.name} item {item} takes {wanted}. It says {as_typed(value)}.")
    return int(value)


def _before(form: Instrument, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What went before, checked as the form itself is. Keys that scoring does not use are left alone."""
    for key in ("previous_total", "baseline_total"):
        value = context.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise BadAnswer(f"context.{key}", f"{as_typed(value)} is not a whole number.")
    previous = context.get("previous_answers")
    if previous is not None and not isinstance(previous, Mapping):
        raise BadAnswer("context.previous_answers", "previous_answers must be an object of item and answer.")
    return {**context, "previous_answers": checked(form, previous or {})}


def _asked(form: Instrument, given: Mapping[str, int | None]) -> tuple[str, ...]:
    """The items the form asks, after its own skips."""
    skipped = {item for gate, items in form.skips.items() if given.get(gate) == 0 for item in items}
    return tuple(item for item in form.items if item not in skipped)


def _sum(given: Mapping[str, int | None], items: tuple[str, ...]) -> int | None:
    values = [given.get(item) for item in items]
    return None if None in values else sum(value for value in values if value is not None)


def _total(form: Instrument, given: Mapping[str, int | None], missing: tuple[str, ...]) -> int | None:
    if not form.sums or len(missing) > form.may_miss or set(missing) & set(form.safety):
        return None
    answered = [value for item in form.items if (value := given.get(item)) is not None]
    # The mean of what was answered, times the number of items, half up, in whole numbers.
    return (2 * sum(answered) * len(form.items) + len(answered)) // (2 * len(answered))


def _band(
    form: Instrument, given: Mapping[str, int | None], missing: tuple[str, ...], total: int | None
) -> str | None:
    if form.tiers:
        reached = [tier for tier in form.tiers if any(given.get(item) for item in tier.any)]
        if missing and reached[:1] != list(form.tiers[:1]):
            return None  # an unanswered question could still make it worse
        return reached[0].name if reached else form.no_tier
    return None if total is None else form.band_of(total)


def _holds(
    flag: Flag, given: Mapping[str, int | None], missing: tuple[str, ...], total: int | None
) -> bool | None:
    """True or false where the answers settle it whatever the unanswered items would say."""
    if flag.total_at_least is not None:
        return None if total is None else total >= flag.total_at_least
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


def _alerts(
    form: Instrument,
    given: Mapping[str, int | None],
    missing: tuple[str, ...],
    total: int | None,
    band: str | None,
    context: Mapping[str, Any],
) -> tuple[Alert, ...]:
    alerts = []
    known = band if band is not None else _tier_so_far(form, given)
    for rule in form.alerts:
        if not _fires(rule.when, given, total, known, context):
            continue
        level = rule.level
        for raised, when in rule.raised:
            if _fires(when, given, total, known, context):
                level = max(level, raised)
        alert = _alert(form, rule, level, given, total, context)
        if "band" in rule.when and band is None:
            alert = replace(alert, because=f"{alert.because} {STILL_OPEN}")
        alerts.append(alert)
    if unanswered := [item for item in missing if item in form.safety]:
        alerts.append(_unanswered(form, unanswered))
    return tuple(sorted(alerts, key=lambda alert: (alert.level, alert.rule), reverse=True))


def _tier_so_far(form: Instrument, given: Mapping[str, int | None]) -> str | None:
    """On a partial form: what the answers already earn, so that it can alert at once."""
    return next((t.name for t in form.tiers if any(given.get(item) for item in t.any)), None)


def _fires(
    when: Mapping[str, str | int],
    given: Mapping[str, int | None],
    total: int | None,
    band: str | None,
    context: Mapping[str, Any],
) -> bool:
    """Every condition must hold; a condition without its data does not."""
    answer = given.get(str(when.get("item")))
    for kind, value in when.items():
        if kind == "at_least" and (answer is None or answer < int(value)):
            return False
        if kind == "rises_by":
            before = context["previous_answers"].get(when["item"])
            if answer is None or before is None or answer - before < int(value):
                return False
        if kind == "total_at_least" and (total is None or total < int(value)):
            return False
        if kind == "total_rises_by":
            earlier = [context.get("previous_total"), context.get("baseline_total")]
            if total is None or not any(e is not None and total - e >= int(value) for e in earlier):
                return False
        if kind == "band" and band != value:
            return False
        if kind == "context" and context.get(str(value)) is not True:
            return False
    return True


def _alert(
    form: Instrument,
    rule: AlertRule,
    level: str,
    given: Mapping[str, int | None],
    total: int | None,
    context: Mapping[str, Any],
) -> Alert:
    item = str(rule.when.get("item"))
    because = rule.because.format(
        answer=given.get(item),
        before=context["previous_answers"].get(item),
        total=total,
        items=_named([i for i in form.items if given.get(i)]),
    )
    backing = rule.backing
    return Alert(rule.id, level, because, rule.action, backing.sources, backing.status, backing.confidence)


def _unanswered(form: Instrument, items: list[str]) -> Alert:
    because = f"{form.name}: {_named(items)} not answered. It is never guessed, so there is no result."
    action = "Ask the patient before the next dose and record the answer."
    return Alert(UNANSWERED, "L1", because, action, ("PROPOSED",), Status.PROPOSED, "H")


def _named(items: list[str]) -> str:
    names = [item.replace("_3months", " (past 3 months)").replace("_lifetime", " (ever)") for item in items]
    return ("item " if len(names) == 1 else "items ") + ", ".join(names)
