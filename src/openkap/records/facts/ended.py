"""How courses ended, as far as it binds what may be done now."""

from __future__ import annotations

from uuid import UUID

from openkap.records.models import CourseEnd

DIED = "died"


def has_died(patient: UUID) -> bool:
    """Whether any practice has recorded, and not taken back, that this person has died."""
    return CourseEnd.objects.current().filter(patient_id=patient, ended_as=DIED).exists()
