"""A window that will be missed is a task before it is missed.

Decided here: of a dose that is near, or given, somebody is named while there is still time to hold a session:
the therapist who takes part, else the front desk. A session nobody has said yes to is not yet held. What has
been mended closes its own task. The round may be done twice and may be missed once: it asks what is so now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from openkap.permits import Actor, Role
from openkap.records.facts.booking import AHEAD, CALLED_OFF, DOSING, held_for, open_about, treating, window_of
from openkap.records.facts.clock import told
from openkap.records.models import Participation, Proposal, Session, Task, Window
from openkap.steps.frame import step
from openkap.steps.proposals import settle
from openkap.steps.tasks import close_task, make_task

# A practice's custom, not medicine: two days are enough to find another time.
BEFORE_A_DOSE = timedelta(hours=48)
AHEAD_TASK, CLOSING_TASK = "window_ahead", "window_closing"
# What a session held in the window settles, whoever made it.
MENDED = (AHEAD_TASK, CLOSING_TASK, "hold_integration", "find_therapist")


@step
def warn_of_closing_windows(*, by: Actor, at: datetime) -> int:
    """Make the tasks that are missing, close those that are mended; gives how many windows were looked at."""
    close_left(by, at)
    given = Window.objects.filter(kept_by=None, target_at__lte=at, closes_at__gt=at)
    rows = [
        (window.dose, CLOSING_TASK, window.closes_at)
        for window in given.select_related(
            "dose__course__organisation", "dose__organisation", "dose__patient"
        )
    ]
    near = Session.objects.filter(
        phase=DOSING, state__in=AHEAD, planned_from__gt=at, planned_from__lte=at + BEFORE_A_DOSE
    ).select_related("course__organisation", "organisation", "patient")
    rows += [(dose, AHEAD_TASK, dose.planned_from) for dose in near if window_of(dose) is not None]
    for dose, what, due_at in rows:
        if not is_held(dose, at):
            _warn(by, dose, what, due_at, at)
    _close_mended(by, at)
    return len(rows)


def is_held(dose: Session, at: datetime) -> bool:
    """A session begins in this dose's window, and whoever holds it has not been asked and left it open."""
    held, window = held_for(dose, at), window_of(dose)
    if held is None or window is None or not window.holds(held.planned_from):
        return False
    waiting = open_about(held)
    return waiting is None or waiting.what == Proposal.What.KEEP


def _warn(by: Actor, dose: Session, what: str, due_at: datetime, at: datetime) -> None:
    """Name whoever treats; where nobody does, or dates are not shared, the desk of the dose's practice."""
    whom = treating(dose.course, at)
    outside = whom.organisation is not None and whom.shares
    place = whom.organisation if outside and whom.organisation is not None else dose.organisation
    window = window_of(dose)
    closes = told(window.closes, place, dose.organisation) if window is not None else ""
    make_task(
        by,
        at=at,
        organisation=place,
        what=what,
        text=(
            _("No session is held for dose %(n)s of %(name)s. Its window closes %(when)s.")
            % {"n": dose.ordinal, "name": dose.patient.name, "when": closes}
        ),
        due_at=due_at,
        role=Role.THERAPIST if outside else Role.FRONT_DESK,
        course=dose.course,
        session=dose,
        owner=whom.person if outside else None,
    )


def _close_mended(by: Actor, at: datetime) -> None:
    """A task whose dose now has its session, was moved off or called off, or was given, owes nothing."""
    open_ones: Iterable[Task] = Task.objects.filter(what__in=MENDED, done_at=None).select_related(
        "session__course", "session__organisation"
    )
    for task in open_ones:
        dose = task.session
        if dose is None:
            continue
        if dose.state in CALLED_OFF:
            close_task(by, task, at=at, outcome=_("The dose was called off."))
        elif is_held(dose, at):
            close_task(by, task, at=at, outcome=_("A session is held in the window."))
        elif task.what == AHEAD_TASK and not _still_ahead(dose, at):
            close_task(by, task, at=at, outcome=_("The dose is no longer ahead."))


def _still_ahead(dose: Session, at: datetime) -> bool:
    return dose.state in AHEAD and dose.planned_from <= at + BEFORE_A_DOSE


def close_left(by: Actor, at: datetime) -> None:
    """A practice that no longer takes part answers nothing: what it was asked is closed, and said so."""
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN).select_related("about__course", "course")
    parts = set(Participation.objects.filter(until=None).values_list("course_id", "organisation_id"))
    for proposal in waiting:
        if (proposal.course_id, proposal.to_organisation_id) not in parts:
            settle(by, proposal.about, Proposal.State.CLOSED, _("This practice no longer takes part."), at=at)
