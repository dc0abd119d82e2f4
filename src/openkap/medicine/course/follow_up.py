"""What is asked between visits, and when: the protocol's measures and one question, as a list of wishes.

Decided here: how the rows `measure-*` and `F-*` become times. Each wish is half-open, from `due_at` up to
`closes_at`; one that is asked no more is not asked late. What surrounds the decision of a prescriber (the
baseline) is asked by a person. No clock: the doses are given as they ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openkap.medicine.instruments import Answers, UnknownInstrument, instrument, text
from openkap.medicine.instruments.scoring import SEXES, score
from openkap.medicine.protocols import Protocol
from openkap.medicine.protocols.protocol import Measures
from openkap.medicine.rules import RuleSet, library


@dataclass(frozen=True, slots=True)
class Wish:
    """One form at one point of the course. `first`: silence after it is a reason to call."""

    instrument: str
    point: str
    due_at: datetime
    closes_at: datetime
    first: bool = False

    @property
    def by_link(self) -> bool:
        """Whether the patient can answer it alone: the library has its words and its patient."""
        return answered_alone(self.instrument)


@dataclass(frozen=True, slots=True)
class Doses:
    """The doses of one course so far. `next_from`: when the next one is planned to begin.

    `integrated`: when each integration session ended.
    """

    ended: tuple[datetime, ...] = ()
    next_from: datetime | None = None
    acute_over: bool = False
    integrated: tuple[datetime, ...] = ()


def wishes(
    plan: Protocol, doses: Doses, at: datetime, zone: ZoneInfo, ruleset: RuleSet | None = None
) -> tuple[Wish, ...]:
    """All that may be asked at `at`, the earliest first; forms of one point in the protocol's own order."""
    rules = ruleset or library()
    found = [
        *_questions(plan, doses, at, zone, rules),
        *(wish for measures in plan.measures for wish in _measured(measures, doses, zone, rules)),
    ]
    now = [wish for wish in found if wish.due_at <= at < wish.closes_at]
    return tuple(sorted(now, key=lambda wish: (wish.due_at, wish.point)))


def without_screened(
    wanted: Iterable[Wish], flags: Mapping[str, Mapping[str, bool | None]]
) -> tuple[Wish, ...]:
    """Without forms whose short screen was negative or never asked; `flags` are the last ones, by form.

    What was answered before is asked again: to see whether it changed.
    """
    return tuple(
        wish
        for wish in wanted
        if not (screen := screens_for(wish.instrument))
        or wish.instrument in flags
        or flags.get(screen, {}).get("positive")
    )


def without_fresh(
    plan: Protocol, wanted: Iterable[Wish], answered: Iterable[tuple[str, datetime]], at: datetime
) -> tuple[Wish, ...]:
    """The short form in place of one that was answered in the last days, where the protocol says so."""
    by_name = list(answered)
    found = []
    for wish in wanted:
        row = next((m for m in plan.measures if m.fresh == wish.instrument and _is_at(m, wish.point)), None)
        if row is not None and row.fresh_days is not None:
            since = at - timedelta(days=row.fresh_days)
            last = max((when for name, when in by_name if name == wish.instrument), default=since)
            if since < last < wish.due_at:  # answered since then, nothing is asked at all
                wish = replace(wish, instrument=row.instead)
        found.append(wish)
    return tuple(found)


def shorter_of(plan: Protocol, name: str) -> tuple[str, ...]:
    """Short forms that this plan asks in place of `name`: their questions are in it."""
    return tuple(dict.fromkeys(row.instead for row in plan.measures if row.fresh == name and row.instead))


def _is_at(measures: Measures, point: str) -> bool:
    return measures.when == "before_dose" and point.startswith("before_")


def answered_alone(name: str) -> bool:
    try:
        return "patient" in instrument(name).respondent and bool(text(name))
    except UnknownInstrument:
        return False


def may_ask_of_safety(name: str, ruleset: RuleSet | None = None) -> bool:
    """Whether this form, or one that it may open, has a question about safety."""
    rules = ruleset or library()
    chain = (name, *_opened_by(name, rules))
    return any(instrument(each).safety for each in chain if answered_alone(each))


def opens(name: str, answers: Answers, ruleset: RuleSet | None = None, *, sex: str = "") -> str | None:
    """The form that these answers open at once, None where they open nothing.

    `sex` as recorded, where a cut-off goes by it.
    """
    rules = ruleset or library()
    whole = rules.rule("F-POSITIVE").words["opens"]
    if name in whole:
        known = {"sex": sex} if sex in SEXES else {}
        return str(whole[name]) if score(instrument(name), answers, known).flags.get("positive") else None
    rule = rules.rule("F-OPENS")
    following = _opened_by(name, rules)
    if not following:
        return None
    if name in _questions_named(rules):
        said = answers.get("1")
        heavier = isinstance(said, (int, float)) and said >= rule["heavier"]
        return following[0] if heavier else None
    return following[0] if score(instrument(name), answers).flags.get("positive") else None


