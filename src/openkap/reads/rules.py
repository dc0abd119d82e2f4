"""The rules of one route as a medical director reads and signs them, and what became of each signing.

Decided here: every number is shown with its unit, source, confidence and status, spelled out, because a
name stands under it; what differs from what was signed is shown row by row, was and is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.inputs import plain
from openkap.medicine.protocols.route_set import RouteSet, numbers_of, reading
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Number, Rule
from openkap.medicine.sources import resolve
from openkap.medicine.verdict import Status
from openkap.permits import Scope
from openkap.records.facts.law import law_of
from openkap.records.facts.signing import Signed, state_of
from openkap.records.models import RouteSigning
from openkap.records.scoped import scoped

HEADINGS = {
    "limits": gettext_noop("Dose limits"),
    "watching": gettext_noop("Watching"),
    "home": gettext_noop("Going home"),
    "between": gettext_noop("Between doses"),
    "day": gettext_noop("On the day"),
    "who": gettext_noop("Who can be dosed"),
}
STATES = {
    "signed": gettext_noop("Signed"),
    "changed": gettext_noop("Changed since it was signed"),
    "withdrawn": gettext_noop("Signature withdrawn"),
    "unsigned": gettext_noop("Not signed"),
}
LEVELS = {
    "signed": "clear",
    "changed": "caution",
    "withdrawn": "stop",
    "unsigned": "unknown",
}
MEASURES = {
    "sbp": gettext_noop("systolic pressure"),
    "dbp": gettext_noop("diastolic pressure"),
    "spo2": gettext_noop("oxygen"),
    "etco2": gettext_noop("end-tidal CO2"),
    "hr": gettext_noop("heart rate"),
    "rr": gettext_noop("breaths"),
    "map": gettext_noop("mean pressure"),
    "uln": gettext_noop("upper limit of normal"),
    "h": gettext_noop("hours"),
    "min": gettext_noop("minutes"),
    "s": gettext_noop("seconds"),
    "bp": gettext_noop("pressure"),
    "iv": gettext_noop("infusion"),
    "im": gettext_noop("injection"),
    "soft": gettext_noop("soft limit"),
    "hard": gettext_noop("hard limit"),
    "nag": gettext_noop("reminded before"),
    "si": gettext_noop("suicidal ideation"),
    **{f"g{n}": f"grade {n}" for n in range(1, 6)},
    **{
        name: name.upper() for name in ("alt", "ast", "bmi", "audit", "asrm", "ymrs", "icsi", "rass", "padss")
    },
    "phq9": "PHQ-9",
    "dast10": "DAST-10",
    "pqb": "PQ-B",
    "des2": "DES-II",
    "moca": "MoCA",
    "moaas": "MOAA/S",
    "cadss": "CADSS",
    "cadss6": "CADSS-6",
    "aldrete": "Aldrete",
    "transform": "TRANSFORM",
}
SURE = {"H": gettext_noop("high"), "M": gettext_noop("medium"), "L": gettext_noop("low")}
STANDS = {
    Status.PROPOSED: gettext_noop("Proposed"),
    Status.APPROVED: gettext_noop("Approved"),
    Status.FIXED: gettext_noop("Fixed by law or label"),
}


@dataclass(frozen=True, slots=True)
class NumberShown:
    """One number of a row. `changed`: what it was when it was signed, where that differs."""

    name: str
    value: str
    sources: str
    confidence: str
    status: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One row with its numbers and the words it says."""

    id: str
    title: str
    says: str
    numbers: tuple[NumberShown, ...]
    sources: str
    confidence: str
    status: str
    fixed: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class SectionShown:
    key: str
    title: str
    rules: tuple[RuleShown, ...]
    numbers: int

    @property
    def changed(self) -> int:
        return sum(rule.changed for rule in self.rules)


