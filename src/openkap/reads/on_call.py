"""The on-call list of a practice: its lines by weekday, who is on call now, and the hours nobody covers.

Decided here: gaps are looked for in the week that begins now, so that a line that ends or begins soon, and a
night in which the clocks change, are seen as they will be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.records.facts.clock import day, hour_of_day, long_moment
from openkap.records.facts.on_call import ON_CALL, answering, gaps, in_place, rows_of, stretches
from openkap.records.models import Membership, OnCallCover, OnCallHours, Organisation
from openkap.records.scoped import scoped

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the person, from when to when on that weekday, and the days from which and until which."""

    id: UUID
    who: str
    weekday: int
    hours: str
    days: str


@dataclass(frozen=True, slots=True)
class StandsIn:
    """Who answers in place of whom, in words; `own`: the reader's own hours."""

    id: UUID
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class OnCall:
    """`weekdays`: name and lines, Monday first; `gaps` in words; `people` may be put on the list.

    `covers` are those that stand now or are to come.
    """

    now: tuple[str, ...]
    weekdays: tuple[tuple[str, tuple[Line, ...]], ...]
    gaps: tuple[str, ...]
    people: tuple[tuple[UUID, str], ...]
    covers: tuple[StandsIn, ...] = ()

    @property
    def covered(self) -> bool:
        return not self.gaps


def on_call_of(
    scope: Scope, organisation: Organisation, at: datetime, zone: ZoneInfo, reader: UUID | None = None
) -> OnCall:
    """The list as it stands at `at`, for this person. Five queries."""
    seen = set(
        scoped(OnCallHours.objects.filter(organisation=organisation), scope).values_list("id", flat=True)
    )
    rows = [row for row in rows_of(organisation.id, at) if row.id in seen]
    today = at.astimezone(zone).date()
    standing = [row for row in rows if row.until is None or row.until > today]
    found = stretches(rows, zone, at, at + WEEK)
    able = _people(organisation, at)
    names, standing_in = dict(able), in_place(organisation.id, at)
    answers = (answering(each.person, standing_in) for each in found if each.holds(at))
    return OnCall(
        now=tuple(dict.fromkeys(names[person] for person in answers)),
        weekdays=tuple(
            (str(WEEKDAYS[n]), tuple(_line(row) for row in standing if row.weekday == n)) for n in range(7)
        ),
        gaps=tuple(_gap(starts, ends, zone) for starts, ends in gaps(found, at, at + WEEK)),
        people=able,
        covers=_covers(scope, organisation, at, zone, reader),
    )


def _covers(
    scope: Scope, organisation: Organisation, at: datetime, zone: ZoneInfo, reader: UUID | None
) -> tuple[StandsIn, ...]:
    rows = scoped(OnCallCover.objects.filter(organisation=organisation, until__gt=at), scope)
    said = _("%(other)s for %(person)s, %(since)s to %(until)s")
    return tuple(
        StandsIn(
            row.id,
            said
            % {
                "other": row.covered_by.name,
                "person": row.person.name,
                "since": long_moment(row.since, zone),
                "until": long_moment(row.until, zone),
            },
            row.person_id == reader,
        )
        for row in rows.select_related("person", "covered_by").order_by("since")
    )


def _people(organisation: Organisation, at: datetime) -> tuple[tuple[UUID, str], ...]:
    held = Membership.objects.filter(
        Membership.in_force(at), organisation=organisation, role__in=[role.value for role in ON_CALL]
    ).select_related("person")
    return tuple(sorted({(m.person_id, m.person.name) for m in held}, key=lambda pair: pair[1]))


def _line(row: OnCallHours) -> Line:
    days = _("since %(day)s") % {"day": day(row.since)}
    if row.until is not None:
        days = _("%(since)s, until %(until)s") % {"since": days, "until": day(row.until)}
    return Line(row.id, row.person.name, row.weekday, _hours(row), days)


def _hours(row: OnCallHours) -> str:
    if row.starts == row.ends:
        if row.starts.hour == 0 and row.starts.minute == 0:
            return _("All day")
        return _("%(from)s to the same time the next day") % {"from": hour_of_day(row.starts)}
    ends = _("midnight") if row.ends.hour == row.ends.minute == 0 else hour_of_day(row.ends)
    if row.ends < row.starts and ends != _("midnight"):
        return _("%(from)s to %(to)s the next day") % {"from": hour_of_day(row.starts), "to": ends}
    return _("%(from)s to %(to)s") % {"from": hour_of_day(row.starts), "to": ends}


def _gap(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    return _("%(from)s to %(to)s") % {"from": long_moment(starts, zone), "to": long_moment(ends, zone)}
