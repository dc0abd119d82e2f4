"""Which way of care a course goes: chosen freely in the evaluation, changed by a signed decision later.

Decided here: until somebody is a candidate the way is a choice among many and costs nothing. After that a
prescriber signs the change, with what it does shown first, and the step does exactly what was shown: another
route takes the course back to its evaluation, cancels what was ordered and asks for consent anew. Each is
a row that is added; the course itself carries the newest (docs/adr/0028-ways-of-care.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import COURSE, allowed
from openkap.medicine.protocols import Protocol, UnknownProtocol, protocol
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.facts.booking import shows_dates
from openkap.records.facts.way_change import WayChange, change_to
from openkap.records.facts.ways import Therapist, therapist_of
from openkap.records.models import (
    Course,
    CourseTherapist,
    Membership,
    Order,
    Organisation,
    Person,
    Session,
    Task,
    WayChosen,
)
from openkap.steps.changes import call_off
from openkap.steps.evaluation import columns, refuse_ended
from openkap.steps.frame import Refused, Stale, expect, must, step, tell
from openkap.steps.hand_over_tasks import BEFORE, NAME, READ_BEFORE, asked_anew
from openkap.steps.order import cancel_order
from openkap.steps.tasks import close_task, make_task

UNDECIDED = ("evaluation", "not_now")
TELLS, LOOK_AT_DOSES, EVALUATE = "way_changed", "way_doses", "way_evaluate"
AHEAD = ("planned", "arrived", "ready")
DAY = timedelta(days=1)


@step
def choose_way(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    protocol_id: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> WayChosen:
    """In the evaluation: this way and route, as long as nothing is decided and no dose was given."""
    must(by, Kind.CLINICAL, Act.ADD, _about(course, at), at=at)
    course = _held(course)
    refuse_ended(course)
    if not undecided(course):
        raise Refused(
            _("A decision was signed. Changing the way is now a decision of its own."), hint="change"
        )
    plan = _plan(course, protocol_id)
    expect(course, version, words=_("course"))
    row = _write(by, at, course, plan, decided=False)
    tell(by, "way.chosen", row, at=at)
    return row


@step
def change_way(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    protocol_id: str,
    words: str,
    seen: str | None = None,
    version: int | None = None,
    submission: UUID | None = None,
) -> WayChosen:
    """A prescriber changes the way mid-course. `seen` is `WayChange.seen` of the page; `words` say why.

    Raises Refused while a dose is under way and without words; Stale where it would now do something else.
    """
    must(by, Kind.CLINICAL, Act.SIGN, _about(course, at), at=at)
    course = _held(course)
    refuse_ended(course)
    if undecided(course):
        raise Refused(_("Nothing is decided yet. Choose the way on the evaluation's page."), hint="choose")
    if dose_under_way(course):
        raise Refused(_("A dose is under way. Change the way of care after it."))
    plan = _plan(course, protocol_id)
    follows = change_to(course, plan, at)
    if seen is not None and seen != follows.seen:
        raise Stale(_("Something changed since you opened this page. Look again at what follows, then sign."))
    if not words.strip():
        raise Refused(_("Say why the way of care changes. It stays in the chart."), field="words")
    expect(course, version, words=_("course"))
    who = therapist_of(course, at)
    _cancel(by, course, follows, words, at)
    row = _write(by, at, course, plan, decided=True, words=words.strip()[:1000], told=follows.as_kept())
    _go_on(by, course, follows, who, at)
    tell(by, "way.changed", row, at=at)
    return row


@step
def name_therapist(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    person: Person | None,
    place: Organisation | None = None,
    submission: UUID | None = None,
) -> CourseTherapist:
    """Who does the therapy of this course; None: nobody. `place` absent: where the course is kept.

    Somebody of another practice only while the patient lets that practice see dates.
    """
    must(by, Kind.SCHEDULE, Act.ADD, course, at=at)
    course = _held(course)
    refuse_ended(course)
    where = place or course.organisation
    if person is not None:
        _refuse_no_therapist(course, person, where, at)
    row = _named(by, at, course, person, where if person is not None else None)
    if person is not None:
        for task in Task.objects.filter(course=course, what=NAME, done_at=None):
            close_task(by, task, at=at, outcome=person.name)
    asked_anew(by, _doses_ahead(course), at=at)
    tell(by, "way.therapist_named", row, at=at)
    return row


def dose_under_way(course: Course) -> bool:
    """Whether a dose of this course is being given now: its way stays until after it."""
    return Session.objects.filter(course=course, state__in=Session.LIVE).exists()


def undecided(course: Course) -> bool:
    """Whether the way may still be chosen freely: in the evaluation, nothing ordered, nothing given."""
    if course.state not in UNDECIDED:
        return False
    given = Session.objects.filter(course=course, phase=Session.Phase.DOSING, started_at__isnull=False)
    return not (given.exists() or Order.objects.current().filter(session__course=course).exists())


def _named(
    by: Actor, at: datetime, course: Course, person: Person | None, place: Organisation | None
) -> CourseTherapist:
    whose = columns(by, at, course.organisation_id, course.patient_id, at)
    return CourseTherapist.objects.create(**whose, course=course, person=person, place=place)


def _about(course: Course, at: datetime) -> Subject:
    return Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)


def _held(course: Course) -> Course:
    rows = Course.objects.select_for_update(of=("self",)).select_related("organisation", "patient")
    return rows.get(pk=course.pk)


def _doses_ahead(course: Course) -> list[Session]:
    rows = Session.objects.filter(course=course, phase=Session.Phase.DOSING, state__in=AHEAD)
    return list(rows.select_related("course", "organisation", "patient", "lead").order_by("planned_from"))


def _plan(course: Course, protocol_id: str) -> Protocol:
    try:
        plan = protocol(protocol_id)
    except UnknownProtocol:
        raise Refused(_("Choose one of the ways shown."), field="protocol") from None
    if plan.id == course.protocol:
        raise Refused(_("This course goes by this way already."), field="protocol")
    other = Course.objects.filter(
        patient_id=course.patient_id,
        organisation_id=course.organisation_id,
        route=plan.route,
        ended_at=None,
    ).exclude(pk=course.pk)
    if other.exists():
        raise Refused(
            _("Another course by this route is open here. Go on with that one, or end it first."),
            field="protocol",
        )
    return plan


def _write(
    by: Actor,
    at: datetime,
    course: Course,
    plan: Protocol,
    *,
    decided: bool,
    words: str = "",
    told: dict[str, list[str]] | None = None,
) -> WayChosen:
    row = WayChosen.objects.create(
        **columns(by, at, course.organisation_id, course.patient_id, at),
        course=course,
        protocol=plan.id,
        protocol_version=plan.version,
        model=plan.model,
        route=plan.route,
        before=course.protocol,
        route_before=course.route,
        decided=decided,
        words=words,
        told=told or {},
    )
    course.protocol, course.protocol_version = plan.id, plan.version
    course.model, course.route = plan.model, plan.route
    course.save(update_fields=["protocol", "protocol_version", "model", "route", "version"])
    return row


def _cancel(by: Actor, course: Course, follows: WayChange, words: str, at: datetime) -> None:
    """Orders of the other route, own sessions that this way does not have, hand-overs nobody asks for now.

    And who did the therapy, where there is none any more.
    """
    if follows.lets_go is not None:
        _named(by, at, course, None, None)
    for order in follows.orders:
        cancel_order(by=by, at=at, order=order, reason=_("The way of care changed. %(why)s") % {"why": words})
    for session in follows.sessions:
        call_off(by, session, "cancel", words, at=at)
    if BEFORE not in follows.plan.needs:
        owed = Task.objects.filter(course=course, what__in=(BEFORE, READ_BEFORE, NAME), done_at=None)
        for task in owed:
            close_task(by, task, at=at, outcome=_("The way of care changed."))


def _go_on(by: Actor, course: Course, follows: WayChange, who: Therapist | None, at: datetime) -> None:
    """Another route is evaluated anew; what the new way asks is asked; who has to know is told."""
    if follows.route_changes:
        after = allowed(COURSE, course.state, "look_again")
        if after:
            course.state = str(after)
            course.save(update_fields=["state"])
        _ask(by, course, EVALUATE, _("Evaluate anew for the new route, and sign a decision."), at)
    if follows.doses:
        _ask(
            by,
            course,
            LOOK_AT_DOSES,
            _("The way of care changed: look at the length and the room of each dose planned."),
            at,
            role=Role.FRONT_DESK,
        )
    asked_anew(by, _doses_ahead(course), at=at)
    _tell_therapist(by, course, follows, who, at)


def _ask(
    by: Actor, course: Course, what: str, text: str, at: datetime, *, role: Role = Role.PRESCRIBER
) -> None:
    make_task(
        by, at=at, organisation=course.organisation, what=what, text=text, due_at=at + DAY, role=role,
        course=course,
    )  # fmt: skip


def _tell_therapist(
    by: Actor, course: Course, follows: WayChange, who: Therapist | None, at: datetime
) -> None:
    """Who did the therapy, where they may be told of dates at all, and unless they changed it themselves."""
    if who is None or (who.person is not None and who.person.id == by.person):
        return
    if not shows_dates(course, who.place.id, who.person.id if who.person is not None else None, at):
        return
    make_task(
        by,
        at=at,
        organisation=who.place,
        what=TELLS,
        text=_("The way of care of %(name)s is now: %(way)s. Look at what you have planned.")
        % {"name": course.patient.name, "way": _(follows.plan.name)},
        due_at=at + DAY,
        role=Role.THERAPIST,
        course=course,
        owner=who.person,
    )


def _refuse_no_therapist(course: Course, person: Person, where: Organisation, at: datetime) -> None:
    held = Membership.objects.filter(
        Membership.in_force(at), person=person, organisation=where, role=Role.THERAPIST.value
    )
    if not held.exists():
        raise Refused(
            _("%(name)s is not a therapist at %(place)s.") % {"name": person.name, "place": where.name},
            field="person",
        )
    if not shows_dates(course, where.id, person.id, at):
        raise Refused(
            _("%(patient)s does not share dates with %(name)s. Ask them to share first.")
            % {"patient": course.patient.name, "name": person.name},
            field="person",
        )
