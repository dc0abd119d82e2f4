"""Who is on call at a moment, and which hours of a stretch nobody covers.

Decided here: hours are read on the wall clock of the practice and reckoned in UTC, so that a night in which
the clocks change is as long as it is; an hour that the clock skips or shows twice is read as the first of
the two, by the one who ends there and by the one who begins, so that no gap and no overlap arises.
A person whose membership has ended is on call no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.permits import Role
from openkap.records.models import Membership, OnCallCover, OnCallHours, Organisation

# Whoever may be woken by an alert: those who treat, not the desk.
ON_CALL = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR, Role.MONITOR, Role.THERAPIST)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Someone answers from `starts` up to `ends`; both in UTC, half-open. `row` is its line of the list."""

    starts: datetime
    ends: datetime
    person: UUID
    row: UUID

    def holds(self, at: datetime) -> bool:
        return self.starts <= at < self.ends


def stretches(rows: Iterable[OnCallHours], zone: ZoneInfo, starts: datetime, ends: datetime) -> list[Stretch]:
    """Every stretch of these rows that touches the time from `starts` up to `ends`, in order."""
    first = starts.astimezone(zone).date() - DAY  # one that begins the evening before reaches into this day
    last = ends.astimezone(zone).date()
    found = [
        Stretch(_instant(day, row.starts, zone), _end(day, row, zone), row.person_id, row.id)
        for row in rows
        for day in _days(first, last)
        if day.weekday() == row.weekday and row.since <= day and (row.until is None or day < row.until)
    ]
    touching = [each for each in found if each.starts < ends and each.ends > starts]
    return sorted(touching, key=lambda each: (each.starts, each.row))


def gaps(covered: Sequence[Stretch], starts: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """What is left of the time from `starts` up to `ends`; `covered` as `stretches` gives it."""
    left, reached = [], starts
    for each in covered:
        if each.starts > reached:
            left.append((reached, each.starts))
        reached = max(reached, each.ends)
    if reached < ends:
        left.append((reached, ends))
    return left


def rows_of(organisation: UUID, at: datetime) -> list[OnCallHours]:
    """The list of a practice: lines not yet over, of people who still work there. Two queries."""
    here = able_on_call(organisation, at)
    rows = OnCallHours.objects.filter(organisation_id=organisation).exclude(until__lt=at.date() - DAY)
    return [row for row in rows.select_related("person") if row.person_id in here]


def able_on_call(organisation: UUID, at: datetime) -> set[UUID]:
    """Who may be on the list of this practice at `at`. One query."""
    held = Membership.objects.filter(
        Membership.in_force(at), organisation_id=organisation, role__in=[role.value for role in ON_CALL]
    )
    return set(held.values_list("person_id", flat=True))


def uncovered(
    organisation: Organisation, starts: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    """The hours from `starts` up to `ends` in which nobody of this practice is on call."""
    rows = rows_of(organisation.id, starts)
    return gaps(stretches(rows, ZoneInfo(organisation.zone), starts, ends), starts, ends)


def on_call_at(organisation: Organisation, at: datetime) -> list[UUID]:
    """Who is on call at `at`, whoever began first standing first; who stands in, in place of whom they do.

    Three queries at most.
    """
    found = stretches(
        rows_of(organisation.id, at), ZoneInfo(organisation.zone), at, at + timedelta(minutes=1)
    )
    listed = list(dict.fromkeys(each.person for each in found if each.holds(at)))
    standing_in = in_place(organisation.id, at) if listed else {}
    return list(dict.fromkeys(answering(person, standing_in) for person in listed))


def in_place(organisation: UUID, at: datetime) -> dict[UUID, UUID]:
    """Who stands in at `at`, by whom they stand in for. Who no longer works here stands in for nobody."""
    rows = OnCallCover.objects.filter(organisation_id=organisation, since__lte=at, until__gt=at)
    found = dict(rows.values_list("person_id", "covered_by_id"))
    able = able_on_call(organisation, at) if found else set()
    return {person: other for person, other in found.items() if other in able}


def answering(person: UUID, standing_in: Mapping[UUID, UUID]) -> UUID:
    """Whoever answers in the end where one stands in for another; a ring of covers leaves it where it was."""
    passed, found = [person], person
    while found in standing_in:
        found = standing_in[found]
        if found in passed:
            return person
        passed.append(found)
    return found


def _days(first: date, last: date) -> Iterable[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def _end(day: date, row: OnCallHours, zone: ZoneInfo) -> datetime:
    return _instant(day if row.ends > row.starts else day + DAY, row.ends, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
