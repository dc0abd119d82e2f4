"""An answer that a person must look at: whose it is, and by when.

Decided here: the prescriber who decided on this course owns it, else one who is there; the clock runs
from the answer's own second. L3 is now, L2 the same day in the practice's zone, L1 before the next
dose (the levels of `medicine.instruments`). A second alert of the same kind joins the open task.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.instruments import Alert
from openkap.permits import Actor, Role
from openkap.records.models import Course, Decision, Membership, Person, Session, Task
from openkap.steps.tasks import make_task

ANSWERING = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


def open_alert(by: Actor, course: Course, alert: Alert, *, at: datetime) -> Task:
    """The task for this alert, made or already open. Its text says what to do, not what was answered."""
    return make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=f"alert_{alert.rule}"[:40],
        text=_("A form of %(name)s needs a look. %(action)s")
        % {"name": course.patient.name, "action": alert.action},
        due_at=due_by(course, alert.level, at),
        role=Role.PRESCRIBER,
        course=course,
        owner=owner_of(course, at),
    )


def owner_of(course: Course, at: datetime) -> Person | None:
    """Who answers for this course now; None where the practice has nobody who could."""
    here = Membership.objects.filter(
        Membership.in_force(at),
        organisation_id=course.organisation_id,
        role__in=[role.value for role in ANSWERING],
    ).select_related("person")
    there = {membership.person_id: membership for membership in here}
    decided = Decision.objects.current().filter(course=course).order_by("-at").first()
    if decided is not None and decided.by_person_id in there:
        return there[decided.by_person_id].person
    ranked = sorted(there.values(), key=lambda m: (m.role != Role.PRESCRIBER, m.since, m.id))
    return ranked[0].person if ranked else None


def due_by(course: Course, level: str, at: datetime) -> datetime:
    """L3 now; L2 by the end of the day where the practice is; L1 by the next dose, or that same day."""
    if level == "L3":
        return at
    zone = ZoneInfo(course.organisation.zone)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    tonight = datetime.combine(tomorrow, time(), tzinfo=zone)
    if level == "L2":
        return tonight
    dose = (
        Session.objects.filter(
            course=course, phase=Session.Phase.DOSING, state="planned", planned_from__gt=at
        )
        .order_by("planned_from")
        .first()
    )
    return dose.planned_from if dose is not None else tonight
