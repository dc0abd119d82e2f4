"""How a course goes on and how it ends: done, stopped, moved to another practice, or the patient has died.

Decided here: the table of states says what may follow (`medicine.course.states`); a prescriber or therapist
says that it does; a death may be recorded by whoever hears of it. An end calls off what the practice itself
had planned, stops asking, and closes what was owed but for alerts and the call after a dose. The other
practice is told as far as the patient's grant goes. After a death no message goes out, and the people who
knew them are told by name. An end entered in error is withdrawn, and the course is where it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.medicine.course import COURSE, allowed
from openkap.medicine.course.alerts import STAYS
from openkap.permits import Act, Actor, ActorKind, Kind, Role
from openkap.records.base import Authored
from openkap.records.facts.ended import DIED
from openkap.records.models import (
    Course,
    CourseEnd,
    Decision,
    Grant,
    Participation,
    Person,
    PersonalLink,
    Session,
    Task,
)
from openkap.records.standing import standing_of
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.small_things import end_small_things
from openkap.steps.tasks import close_task, make_task

ENDS = ("finish", "stop", "decline", "transfer", "record_death")
GOES_ON = ("end_doses", "begin_doses", "follow")
MAY_END = frozenset({Role.PRESCRIBER, Role.THERAPIST})
COMING = ("planned", "arrived", "ready")


@step
def move_course(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    verb: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> Course:
    """The doses are over, begin again, or follow-up begins: where the table says so."""
    must(by, Kind.SCHEDULE, Act.ADD, course, at=at)
    _refuse_others(by, at)
    course = _held(course)
    if verb not in GOES_ON:
        raise Refused(_("This is not how a course goes on. Choose one of the buttons."))
    after = allowed(COURSE, course.state, verb)
    if not after:
        raise Refused(str(after))
    if verb == "end_doses" and _planned(course).filter(phase=Session.Phase.DOSING).exists():
        raise Refused(_("A dose is still planned. Give it or cancel it, then say that the doses are over."))
    expect(course, version, words=_("course"))
    course.state = str(after)
    course.save(update_fields=["state", "version"])
    tell(by, f"course.{verb}", course, at=at)
    return course


@step
def end_course(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    verb: str,
    why: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> CourseEnd:
    """End the course by one of `ENDS`. `why` is said in words and stays with the record."""
    must(by, Kind.SCHEDULE, Act.ADD, course, at=at)
    if verb != "record_death":
        _refuse_others(by, at)
    course = _held(course)
    if verb not in ENDS:
        raise Refused(_("Choose how the course ends."), field="verb")
    after = allowed(COURSE, course.state, verb)
    if not after:
        raise Refused(str(after))
    if not why.strip():
        raise Refused(_("Say in a few words why. It stays with the record."), field="why")
    _refuse_live(course)
    expect(course, version, words=_("course"))
    end = CourseEnd.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        at=at,
        recorded_at=at,
        ended_as=str(after),
        came_from=course.state,
        why=why.strip()[:300],
    )
    course.state, course.ended_at, course.ended_why = str(after), at, why.strip()[:300]
    course.save(update_fields=["state", "ended_at", "ended_why", "version"])
    _settle(by, course, end, at)
    tell(by, f"course.{verb}", end, at=at)
    return end


@step
def take_back_end(
    *, by: Actor, at: datetime, course: Course, reason: str, submission: UUID | None = None
) -> Course:
    """It was entered in error: the course is where it was. What was called off stays off, and is said."""
    course = _held(course)
    end = CourseEnd.objects.current().filter(course=course).order_by("-at").first()
    if end is None or course.ended_at is None:
        raise Refused(_("No end stands here that could be taken back."))
    replace(by, at, end, reason, {}, withdrawn=True, verb="entered_in_error")
    other = Course.objects.filter(
        patient_id=course.patient_id,
        organisation_id=course.organisation_id,
        route=course.route,
        ended_at=None,
    )
    if other.exists():
        raise Refused(_("Another course by this route is open here since. End that one first."))
    course.state, course.ended_at, course.ended_why = end.came_from, None, ""
    course.version += 1
    course.save(update_fields=["state", "ended_at", "ended_why", "version"])
    _take_part_again(course, end, at)
    for task in _open_tasks(course).filter(Q(what__startswith="died_") | Q(what__startswith="ended_")):
        close_task(by, task, at=at, outcome=_("Entered in error: the course goes on."))
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what="end_taken_back",
        text=_("The end of this course was taken back. Plan again what was called off with it."),
        due_at=at,
        role=Role.PRESCRIBER,
        course=course,
    )
    return course


def _take_part_again(course: Course, end: CourseEnd, at: datetime) -> None:
    """Those who left with the end are in again, unless the patient has stopped sharing with them since."""
    shared = Grant.objects.filter(
        Grant.in_force(at), patient_id=course.patient_id, organisation_id=course.organisation_id
    )
    parts = Participation.objects.filter(course=course, until=end.at)
    parts.filter(organisation_id__in=shared.values("to_organisation_id")).update(until=None)


def _held(course: Course) -> Course:
    return (
        Course.objects.select_for_update(of=("self",))
        .select_related("organisation", "patient")
        .get(pk=course.pk)
    )


def _refuse_others(by: Actor, at: datetime) -> None:
    if by.kind is ActorKind.SYSTEM or standing_of(by, at).roles & MAY_END:
        return
    raise Refused(_("A prescriber or therapist of the practice that keeps this course decides that."))


def _refuse_live(course: Course) -> None:
    if Session.objects.filter(course=course, state__in=Session.LIVE).exists():
        raise Refused(
            _("A session is under way. End it, or hand over to emergency care; then end the course.")
        )


def _planned(course: Course) -> Any:
    return Session.objects.filter(course=course, state__in=COMING)


def _open_tasks(course: Course) -> Any:
    return Task.objects.filter(course=course, done_at=None)


def _settle(by: Actor, course: Course, end: CourseEnd, at: datetime) -> None:
    died = end.ended_as == DIED
    for session in _planned(course).filter(organisation_id=course.organisation_id).select_for_update():
        session.state = "cancelled"
        session.version += 1
        session.save(update_fields=["state", "version"])
        tell(by, "session.cancelled", session, at=at)
    links = PersonalLink.objects.filter(course=course, ended_at=None)
    if died:
        PersonalLink.objects.filter(patient_id=course.patient_id, ended_at=None).update(ended_at=at)
    else:
        # A form already sent can still be answered: it is kept, marked late, and still alerts.
        links.filter(purpose=PersonalLink.Purpose.MEASURE, expires_at__gt=at, made_at__lt=at).update(
            expires_at=at
        )
        links.exclude(purpose=PersonalLink.Purpose.MEASURE).update(ended_at=at)
    for task in _open_tasks(course).select_for_update():
        if died or not task.what.startswith(STAYS):
            close_task(by, task, at=at, outcome=_("The course ended."))
    end_small_things(by, course, at=at)
    _tell_others(by, course, end, at)
    Participation.objects.filter(course=course, until=None).exclude(
        organisation_id=course.organisation_id
    ).update(until=at)
    if died:
        _tell_who_knew_them(by, course, at)


def _tell_others(by: Actor, course: Course, end: CourseEnd, at: datetime) -> None:
    """Other practices of the course, where the patient lets them see its schedule."""
    parts = Participation.objects.filter(course=course, until=None).exclude(
        organisation_id=course.organisation_id
    )
    for part in parts.select_related("organisation", "person"):
        grants = Grant.objects.filter(
            Grant.in_force(at),
            patient_id=course.patient_id,
            organisation_id=course.organisation_id,
            to_organisation_id=part.organisation_id,
        )
        if not any("schedule" in grant.scopes for grant in grants):
            continue
        make_task(
            by,
            at=at,
            organisation=part.organisation,
            what=f"ended_{part.id.hex}"[:40],
            text=_told_outside(course, end),
            due_at=at + timedelta(days=1),
            role=Role.THERAPIST,
            course=course,
            owner=part.person,
        )


def _told_outside(course: Course, end: CourseEnd) -> str:
    name, place = course.patient.name, course.organisation.name
    if end.ended_as == DIED:
        return _("%(name)s has died. %(place)s wanted you to hear it from a person. Call them.") % {
            "name": name,
            "place": place,
        }
    return _(
        "The course of %(name)s at %(place)s is %(state)s. Sessions that you have planned are yours to "
        "keep or cancel."
    ) % {"name": name, "place": place, "state": COURSE.words[end.ended_as]}


def _tell_who_knew_them(by: Actor, course: Course, at: datetime) -> None:
    """Everyone of this practice who decided, led or wrote for them, once and by name; but not who says it."""
    decided = Decision.objects.filter(course=course, organisation_id=course.organisation_id)
    led = Session.objects.filter(course=course, organisation_id=course.organisation_id)
    ids = {
        *decided.values_list("by_person_id", flat=True),
        *led.values_list("lead_id", flat=True),
    } - {None, by.person}
    for person in Person.objects.filter(id__in=ids).order_by("id"):
        make_task(
            by,
            at=at,
            organisation=course.organisation,
            what=f"died_{person.id.hex}",
            text=_("%(name)s has died. No message goes to them any more. Take the time you need.")
            % {"name": course.patient.name},
            due_at=at + timedelta(days=1),
            role=Role.PRESCRIBER,
            course=course,
            owner=person,
        )
