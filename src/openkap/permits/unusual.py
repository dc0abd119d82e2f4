"""What of the looks into records stands out: a list for a person to read, never a finding against anyone.

Decided here: how the rows `L-*` are read. A look is told apart by what the records show beside it: whether
the looker did something with this patient lately, whether the patient has a visit near, whose name it is,
what hour it was. A look that has a reason nobody wrote down looks the same as one that has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.rules import RuleSet

OWN, MANY, NIGHT, REFUSED = "L-OWN", "L-MANY", "L-NIGHT", "L-REFUSED"
NAME, COLLEAGUE, ONESELF = "name", "colleague", "oneself"


@dataclass(frozen=True, slots=True)
class Look:
    """One opening of one person's record, or one try that was refused.

    `to_own`: time to the nearest thing the looker did or owed with this patient; `to_visit`: to the nearest
    visit, nought while it lasts; None where there is none.
    """

    id: UUID
    at: datetime
    by: UUID
    patient: UUID | None
    refused: bool = False
    to_own: timedelta | None = None
    to_visit: timedelta | None = None
    same_name: bool = False
    colleague: bool = False
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class Unusual:
    """What stands out: whose looks, at whom (None: at many), the first of them, how many, and why."""

    first: UUID
    at: datetime
    by: UUID
    patient: UUID | None
    count: int
    why: tuple[str, ...]


def why(look: Look, rules: RuleSet, zone: ZoneInfo) -> tuple[str, ...]:
    """What stands out about one look by itself; empty where nothing does."""
    found = []
    if look.by == look.patient:
        found.append(ONESELF)
    elif look.colleague:
        found.append(COLLEAGUE)
    elif look.same_name:
        found.append(NAME)
    if _without_reason(look, rules):
        found.append(OWN)
    if _at_night(look, rules, zone):
        found.append(NIGHT)
    return tuple(found)


def _without_reason(look: Look, rules: RuleSet) -> bool:
    row = rules.rule(OWN)
    near = ((look.to_own, row["own_days"]), (look.to_visit, row["visit_days"]))
    return not any(gap is not None and gap <= timedelta(days=float(days)) for gap, days in near)


def _at_night(look: Look, rules: RuleSet, zone: ZoneInfo) -> bool:
    """Outside working hours on the practice's own clock, not on call, and no visit of theirs under way."""
    row = rules.rule(NIGHT)
    if look.on_call or look.to_visit == timedelta(0):
        return False
    hour, starts, ends = look.at.astimezone(zone).hour, row["from_hour"], row["to_hour"]
    return hour >= starts or hour < ends if starts > ends else starts <= hour < ends


def unusual(looks: Sequence[Look], rules: RuleSet, zone: ZoneInfo) -> tuple[Unusual, ...]:
    """All that stands out of these looks, the latest first: one line for a person, a patient and a day."""
    seen = [look for look in looks if not look.refused and look.patient is not None]
    tried = [look for look in looks if look.refused]
    found = [*_by_day(seen, rules, zone), *_many(seen, rules), *_tries(tried, rules)]
    return tuple(sorted(found, key=lambda one: (one.at, str(one.first)), reverse=True))


def _by_day(seen: Iterable[Look], rules: RuleSet, zone: ZoneInfo) -> Iterable[Unusual]:
    days: dict[tuple[object, ...], list[tuple[Look, tuple[str, ...]]]] = defaultdict(list)
    for look in seen:
        if reasons := why(look, rules, zone):
            days[look.by, look.patient, look.at.astimezone(zone).date()].append((look, reasons))
    for lines in days.values():
        first = min((look for look, _reasons in lines), key=lambda look: (look.at, str(look.id)))
        every = dict.fromkeys(reason for _look, each in lines for reason in each)
        yield Unusual(first.id, first.at, first.by, first.patient, len(lines), tuple(every))


def _many(seen: Iterable[Look], rules: RuleSet) -> Iterable[Unusual]:
    """Stretches in which one person opened the records of so many; what follows on belongs to the same."""
    row = rules.rule(MANY)
    for by, mine in _by_person(seen).items():
        for stretch in _stretches(mine, timedelta(minutes=float(row["minutes"])), int(row["people"]), True):
            people = len({look.patient for look in stretch})
            yield Unusual(stretch[0].id, stretch[0].at, by, None, people, (MANY,))


def _tries(tried: Iterable[Look], rules: RuleSet) -> Iterable[Unusual]:
    row = rules.rule(REFUSED)
    for by, mine in _by_person(tried).items():
        for stretch in _stretches(mine, timedelta(hours=float(row["hours"])), int(row["tries"]), False):
            yield Unusual(stretch[0].id, stretch[0].at, by, None, len(stretch), (REFUSED,))


def _by_person(looks: Iterable[Look]) -> dict[UUID, list[Look]]:
    found: dict[UUID, list[Look]] = defaultdict(list)
    for look in sorted(looks, key=lambda look: (look.at, str(look.id))):
        found[look.by].append(look)
    return found


def _stretches(mine: list[Look], within: timedelta, least: int, of_people: bool) -> Iterable[list[Look]]:
    """Runs of looks in which, within any such time, at least so many (people) are counted."""
    found: list[list[Look]] = []
    start = 0
    for end, look in enumerate(mine):
        while look.at - mine[start].at > within:
            start += 1
        window = mine[start : end + 1]
        if (len({one.patient for one in window}) if of_people else len(window)) < least:
            continue
        if found and found[-1][-1].at >= window[0].at:
            found[-1].append(look)
        else:
            found.append(window)
    return found
