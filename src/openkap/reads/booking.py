"""The calendar of a practice, one session with what is bound to it, and what waits for an answer.

Decided here: a practice's calendar holds its own sessions. What is held for a dose belongs to that dose:
whoever sees the dose sees when it is, so that two practices never read two different things. A time says its
zone where the two clocks differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION
from openkap.permits import Role, Scope
from openkap.records.facts.booking import (
    CALLED_OFF,
    DOSING,
    INTEGRATION,
    dates_told_of,
    minutes_for,
    therapists_of,
    treating,
)
from openkap.records.facts.clock import hour, long_day, told, told_both
from openkap.records.facts.phases import what_of
from openkap.records.models import (
    Course,
    Held,
    Membership,
    Organisation,
    PatientFile,
    Person,
    Proposal,
    Room,
    Session,
    SessionChange,
)
from openkap.records.scoped import scoped

DAYS = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One session of the practice as a line of a day. `bound` says what is held for it, or for which dose."""

    id: UUID
    patient: UUID
    name: str
    file: UUID | None
    what: str
    phase: str
    when: str
    starts: datetime
    ends: datetime
    room: str
    lead: str
    state: str
    off: bool
    waits: bool
    bound: str


@dataclass(frozen=True, slots=True)
class Day:
    """One local day; `slots` by time, none on a free day."""

    on: date
    words: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days asked for, and how many proposals wait."""

    days: tuple[Day, ...]
    waiting: int

    @property
    def empty(self) -> bool:
        return not any(day.slots for day in self.days)


def calendar_of(
    scope: Scope,
    here: Organisation,
    first: date,
    at: datetime,
    *,
    days: int = DAYS,
    room: UUID | None = None,
    lead: UUID | None = None,
) -> Calendar:
    """The practice's own sessions from `first` on, called off ones too. Six queries, however many."""
    zone = ZoneInfo(here.zone)
    starts = datetime(first.year, first.month, first.day, tzinfo=zone)
    after = first + timedelta(days=days)
    ends = datetime(after.year, after.month, after.day, tzinfo=zone)
    rows = scoped(Session.objects.filter(organisation=here), scope).filter(
        planned_from__gte=starts, planned_from__lt=ends
    )
    if room is not None:
        rows = rows.filter(room_id=room)
    if lead is not None:
        rows = rows.filter(lead_id=lead)
    slots = slots_of(scope, here, rows, at)
    by_day: dict[date, list[Slot]] = {first + timedelta(days=n): [] for n in range(days)}
    for slot in slots:
        by_day[slot.starts.astimezone(zone).date()].append(slot)
    return Calendar(
        days=tuple(Day(on, long_day(on), tuple(found)) for on, found in by_day.items()),
        waiting=_waiting(scope, here),
    )


def slots_of(scope: Scope, here: Organisation, rows: QuerySet[Session], at: datetime) -> tuple[Slot, ...]:
    """These sessions as lines. Four queries beside their own."""
    sessions = list(rows.select_related("patient", "room", "lead").order_by("planned_from", "id"))
    bound = _bound(sessions, at)
    asked = {session.id for session in (*sessions, *bound.values())}
    open_ones = Proposal.objects.filter(state=Proposal.State.OPEN, about__in=asked)
    waiting = set(open_ones.values_list("about_id", flat=True))
    files = _files(scope, here, {session.patient_id for session in sessions})
    return tuple(_slot(session, here, files, bound, waiting) for session in sessions)


def _bound(sessions: Sequence[Session], at: datetime) -> dict[UUID, Session]:
    """From a dose to the session held for it, and from that session to its dose: where each is told."""
    ids = [session.id for session in sessions]
    told = Session.objects.filter(dates_told_of(at))
    ties = Held.objects.filter(Q(dose__in=ids) | Q(session__in=ids), session__in=told)
    found: dict[UUID, Session] = {}
    for tie in ties.select_related("dose__organisation", "session__organisation", "session__lead"):
        if tie.session.state not in CALLED_OFF:
            found[tie.dose_id] = tie.session
        found[tie.session_id] = tie.dose
    return found


def _slot(
    session: Session,
    here: Organisation,
    files: dict[UUID, UUID],
    bound: dict[UUID, Session],
    waiting: set[UUID],
) -> Slot:
    zone = ZoneInfo(here.zone)
    other = bound.get(session.id)
    return Slot(
        id=session.id,
        patient=session.patient_id,
        name=session.patient.name,
        file=files.get(session.patient_id),
        what=what_of(session),
        phase=session.phase,
        when=f"{hour(session.planned_from, zone)} – {hour(session.planned_to, zone)}",
        starts=session.planned_from,
        ends=session.planned_to,
        room=session.room.name if session.room is not None else "",
        lead=session.lead.name if session.lead is not None else "",
        state=state_words(session),
        off=session.state in CALLED_OFF,
        waits=session.id in waiting or (other is not None and other.id in waiting),
        bound=bound_words(other, here) if other is not None and session.state not in CALLED_OFF else "",
    )


