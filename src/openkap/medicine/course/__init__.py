"""A course and its sessions: what may follow what, and what stands before a dose."""

from openkap.medicine.course.next_dose import SinceLastDose, next_dose
from openkap.medicine.course.states import (
    COURSE,
    SESSION,
    Refusal,
    Table,
    allowed,
    course_after,
    session_after,
)

__all__ = [
    "COURSE",
    "SESSION",
    "Refusal",
    "SinceLastDose",
    "Table",
    "allowed",
    "course_after",
    "next_dose",
    "session_after",
]