def opened_by_screens(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """Every form that stands behind a short screen."""
    return tuple((ruleset or library()).rule("F-POSITIVE").words["opens"].values())


def screens_for(name: str, ruleset: RuleSet | None = None) -> str:
    """The short screen that stands before this form; blank where there is none."""
    whole: dict[str, str] = (ruleset or library()).rule("F-POSITIVE").words["opens"]
    return next((screen for screen, opened in whole.items() if opened == name), "")


def pulses(ruleset: RuleSet | None = None) -> tuple[str, ...]:
    """The one question of a day, and of a week."""
    return _questions_named(ruleset or library())


def _questions_named(rules: RuleSet) -> tuple[str, ...]:
    return tuple(rules.rule(id).words["instrument"] for id in ("F-DAILY", "F-WEEKLY"))


def _opened_by(name: str, rules: RuleSet) -> tuple[str, ...]:
    chain: tuple[str, ...] = tuple(rules.rule("F-OPENS").words["opens"])
    if name in _questions_named(rules):
        return chain
    return chain[chain.index(name) + 1 :] if name in chain else ()


def _questions(plan: Protocol, doses: Doses, at: datetime, zone: ZoneInfo, rules: RuleSet) -> Iterator[Wish]:
    """Daily up to the close of the last dose's window, then weekly, at the clock time the dose ended."""
    if not doses.ended:
        return
    last, number = doses.ended[-1], len(doses.ended)
    daily, weekly = rules.rule("F-DAILY"), rules.rule("F-WEEKLY")
    closes = last + timedelta(hours=float(plan.window.close))
    step, day = timedelta(hours=float(daily["every"])), 1
    while last + day * step < closes:
        yield Wish(
            daily.words["instrument"],
            f"day_{number}_{day}",
            last + day * step,
            last + (day + 1) * step,
            first=day == 1,
        )
        day += 1
    week = int((at - last).days // int(weekly["every"]))
    if week >= 1:
        due, after = (_later(last, zone, days=n * int(weekly["every"])) for n in (week, week + 1))
        yield Wish(weekly.words["instrument"], f"week_{number}_{week}", due, after)


def _measured(measures: Measures, doses: Doses, zone: ZoneInfo, rules: RuleSet) -> Iterator[Wish]:
    for point, due, closes in _times(measures, doses, zone, rules):
        for name in (*measures.instruments, *measures.in_person):
            yield Wish(name, point, due, closes)


def _times(
    measures: Measures, doses: Doses, zone: ZoneInfo, rules: RuleSet
) -> Iterator[tuple[str, datetime, datetime]]:
    given = len(doses.ended)
    week = int(rules.rule("F-WEEKLY")["every"])
    if measures.when == "before_dose" and doses.next_from is not None:
        ahead = timedelta(hours=float(rules.rule("F-BEFORE-DOSE")["ahead"]))
        yield f"before_{given + 1}", doses.next_from - ahead, doses.next_from
    if not doses.ended:
        return
    last = doses.ended[-1]
    if measures.when == "after_dose" and measures.hours is not None:
        opens_h, closes_h = (timedelta(hours=float(hours)) for hours in measures.hours)
        yield f"after_{given}", last + opens_h, last + closes_h
    if measures.when == "integration" and measures.hours is not None and doses.integrated:
        opens_h, closes_h = (timedelta(hours=float(hours)) for hours in measures.hours)
        held = doses.integrated[-1]
        yield f"visit_{len(doses.integrated)}", held + opens_h, held + closes_h
    if measures.when == "every_doses" and measures.doses and given % measures.doses == 0:
        yield f"dose_{given}", last, _later(last, zone, days=week)
    if not doses.acute_over:
        return
    if measures.when == "end_of_acute":
        yield "end_of_acute", last, _later(last, zone, days=2 * week)
    if measures.when == "follow_up":
        for months in measures.months:
            due = _months_later(last, zone, months)
            yield f"month_{months}", due, _later(due, zone, days=2 * week)


def months_over(measures: Measures, last: datetime, at: datetime, zone: ZoneInfo) -> tuple[int, ...]:
    """The months after the last dose whose form is due by `at`, in order."""
    return tuple(month for month in measures.months if _months_later(last, zone, month) <= at)


def _later(at: datetime, zone: ZoneInfo, *, days: int) -> datetime:
    """So many days later, at the same time by the practice's clock."""
    wall = at.astimezone(zone)
    return (wall + timedelta(days=days)).astimezone(at.tzinfo)


def _months_later(at: datetime, zone: ZoneInfo, months: int) -> datetime:
    """The same day so many months later, or the last day of a shorter month."""
    wall = at.astimezone(zone)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    first = wall.replace(year=year, month=month + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(wall.day, (following - timedelta(days=1)).day)).astimezone(at.tzinfo)


def goes_on_after(level: str, ruleset: RuleSet | None = None) -> timedelta | None:
    """How long an alert of this level waits for its owner; None: until its own time."""
    numbers = (ruleset or library()).rule("F-ALERT-CLOCK").numbers
    return timedelta(minutes=float(numbers[level].value)) if level in numbers else None


def goes_on_again(level: str, ruleset: RuleSet | None = None) -> timedelta:
    """How long it waits for the next owner, once its own time is over or somebody gave it on."""
    rule = (ruleset or library()).rule("F-ALERT-CLOCK")
    return timedelta(minutes=float(rule[level if level in rule.numbers else "given_on"]))


def reminding(ruleset: RuleSet | None = None) -> tuple[timedelta, int]:
    """How long after asking, or the last reminder, the next one goes; and how many at most."""
    rule = (ruleset or library()).rule("F-REMIND")
    return timedelta(hours=float(rule["every"])), int(rule["most"])


def silent_after(ruleset: RuleSet | None = None) -> timedelta:
    return timedelta(hours=float((ruleset or library()).rule("F-SILENT")["hours"]))
