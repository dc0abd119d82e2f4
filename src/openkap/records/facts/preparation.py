"""What was prepared for a course's doses, and which touch the patient allows there.

Decided here: the room and the gate go by what the practice that gives the doses keeps, the copy that was
handed to it included; the newest counts. Where nothing was agreed, no touch is agreed (dossier 6.1, item 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openkap.medicine.course.touch import Touch
from openkap.records.models import Course, PreparationPlan, TouchAgreement


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreement in force. `told_to` is empty where the patient wrote it themselves."""

    level: Touch
    words: str
    stop_word: str
    holds_for: str
    at: datetime
    told_to: str
    row: TouchAgreement

    def is_of_day(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it was agreed, or said again, on the day of `at`: it is asked again on each dosing day."""
        return self.at.astimezone(zone).date() == at.astimezone(zone).date()


def touch_of(course: Course, at: datetime) -> Agreed | None:
    """The touch agreement in force for this course's doses; None where there is none. One query."""
    row = (
        TouchAgreement.objects.current()
        .filter(course=course, organisation_id=course.organisation_id, at__lte=at)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    if row is None:
        return None
    own = row.by_person_id == row.patient_id
    return Agreed(
        level=Touch(row.level),
        words=row.words,
        stop_word=row.stop_word,
        holds_for=row.holds_for,
        at=row.at,
        told_to="" if own else row.by_name,
        row=row,
    )


def preparation_of(course: Course, at: datetime) -> PreparationPlan | None:
    """What was last prepared for this course's doses, as the practice that gives them keeps it. One query."""
    found: PreparationPlan | None = (
        PreparationPlan.objects.current()
        .filter(course=course, organisation_id=course.organisation_id, at__lte=at)
        .order_by("-at", "-recorded_at", "-id")
        .first()
    )
    return found
