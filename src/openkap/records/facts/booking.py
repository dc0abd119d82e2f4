"""What a calendar rests on: which session is held for which dose, in which window, by whom, what is taken.

Decided here: after a dose the window is the one on record; before it, the hours that are inside however the
dose ends within its visit (`medicine.planning`). A session is held for the dose it was tied to, else for the
one whose window it begins in. What two practices share is the course: of another practice's calendar only
that is looked at, so that a clash never tells of anything else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from openkap.medicine import window as windows
from openkap.medicine.planning import expected_window, fitting
from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Role
from openkap.records.models import (
    Course,
    CourseTherapist,
    Grant,
    Held,
    Membership,
    Organisation,
    Participation,
    Person,
    Proposal,
    Session,
    Window,
)

CALLED_OFF = ("cancelled", "no_show")
AHEAD = ("planned", "arrived", "ready")
OVER = ("done", "stopped")
INTEGRATION, DOSING = Session.Phase.INTEGRATION, Session.Phase.DOSING


@dataclass(frozen=True, slots=True)
class Treating:
    """Who holds integration. `organisation` None: nobody does. `shares`: that practice may be shown when."""

    organisation: Organisation | None = None
    person: Person | None = None
    outside: bool = False
    shares: bool = True


def window_of(dose: Session) -> windows.Window | None:
    """The window on record after a dose, else the one to expect; None where none can be reckoned."""
    return _window_beside(Window.objects.filter(dose=dose).first(), dose)


def _window_beside(kept: Window | None, dose: Session) -> windows.Window | None:
    if kept is not None:
        return windows.Window(kept.opens_at, kept.target_at, kept.closes_at)
    starts = dose.started_at or dose.planned_from
    # A dose that began late ends late: its visit is as long as planned, or as long as was said since.
    ends = max(dose.planned_to, starts + (dose.planned_to - dose.planned_from)) if dose.started_at else None
    return expected_of(dose.course, starts, ends or dose.planned_to)


def expected_of(course: Course, starts: datetime, ends: datetime) -> windows.Window | None:
    """The window that a dose planned from `starts` to `ends` will leave, by the course's own protocol.

    None too where that way of care has no integration.
    """
    try:
        plan = protocol(course.protocol)
        return expected_window(starts, ends, plan.window) if plan.integrates else None
    except (UnknownProtocol, ValueError):
        return None


def minutes_for(course: Course, phase: str) -> int:
    """How long a visit of this phase takes by the protocol, in minutes."""
    return protocol(course.protocol).minutes[phase]


def held_for(dose: Session, at: datetime) -> Session | None:
    """The integration session held for this dose and not called off, if any.

    One at a practice that is shown no dates at `at` is that practice's own, and held for nothing; one that
    kept the window did so, whatever is shared since.
    """
    rows = Session.objects.filter(course_id=dose.course_id, phase=INTEGRATION).exclude(state__in=CALLED_OFF)
    rows = rows.select_related("organisation", "lead", "course", "patient")
    kept = Window.objects.filter(dose=dose).first()
    rows = rows.filter(dates_told_of(at) | Q(pk=kept.kept_by_id if kept is not None else None))
    tied = rows.filter(held_for__dose=dose).order_by("-planned_from").first()
    if tied is not None:
        return tied
    window = _window_beside(kept, dose)
    return begins_in(rows.filter(held_for=None), window).first() if window is not None else None


def told_of(session: Session, at: datetime) -> bool:
    """Whether the practice that holds this session and the one that keeps its course are told its dates."""
    return shows_dates(session.course, session.organisation_id, session.lead_id, at)


def begins_in(rows: QuerySet[Session], window: windows.Window) -> QuerySet[Session]:
    """Those that begin inside; the window is half-open."""
    inside = rows.filter(planned_from__gte=window.opens, planned_from__lt=window.closes)
    return inside.order_by("planned_from", "id")


def dose_for(session: Session) -> Session | None:
    """The dose that an integration session is held for: the one it is tied to, else whose window holds it."""
    tied = Held.objects.filter(session=session).select_related("dose__course", "dose__organisation").first()
    if tied is not None:
        return tied.dose
    for dose in _doses(session.course_id):
        window = window_of(dose)
        if window is not None and window.holds(session.planned_from):
            return dose
    return None


def next_dose_after(session: Session, at: datetime) -> Session | None:
    """The next dose of this course that has not begun."""
    return (
        _doses(session.course_id).filter(state__in=AHEAD, planned_from__gt=at).exclude(pk=session.pk).first()
    )


def _doses(course: UUID) -> QuerySet[Session]:
    rows = Session.objects.filter(course_id=course, phase=DOSING).exclude(state__in=CALLED_OFF)
    return rows.select_related("course", "organisation", "patient").order_by("planned_from", "id")


def neighbors(course: Course, besides: UUID | None = None) -> list[datetime]:
    """When this patient's other doses here began or are to begin, for the spacing."""
    rows = Session.objects.filter(
        patient_id=course.patient_id, organisation_id=course.organisation_id, phase=DOSING
    ).exclude(state__in=CALLED_OFF)
    if besides is not None:
        rows = rows.exclude(pk=besides)
    return [began or planned for began, planned in rows.values_list("started_at", "planned_from")]


