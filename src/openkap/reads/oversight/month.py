"""One month of a practice on paper, from the records as they stood when it ended.

Decided here: what was written down or corrected later is not in it, so that the same month prints the same;
the month under way stands as it is now. Every count has what it is counted of, and a share is said only of
ten or more. What the records cannot tell is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.reads.oversight import month_kept, month_of_care
from openkap.reads.oversight.lists import Asked
from openkap.reads.oversight.month_part import Part
from openkap.reads.oversight.page import LISTS, may_read
from openkap.reads.oversight.period import month
from openkap.records.models import Course, Organisation
from openkap.records.scoped import scoped

MOST_MONTHS = 36
# What each part is made of, as the page's own lists are: who may not read the list has no part of it.
PARTS: tuple[tuple[Callable[[Asked], Part], str], ...] = (
    (month_of_care.doses, "second"),
    (month_of_care.courses, "second"),
    (month_of_care.scores, "alerts"),
    (month_of_care.adverse, "events"),
    (month_of_care.incidents, "events"),
    (month_kept.overrides, "overrides"),
    (month_kept.alerts, "alerts"),
    (month_kept.consents, "overrides"),
    (month_kept.rules, "rules"),
    (month_kept.staff, "standing"),
    (month_kept.access, "access"),
    (month_kept.left_open, "notes"),
    (month_kept.corrections, "second"),
)


@dataclass(frozen=True, slots=True)
class Month:
    """`name` is yyyy-mm; `as_of` the moment its records are taken at; `whole` where it is over."""

    name: str
    words: str
    practice: str
    as_of: datetime
    whole: bool
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """The same for a program: part, columns, rows as they read."""
        return {
            "month": self.name,
            "practice": self.practice,
            "as_of": self.as_of.isoformat(),
            "whole": self.whole,
            "parts": [part.as_json() for part in self.parts],
        }


def month_shown(
    scope: Scope, place: Organisation, year: int, number: int, at: datetime, zone: ZoneInfo
) -> Month:
    """One month, part by part, for whoever may read the lists it is made of."""
    period = month(year, number, zone)
    as_of = min(period.until, at)
    asked = Asked(scope, place, replace(period, until=as_of), as_of, zone)
    parts = tuple(read(asked) for read, key in PARTS if key in LISTS and may_read(scope, place.id, key))
    name = f"{year:04d}-{number:02d}"
    return Month(name, period.words, place.name, as_of, period.until <= at, parts)


def months_of(scope: Scope, place: Organisation, at: datetime, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Name and words of every month since the first course, the latest first. One query."""
    rows = scoped(Course.objects.filter(organisation=place), scope).order_by("opened_at")
    first = rows.values_list("opened_at", flat=True).first()
    return tuple(_months(first or at, at, zone))


def _months(first: datetime, at: datetime, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    today, begun = at.astimezone(zone).date(), first.astimezone(zone).date()
    last = today.year * 12 + today.month - 1
    for count in range(last, max(begun.year * 12 + begun.month - 1, last - MOST_MONTHS + 1) - 1, -1):
        year, number = count // 12, count % 12 + 1
        yield f"{year:04d}-{number:02d}", month(year, number, zone).words


def heading(shown: Month) -> str:
    """As of when the month is told."""
    return _("As the records stood when it ended") if shown.whole else _("Not over yet: as it stands now")
