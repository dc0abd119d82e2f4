"""What happened in a room beside its vitals: marks, medicines given, timers, and who watches over.

Decided here: a timer is no event of the day and stands apart; the name of whoever watches over is shown
to everyone who may see the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openkap.reads.given import Given
from openkap.records.models import RoomEvent, SessionPart


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in the room; `dose` where it was a medicine."""

    what: str
    words: str
    at: datetime
    who: str
    dose: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """A reminder of the room's own: what for, and when its time is up."""

    id: UUID
    name: str
    due_at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Watching:
    """Who is responsible now, under their own name, and since when."""

    person: UUID
    name: str
    since: datetime


def marks_of(events: Sequence[RoomEvent], given: Given | None = None) -> tuple[Mark, ...]:
    """Everything that happened, newest first, each part that was given among it."""
    marks = [Mark(e.what, e.words, e.at, e.by_name, e.dose) for e in events if e.what != "timer"]
    marks += [Mark("given", part.line, part.at, part.row.by_name) for part in (given or Given()).parts]
    # Of one moment the later written comes first: reversed keeps that, a reversed sort would not.
    return tuple(reversed(sorted(marks, key=lambda mark: mark.at)))  # noqa: C413


def timers_of(events: Sequence[RoomEvent]) -> tuple[Timer, ...]:
    """The ones still running or due, the next first."""
    running = [
        Timer(e.id, e.words, e.due_at, e.by_name)
        for e in events
        if e.what == "timer" and e.due_at is not None
    ]
    return tuple(sorted(running, key=lambda timer: timer.due_at))


def watching_over(sessions: Iterable[UUID]) -> dict[UUID, Watching]:
    """Who is responsible now, by session. One query; the sessions are within the reader's Scope already."""
    parts = SessionPart.objects.filter(session__in=sessions, out_at=None, role="monitor").select_related(
        "person"
    )
    return {part.session_id: Watching(part.person_id, part.person.name, part.in_at) for part in parts}