def treating(course: Course, at: datetime, chosen: Person | None = None) -> Treating:
    """Who holds integration for this course: whoever is named, else the practice that takes part, else
    somebody in the house."""
    named = (
        CourseTherapist.objects.current()
        .filter(course=course, at__lte=at)
        .select_related("place", "person")
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    if named is not None and named.place is not None:
        if named.place_id == course.organisation_id:
            return Treating(course.organisation, chosen or named.person)
        shares = shows_dates(course, named.place_id, named.person_id, at)
        return Treating(named.place, named.person, outside=True, shares=shares)
    part = (
        Participation.objects.filter(course=course, until=None)
        .exclude(part=Participation.Part.MEDICINE)
        .select_related("organisation", "person")
        .order_by("since")
        .first()
    )
    if part is None or part.organisation_id == course.organisation_id:
        person = chosen or (part.person if part is not None else None)
        inside = person is not None and _treats(person, course.organisation_id, at)
        return Treating(course.organisation, person) if inside else Treating()
    return Treating(part.organisation, part.person, outside=True, shares=_shares(course, part, at))


def therapists_of(organisation: Organisation, at: datetime) -> QuerySet[Person]:
    """Who may hold a session in this house."""
    held = Membership.objects.filter(
        Membership.in_force(at), organisation=organisation, role=Role.THERAPIST.value
    )
    return Person.objects.filter(id__in=held.values("person_id"))


def _treats(person: Person, organisation: UUID, at: datetime) -> bool:
    return Membership.objects.filter(
        Membership.in_force(at), person=person, organisation_id=organisation, role=Role.THERAPIST.value
    ).exists()


def _shares(course: Course, part: Participation, at: datetime) -> bool:
    return shows_dates(course, part.organisation_id, part.person_id, at)


def shows_dates(course: Course, practice: UUID, person: UUID | None, at: datetime) -> bool:
    """The patient lets this practice see dates: else nothing may be held with it, and none is told."""
    if practice == course.organisation_id:
        return True
    grants = Grant.objects.filter(
        Grant.in_force(at),
        patient_id=course.patient_id,
        organisation_id=course.organisation_id,
        to_organisation_id=practice,
    )
    if person is not None:
        grants = grants.filter(Q(to_person=None) | Q(to_person_id=person))
    return any("schedule" in grant.scopes for grant in grants)


def dates_told_of(at: datetime) -> Q:
    """The same question of every session at once, as a condition: its practice keeps the course, or is shown
    the dates of it."""
    # A place in the text, not LIKE: SQLite makes a plan anew at each asking where it is given a LIKE's words.
    shown = StrIndex(Cast("scopes", TextField()), Value('"schedule"'))
    grants = Grant.objects.annotate(shown=shown).filter(
        Grant.in_force(at),
        patient=OuterRef("patient"),
        organisation=OuterRef("course__organisation"),
        to_organisation=OuterRef("organisation"),
        shown__gt=0,
    )
    by_name = Q(to_person=None) | Q(to_person=OuterRef("lead"))
    return (
        Q(organisation=F("course__organisation"))
        | Q(Exists(grants.filter(by_name)))
        | (Q(lead=None) & Q(Exists(grants)))
    )


def open_about(session: Session) -> Proposal | None:
    """The proposal about this session that waits for an answer."""
    return Proposal.objects.filter(about=session, state=Proposal.State.OPEN).first()


@dataclass(frozen=True, slots=True)
class Clash:
    """`field` is what is taken: room, lead or planned_from (the patient)."""

    field: str
    other: Session


def clashes(
    *,
    organisation: UUID,
    course: Course,
    starts: datetime,
    ends: datetime,
    room: UUID | None = None,
    lead: UUID | None = None,
    besides: Collection[UUID] = (),
) -> list[Clash]:
    """What stands at the same time: in the room, with the lead, with the patient. Touching is no clash."""
    rows = (
        Session.objects.filter(planned_from__lt=ends, planned_to__gt=starts)
        .exclude(state__in=(*CALLED_OFF, *OVER))
        .select_related("organisation", "patient")
        .order_by("planned_from", "id")
    )
    if besides:
        rows = rows.exclude(pk__in=besides)
    whose = Q(course=course) | Q(organisation_id=organisation, patient_id=course.patient_id)
    wanted = [("planned_from", whose)]
    wanted += [("room", Q(room_id=room))] if room is not None else []
    wanted += [("lead", Q(lead_id=lead))] if lead is not None else []
    found = ((name, rows.filter(query).first()) for name, query in wanted)
    return [Clash(name, other) for name, other in found if other is not None]


def busy_with(
    course: Course, organisation: UUID, lead: UUID | None, window: windows.Window, besides: UUID | None = None
) -> list[windows.Period]:
    """When the lead or the patient is taken inside a window."""
    day = timedelta(days=1)
    rows = Session.objects.filter(
        Q(course=course)
        | Q(organisation_id=organisation, patient_id=course.patient_id)
        | (Q(lead_id=lead) if lead is not None else Q(pk__in=())),
        planned_from__lt=window.closes,
        planned_to__gt=window.opens - day,
    ).exclude(state__in=(*CALLED_OFF, *OVER))
    if besides is not None:
        rows = rows.exclude(pk=besides)
    return [windows.Period(starts, ends) for starts, ends in rows.values_list("planned_from", "planned_to")]


def fitting_time(
    course: Course, starts: datetime, ends: datetime, whom: Treating, minutes: int, at: datetime
) -> datetime | None:
    """For a dose that is planned from `starts` to `ends`."""
    return fitting_in(course, expected_of(course, starts, ends), whom, minutes, at)


def fitting_in(
    course: Course, window: windows.Window | None, whom: Treating, minutes: int, at: datetime
) -> datetime | None:
    """The free time in this window nearest to its target, on the clock of whoever holds the session."""
    if window is None or whom.organisation is None:
        return None
    lead = whom.person.id if whom.person is not None else None
    taken = busy_with(course, whom.organisation.id, lead, window)
    fit = fitting(window, minutes, ZoneInfo(whom.organisation.zone), busy=taken, after=at)
    return fit.starts if fit is not None else None
