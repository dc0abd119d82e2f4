"""Who is asked to call, and by when, after an answer that a person must look at.

Decided here: a name and a time are said only where they are recorded, on the alert's own task; where
nobody is named, the practice is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.records.facts.clock import long_day
from openkap.records.models import Course, Task


@dataclass(frozen=True, slots=True)
class Calls:
    """`name` is a person or the practice; `by` is "today", "now" or a day; `phone` may be blank."""

    name: str
    by: str
    practice: str
    phone: str


def who_calls(course: Course, at: datetime, zone: ZoneInfo) -> Calls:
    """From the open alert of this course that is due first. One query."""
    task = (
        Task.objects.filter(course=course, what__startswith="alert_", done_at=None)
        .select_related("owner")
        .order_by("due_at")
        .first()
    )
    practice = course.organisation
    owner = task.owner if task is not None else None
    name = f"{owner.title} {owner.name}" if owner and owner.title == "Dr" else owner.name if owner else ""
    return Calls(
        name or practice.name, _by(task.due_at if task else at, at, zone), practice.name, practice.phone
    )


def _by(due_at: datetime, at: datetime, zone: ZoneInfo) -> str:
    if due_at <= at:
        return _("now")
    # Midnight ends a day: "by the end of Tuesday" is what it means.
    last = (due_at - timedelta(seconds=1)).astimezone(zone).date()
    if last == at.astimezone(zone).date():
        return _("today")
    return _("by the end of %(day)s") % {"day": long_day(last)}
