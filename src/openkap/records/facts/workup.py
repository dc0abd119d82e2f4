"""The work-up of a course, from rows: when each score and result was last taken, and what came before.

Decided here: a result counts for the person, a form for its course; what was taken before the course that
ended last is of an earlier course, and looked into again.
"""

from __future__ import annotations

from datetime import datetime

from openkap.medicine.screening.workup import Item, Known, work_up
from openkap.records.facts.law import Law
from openkap.records.facts.screening import Facts, case_of
from openkap.records.models import Administration, Course


def work_up_of(course: Course, facts: Facts, at: datetime, law: Law) -> tuple[Item, ...]:
    """Every item that this person and route ask for, what is open first. Two queries."""
    mine = {"patient_id": course.patient_id, "organisation_id": course.organisation_id}
    others = Course.objects.filter(**mine, ended_at__lte=course.opened_at).exclude(pk=course.pk)
    before = others.order_by("-ended_at").values_list("ended_at", flat=True).first()
    done: dict[str, datetime | None] = {row.key: row.at for row in facts.results}
    for row in facts.scores.values():
        done[row.instrument] = max(row.at, done.get(row.instrument) or row.at)
    # Measurements and lists are looked up in the case itself: they have rules of their own.
    measured = ("sbp", "dbp", "hr", "spo2", "weight_kg", "height_cm")
    known = Known(
        done={key: moment for key, moment in done.items() if key not in measured},
        since=before,
        doses_before=Administration.objects.current().filter(**mine, at__lte=at).exists(),
    )
    return work_up(case_of(course, at, facts=facts), known, law.at(at))
