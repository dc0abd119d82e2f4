"""Who cares for a course in which way, who is in the room now, and what a way of care asks before a dose.

Decided here: which rows answer each word of a protocol's `needs` (`medicine/library/gate/ways.toml`). The
therapist is the one who was named; where nobody was, whoever takes the therapy part by the patient's own
consent. One person who is prescriber and therapist hands nothing over to themselves. Someone is in the room
from their last "in" to their next "out", and no longer than the session lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.protocols import Protocol, UnknownProtocol, protocol
from openkap.medicine.rules import library
from openkap.records.facts.booking import held_for
from openkap.records.facts.clock import day, hour, month_day
from openkap.records.facts.dose import order_now
from openkap.records.models import (
    CheckIn,
    Course,
    CourseTherapist,
    Enrolment,
    Grant,
    HandOverAfter,
    HandOverBefore,
    HandOverRead,
    MonitoringForm,
    Organisation,
    Participation,
    Person,
    Session,
    SessionNote,
    SessionSummary,
    SiteCertification,
    WayChosen,
)

Told = tuple[str, Mapping[str, Any]]
CALLED_OFF = ("cancelled", "no_show")


@dataclass(frozen=True, slots=True)
class Therapist:
    """Who does the therapy of a course. `person` None: that practice, without a name."""

    place: Organisation
    person: Person | None

    @property
    def name(self) -> str:
        return self.person.name if self.person is not None else self.place.name


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in one part. `until` is None while they are there."""

    person: UUID
    name: str
    part: str
    since: datetime
    until: datetime | None = None


def plan_of(course: Course) -> Protocol | None:
    """The protocol this course goes by; None for one that no library file has any more."""
    try:
        return protocol(course.protocol)
    except UnknownProtocol:
        return None


