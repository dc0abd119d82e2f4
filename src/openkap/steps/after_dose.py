"""What a dose leaves behind: a window for integration, a task to hold it, and a call the next day.

Decided here: the window opens and closes by the protocol's own hours, from the end of the dose; a
care goal, not a proven limit. Who holds integration is the practice that takes the therapy part; a way of
care without therapy leaves no window. A way with hand-overs asks for one, the esketamine way for its form.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from openkap.medicine import window as windows
from openkap.medicine.course.next_day import call_due
from openkap.medicine.protocols import protocol
from openkap.permits import Actor, Role
from openkap.records.facts.booking import shows_dates
from openkap.records.facts.home import integration_in_window
from openkap.records.facts.law import rules_at
from openkap.records.models import Administration, Participation, Session, Window
from openkap.steps.consequences import refit
from openkap.steps.hand_over_tasks import ask_after
from openkap.steps.rems import ask_for_form
from openkap.steps.room import authored_in
from openkap.steps.tasks import make_task


def close_dose(
    by: Actor,
    session: Session,
    dose: Administration,
    *,
    mg: Decimal,
    reason: str,
    at: datetime,
    over_at: datetime | None = None,
) -> Administration:
    """The dose ends with `mg` given: its row gets its end, and everything that follows is set going.

    `over_at` is when the last part was given, where that was before it is written down: time counts from it.
    """
    over = max(over_at or at, dose.at)
    ended = Administration.objects.create(
        **{**authored_in(by, session, at), "at": dose.at},
        session=session,
        order=dose.order,
        mg=mg,
        given_by_id=dose.given_by_id,
        ended_at=over,
        corrects=dose,
        reason=reason.strip()[:500] or _("The dose ended"),
    )
    if protocol(session.course.protocol).integrates:
        window = open_window(session, ended_at=over)
        ask_for_integration(by, session, window, at=at)
    ask_after(by, session, at=at)
    ask_for_form(by, session, at=at)
    plan_call(by, session, ended_at=over, at=at)
    return ended


def open_window(session: Session, *, ended_at: datetime) -> Window:
    """The days in which integration is meant to happen, reckoned from the end of the dose."""
    hours = protocol(session.course.protocol).window
    reckoned = windows.Window.after(ended_at, *map(float, (hours.open, hours.target, hours.close)))
    return Window.objects.create(
        dose=session,
        course=session.course,
        patient_id=session.patient_id,
        organisation_id=session.organisation_id,
        opens_at=reckoned.opens,
        target_at=reckoned.target,
        closes_at=reckoned.closes,
    )


def ask_for_integration(by: Actor, session: Session, window: Window, *, at: datetime) -> None:
    """Ask whoever does the therapy to hold a session inside the window, unless one stands already.

    A session held for this dose that its true end has left outside is proposed anew instead.
    """
    if refit(by, session, at=at) is not None or integration_in_window(session, at) is not None:
        return
    practice = therapy_practice(session, at)
    make_task(
        by,
        at=at,
        organisation=practice.organisation if practice else session.organisation,
        what="hold_integration",
        text=_("Hold an integration session in the window after this dose."),
        due_at=window.target_at,
        role=Role.THERAPIST if practice else Role.FRONT_DESK,
        course=session.course,
        session=session,
        owner=practice.person if practice else None,
    )


def plan_call(by: Actor, session: Session, *, ended_at: datetime, at: datetime) -> None:
    """Someone of the clinic calls the next day, after a night's sleep."""
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what="next_day_call",
        text=_("Call the day after the dose: how was the night, and is anything worrying?"),
        due_at=call_due(ended_at, rules_at(session.organisation_id, at)),
        role=Role.MONITOR,
        course=session.course,
        session=session,
    )


def therapy_practice(session: Session, at: datetime) -> Participation | None:
    """Who takes the therapy part of this course and is shown its dates, if anyone beside the clinic is."""
    part = (
        Participation.objects.filter(course=session.course, until=None)
        .exclude(part=Participation.Part.MEDICINE)
        .select_related("organisation", "person")
        .first()
    )
    if part is None or not shows_dates(session.course, part.organisation_id, part.person_id, at):
        return None
    return part
