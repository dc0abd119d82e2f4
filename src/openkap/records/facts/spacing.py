"""What medicine says of a day for a dose, from what the calendar knows.

Decided here: a plan is asked the same as an order will be, so that nobody finds out on the morning. What only
the day itself can tell (scores, symptoms) is left to the day.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openkap.medicine.course import SinceLastDose, next_dose
from openkap.medicine.planning import apart
from openkap.medicine.verdict import Level, Verdict
from openkap.records.facts.booking import neighbors
from openkap.records.facts.law import rules_at
from openkap.records.models import Course, Window


def spacing_said(
    course: Course, planned_from: datetime, at: datetime, besides: UUID | None = None
) -> Verdict:
    """What medicine says of a dose then: the time to its neighbors, and what the last one still owes."""
    rules = rules_at(course.organisation_id, at)
    asked = next_dose(since_last_dose(course, at), rules)
    owed = [f for f in asked.findings if f.rule.startswith("C-INTEGRATION") and f.level is not Level.UNKNOWN]
    return apart(planned_from, neighbors(course, besides), rules) + Verdict.of(owed)


def since_last_dose(course: Course, at: datetime) -> SinceLastDose:
    """What the calendar knows of the doses so far: whose windows closed, and which were kept."""
    windows = list(Window.objects.filter(course=course).order_by("closes_at"))
    last = windows[-1] if windows else None
    return SinceLastDose(
        doses_given=len(windows),
        window_closed=last is not None and last.closes_at <= at,
        integration_held=last.kept_by_id is not None if last is not None else None,
        integrations_missed=sum(w.closes_at <= at and w.kept_by_id is None for w in windows),
    )
