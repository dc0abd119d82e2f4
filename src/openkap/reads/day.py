"""The front desk's day: who is expected, who is here, what is missing.

Decided here: a desk sees that something is missing by its name, never why it is asked or what was answered:
everything comes through the reader's Scope, and what the Scope does not open is not told as missing. Only
sessions of the practice whose hat is worn, of every phase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Act, Kind, Need, Scope
from openkap.reads.rows import instrument_name
from openkap.records.facts.clock import hour
from openkap.records.facts.consent import document_for
from openkap.records.models import (
    Course,
    DocumentVersion,
    Escort,
    PatientFile,
    PersonalLink,
    Session,
    Signature,
)
from openkap.records.people import Person, name_key
from openkap.records.scoped import scoped

GONE = ("cancelled", "no_show")
OVER = ("done", "stopped")
EXPECTED = "planned"
PHASES = {
    "evaluation": gettext_noop("Evaluation"),
    "preparation": gettext_noop("Preparation %(n)s"),
    "dosing": gettext_noop("Dose %(n)s, %(route)s"),
    "integration": gettext_noop("Integration %(n)s"),
    "follow_up": gettext_noop("Follow-up %(n)s"),
}
STATES = {
    "planned": gettext_noop("Expected"),
    "arrived": gettext_noop("Here"),
    "ready": gettext_noop("Here, ready to start"),
    "under_way": gettext_noop("In the room"),
    "paused": gettext_noop("In the room"),
    "recovering": gettext_noop("In recovery"),
    "done": gettext_noop("Gone home"),
    "stopped": gettext_noop("Handed over"),
    "no_show": gettext_noop("Did not come"),
    "cancelled": gettext_noop("Called off"),
}


@dataclass(frozen=True, slots=True)
class Ride:
    """Who takes the patient home, how to reach them, and whether they said yes."""

    id: UUID
    name: str
    phone: str
    relation: str
    said_yes: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One line. `missing` is by name. `ride` None: nobody is named, or the reader may not know."""

    session: UUID
    version: int
    file: UUID | None
    time: str
    until: str
    name: str
    twin: bool
    born_on: date | None
    visit: str
    where: str
    state: str
    state_words: str
    missing: tuple[str, ...]
    ride: Ride | None
    late: bool
    may_arrive: bool
    may_take_back: bool

    @property
    def here(self) -> bool:
        return self.state not in (EXPECTED, *GONE, *OVER)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of this practice, by time. `now_after`: how many lines stand before the present moment."""

    on: date
    is_today: bool
    visits: tuple[Visit, ...]
    now_after: int | None

    @property
    def expected(self) -> int:
        return sum(v.state == EXPECTED for v in self.visits)

    @property
    def here(self) -> int:
        return sum(v.here for v in self.visits)

    @property
    def missing(self) -> int:
        return sum(bool(v.missing) and v.state not in (*GONE, *OVER) for v in self.visits)


def day_of(scope: Scope, practice: UUID, on: date, at: datetime, zone: ZoneInfo, *, asked: str = "") -> Day:
    """The day `on` in the practice's zone. Six queries at most, however many visits."""
    start = datetime(on.year, on.month, on.day, tzinfo=zone)
    after = on + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    rows = scoped(
        Session.objects.filter(
            organisation_id=practice, planned_from__gte=start, planned_from__lt=end
        ).select_related("patient", "room", "lead", "course"),
        scope,
    )
    sessions = list(rows.order_by("planned_from", "id"))
    today = on == at.astimezone(zone).date()
    more = _more(scope, practice, sessions)
    may = bool(scope.allowing(Need(Kind.SCHEDULE, Act.ADD)))
    visits = [_visit(session, more, at, zone, may and today) for session in sessions]
    before = sum(session.planned_from <= at for session in sessions)
    return Day(on, today, tuple(visits), before if today and visits else None)


@dataclass(frozen=True, slots=True)
class _More:
    """What is read for all lines at once."""

    files: dict[UUID, UUID]
    unsigned: frozenset[UUID]
    forms: dict[UUID, tuple[str, ...]]
    rides: dict[UUID, Ride] | None
    names: tuple[str, ...]


def _more(scope: Scope, practice: UUID, sessions: list[Session]) -> _More:
    ahead = [s for s in sessions if s.state not in (*GONE, *OVER)]
    doses = [s for s in ahead if s.phase == Session.Phase.DOSING]
    files = scoped(
        PatientFile.objects.filter(organisation_id=practice, patient_id__in=[s.patient_id for s in sessions]),
        scope,
    )
    return _More(
        files=dict(files.values_list("patient_id", "id")),
        unsigned=_unsigned(scope, doses),
        forms=_forms(scope, ahead),
        rides=_rides(scope, doses),
        names=tuple(name_key(p.name) for p in {s.patient_id: s.patient for s in sessions}.values()),
    )


