"""A way of care by one route, as a plan that a course follows.

Decided here: how protocol files become one `Protocol`. A way of care (`library/protocols/blended.toml`)
says who is present and what surrounds a dose; a route says how long and how often. Spacing and checks
have their one home among the dosing and monitoring rows and are only quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, documents, library, read_rules
from openkap.medicine.verdict import Status

PHASES = ("evaluation", "preparation", "dosing", "integration", "follow_up")


class UnknownProtocol(KeyError):
    """An id that no protocol has."""

    def __str__(self) -> str:
        return f"No protocol has the id {self.args[0]!r}."


@dataclass(frozen=True, slots=True)
class Hours:
    """A window's hours after the dose ends. A care goal, not a proven limit of the drug."""

    open: Decimal
    target: Decimal
    close: Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and what the medical director may choose between."""

    usual: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Spacing:
    """Least hours between doses: under `soft_h` needs a reason, under `hard_h` is refused."""

    soft_h: Decimal
    hard_h: Decimal


@dataclass(frozen=True, slots=True)
class Measures:
    """Instruments asked at one kind of moment.

    `when`: baseline, preparation, before_dose, same_day, after_dose (`hours` from the dose's end),
    integration (`hours` from that session's end), end_of_acute, follow_up (`months` after it) or every_doses
    (`doses`, or `days` where that comes first). `point` is the dossier's name for it (SCR). `optional` are
    offered to whoever treats and never asked by the schedule. `in_person` has no form: a person asks it.
    `fresh` is not asked again within `fresh_days`: then `instead` is.
    """

    when: str
    instruments: tuple[str, ...]
    point: str = ""
    optional: tuple[str, ...] = ()
    in_person: tuple[str, ...] = ()
    fresh: str = ""
    instead: str = ""
    fresh_days: int | None = None
    hours: tuple[Decimal, Decimal] | None = None
    months: tuple[int, ...] = ()
    doses: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One plan. Minutes are lengths of visits by phase; `checks` are minutes from the start of a dose."""

    id: str
    version: str
    name: str
    about: str
    model: str
    route: Route
    status: Status
    phases: tuple[str, ...]
    present: tuple[str, ...]
    therapist_in_room: bool
    needs: tuple[str, ...]
    window: Hours
    doses: Count
    weekly: int
    spacing: Spacing
    preparation: Count
    integration_per_dose: int
    integration_tail: int
    integration_tail_days: int
    minutes: dict[str, int]
    checks: tuple[int, ...]
    then_every: int | None
    measures: tuple[Measures, ...]
    sources: tuple[str, ...]

    @property
    def integrates(self) -> bool:
        """Whether therapy follows a dose in this way of care."""
        return "integration" in self.phases

    @property
    def prepares(self) -> bool:
        """Whether therapy comes before the first dose."""
        return "preparation" in self.phases

    @property
    def has_therapy(self) -> bool:
        return self.integrates or self.prepares


def protocol(id: str, rules: RuleSet | None = None) -> Protocol:
    """The plan `id` ("blended_iv"). Raises `UnknownProtocol`."""
    for plan in protocols(rules):
        if plan.id == id:
            return plan
    raise UnknownProtocol(id)


def protocols(rules: RuleSet | None = None) -> tuple[Protocol, ...]:
    """Every way of care by every route it may use, blended first."""
    return _library_protocols() if rules is None else _build(rules)


def months_of(plan: Protocol) -> tuple[int, ...]:
    """The months after the acute doses at which anything is asked, in order."""
    return tuple(sorted({month for measures in plan.measures for month in measures.months}))


@cache
def without_form() -> frozenset[str]:
    """What the schedule has a person ask in their own words: no answer of a form will ever come of it."""
    return frozenset(name for rule in rows() for name in rule.words.get("in_person", ()))


@cache
def _library_protocols() -> tuple[Protocol, ...]:
    return _build(library())


@cache
def rows() -> tuple[Rule, ...]:
    """The protocol files' rows, checked as every rule is: each number with source and status."""
    return tuple(rule for document in documents("protocols") for rule in read_rules(document, "protocols"))


def _build(rules: RuleSet) -> tuple[Protocol, ...]:
    by_kind: dict[str, list[Rule]] = {"way": [], "route": [], "measure": []}
    for rule in rows():
        by_kind[rule.words["kind"]].append(rule)
    routes = {rule.words["route"]: rule for rule in by_kind["route"]}
    measures = tuple(_measures(rule) for rule in by_kind["measure"])
    return tuple(
        _protocol(way, routes[route], rules, measures)
        for way in by_kind["way"]
        for route in way.words["routes"]
    )


def _protocol(way: Rule, route: Rule, rules: RuleSet, measures: tuple[Measures, ...]) -> Protocol:
    model, by = way.words["way"], Route(route.words["route"])
    spacing = rules.rule("D-SPACING")
    checks = rules.rule(f"M-SCHEDULE-{by.upper().replace('_', '-')}")
    every = checks.numbers.get("then_every")
    return Protocol(
        id=model if model == by else f"{model}_{by}",
        version=f"{way.version}.{route.version}",
        name=way.title if model == by else f"{way.title}, {route.title.lower()}",
        about=way.words["about"],
        model=model,
        route=by,
        status=max(way.status, route.status, key=lambda s: s is Status.PROPOSED),
        phases=tuple(way.words["phases"]),
        present=tuple(way.words["present"]),
        therapist_in_room=way.words["therapist_in_room"],
        needs=tuple(dict.fromkeys((*way.words["needs"], *route.words.get("needs", ())))),
        window=Hours(way["window_open"], way["window_target"], way["window_close"]),
        doses=_count(route, "doses"),
        weekly=int(route["weekly"]),
        spacing=Spacing(spacing["soft_h"], spacing["hard_h"]),
        preparation=_count(way, "preparation"),
        integration_per_dose=int(way["integration_per_dose"]),
        integration_tail=int(way["integration_tail"]),
        integration_tail_days=int(way["integration_tail_days"]),
        minutes=_minutes(way, route),
        checks=tuple(int(n.value) for name, n in checks.numbers.items() if name.startswith("at_")),
        then_every=int(every.value) if every else None,
        measures=measures,
        sources=tuple(dict.fromkeys(way.sources + route.sources + spacing.sources + checks.sources)),
    )


def _count(rule: Rule, name: str) -> Count:
    return Count(int(rule[name]), int(rule[f"{name}_least"]), int(rule[f"{name}_most"]))


def _minutes(way: Rule, route: Rule) -> dict[str, int]:
    named = {phase: f"{phase}_minutes" for phase in ("evaluation", "preparation", "integration")}
    return {phase: int(way[name]) for phase, name in named.items()} | {
        "dosing": int(route["visit_minutes"]),
        "follow_up": int(way["integration_minutes"]),
    }


def _measures(rule: Rule) -> Measures:
    numbers = {name: number.value for name, number in rule.numbers.items()}
    return Measures(
        when=rule.words["when"],
        instruments=tuple(rule.words["instruments"]),
        point=rule.words.get("point", ""),
        optional=tuple(rule.words.get("optional", ())),
        in_person=tuple(rule.words.get("in_person", ())),
        fresh=rule.words.get("fresh", ""),
        instead=rule.words.get("instead", ""),
        fresh_days=int(numbers["fresh_days"]) if "fresh_days" in numbers else None,
        hours=(numbers["from"], numbers["to"]) if "from" in numbers else None,
        months=tuple(int(value) for name, value in numbers.items() if name.startswith("month_")),
        doses=int(numbers["doses"]) if "doses" in numbers else None,
        days=int(numbers["or_days"]) if "or_days" in numbers else None,
    )