def therapist_of(course: Course, at: datetime) -> Therapist | None:
    """Who does the therapy. Two queries at most."""
    row = (
        CourseTherapist.objects.current()
        .filter(course=course, at__lte=at)
        .select_related("person", "place")
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    if row is not None:
        return Therapist(row.place, row.person) if row.place is not None else None
    part = (
        Participation.objects.filter(course=course, until=None)
        .exclude(part=Participation.Part.MEDICINE)
        .select_related("organisation", "person")
        .order_by("since")
        .first()
    )
    return Therapist(part.organisation, part.person) if part is not None else None


def presence(session: Session) -> tuple[Presence, ...]:
    """Everyone who checked in to this session, in the order they first came; the last stretch of each."""
    last: dict[tuple[UUID, str], Presence] = {}
    rows = CheckIn.objects.current().filter(session=session).select_related("person")
    for row in rows.order_by("at", "recorded_at", "id"):
        key = (row.person_id, row.part)
        before = last.get(key)
        if row.act == CheckIn.Act.CAME:
            last[key] = Presence(row.person_id, row.person.name, row.part, row.at)
        elif before is not None and before.until is None:
            last[key] = Presence(row.person_id, before.name, row.part, before.since, row.at)
    if session.ended_at is None:
        return tuple(last.values())
    return tuple(
        Presence(one.person, one.name, one.part, one.since, one.until or session.ended_at)
        for one in last.values()
    )


def here_today(session: Session, at: datetime) -> tuple[Presence, ...]:
    """The same, of the day of this dose only: who came on another day has not come today."""
    zone = ZoneInfo(session.organisation.zone)
    day = (session.started_at or at).astimezone(zone).date()
    return tuple(one for one in presence(session) if one.since.astimezone(zone).date() >= day)


def way_at(course: Course, at: datetime) -> Protocol | None:
    """By which protocol this course went at `at`."""
    rows = list(WayChosen.objects.current().filter(course=course).order_by("at", "recorded_at", "id"))
    past = [row for row in rows if row.at <= at]
    id_ = past[-1].protocol if past else rows[0].before if rows else course.protocol
    try:
        return protocol(id_)
    except UnknownProtocol:
        return None


def had_therapy(session: Session) -> bool:
    """Whether this session was of a way of care that has therapy; one that no file has any more had it."""
    way = way_at(session.course, session.started_at or session.planned_from)
    return way is None or way.has_therapy


def last_way(course: Course, *, of_route: bool = False) -> WayChosen | None:
    """The newest choice of this course's way; `of_route`: the newest that changed the route."""
    rows = WayChosen.objects.current().filter(course=course).order_by("-at", "-recorded_at", "-id")
    if not of_route:
        found: WayChosen | None = rows.first()
        return found
    return next((row for row in rows if row.route != row.route_before), None)


def dose_before(session: Session) -> Session | None:
    """The dose of this course that came before this one."""
    return (
        Session.objects.filter(
            course_id=session.course_id,
            phase=Session.Phase.DOSING,
            started_at__isnull=False,
            planned_from__lt=session.planned_from,
        )
        .exclude(pk=session.pk)
        .order_by("-started_at")
        .first()
    )


def gives(person: UUID, session: Session) -> bool:
    """Whether this person is of the medical part of this dose: leads it, ordered it, or has checked in."""
    if session.lead_id == person:
        return True
    order = order_now(session)
    if order is not None and order.by_person_id == person:
        return True
    return any(
        one.person == person and one.part in (CheckIn.Part.MEDICAL, CheckIn.Part.PRESCRIBER)
        for one in presence(session)
    )


def hand_over_before(session: Session) -> HandOverBefore | None:
    """What the practice that gives this dose was handed, the newest."""
    return (
        HandOverBefore.objects.current()
        .filter(session=session, organisation_id=session.organisation_id)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )


def hand_over_after(session: Session) -> HandOverAfter | None:
    return (
        HandOverAfter.objects.current().filter(session=session).order_by("-at", "-recorded_at", "-id").first()
    )


def certification_of(organisation: UUID, at: datetime) -> SiteCertification | None:
    """The last word on whether this setting is certified for esketamine."""
    return (
        SiteCertification.objects.filter(organisation_id=organisation, at__lte=at)
        .order_by("-at", "-id")
        .first()
    )


def enrolment_of(patient: UUID, organisation: UUID, at: datetime) -> Enrolment | None:
    return (
        Enrolment.objects.current()
        .filter(patient_id=patient, organisation_id=organisation, at__lte=at)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Rems:
    """What the esketamine REMS asks, as far as it is on record. None: nobody has said."""

    hcs_certified: bool | None
    patient_enrolled: bool | None
    prescriber_on_site: bool | None


def rems_of(session: Session, at: datetime) -> Rems:
    """For an order of esketamine. Three queries."""
    site = certification_of(session.organisation_id, at)
    enrolled = enrolment_of(session.patient_id, session.organisation_id, at)
    here = [one for one in here_today(session, at) if one.part == CheckIn.Part.PRESCRIBER]
    return Rems(
        hcs_certified=None if site is None else site.act == SiteCertification.Act.CERTIFIED,
        patient_enrolled=None if enrolled is None else not enrolled.ended,
        prescriber_on_site=None if not here else any(one.until is None for one in here),
    )


@dataclass(slots=True)
class Asked:
    """One dose whose way is looked up: what several needs look at is loaded once."""

    session: Session
    at: datetime
    zone: ZoneInfo
    _seen: dict[str, Any]

    def once(self, name: str, load: Callable[[], Any]) -> Any:
        if name not in self._seen:
            self._seen[name] = load()
        return self._seen[name]

    @property
    def therapist(self) -> Therapist | None:
        found: Therapist | None = self.once("therapist", lambda: therapist_of(self.session.course, self.at))
        return found

    @property
    def here(self) -> tuple[Presence, ...]:
        found: tuple[Presence, ...] = self.once("here", lambda: here_today(self.session, self.at))
        return found

    @property
    def before(self) -> Session | None:
        found: Session | None = self.once("before", lambda: dose_before(self.session))
        return found

    def when(self, at: datetime) -> str:
        return hour(at, self.zone)

    def day(self, at: datetime) -> str:
        return month_day(at.astimezone(self.zone).date())


def way_of(session: Session, needs: tuple[str, ...], at: datetime, zone: ZoneInfo) -> dict[str, Told]:
    """The state of each word of `needs` that has a reader here, with what its sentence names."""
    asked = Asked(session, at, zone, {})
    return {need: NEEDS[need](asked) for need in needs if need in NEEDS}


def _there(asked: Asked, part: str) -> Told:
    """in, out or none, of one part."""
    here = [one for one in asked.here if one.part == part]
    now = next((one for one in here if one.until is None), None)
    if now is not None:
        return "in", {"name": now.name, "when": asked.when(now.since)}
    if here:
        return "out", {"name": here[-1].name, "when": asked.when(here[-1].until or asked.at)}
    return "none", {"name": ""}


def _therapist_there(asked: Asked) -> Told:
    state, told = _there(asked, CheckIn.Part.THERAPIST)
    if state != "none":
        return state, told
    named = asked.therapist
    return ("none", {"name": named.name}) if named is not None else ("unnamed", {})


def _handed_over(asked: Asked) -> Told:
    who = asked.therapist
    if who is not None and who.person is not None and gives(who.person.id, asked.session):
        return "same", {"name": who.name}
    row = hand_over_before(asked.session)
    if row is None:
        return ("none", {"name": who.name}) if who is not None else ("unnamed", {})
    read = HandOverRead.objects.filter(before=row).first()
    told = {"name": row.by_name, "reader": read.by_name if read is not None else ""}
    if row.readiness != HandOverBefore.Readiness.READY:
        return str(row.readiness), told
    return ("received" if read is not None else "written"), told


def _handed_back(asked: Asked) -> Told:
    last = asked.before
    if last is None:
        return "first", {}
    who = asked.therapist
    if who is not None and who.person is not None and gives(who.person.id, last):
        return "same", {"name": who.name}
    row = hand_over_after(last)
    if row is None:
        return "none", {}
    read = HandOverRead.objects.filter(after=row).first()
    return ("received", {"reader": read.by_name}) if read is not None else ("written", {})


def _released(asked: Asked) -> Told:
    course, who = asked.session.course, asked.therapist
    if who is not None and who.place.id == course.organisation_id:
        return "here", {"who": who.name}
    grant = (
        Grant.objects.filter(
            Grant.in_force(asked.at), patient_id=course.patient_id, organisation_id=course.organisation_id
        )
        .select_related("to_person", "to_organisation")
        .order_by("made_at")
        .first()
    )
    if grant is None:
        return "none", {}
    return "shared", {"who": grant.to_person.name if grant.to_person else grant.to_organisation.name}


def _booked(asked: Asked) -> Told:
    held = held_for(asked.session, asked.at)
    if held is None:
        return "none", {}
    return "booked", {"when": f"{asked.day(held.planned_from)}, {asked.when(held.planned_from)}"}


def _summaries(asked: Asked) -> Told:
    last = asked.before
    if last is None:
        return "first", {}
    clinic = SessionSummary.objects.current().filter(session=last).exists()
    therapist = (
        SessionNote.objects.current()
        .filter(session__course_id=asked.session.course_id, at__gte=last.started_at)
        .exists()
    )
    if clinic and therapist:
        return "both", {}
    return ("therapist" if clinic else "clinic" if therapist else "neither"), {}


def _certified(asked: Asked) -> Told:
    row = certification_of(asked.session.organisation_id, asked.at)
    if row is None:
        return "none", {}
    told = {"on": day(row.checked_on), "name": row.by_name}
    return ("certified" if row.act == SiteCertification.Act.CERTIFIED else "ended"), told


def _enrolled(asked: Asked) -> Told:
    row = enrolment_of(asked.session.patient_id, asked.session.organisation_id, asked.at)
    if row is None:
        return "none", {}
    told = {
        "since": day(row.enrolled_on),
        "on": day(row.checked_on),
        "name": row.by_name,
    }
    return ("ended" if row.ended else "enrolled"), told


def form_due(session: Session) -> datetime | None:
    """By when the monitoring form of this visit is sent; None before it was given."""
    if session.started_at is None:
        return None
    return session.started_at + timedelta(days=int(library().rule("W-FORM")["days"]))


def form_sent(session: Session) -> MonitoringForm | None:
    found: MonitoringForm | None = (
        MonitoringForm.objects.current().filter(session=session).order_by("-recorded_at").first()
    )
    return found


def _form(asked: Asked) -> Told:
    last = asked.before
    due = form_due(last) if last is not None else None
    if last is None or due is None or last.started_at is None:
        return "first", {}
    sent = form_sent(last)
    if sent is not None:
        return "sent", {"on": month_day(sent.sent_on), "name": sent.by_name}
    return ("late" if asked.at >= due else "due"), {"visit": asked.day(last.started_at), "by": asked.day(due)}


NEEDS: dict[str, Callable[[Asked], Told]] = {
    "therapist_checked_in": _therapist_there,
    "medical_checked_in": lambda asked: _there(asked, CheckIn.Part.MEDICAL),
    "hand_over_before": _handed_over,
    "hand_over_after": _handed_back,
    "release_of_information": _released,
    "integration_booked_before_dose": _booked,
    "summary_both_ways": _summaries,
    "hcs_certified": _certified,
    "patient_enrolled": _enrolled,
    "prescriber_on_site": lambda asked: _there(asked, CheckIn.Part.PRESCRIBER),
    "monitoring_form_within_7_days": _form,
}
