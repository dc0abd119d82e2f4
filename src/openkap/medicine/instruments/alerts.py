"""Who must look at a form, and how soon.

Decided here: when an answer needs a person. A form alerts on what it already says, however little that is;
at what answer is the instrument's own data. What becomes of an alert is `medicine.course.alerts`.
Authority: the dossier's section C and design rules 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openkap.medicine.instruments.instrument import AlertRule, Instrument, Value
from openkap.medicine.verdict import Status

UNANSWERED = "safety-item-unanswered"
STILL_OPEN = "Not every question was answered, so it may be higher."


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
class Known:
    """What a form says so far, and what went before it."""

    given: Mapping[str, Value | None]
    missing: tuple[str, ...]
    total: Value | None
    band: str | None
    flags: Mapping[str, bool | None]
    context: Mapping[str, Any]


def raised_by(form: Instrument, known: Known) -> tuple[Alert, ...]:
    """Every alert of this form, the most urgent first."""
    band = known.band if known.band is not None else _tier_so_far(form, known.given)
    alerts = []
    for rule in form.alerts:
        if not _fires(rule.when, known, band):
            continue
        level = max([rule.level, *(worse for worse, when in rule.raised if _fires(when, known, band))])
        alert = _alert(form, rule, level, known)
        if "band" in rule.when and known.band is None:
            alert = replace(alert, because=f"{alert.because} {STILL_OPEN}")
        alerts.append(alert)
    if unanswered := [item for item in known.missing if item in form.safety]:
        alerts.append(_unanswered(form, unanswered))
    return tuple(sorted(alerts, key=lambda alert: (alert.level, alert.rule), reverse=True))


def _tier_so_far(form: Instrument, given: Mapping[str, Value | None]) -> str | None:
    """On a partial form: what the answers already earn, so that it can alert at once."""
    return next((t.name for t in form.tiers if any(given.get(item) for item in t.any)), None)


def _fires(when: Mapping[str, Any], known: Known, band: str | None) -> bool:
    """Every condition must hold; a condition without its data does not."""
    item, total, context = str(when.get("item")), known.total, known.context
    answer, before = known.given.get(item), context["previous_answers"].get(item)
    earlier = [context.get("previous_total"), context.get("baseline_total")]
    holds: dict[str, Callable[[Any], bool]] = {
        "at_least": lambda least: answer is not None and answer >= least,
        "at_most": lambda most: answer is not None and answer <= most,
        "rises_by": lambda by: answer is not None and before is not None and answer - before >= by,
        "total_at_least": lambda least: total is not None and total >= least,
        "total_at_most": lambda most: total is not None and total <= most,
        "total_rises_by": lambda by: (
            total is not None and any(e is not None and total - e >= by for e in earlier)
        ),
        "band": lambda name: band == name,
        "flag": lambda name: known.flags.get(name) is True,
        "context": lambda name: context.get(name) is True,
        "item": lambda _: True,
    }
    return all(holds[kind](value) for kind, value in when.items())


def _alert(form: Instrument, rule: AlertRule, level: str, known: Known) -> Alert:
    item = str(rule.when.get("item"))
    because = rule.because.format(
        answer=known.given.get(item),
        before=known.context["previous_answers"].get(item),
        total=known.total,
        items=_named([i for i in form.items if known.given.get(i)]),
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
