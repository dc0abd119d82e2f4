"""What is owed around a dose between therapist and clinic: asked of whom, by when, and settled.

Decided here: a hand-over is owed until it is written, and then until it is read, each by somebody with a
time; when is a row of the library. One person who does both hands nothing to themselves. A practice that is
not shown dates is asked nothing (docs/adr/0028-ways-of-care.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from openkap.permits import Actor, Role
from openkap.records.facts.law import rules_at
from openkap.records.facts.ways import Therapist, gives, hand_over_before, plan_of, therapist_of
from openkap.records.models import Grant, Organisation, Session, Task, Window
from openkap.steps.tasks import close_task, make_task

BEFORE, AFTER = "hand_over_before", "hand_over_after"
READ_BEFORE, READ_AFTER = "read_hand_over", "read_hand_back"
NAME = "name_therapist"
TASKS = (BEFORE, AFTER, READ_BEFORE, READ_AFTER)
SOON = timedelta(hours=1)


def ask_before(by: Actor, session: Session, *, at: datetime) -> None:
    """A dose is planned: its hand-over is the therapist's task. Inside the step that plans or moves it."""
    plan = plan_of(session.course)
    if session.phase != Session.Phase.DOSING or plan is None:
        return
    who = therapist_of(session.course, at)
    if who is None and plan.has_therapy and _names_one(plan.needs):
        _ask_for_name(by, session, at)
    if BEFORE not in plan.needs or who is None or hand_over_before(session) is not None:
        return
    if who.person is not None and gives(who.person.id, session):
        return
    if not shown_dates(session, who, at):
        return
    hours = _hours(session, "W-HAND-OVER", at)
    make_task(
        by,
        at=at,
        organisation=who.place,
        what=BEFORE,
        text=_("Hand over before this dose: is %(name)s ready, what do they hope for, what worries you?")
        % {"name": session.patient.name},
        due_at=max(session.planned_from - hours, at + SOON),
        role=Role.THERAPIST,
        course=session.course,
        session=session,
        owner=who.person,
    )


def _hours(session: Session, rule: str, at: datetime) -> timedelta:
    """How long a hand-over takes at most, where the dose is given."""
    return timedelta(hours=float(rules_at(session.organisation_id, at).rule(rule)["due"]))


def ask_after(by: Actor, session: Session, *, at: datetime) -> None:
    """A dose has ended: what was seen is handed to the therapist. Inside the step that ends it."""
    plan = plan_of(session.course)
    if plan is None or AFTER not in plan.needs:
        return
    who = therapist_of(session.course, at)
    if who is None or (who.person is not None and gives(who.person.id, session)):
        return
    hours = _hours(session, "W-HANDED-BACK", at)
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=AFTER,
        text=_("Hand over to %(who)s what was seen at this dose.") % {"who": who.name},
        due_at=at + hours,
        role=Role.MONITOR,
        course=session.course,
        session=session,
        owner=session.lead,
    )


def moved(by: Actor, session: Session, *, at: datetime) -> None:
    """The dose is at another time: what is owed before it is due with it."""
    hours = _hours(session, "W-HAND-OVER", at)
    open_ones = Task.objects.filter(session=session, done_at=None)
    open_ones.filter(what=BEFORE).update(due_at=max(session.planned_from - hours, at + SOON))
    open_ones.filter(what=READ_BEFORE).update(due_at=session.planned_from)


def called_off(by: Actor, session: Session, *, at: datetime) -> None:
    """There is no dose any more, so nothing is handed over before it."""
    settle(by, session, (BEFORE, READ_BEFORE), at, _("The dose was called off."))


def asked_anew(by: Actor, course_sessions: list[Session], *, at: datetime) -> None:
    """Another therapist, or another way: what is owed before each dose ahead is asked of whom it is now."""
    for session in course_sessions:
        settle(by, session, (BEFORE,), at, _("Asked anew: the therapist or the way of care changed."))
        ask_before(by, session, at=at)


def shown_dates(session: Session, who: Therapist, at: datetime) -> bool:
    """Whether that practice may be told of this dose at all."""
    return who.place.id == session.organisation_id or "schedule" in scopes_of(session, who, at)


def scopes_of(session: Session, who: Therapist, at: datetime) -> frozenset[str]:
    """What the patient lets this therapist's practice see of the record that keeps the course."""
    grants = Grant.objects.filter(
        Grant.in_force(at),
        patient_id=session.patient_id,
        organisation_id=session.course.organisation_id,
        to_organisation_id=who.place.id,
    )
    person = who.person.id if who.person is not None else None
    return frozenset(
        scope for grant in grants if grant.to_person_id in (None, person) for scope in grant.scopes
    )


def _names_one(needs: tuple[str, ...]) -> bool:
    return bool({BEFORE, "therapist_checked_in"} & set(needs))


def _ask_for_name(by: Actor, session: Session, at: datetime) -> None:
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=NAME,
        text=_("Name the therapist of this course: this way of care needs one before its doses."),
        due_at=max(session.planned_from - timedelta(days=1), at + SOON),
        role=Role.PRESCRIBER,
        course=session.course,
    )


def ask_to_read(by: Actor, session: Session, at: datetime) -> None:
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=READ_BEFORE,
        text=_("Read what %(who)s handed over before this dose.") % {"who": by.name},
        due_at=session.planned_from,
        role=Role.MONITOR,
        course=session.course,
        session=session,
    )


def ask_therapist_to_read(by: Actor, session: Session, at: datetime) -> None:
    who = therapist_of(session.course, at)
    if who is None or (who.person is not None and who.person.id == by.person):
        return
    place: Organisation = who.place
    if place.id != session.organisation_id and "session_summaries" not in scopes_of(session, who, at):
        return
    window = Window.objects.filter(dose=session).first()
    make_task(
        by,
        at=at,
        organisation=place,
        what=READ_AFTER,
        text=_("Read what was seen at the dose of %(name)s.") % {"name": session.patient.name},
        due_at=max(window.target_at, at + SOON) if window is not None else at + timedelta(days=1),
        role=Role.THERAPIST,
        course=session.course,
        session=session,
        owner=who.person,
    )


def settle(by: Actor, session: Session, names: tuple[str, ...], at: datetime, outcome: str) -> None:
    for task in Task.objects.filter(session=session, what__in=names, done_at=None):
        close_task(by, task, at=at, outcome=outcome)
