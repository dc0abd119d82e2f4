"""Holding an integration session for a dose, with whoever treats: when it is booked, and at any time after.

Decided here: the session belongs to the therapist's practice and waits for their yes. Whoever sees that a
dose has none asks for one in one press: the nearest time that fits is held and asked about. Where nobody
treats, or no dates are shared, a task asks somebody to mend it (docs/adr/0020-booking.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.booking import (
    CALLED_OFF,
    DOSING,
    INTEGRATION,
    Treating,
    fitting_in,
    held_for,
    minutes_for,
    treating,
    window_of,
)
from openkap.records.facts.clock import told_both
from openkap.records.models import Person, Proposal, Session, Task
from openkap.steps.changes import write_task
from openkap.steps.clashes import ends_at, refuse_clash, refuse_time
from openkap.steps.consequences import tie
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.notes import session_subject
from openkap.steps.proposals import Change, propose
from openkap.steps.tasks import close_task, make_task

THERAPIST_TASK, HOLD_TASK = "find_therapist", "hold_integration"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Booked:
    """A dose, the session held for it, and a sentence on what is still open (empty: nothing)."""

    dose: Session
    held: Session | None
    said: str = ""


@step
def hold_for_dose(
    *,
    by: Actor,
    at: datetime,
    dose: Session,
    therapist: Person | None = None,
    hold_from: datetime | None = None,
    submission: UUID | None = None,
) -> Booked:
    """Ask for a session in the window of a dose that has none, also once the dose was given.

    `hold_from` absent: the nearest time that fits. Raises Refused where one is held, or it is too late.
    """
    must(by, Kind.SCHEDULE, Act.ADD, session_subject(Kind.SCHEDULE, dose), at=at)
    rows = Session.objects.select_for_update(of=("self",)).select_related(
        "course__organisation", "course__patient", "organisation", "patient"
    )
    dose = rows.get(pk=dose.pk)
    _refuse_needless(dose, at)
    whom = treating(dose.course, at, therapist)
    if whom.organisation is None or not whom.shares:
        return Booked(dose, None, nobody(by, dose, whom, at))
    booked = hold(by, dose, whom, hold_from, None, at)
    if booked.held is not None:
        for task in Task.objects.filter(session=dose, what=HOLD_TASK, done_at=None):
            close_task(by, task, at=at, outcome=_("A time is held and asked about."))
    return booked


def _refuse_needless(dose: Session, at: datetime) -> None:
    if dose.phase != DOSING or dose.state in CALLED_OFF:
        raise Refused(_("No session is held for this one: it is no dose, or it was called off."))
    if dose.course.ended_at is not None:
        raise Refused(_("This course has ended. Nothing is booked in it."))
    held = held_for(dose, at)
    if held is not None:
        who = held.lead.name if held.lead is not None else held.organisation.name
        raise Refused(_("A session is already held for this dose, with %(who)s.") % {"who": who})
    window = window_of(dose)
    if window is not None and window.closes <= at:
        raise Refused(_("The window after this dose has closed. Plan a session with the therapist."))


def hold(
    by: Actor,
    dose: Session,
    whom: Treating,
    hold_from: datetime | None,
    minutes: int | None,
    at: datetime,
) -> Booked:
    """Hold it and ask for the yes, inside the step whose permit stands for it."""
    assert whom.organisation is not None  # asked by the caller
    course, minutes = dose.course, minutes or minutes_for(dose.course, INTEGRATION)
    starts = hold_from or fitting_in(course, window_of(dose), whom, minutes, at)
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
    change = Change(dose, Proposal.Why.BOOKED, dose.planned_from)
    propose(by, held, change, Proposal.What.HOLD, at=at, starts=starts)
    return Booked(dose, held)


def nobody(by: Actor, dose: Session, whom: Treating, at: datetime) -> str:
    """Say why nothing is held, and ask the desk to mend it while there is time."""
    if whom.organisation is None:
        said = _("Nobody holds integration for this course yet. Find a therapist for this dose.")
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


def _no_room(by: Actor, dose: Session, whom: Treating, at: datetime) -> str:
    assert whom.organisation is not None
    said = _("No free time was found in the window after this dose. Agree on one with %(who)s.") % {
        "who": whom.person.name if whom.person is not None else whom.organisation.name
    }
    make_task(
        by,
        at=at,
        organisation=whom.organisation,
        what=HOLD_TASK,
        text=_("Hold an integration session in the window after this dose."),
        due_at=max(dose.planned_from, at + timedelta(hours=1)),
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
    window = window_of(dose)
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
