"""What changed since event n, for this Scope: the reading side of the live pages.

Decided here: a stream carries no clinical content, only that something changed and the event's
number; the page then asks for its own part, through the same Scope as ever. Event numbers are given
at insert and seen at commit, so on PostgreSQL a lower number may appear after a higher one: whoever
follows looks back over `OVERLAP` (docs/adr/0008-live.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from openkap.permits import Act, Actor, Kind, Need, Subject, decide
from openkap.records.models import Course, Event, Organisation, Room, Session
from openkap.records.standing import scope_now

OVERLAP = timedelta(seconds=30)
SEE_CLINICAL = Need(Kind.CLINICAL, Act.SEE)
SEE_SCHEDULE = Need(Kind.SCHEDULE, Act.SEE)


@dataclass(frozen=True, slots=True)
class Change:
    """One event as a stream knows it: its number and whom it concerns. Nothing of what happened."""

    seq: int
    organisation: UUID | None
    patient: UUID | None
    session: UUID | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What a page looks at: `session:ID`, `room:ID`, `rooms:ORGANISATION` or `course:ID`."""

    name: str
    need: Need
    subject: Subject

    def concerns(self, change: Change) -> bool:
        """Whether a page on this topic may look different after this change."""
        about = self.subject
        if about.session is not None:
            return change.session == about.session
        if about.patient is not None:
            return (change.patient, change.organisation) == (about.patient, about.keeper)
        return change.session is not None and change.organisation == about.keeper

    @property
    def events(self) -> Q:
        """`concerns` as a query."""
        about = self.subject
        if about.session is not None:
            return Q(session=about.session)
        if about.patient is not None:
            return Q(patient_id=about.patient, organisation_id=about.keeper)
        return Q(session__isnull=False, organisation_id=about.keeper)


def topic_of(name: str, by: Actor, at: datetime) -> Topic | None:
    """The topic of this name as it is now, if `by` may look at it now; else None.

    Read from the records each time: a session may have moved to another room since.
    """
    what, _, pk = name.partition(":")
    try:
        topic = _TOPICS[what](name, UUID(pk))
    except (KeyError, ValueError):
        return None
    if topic is None or not decide(scope_now(by, at), topic.need, topic.subject):
        return None
    return topic


def newest(topic: Topic, after: int, at: datetime) -> int | None:
    """The last event of this topic, if it came after event `after` or so lately that it may have."""
    late = Q(seq__gt=after) | Q(at__gte=at - OVERLAP)
    return Event.objects.filter(topic.events, late, outcome=Event.Outcome.DONE).aggregate(n=Max("seq"))["n"]


def last_event() -> int:
    """The number of the last event of all; a page remembers it as what it already shows."""
    return Event.objects.aggregate(n=Max("seq"))["n"] or 0


def changes_after(seq: int) -> list[Change]:
    """What was done (not merely opened or refused) after event `seq`, in order."""
    rows: Iterable[tuple[int, UUID | None, UUID | None, UUID | None]] = (
        Event.objects.filter(seq__gt=seq, outcome=Event.Outcome.DONE)
        .order_by("seq")
        .values_list("seq", "organisation_id", "patient_id", "session")
    )
    return [Change(*row) for row in rows]


def _session(name: str, pk: UUID) -> Topic | None:
    session = Session.objects.filter(pk=pk).first()
    if session is None:
        return None
    subject = Subject(
        Kind.CLINICAL, session.organisation_id, session.patient_id, session.course_id, session.id,
        session.room_id, session.started_at or session.planned_from,
    )  # fmt: skip
    return Topic(name, SEE_CLINICAL, subject)


def _course(name: str, pk: UUID) -> Topic | None:
    course = Course.objects.filter(pk=pk).first()
    if course is None:
        return None
    # "From now on" narrows facts by their own time; that a course goes on at all is not one of them.
    subject = Subject(
        Kind.SCHEDULE, course.organisation_id, course.patient_id, course.id, at=datetime.max.replace(tzinfo=None)
    )
    return Topic(name, SEE_SCHEDULE, subject)


def _room(name: str, pk: UUID) -> Topic | None:
    room = Room.objects.filter(pk=pk).first()
    return Topic(name, SEE_CLINICAL, Subject(Kind.CLINICAL, room.organisation_id, room=room.id)) if room else None


def _rooms(name: str, pk: UUID) -> Topic | None:
    there = Organisation.objects.filter(pk=pk).exists()
    return Topic(name, SEE_CLINICAL, Subject(Kind.CLINICAL, pk)) if there else None


_TOPICS = {"session": _session, "course": _course, "room": _room, "rooms": _rooms}
