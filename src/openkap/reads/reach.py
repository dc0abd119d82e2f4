"""Whom a patient can call: the practices of their course, by name and number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openkap.records.facts.journal import treating_in
from openkap.records.models import Course, Organisation


@dataclass(frozen=True, slots=True)
class Place:
    """A practice, who treats there, and its number. Blank: not known."""

    name: str
    phone: str
    people: tuple[str, ...]


def places_of(course: Course, at: datetime) -> tuple[Place, ...]:
    """The practice that keeps the course first, then the others. Five queries."""
    people = treating_in(course, at)
    others = Organisation.objects.filter(pk__in={one.organisation for one in people}).exclude(
        pk=course.organisation_id
    )
    return tuple(
        Place(
            practice.name,
            practice.phone,
            tuple(one.name for one in people if one.organisation == practice.pk),
        )
        for practice in (course.organisation, *others.order_by("name"))
    )
