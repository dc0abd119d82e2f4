"""The small things of a course, as its patient and its therapist read them: what, whose, ticked or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.permits import Scope
from openkap.records.models import Course, SmallThing
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class Thing:
    """One small thing. `agreed_with` is who agreed it with the patient; empty where it is their own."""

    id: UUID
    text: str
    agreed_with: str
    made_at: datetime
    ticked_at: datetime | None
    version: int


def things_of(scope: Scope, course: Course) -> tuple[Thing, ...]:
    """What is on the list now, what is not ticked first; nothing once the course has ended. One query."""
    if course.ended_at is not None:
        return ()
    rows = scoped(SmallThing.objects.filter(course=course, ended_at=None), scope).order_by("made_at", "id")
    things = [
        Thing(
            id=row.id,
            text=row.text,
            agreed_with=row.by_name if row.by_person_id != row.patient_id else "",
            made_at=row.made_at,
            ticked_at=row.ticked_at,
            version=row.version,
        )
        for row in rows
    ]
    return tuple(sorted(things, key=lambda thing: thing.ticked_at is not None))
