"""Booking a dose with its integration session, and moving, calling off or extending either.

Decided here: a dose is booked with an integration session held inside its window, by whoever treats. The
session belongs to the therapist's practice and waits for their yes (`steps.proposals`). Where nobody treats,
or the patient has not let that practice see dates, the dose is booked all the same, it is said, and a task
asks somebody to mend it (docs/adr/0020-booking.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openkap.medicine.protocols import protocol
from openkap.medicine.verdict import Level, Verdict
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.facts.booking import (
    DOSING,
    treating,
)
from openkap.records.facts.no_dose import why_no_dose
from openkap.records.facts.spacing import spacing_said
from openkap.records.models import Course, Person, Room, Session
from openkap.steps.clashes import (
    ends_at,
    refuse_clash,
    refuse_spacing,
    refuse_time,
    told,
)
from openkap.steps.course import plan_session
from openkap.steps.frame import Refused, must, step
from openkap.steps.holding import Booked, hold, hold_for_dose, nobody
from openkap.steps.moving import cancel_session, miss_session, move_session, overrun
from openkap.steps.proposals import answer_proposal
from openkap.steps.tasks import make_task

__all__ = [
    "Booked",
    "answer_proposal",
    "cancel_session",
    "hold_for_dose",
    "miss_session",
    "move_session",
    "overrun",
    "plan_dose_with_window",
]

SPACING_TASK = "spacing"


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
    if not protocol(course.protocol).integrates:
        return Booked(dose, None)
    whom = treating(course, at, therapist)
    if whom.organisation is None or not whom.shares:
        return Booked(dose, None, nobody(by, dose, whom, at))
    return hold(by, dose, whom, hold_from, hold_minutes, at)


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
