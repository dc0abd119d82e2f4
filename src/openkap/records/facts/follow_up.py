"""The doses of a course as the schedule of questions reckons with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from openkap.medicine.course.follow_up import Doses
from openkap.medicine.protocols import Protocol
from openkap.records.models import Course, Session, Window

AFTER_DOSES = ("integration", "follow_up")
COMING = ("planned", "arrived", "ready")


def doses_of(course: Course, plan: Protocol, at: datetime) -> Doses:
    """When the doses ended, and when the next is planned to begin. Three queries.

    A window was reckoned from the end of its dose by the protocol's own hours: that is where it is read from.
    """
    opens = timedelta(hours=float(plan.window.open))
    windows = Window.objects.filter(course=course).order_by("opens_at").values_list("opens_at", flat=True)
    coming = (
        Session.objects.filter(
            course=course, phase=Session.Phase.DOSING, state__in=COMING, planned_from__gt=at
        )
        .order_by("planned_from")
        .values_list("planned_from", flat=True)
        .first()
    )
    ended = tuple(each - opens for each in windows if each - opens <= at)
    return Doses(ended, coming, course.state in AFTER_DOSES, _integrated(course, at) if ended else ())


def _integrated(course: Course, at: datetime) -> tuple[datetime, ...]:
    rows = Session.objects.filter(course=course, phase=Session.Phase.INTEGRATION, state="done")
    held = rows.filter(ended_at__lte=at).order_by("ended_at")
    return tuple(each for each in held.values_list("ended_at", flat=True) if each is not None)