def state_words(session: Session) -> str:
    return _(SESSION.words.get(session.state, session.state)) if session.state != "planned" else ""


def bound_words(other: Session, here: Organisation) -> str:
    """Integration 1 on Fri March 19, 11:00 am, with Mira Ellison."""
    words = {"what": what_of(other), "when": told(other.planned_from, here, other.organisation)}
    if other.phase == INTEGRATION and other.lead is not None:
        return _("%(what)s on %(when)s, with %(who)s") % {**words, "who": other.lead.name}
    return _("%(what)s on %(when)s") % words


def _files(scope: Scope, here: Organisation, patients: set[UUID]) -> dict[UUID, UUID]:
    rows = scoped(PatientFile.objects.filter(organisation=here, patient_id__in=patients), scope)
    return dict(rows.values_list("patient_id", "id"))


def file_here(scope: Scope, here: Organisation, patient: UUID) -> PatientFile | None:
    """This practice's own file of the patient, if there is one."""
    rows = scoped(PatientFile.objects.filter(organisation=here, patient_id=patient), scope)
    return rows.select_related("patient", "organisation").first()


def _waiting(scope: Scope, here: Organisation) -> int:
    return _own(scope, here).filter(state=Proposal.State.OPEN).count()


def _own(scope: Scope, here: Organisation) -> QuerySet[Proposal]:
    rows = scoped(Proposal.objects.all(), scope)
    return rows.filter(Q(to_organisation=here) | Q(from_organisation=here))


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a session, as both practices and the patient read it."""

    what: str
    was: str
    now: str
    words: str
    by: str
    when: str
    at: datetime


def changes_of(session: Session, here: Organisation) -> tuple[Change, ...]:
    """Newest first. One query."""
    rows = SessionChange.objects.filter(session=session).select_related("organisation").order_by("-at")
    return tuple(_change(row, here) for row in rows)


def _change(row: SessionChange, here: Organisation) -> Change:
    later = row.what == SessionChange.What.OVERRAN
    return Change(
        what=row.what,
        was=told_both(row.was_to if later else row.was_from, here, row.organisation),
        now=told_both(row.now_to if later else row.now_from, here, row.organisation),
        words=row.words,
        by=row.by_name,
        when=told(row.at, here, row.organisation),
        at=row.at,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One session in words, on the reader's clock and on its own practice's where they differ."""

    what: str
    when: str
    until: str
    place: str
    room: str
    lead: str
    state: str
    zone: str


def shown_of(session: Session, here: Organisation) -> Shown:
    """No queries beside the session's own."""
    return Shown(
        what=what_of(session),
        when=told_both(session.planned_from, here, session.organisation),
        until=hour(session.planned_to, ZoneInfo(here.zone)),
        place=session.organisation.name,
        room=session.room.name if session.room is not None else "",
        lead=session.lead.name if session.lead is not None else "",
        state=_(SESSION.words.get(session.state, session.state)),
        zone=here.zone,
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """Who and what can be chosen for a dose, and how long it takes by the protocol."""

    rooms: QuerySet[Room]
    leads: QuerySet[Person]
    therapists: QuerySet[Person]
    outside: bool
    minutes: int


def who_may_book(course: Course, here: Organisation, at: datetime) -> Choices:
    """For the form that books a dose of this course."""
    watching = Membership.objects.filter(
        Membership.in_force(at),
        organisation=here,
        role__in=(Role.MONITOR.value, Role.PRESCRIBER.value),
    )
    return Choices(
        rooms=rooms_of(here),
        leads=Person.objects.filter(id__in=watching.values("person_id")),
        therapists=therapists_of(here, at),
        outside=treating(course, at).outside,
        minutes=minutes_for(course, DOSING),
    )


def rooms_of(here: Organisation) -> QuerySet[Room]:
    return Room.objects.filter(organisation=here)


def narrowed_by(here: Organisation) -> tuple[QuerySet[Room], QuerySet[Person]]:
    """What a calendar can be narrowed to: its rooms, and whoever leads a session here."""
    leads = Session.objects.filter(organisation=here).exclude(lead=None).values("lead_id")
    return rooms_of(here), Person.objects.filter(id__in=leads)
