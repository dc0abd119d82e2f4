"""May this person go home?

Decided here: how the rows `G-*` are read. Everything must be true; what is not recorded is not met.
What a REMS asks beside (`G-ESK-*`, and for racemic spray `G-NASAL-*`) is asked where the visit's own
pressures are known, which is a room's matter. The prescriber's signature belongs to the page.
Contract: `openkap discharge`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from openkap.medicine.inputs import Unusable, a_choice, a_flag, a_number, a_time
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.medicine.monitoring.reading import shown
from openkap.medicine.monitoring.schedule import Schedule
from openkap.medicine.protocols.routes import Route
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.verdict import Finding, Level, Status, Verdict

SCORES = ("aldrete", "padss", "cadss6")
FLAGS = (
    *("oriented", "gait_steady", "si_today", "escort_present", "instructions_signed", "integration_booked"),
    "resolved",
)
NAUSEA = ("none", "mild", "moderate", "severe")
SECONDS_PER_MINUTE = 60
PERCENT = Decimal(100)
Pressure = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingHome:
    """What is known when someone wants to leave. Anything absent is not met.

    `spo2` is on room air. `previous` is the pressure measured before the last, which shows whether it
    falls. `pressures` is every pressure of the visit with its minute from the start; None: not this visit's
    to ask. `integrates`: whether this way of care has integration to book at all. Raises `Unusable` (a
    `ValueError`) for a value that cannot be.
    """

    route: Route
    started_at: datetime | None = None
    ended_at: datetime | None = None
    at: datetime | None = None
    baseline: Pressure | None = None
    pressure: Pressure | None = None
    previous: Pressure | None = None
    spo2: Decimal | None = None
    aldrete: Decimal | None = None
    padss: Decimal | None = None
    cadss6: Decimal | None = None
    oriented: bool | None = None
    gait_steady: bool | None = None
    si_today: bool | None = None
    nausea: str | None = None
    escort_present: bool | None = None
    instructions_signed: bool | None = None
    integration_booked: bool | None = None
    resolved: bool | None = None
    integrates: bool = True
    pressures: tuple[tuple[Decimal, Pressure], ...] | None = None

    def __post_init__(self) -> None:
        times = [("started_at", self.started_at), ("ended_at", self.ended_at), ("at", self.at)]
        known = [(name, moment) for name, moment in times if moment is not None]
        for (_, before), (name, after) in pairwise(known):
            if after < before:
                raise Unusable(name, f"{name} is earlier than what came before it.")

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> GoingHome:
        """From one case of `openkap discharge`. Raises `Unusable`."""
        vitals = _object(row, "vitals")
        if vitals.get("hr") is not None:
            check_vital("hr", vitals["hr"])
        given: dict[str, Any] = {"route": Route(a_choice("route", row.get("route"), Route))}
        for name in ("started_at", "ended_at", "at"):
            if row.get(name) is not None:
                given[name] = a_time(name, row[name])
        given["baseline"] = _pressure(_object(row, "baseline"))
        given["pressure"] = _pressure(vitals)
        given["previous"] = _pressure(_object(row, "previous"))
        if vitals.get("spo2") is not None:
            given["spo2"] = check_vital("spo2", vitals["spo2"])
        for name in SCORES:
            if row.get(name) is not None:
                given[name] = check_vital(name, row[name])
        for name in FLAGS:
            if row.get(name) is not None:
                given[name] = a_flag(name, row[name])
        if row.get("nausea") is not None:
            given["nausea"] = a_choice("nausea", row["nausea"], NAUSEA)
        if row.get("pressures") is not None:
            given["pressures"] = tuple(_kept_pressures(row["pressures"]))
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be true. `fixed` means that law or label says so, and no clinic may change it."""

    item: str
    met: bool
    because: str
    rule: Rule = field(repr=False)
    fixed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"item": self.item, "met": self.met, "because": self.because, "fixed": self.fixed}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every item, in the order of the library. `level` is `clear` only where all are met."""

    items: tuple[Item, ...]
    ruleset: str

    @property
    def level(self) -> Level:
        return Level.CLEAR if all(item.met for item in self.items) else Level.HOLD

    @property
    def open(self) -> tuple[Item, ...]:
        """What is left."""
        return tuple(item for item in self.items if not item.met)

    @property
    def verdict(self) -> Verdict:
        """The same as findings, for whoever combines verdicts."""
        return Verdict.of(
            Finding(
                rule=item.rule.id,
                level=Level.HOLD,
                because=item.because,
                version=item.rule.version,
                sources=item.rule.sources,
                status=item.rule.status,
                confidence=item.rule.confidence,
            )
            for item in self.open
        )


def check(known: GoingHome, ruleset: RuleSet | None = None) -> Readiness:
    """Every row of `library/discharge` asked about one person about to leave."""
    rules = ruleset or library()
    return Readiness(tuple(_items(known, rules)), rules.name)


def _items(known: GoingHome, rules: RuleSet) -> Iterator[Item]:
    for rule in rules.area("discharge"):
        if rule.id == "G-TIME":
            yield _time(known, rule)
        elif rule.id == "G-BP":
            yield _blood_pressure(known, rule)
        elif rule.words["item"] == "integration_booked" and not known.integrates:
            continue
        elif "route" not in rule.words:
            yield _plain(known, rule)
        elif known.pressures is not None and rule.words["route"] == known.route:
            yield _of_the_visit(known, rule, rules)


def _of_the_visit(known: GoingHome, rule: Rule, rules: RuleSet) -> Item:
    """What a visit by this route must hold beside: pressures at their times, and that it has settled."""
    when, fixed = rule.words.get("when"), rule.status is Status.FIXED
    if when is None:
        return replace(_plain(known, rule), fixed=fixed)
    schedule = Schedule.of(known.route, rules)
    due, limit = schedule.minutes[1], schedule.then_every or schedule.alertness_every
    early = rules.rule("M-CHECK")["within"]
    now = _minute_of(known)
    found = [(minute, pressure) for minute, pressure in known.pressures or () if minute <= now]
    if when == "before":
        fits = [kept for kept in found if kept[0] <= 0]
    elif when == "middle":
        fits = [kept for kept in found if kept[0] >= due - early][:1]
    else:
        fits = [kept for kept in found if kept[0] > 0 and now - kept[0] <= limit]
    said = {"due": shown(due), "limit": shown(limit)}
    if not fits:
        return Item(rule.words["item"], False, rule.words["absent"].format(**said), rule, fixed)
    minute, pressure = fits[-1]
    said |= {"value": _said(pressure), "minute": str(int(minute)), "minutes": str(int(now - minute))}
    return Item(rule.words["item"], True, rule.words["because"].format(**said), rule, fixed)


def _minute_of(known: GoingHome) -> Decimal:
    """Minutes from the start of the dose to now."""
    if known.started_at is None or known.at is None:
        return Decimal(0)
    return Decimal(str((known.at - known.started_at).total_seconds())) / SECONDS_PER_MINUTE


def _time(known: GoingHome, rule: Rule) -> Item:
    """Minutes count from the end: of the infusion, or of the last injection, tablet, spray or device."""
    limit = rule.number(known.route)
    fixed = limit.status is Status.FIXED
    if known.ended_at is None or known.at is None:
        return Item(rule.words["item"], False, rule.words["absent"], rule, fixed)
    passed = (known.at - known.ended_at).total_seconds() / SECONDS_PER_MINUTE
    because = rule.words["because"].format(value=int(passed), limit=shown(limit.value))
    return Item(rule.words["item"], passed >= limit.value, because, rule, fixed)


def _blood_pressure(known: GoingHome, rule: Rule) -> Item:
    """Near the start, or falling and no longer high."""
    now, start = known.pressure, known.baseline
    if now is None or (start is None and known.previous is None):
        return Item(rule.words["item"], False, rule.words["absent"], rule)
    near = start is not None and all(
        abs(value - begin) * PERCENT <= begin * rule["within"]
        for value, begin in zip(now, start, strict=True)
    )
    falling = (
        known.previous is not None
        and now != known.previous
        and all(value <= before for value, before in zip(now, known.previous, strict=True))
        and rule["sbp_from"] <= now[0] < rule["sbp_under"]
        and now[1] < rule["dbp_under"]
    )
    because = rule.words["because"].format(value=_said(now), start=_said(start) if start else "not known")
    return Item(rule.words["item"], near or falling, because, rule)


def _plain(known: GoingHome, rule: Rule) -> Item:
    words, item = rule.words, rule.words["item"]
    value = getattr(known, "spo2" if item == "oxygen" else item)
    if value is None:
        return Item(item, False, words["absent"], rule)
    met, because = _judged(rule, value)
    shown_value = shown(value) if isinstance(value, Decimal) else value
    limit = shown(rule["limit"]) if "limit" in rule.numbers else ""
    return Item(item, met, because.format(value=shown_value, limit=limit), rule)


def _judged(rule: Rule, value: Any) -> tuple[bool, str]:
    words = rule.words
    match words["shape"]:
        case "at_least":
            return value >= rule["limit"], words["because"]
        case "at_most":
            return value <= rule["limit"], words["because"]
        case "words":
            met = value in words["allowed"]
        case shape:
            met = value is (shape == "yes")
    return met, words["because"] if met else words["no"]


def _object(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = row.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Unusable(name, f"{name} must be an object.")
    return value


def _kept_pressures(rows: Any) -> Iterator[tuple[Decimal, Pressure]]:
    """Each pressure with its minute. Raises `Unusable` for anything that is not a list of them."""
    if not isinstance(rows, list | tuple):
        raise Unusable("pressures", "pressures must be a list.")
    for row in rows:
        if not isinstance(row, Mapping) or row.get("minute") is None:
            raise Unusable("pressures", "Each of the pressures needs its minute.")
        if (pressure := _pressure(row)) is not None:
            yield a_number("minute", row["minute"]), pressure


def _pressure(row: Mapping[str, Any]) -> Pressure | None:
    if row.get("sbp") is None or row.get("dbp") is None:
        return None
    return check_pressure(row["sbp"], row["dbp"])


def _said(pressure: Pressure) -> str:
    return f"{shown(pressure[0])}/{shown(pressure[1])}"
