"""When vital signs, alertness and dissociation are looked at, and whether they were.

Decided here: how the rows `M-SCHEDULE-*` and `M-CHECK` are read. A check is done by blood pressure,
heart rate and oxygen within a few minutes of its time; it is "now" in that stretch and late after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count

from openkap.medicine.monitoring.line import Line
from openkap.medicine.monitoring.physiology import bounds
from openkap.medicine.monitoring.reading import Reading, reach
from openkap.medicine.protocols import Protocol, Route
from openkap.medicine.rules import Rule, RuleSet, library
from openkap.medicine.window import instant

SECONDS = Decimal(60)
MINUTE = timedelta(minutes=1)
CHECKED = ("bp", "hr", "spo2")
# Which look answers for a signal; vitals for all others.
LOOKED_AT = {"sedation": "alertness", "moaas": "alertness", "dissociation": "dissociation"}


Done = Callable[[Decimal], Decimal | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """When the dose began, how many minutes ago, and how near to its time a check must be, and the last
    minute that is looked at: a dose that nobody ended owes no checks for ever."""

    started: datetime
    elapsed: Decimal
    within: Decimal
    last: Decimal


class CheckState(StrEnum):
    LATER = "later"
    NOW = "now"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DueCheck:
    """One look that is owed. `what` is vitals, alertness or dissociation; `minute` counts from the start."""

    what: str
    minute: int
    due_at: datetime
    state: CheckState
    minutes_late: int = 0
    done_at: datetime | None = None

    @property
    def words(self) -> str:
        return {"vitals": "Vitals", "alertness": "Alertness", "dissociation": "Six questions"}[self.what] + (
            f" at {self.minute} min"
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """Minutes from the start. After the last of `minutes` a check every `then_every`, if given."""

    minutes: tuple[Decimal, ...]
    then_every: Decimal | None
    alertness_every: Decimal
    dissociation: tuple[Decimal, ...]

    @classmethod
    def of(cls, route: Route, rules: RuleSet | None = None) -> Schedule:
        return cls.read((rules or library()).rule(f"M-SCHEDULE-{route.upper().replace('_', '-')}"))

    @classmethod
    def read(cls, rule: Rule) -> Schedule:
        def listed(prefix: str) -> tuple[Decimal, ...]:
            return tuple(n.value for name, n in rule.numbers.items() if name.startswith(prefix))

        every = rule.numbers.get("then_every")
        return cls(
            listed("at_"), every.value if every else None, rule["alertness_every"], listed("dissociation_")
        )

    def vitals(self) -> Iterator[Decimal]:
        """Minutes, ascending; without end where checks repeat."""
        yield from self.minutes
        if self.then_every is not None:
            last = self.minutes[-1]
            for turn in count(1):
                yield last + turn * self.then_every

    def alertness(self) -> Iterator[Decimal]:
        return (turn * self.alertness_every for turn in count(0))


def due_checks(
    route: Route | str,
    schedule: Schedule | Protocol | None,
    started_at: datetime,
    readings: Iterable[Reading],
    at: datetime,
    *,
    rules: RuleSet | None = None,
) -> tuple[DueCheck, ...]:
    """Every check up to `at` and the next of each kind, by time.

    `schedule` is a clinic's own; None or a protocol stand for the route's. Readings may come in any
    order; values that cannot be physiology do no check.
    """
    plan = schedule if isinstance(schedule, Schedule) else Schedule.of(Route(route), rules)
    started = instant(started_at)
    seen = sorted((r.timed(started) for r in readings), key=lambda r: r.since(started))
    within = (rules or library()).rule("M-CHECK")["within"]
    elapsed = Decimal(str((instant(at) - started).total_seconds())) / SECONDS
    clock = Clock(started, elapsed, within, reach()[1] / SECONDS)
    made = [
        *_checks("vitals", plan.vitals(), clock, _vitals_done(seen, within)),
        *_checks("alertness", plan.alertness(), clock, _scale_done(seen, "moaas", within)),
        *_checks("dissociation", iter(plan.dissociation), clock, _scale_done(seen, "cadss6", within)),
    ]
    return tuple(sorted(made, key=lambda check: (check.due_at, check.what)))


def look_again(
    standing: Iterable[Line],
    seen: Mapping[str, datetime],
    started_at: datetime,
    at: datetime,
    *,
    rules: RuleSet | None = None,
) -> tuple[DueCheck, ...]:
    """What the prompts that still stand ask to look at again, so many minutes after the last look.

    `seen`: when vitals, alertness and the six questions were last looked at. A later look answers, and asks
    for the next where the prompt still stands.
    """
    known = rules or library()
    within = timedelta(minutes=float(known.rule("M-CHECK")["within"]))
    asked: dict[str, datetime] = {}
    for line in standing:
        rule, what = known.rule(line.rule), LOOKED_AT.get(line.signal, "vitals")
        if "again" in rule.numbers and what in seen:
            due_at = seen[what] + timedelta(minutes=float(rule["again"]))
            asked[what] = min(due_at, asked.get(what, due_at))
    return tuple(
        DueCheck(
            what, int((due_at - started_at) / timedelta(minutes=1)), due_at, *_stands(due_at, at, within)
        )
        for what, due_at in sorted(asked.items(), key=lambda item: item[1])
    )


def _stands(due_at: datetime, at: datetime, within: timedelta) -> tuple[CheckState, int]:
    if at > due_at + within:
        return CheckState.LATE, int((at - due_at) / MINUTE)
    return (CheckState.NOW if at >= due_at - within else CheckState.LATER), 0


def usable(reading: Reading, signal: str) -> bool:
    """Whether the reading holds a value of the signal that can be physiology."""
    if signal != "bp":
        value = getattr(reading, signal)
        least, most = bounds(signal)
        return value is not None and least <= value <= most
    if reading.sbp is None or reading.dbp is None or reading.dbp >= reading.sbp:
        return False
    inside = all(bounds(n)[0] <= getattr(reading, n) <= bounds(n)[1] for n in ("sbp", "dbp"))
    return inside and (reading.map is None or reading.dbp <= reading.map <= reading.sbp)


def _done_at(moments: list[Decimal], minute: Decimal, within: Decimal) -> Decimal | None:
    return next((m for m in moments if abs(m / SECONDS - minute) <= within), None)


def _vitals_done(seen: list[Reading], within: Decimal) -> Done:
    moments = {signal: _moments(seen, signal) for signal in CHECKED}

    def done(minute: Decimal) -> Decimal | None:
        times = [_done_at(moments[signal], minute, within) for signal in CHECKED]
        known = [time for time in times if time is not None]
        return max(known) if len(known) == len(times) else None

    return done


def _scale_done(seen: list[Reading], scale: str, within: Decimal) -> Done:
    moments = _moments(seen, scale)
    return lambda minute: _done_at(moments, minute, within)


def _moments(seen: list[Reading], signal: str) -> list[Decimal]:
    return [r.t_seconds for r in seen if r.t_seconds is not None and usable(r, signal)]


def _checks(what: str, minutes: Iterator[Decimal], clock: Clock, done: Done) -> Iterator[DueCheck]:
    for minute in minutes:
        due_at = clock.started + timedelta(minutes=float(minute))
        done_at = done(minute)
        if done_at is not None:
            moment = clock.started + timedelta(seconds=float(done_at))
            yield DueCheck(what, int(minute), due_at, CheckState.DONE, 0, moment)
        elif clock.elapsed > minute + clock.within:
            yield DueCheck(what, int(minute), due_at, CheckState.LATE, int(clock.elapsed - minute))
        else:
            now = clock.elapsed >= minute - clock.within
            yield DueCheck(what, int(minute), due_at, CheckState.NOW if now else CheckState.LATER)
        if minute > clock.elapsed or minute >= clock.last:
            return
