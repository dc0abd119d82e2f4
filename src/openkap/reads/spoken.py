"""What was said aloud about a consent: by whom, when, to whom, in which words, and who wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from openkap.permits import Scope
from openkap.records.facts.clock import moment
from openkap.records.models import Course, Membership, Person, SpokenNo
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Spoken:
    """`taken_back`: something was signed and is withdrawn; else it was a no before signing."""

    taken_back: bool
    said_by: str
    heard_by: str
    words: str
    said: str
    recorded: str
    written_by: str


def spoken_of(scope: Scope, course: Course, zone: ZoneInfo) -> tuple[Spoken, ...]:
    """Newest first. One query."""
    rows = scoped(SpokenNo.objects.current().filter(course=course), scope).select_related("heard_by")
    return tuple(
        Spoken(
            taken_back=row.what == SpokenNo.What.TAKEN_BACK,
            said_by=row.said_by,
            heard_by=row.heard_by.name,
            words=row.words,
            said=moment(row.at, zone),
            recorded=moment(row.recorded_at, zone),
            written_by=row.by_name,
        )
        for row in rows.order_by("-recorded_at", "-id")
    )


def could_hear(course: Course, at: datetime) -> QuerySet[Person]:
    """Whoever works at the practice that keeps this course."""
    here = Membership.objects.filter(Membership.in_force(at), organisation_id=course.organisation_id)
    return Person.objects.filter(pk__in=here.values("person_id"))
