"""A patient's first page: what is next, the window, what is asked of them, and who sees what.

Decided here: the next thing stands first, and only what is recorded is said. While a dose is under way
or its person is resting, the page is the resting screen: no forms, no dates, no news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.permits import Actor, Scope
from openkap.reads.ribbon import HELD, Ribbon, ribbon_of
from openkap.reads.window import WindowAt, current, windows_of
from openkap.records.facts.consent import consent_of
from openkap.records.models import (
    Course,
    Event,
    Grant,
    Organisation,
    Person,
    PersonalLink,
    Response,
    Session,
    Signature,
    Window,
)
from openkap.records.scoped import scoped

NOT_COMING = ("cancelled", "no_show", *HELD, "stopped")


@dataclass(frozen=True, slots=True)
class Next:
    """The next session: what, with whom, where."""

    phase: str
    at: datetime
    minutes: int
    lead: str
    practice: str
    room: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A form that was sent and not yet answered."""

    course: UUID
    instrument: str
    point: str


@dataclass(frozen=True, slots=True)
class Home:
    """What the page shows. `course` None: there is none yet."""

    name: str
    practice: Organisation | None
    course: Course | None
    ribbon: Ribbon | None
    doses_done: int
    doses: int
    next: Next | None
    window: WindowAt | None
    asks: tuple[Ask, ...]
    consent: str
    seers: tuple[str, ...]
    looked_at: datetime | None
    documents: int
    scores: int
    resting: Session | None


def person_of(by: Actor) -> Person:
    """The human being behind a patient's hat or a patient's link. Raises Person.DoesNotExist."""
    return Person.objects.get(id__in=[by.person])


def course_of(scope: Scope, patient: UUID) -> Course | None:
    """The course that matters to its patient: the open one, else the last. One query."""
    rows = list(
        scoped(Course.objects.filter(patient_id=patient), scope).select_related("organisation", "patient")
    )
    return max(rows, key=lambda course: (course.ended_at is None, course.opened_at), default=None)


def home_of(scope: Scope, person: Person, at: datetime) -> Home:
    """The first page of this patient. At most twelve queries, whatever the course holds."""
    course = course_of(scope, person.id)
    called = person.chosen_name or person.given_name
    if course is None:
        return _without_course(called, person)
    sessions = list(
        scoped(
            Session.objects.filter(course=course).select_related("lead", "room", "organisation"), scope
        ).order_by("planned_from")
    )
    windows = list(scoped(Window.objects.filter(course=course), scope).order_by("opens_at"))
    doses = [
        s for s in sessions if s.phase == Session.Phase.DOSING and s.state not in ("cancelled", "no_show")
    ]
    looked = (
        scoped(Event.objects.filter(patient=person, outcome=Event.Outcome.OPENED), scope)
        .exclude(by_person=person)
        .order_by("-seq")
        .first()
    )
    return Home(
        name=called,
        practice=course.organisation,
        course=course,
        ribbon=ribbon_of(course, sessions, windows, at, ZoneInfo(course.organisation.zone)),
        doses_done=sum(s.state in HELD for s in doses),
        doses=len(doses),
        next=_next(sessions, at),
        window=current(windows_of(scope, at, course=course.id)) if windows else None,
        asks=asks_of(scope, course, at),
        consent=consent_of(course, person.language).state if course.ended_at is None else "",
        seers=_seers(scope, person, at),
        looked_at=looked.at if looked else None,
        documents=scoped(Signature.objects.current().filter(patient=person), scope).count(),
        scores=scoped(Response.objects.current().filter(course=course), scope).count(),
        resting=next(
            (s for s in sessions if s.phase == Session.Phase.DOSING and s.state in Session.LIVE), None
        ),
    )


def asks_of(scope: Scope, course: Course, at: datetime) -> tuple[Ask, ...]:
    """Forms that were sent for this course, whose time is not over, and that nobody answered since."""
    sent = scoped(
        PersonalLink.objects.filter(
            course=course, purpose=PersonalLink.Purpose.MEASURE, expires_at__gt=at, made_at__lte=at
        ),
        scope,
    ).order_by("-made_at")
    answered = list(
        scoped(Response.objects.filter(course=course), scope).values_list(
            "instrument", "point", "recorded_at"
        )
    )
    open_ones = [
        Ask(course.id, link.about, link.point)
        for link in sent
        if not any(a[0] == link.about and a[1] == link.point and a[2] >= link.made_at for a in answered)
    ]
    return tuple(dict.fromkeys(open_ones))


def practice_of(person: Person) -> Organisation | None:
    """Where this person is a patient, the first place first, before there is a course. One query."""
    file = person.files.select_related("organisation").order_by("opened_at").first()
    return file.organisation if file else None


def _without_course(called: str, person: Person) -> Home:
    return Home(
        name=called,
        practice=practice_of(person),
        course=None,
        ribbon=None,
        doses_done=0,
        doses=0,
        next=None,
        window=None,
        asks=(),
        consent="",
        seers=(),
        looked_at=None,
        documents=0,
        scores=0,
        resting=None,
    )


def _next(sessions: list[Session], at: datetime) -> Next | None:
    coming = [s for s in sessions if s.planned_to > at and s.state not in NOT_COMING]
    if not coming:
        return None
    session = coming[0]
    return Next(
        phase=session.phase,
        at=session.planned_from,
        minutes=int((session.planned_to - session.planned_from).total_seconds() // 60),
        lead=(session.lead.chosen_name or session.lead.given_name) if session.lead else "",
        practice=session.organisation.name,
        room=session.room.name if session.room else "",
    )


def _seers(scope: Scope, person: Person, at: datetime) -> tuple[str, ...]:
    grants = scoped(Grant.objects.filter(Grant.in_force(at), patient=person), scope).select_related(
        "to_person", "to_organisation"
    )
    return tuple(dict.fromkeys(g.to_person.name if g.to_person else g.to_organisation.name for g in grants))
