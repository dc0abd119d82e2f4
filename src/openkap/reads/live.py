"""What changed since event n, for this Scope: the reading side of the live pages.

Decided here: a stream carries no clinical content, only that something changed and the event's
number; the page then asks for its own part, through the same Scope as ever. Event numbers are given
at insert and seen at commit, so on PostgreSQL a lower number may appear after a higher one: whoever
follows looks back over `OVERLAP` (docs/adr/0008-event-stream.md).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from openkap.permits import Act, Actor, Kind, Need, Scope, Subject, decide
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
    return topics_of([(name, by)], at)[0]


def topics_of(asked: Sequence[tuple[str, Actor]], at: datetime) -> list[Topic | None]:
    """The same for many at once: each topic is read once, each actor's Scope, and each question answered."""
    topics: dict[str, Topic | None] = {}
    scopes: dict[Hashable, Scope] = {}
    answers: dict[Hashable, Topic | None] = {}
    found = []
    for name, by in asked:
        # As whom, not from where: two windows of one person are one question.
        who = (by.kind, by.id, by.person, by.organisation, by.as_patient, by.bound)
        if (name, who) not in answers:
            if name not in topics:
                topics[name] = _topic(name, at)
            if who not in scopes:
                scopes[who] = scope_now(by, at)
            answers[name, who] = _within(scopes[who], topics[name])
        found.append(answers[name, who])
    return found


def _within(scope: Scope, topic: Topic | None) -> Topic | None:
    return topic if topic is not None and decide(scope, topic.need, topic.subject) else None


def _topic(name: str, at: datetime) -> Topic | None:
    what, _, pk = name.partition(":")
    try:
        return _TOPICS[what](name, UUID(pk), at)
    except (KeyError, ValueError):
        return None


def newest(topic: Topic, after: int, at: datetime) -> int | None:
    """The last event of this topic, if it came after event `after` or so lately that it may have."""
    late = Q(seq__gt=after) | Q(at__gte=at - OVERLAP)
    events = Event.objects.filter(topic.events, late, outcome=Event.Outcome.DONE)
    return events.order_by("-seq").values_list("seq", flat=True).first()


def last_event() -> int:
    """The number of the last event of all; a page remembers it as what it already shows."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def changes_after(seq: int) -> list[Change]:
    """What was done (not merely opened or refused) after event `seq`, in order."""
    rows: Iterable[tuple[int, UUID | None, UUID | None, UUID | None]] = (
        Event.objects.filter(seq__gt=seq, outcome=Event.Outcome.DONE)
        .order_by("seq")
        .values_list("seq", "organisation_id", "patient_id", "session")
    )
    return [Change(*row) for row in rows]


# What happens from now on is asked about, so a grant "from now on" reaches it: hence `at`.
def _session(name: str, pk: UUID, at: datetime) -> Topic | None:
    session = Session.objects.filter(pk=pk).first()
    if session is None:
        return None
    whose = (session.organisation_id, session.patient_id, session.course_id, session.id, session.room_id)
    return Topic(name, SEE_CLINICAL, Subject(Kind.CLINICAL, *whose, at))


def _course(name: str, pk: UUID, at: datetime) -> Topic | None:
    course = Course.objects.filter(pk=pk).first()
    if course is None:
        return None
    whose = (course.organisation_id, course.patient_id, course.id)
    return Topic(name, SEE_SCHEDULE, Subject(Kind.SCHEDULE, *whose, at=at))


def _room(name: str, pk: UUID, at: datetime) -> Topic | None:
    room = Room.objects.filter(pk=pk).first()
    if room is None:
        return None
    return Topic(name, SEE_CLINICAL, Subject(Kind.CLINICAL, room.organisation_id, room=room.id, at=at))


def _rooms(name: str, pk: UUID, at: datetime) -> Topic | None:
    if not Organisation.objects.filter(pk=pk).exists():
        return None
    return Topic(name, SEE_CLINICAL, Subject(Kind.CLINICAL, pk, at=at))


_TOPICS = {"session": _session, "course": _course, "room": _room, "rooms": _rooms}
