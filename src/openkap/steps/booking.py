"""Booking a dose with its integration session, and moving, calling off or extending either.

Decided here: a dose is booked with an integration session held inside its window, by whoever treats. The
session belongs to the therapist's practice and waits for their yes (`steps.proposals`). Where nobody treats,
or the patient has not let that practice see dates, the dose is booked all the same, it is said, and a task
asks somebody to mend it (docs/adr/0020-booking.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.verdict import Level, Verdict
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.facts.booking import (
    DOSING,
    INTEGRATION,
    Treating,
    expected_of,
    fitting_time,
    minutes_for,
    treating,
)
from openkap.records.facts.clock import told_both
from openkap.records.facts.no_dose import why_no_dose
from openkap.records.facts.spacing import spacing_said
from openkap.records.models import Course, Person, Proposal, Room, Session
from openkap.steps.changes import write_task
from openkap.steps.clashes import (
    ends_at,
    refuse_clash,
    refuse_spacing,
    refuse_time,
    told,
)
from openkap.steps.consequences import tie
from openkap.steps.course import plan_session
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.moving import cancel_session, miss_session, move_session, overrun
from openkap.steps.proposals import Change, answer_proposal, propose
from openkap.steps.tasks import make_task

__all__ = [
    "Booked",
    "answer_proposal",
    "cancel_session",
    "miss_session",
    "move_session",
    "overrun",
    "plan_dose_with_window",
]

THERAPIST_TASK, SPACING_TASK = "find_therapist", "spacing"
DAY = timedelta(days=1)
What, Why = Proposal.What, Proposal.Why


@dataclass(frozen=True, slots=True)
class Booked:
    """A dose, the session held for it, and a sentence on what is still open (empty: nothing)."""

    dose: Session
    held: Session | None
    said: str = ""


@step
def plan_dose_with_window(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    planned_from: datetime,
    minutes: int,
    room: Room | None,
    lead: Person | None = None,
    therapist: Person | None = None,
    hold_from: datetime | None = None,
    hold_minutes: int | None = None,
    words: str = "",
    submission: UUID | None = None,
) -> Booked:
    """Book a dose and hold an integration session in the window it will leave.

    `hold_from` absent: the nearest fitting time. `therapist` is whoever treats in the house, where no other
    practice takes part. Raises Refused before the evaluation is decided, for a clash, for doses too close,
    and for a held time outside.
    """
    subject = Subject(Kind.SCHEDULE, course.organisation_id, course.patient_id, course.id, at=planned_from)
    must(by, Kind.SCHEDULE, Act.ADD, subject, at=at)
    if because := why_no_dose(course):
        raise Refused(because, hint="undecided")
    refuse_time(course, planned_from, at)
    ends = ends_at(planned_from, minutes)
    spacing = spacing_said(course, planned_from, at)
    refuse_spacing(spacing, words)
    refuse_clash(
        by,
        organisation=course.organisation,
        course=course,
        starts=planned_from,
        ends=ends,
        room=room,
        lead=lead.id if lead is not None else None,
    )
    dose = plan_session(
        by=by,
        at=at,
        course=course,
        organisation=course.organisation,
        phase=DOSING,
        planned_from=planned_from,
        minutes=minutes,
        room=room,
        lead=lead,
    )
    _tell_spacing(by, dose, spacing, words, at)
    whom = treating(course, at, therapist)
    if whom.organisation is None or not whom.shares:
        return Booked(dose, None, _nobody(by, dose, whom, at))
    return _hold(by, dose, whom, hold_from, hold_minutes, at)


def _tell_spacing(by: Actor, dose: Session, spacing: Verdict, words: str, at: datetime) -> None:
    """What speaks against the day, and why it was booked all the same, waits for whoever orders."""
    speaking = [f for f in spacing.speaking if f.weighs is not Level.CLEAR]
    if not speaking:
        return
    make_task(
        by,
        at=at,
        organisation=dose.organisation,
        what=SPACING_TASK,
        text=f"{told(speaking)[:200]} {by.name}: {words.strip()[:80]}",
        due_at=dose.planned_from,
        role=Role.PRESCRIBER,
        course=dose.course,
        session=dose,
    )


def _nobody(by: Actor, dose: Session, whom: Treating, at: datetime) -> str:
    """Say why nothing is held, and ask the desk to mend it before the dose."""
    if whom.organisation is None:
        said = _("Nobody holds integration for this course yet. Find a therapist before this dose.")
    else:
        who = whom.person.name if whom.person is not None else whom.organisation.name
        said = _(
            "%(name)s does not share dates with %(who)s. Nothing is held. Ask %(name)s to share their "
            "schedule, or find another therapist."
        ) % {"name": dose.patient.name, "who": who}
    make_task(
        by,
        at=at,
        organisation=dose.organisation,
        what=THERAPIST_TASK,
        text=said[:300],
        due_at=max(dose.planned_from - DAY, at + timedelta(hours=1)),
        role=Role.FRONT_DESK,
        course=dose.course,
        session=dose,
    )
    return said


def _hold(
    by: Actor,
    dose: Session,
    whom: Treating,
    hold_from: datetime | None,
    hold_minutes: int | None,
    at: datetime,
) -> Booked:
    assert whom.organisation is not None  # asked by the caller
    course, minutes = dose.course, hold_minutes or minutes_for(dose.course, INTEGRATION)
    starts = hold_from or fitting_time(course, dose.planned_from, dose.planned_to, whom, minutes, at)
    if starts is None:
        return Booked(dose, None, _no_room(by, dose, whom, at))
    _refuse_held(by, dose, whom, starts, minutes, at)
    held = Session.objects.create(
        course=course,
        patient_id=course.patient_id,
        organisation=whom.organisation,
        phase=INTEGRATION,
        ordinal=Session.objects.filter(course=course, phase=INTEGRATION).exclude(state="cancelled").count()
        + 1,
        planned_from=starts,
        planned_to=ends_at(starts, minutes),
        lead=whom.person,
    )
    tie(dose, held, at)
    tell(by, "session.held", held, at=at)
    if by.organisation == whom.organisation.id and whom.person is not None and whom.person.id == by.person:
        write_task(by, held, at)
        return Booked(dose, held)
    propose(by, held, Change(dose, Why.BOOKED, dose.planned_from), What.HOLD, at=at, starts=starts)
    return Booked(dose, held)


def _no_room(by: Actor, dose: Session, whom: Treating, at: datetime) -> str:
    assert whom.organisation is not None
    said = _("No free time was found in the window after this dose. Agree on one with %(who)s.") % {
        "who": whom.person.name if whom.person is not None else whom.organisation.name
    }
    make_task(
        by,
        at=at,
        organisation=whom.organisation,
        what="hold_integration",
        text=_("Hold an integration session in the window after this dose."),
        due_at=dose.planned_from,
        role=Role.THERAPIST,
        course=dose.course,
        session=dose,
        owner=whom.person,
    )
    return said


def _refuse_held(
    by: Actor, dose: Session, whom: Treating, starts: datetime, minutes: int, at: datetime
) -> None:
    """The held time lies inside the hours that hold however the dose ends, and clashes with nothing."""
    assert whom.organisation is not None
    refuse_time(dose.course, starts, at, field="hold_from")
    window = expected_of(dose.course, dose.planned_from, dose.planned_to)
    if window is not None and not window.holds(starts):
        raise Refused(
            _(
                "This is outside the window this dose leaves: from %(opens)s to %(closes)s. Choose a time "
                "inside, or leave it empty for the nearest one."
            )
            % {
                "opens": told_both(window.opens, dose.organisation, whom.organisation),
                "closes": told_both(window.closes, dose.organisation, whom.organisation),
            },
            field="hold_from",
            hint="window",
        )
    refuse_clash(
        by,
        organisation=whom.organisation,
        course=dose.course,
        starts=starts,
        ends=ends_at(starts, minutes),
        lead=whom.person.id if whom.person is not None else None,
        field="hold_from",
    )