@dataclass(frozen=True, slots=True)
class RouteShown:
    """One route: its rules under their headings, how it stands, and every signing, the latest first."""

    route: str
    words: str
    signed: Signed
    sections: tuple[SectionShown, ...]
    history: tuple[RouteSigning, ...]

    @property
    def count(self) -> int:
        return sum(len(section.rules) for section in self.sections)

    @property
    def state_words(self) -> str:
        return _(STATES[self.signed.state])

    @property
    def level(self) -> str:
        return LEVELS[self.signed.state]


def routes_of(scope: Scope, organisation: UUID, at: datetime) -> tuple[RouteShown, ...]:
    """Every route with how it stands, without its rules. Three queries."""
    law = law_of(organisation)
    rows: dict[str, list[RouteSigning]] = {}
    for row in _history(scope, organisation):
        rows.setdefault(row.route, []).append(row)
    return tuple(
        RouteShown(str(r), r.words, state_of(str(r), next(iter(rows.get(r, ())), None), law, at), (), ())
        for r in Route
    )


def route_shown(scope: Scope, organisation: UUID, route: str, at: datetime) -> RouteShown:
    """One route with all its rules as they hold at `at`. Three queries. Raises ValueError."""
    history = tuple(row for row in _history(scope, organisation) if row.route == route)
    signed = state_of(route, history[0] if history else None, law_of(organisation), at)
    changed = {(change.rule, change.number): change.was for change in signed.changed}
    return RouteShown(route, Route(route).words, signed, tuple(_sections(signed.now, changed)), history)


def _history(scope: Scope, organisation: UUID) -> list[RouteSigning]:
    rows = RouteSigning.objects.filter(organisation_id=organisation)
    return list(scoped(rows, scope).order_by("-at", "-id"))


def _sections(now: RouteSet, changed: dict[tuple[str, str], str]) -> Iterator[SectionShown]:
    rows = {section.key: section.rules for section in now.sections}
    for key, title in HEADINGS.items():
        shown = tuple(_rule(rule, now.route, changed) for rule in rows.get(key, ()))
        yield SectionShown(key, _(title), shown, sum(len(rule.numbers) for rule in shown))


def _rule(rule: Rule, route: str, changed: dict[tuple[str, str], str]) -> RuleShown:
    numbers = tuple(_number(rule, name, number, changed) for name, number in numbers_of(rule, route).items())
    return RuleShown(
        rule.id,
        rule.title,
        action_words(rule),
        numbers,
        sources_words(rule.sources),
        _(SURE[rule.confidence]),
        _(STANDS[rule.status]),
        rule.status is Status.FIXED,
        any(changed_rule == rule.id for changed_rule, _name in changed),
    )


def _number(rule: Rule, name: str, number: Number, changed: dict[tuple[str, str], str]) -> NumberShown:
    return NumberShown(
        number_words(name),
        reading(number),
        sources_words(number.sources),
        _(SURE[number.confidence]),
        _(STANDS[number.status]),
        changed.get((rule.id, name), "").partition(";")[0],
    )


def number_words(name: str) -> str:
    """The name of a number as it is read: whole words, and what clinicians call each measure."""
    return " ".join(_(MEASURES[word]) if word in MEASURES else word for word in name.split("_"))


def action_words(rule: Rule) -> str:
    """What the rule asks to be done, its own numbers in it; what only a person's day can say stands open."""
    action = rule.words.get("action")
    if not isinstance(action, str):
        return ""
    held = {name: plain(number.value) for name, number in rule.numbers.items()}
    return re.sub(r"\{(\w+)[^}]*\}", lambda named: held.get(named[1], "…"), action)


def cited(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Each source spelled out."""
    return tuple(resolve(key).cited for key in keys if key != "PROPOSED")


def sources_words(keys: tuple[str, ...]) -> str:
    """Spelled out; what no source states says so."""
    named = "; ".join(cited(keys))
    if "PROPOSED" not in keys:
        return named
    return (
        _("No source states it; built on %(named)s") % {"named": named} if named else _("No source states it")
    )
