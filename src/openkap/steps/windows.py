"""A window that will be missed is a task before it is missed.

Decided here: when a window is open, nothing is held in it and its target has come, the practice that
does the therapy gets a task, due at the close. By the protocol's own hours; a care goal, no more.
"""

from __future__ import annotations

from datetime import datetime

from openkap.permits import Actor, Role
from openkap.records.models import Participation, Session, Window
from openkap.steps.frame import step
from openkap.steps.tasks import make_task


@step
def warn_of_closing_windows(*, by: Actor, at: datetime) -> int:
    """Make the tasks that are missing; returns how many windows were looked at."""
    waiting = Window.objects.filter(kept_by=None, target_at__lte=at, closes_at__gt=at).select_related(
        "course", "dose"
    )
    for window in waiting:
        practice = _therapy_practice(window)
        if practice is None or _is_held(window):
            continue
        make_task(
            by,
            at=at,
            organisation=practice.organisation,
            what="window_closing",
            text="The window after the last dose closes soon and no session is held in it.",
            due_at=window.closes_at,
            role=Role.THERAPIST,
            course=window.course,
            session=window.dose,
            owner=practice.person,
        )
    return len(waiting)


def _therapy_practice(window: Window) -> Participation | None:
    return (
        Participation.objects.filter(course=window.course, until=None)
        .exclude(part=Participation.Part.MEDICINE)
        .select_related("organisation", "person")
        .first()
    )


def _is_held(window: Window) -> bool:
    return (
        Session.objects.filter(
            course=window.course,
            phase=Session.Phase.INTEGRATION,
            planned_from__gte=window.opens_at,
            planned_from__lt=window.closes_at,
        )
        .exclude(state__in=("cancelled", "no_show"))
        .exists()
    )
