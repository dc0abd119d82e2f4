"""The doses of a course as the schedule of questions reckons with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from openkap.medicine.course.follow_up import Doses
from openkap.medicine.protocols import Protocol
from openkap.records.compiled import Compiled
from openkap.records.models import Course, Session, Window
from openkap.records.together import answers

# Why a short form is asked no more: a longer one with the same questions was answered (`Ask.held_for`).
LONGER = "longer_form"
AFTER_DOSES = ("integration", "follow_up")
COMING = ("planned", "arrived", "ready")
OPENED: Compiled[tuple[datetime]] = Compiled(
    Window,
    lambda course: Window.objects.filter(course_id=course).order_by("opens_at").values_list("opens_at"),
)
NEXT_DOSE: Compiled[tuple[datetime]] = Compiled(
    Session,
    lambda course, at: (
        Session.objects.filter(
            course_id=course, phase=Session.Phase.DOSING, state__in=COMING, planned_from__gt=at
        )
        .order_by("planned_from")
        .values_list("planned_from")[:1]
    ),
)
INTEGRATED: Compiled[tuple[datetime]] = Compiled(
    Session,
    lambda course, at: (
        Session.objects.filter(
            course_id=course, phase=Session.Phase.INTEGRATION, state="done", ended_at__lte=at
        )
        .order_by("ended_at")
        .values_list("ended_at")
    ),
)


def doses_of(course: Course, plan: Protocol, at: datetime) -> Doses:
    """When the doses ended, and when the next is planned to begin. One query.

    A window was reckoned from the end of its dose by the protocol's own hours: that is where it is read from.
    """
    opens = timedelta(hours=float(plan.window.open))
    windows, coming, integrated = answers(
        OPENED.question(course=course.id),
        NEXT_DOSE.question(course=course.id, at=at),
        INTEGRATED.question(course=course.id, at=at),
    )
    ended = tuple(each - opens for (each,) in windows if each - opens <= at)
    upcoming = next((each for (each,) in coming), None)
    held = tuple(each for (each,) in integrated) if ended else ()
    return Doses(ended, upcoming, course.state in AFTER_DOSES, held)