def _unsigned(scope: Scope, doses: list[Session]) -> frozenset[UUID]:
    """Courses whose newest consent is not signed. A text that is not published cannot be missing here."""
    courses = {s.course_id: s.course for s in doses}
    if not courses or not scope.allowing(Need(Kind.CONSENT)):
        return frozenset()
    newest: dict[tuple[UUID, str], set[UUID]] = {}
    versions = DocumentVersion.objects.filter(organisation__in={c.organisation_id for c in courses.values()})
    seen: set[tuple[UUID, str, str]] = set()
    for row in versions.order_by("-version"):
        if (key := (row.organisation_id, row.document, row.language)) not in seen:
            seen.add(key)
            newest.setdefault(key[:2], set()).add(row.id)
    names: dict[UUID, set[str]] = defaultdict(set)
    for keeper, document in newest:
        names[keeper].add(document)
    signed = scoped(Signature.objects.current().filter(course__in=courses), scope)
    by_course: dict[UUID, set[UUID]] = {}
    for course, document in signed.values_list("course_id", "document_id"):
        by_course.setdefault(course, set()).add(document)
    return frozenset(
        id_
        for id_, course in courses.items()
        if (
            wanted := newest.get(
                (course.organisation_id, document_for(course, names[course.organisation_id]))
            )
        )
        and not wanted & by_course.get(id_, set())
    )


def _forms(scope: Scope, sessions: list[Session]) -> dict[UUID, tuple[str, ...]]:
    """Forms that were sent for these courses and not answered, by course."""
    waiting = scoped(
        PersonalLink.objects.filter(
            purpose=PersonalLink.Purpose.MEASURE,
            ended_at=None,
            course__in={s.course_id for s in sessions},
        ),
        scope,
    )
    found: dict[UUID, set[str]] = {}
    for course, about in waiting.values_list("course_id", "about") if sessions else ():
        found.setdefault(course, set()).add(instrument_name(about))
    return {course: tuple(sorted(names)) for course, names in found.items()}


def _rides(scope: Scope, doses: list[Session]) -> dict[UUID, Ride] | None:
    """Who takes each one home, by session; None where the reader may not know."""
    if not doses or not scope.allowing(Need(Kind.ESCORT)):
        return None
    rows = scoped(Escort.objects.current().filter(session__in=doses), scope).select_related("yes")
    return {
        row.session_id: Ride(row.id, row.name, row.phone, row.relation, hasattr(row, "yes"))
        for row in rows.order_by("at", "recorded_at")
    }


def ride_of(scope: Scope, session: Session) -> Ride | None:
    """Who takes the patient home from this session, as far as the reader may know. One query."""
    return (_rides(scope, [session]) or {}).get(session.id)


def _visit(session: Session, more: _More, at: datetime, zone: ZoneInfo, may: bool) -> Visit:
    person: Person = session.patient
    is_dose = session.phase == Session.Phase.DOSING and session.state not in (*GONE, *OVER)
    return Visit(
        session=session.id,
        version=session.version,
        file=more.files.get(session.patient_id),
        time=hour(session.planned_from, zone),
        until=hour(session.planned_to, zone),
        name=person.name,
        twin=more.names.count(name_key(person.name)) > 1,
        born_on=person.born_on,
        visit=_visit_words(session, session.course),
        where=", ".join(_where(session)),
        state=session.state,
        state_words=_(STATES[session.state]),
        missing=_missing(session, more),
        ride=more.rides.get(session.id) if is_dose and more.rides is not None else None,
        late=session.state == EXPECTED and session.planned_from < at,
        may_arrive=may and session.state in (EXPECTED, "no_show"),
        may_take_back=may and session.state == "arrived",
    )


def _missing(session: Session, more: _More) -> tuple[str, ...]:
    if session.state in (*GONE, *OVER):
        return ()
    found = []
    if session.phase == Session.Phase.DOSING and session.course_id in more.unsigned:
        found.append(_("Consent not signed"))
    found += [_("%(form)s not answered") % {"form": name} for name in more.forms.get(session.course_id, ())]
    if session.phase == Session.Phase.DOSING and more.rides is not None and session.id not in more.rides:
        found.append(_("No one named for the ride home"))
    return tuple(found)


def _visit_words(session: Session, course: Course) -> str:
    words = _(PHASES[session.phase])
    return words % {"n": session.ordinal, "route": _route(course.route)}


def _route(route: str) -> str:
    return route.upper() if len(route) == 2 else route.replace("_", " ")


def _where(session: Session) -> Iterable[str]:
    if session.room is not None:
        yield session.room.name
    if session.lead is not None:
        yield _("with %(name)s") % {"name": session.lead.name}
