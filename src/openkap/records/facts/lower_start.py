"""Why a first dose of this course is to be lower: what the record says of it.

Decided here: which rows point to a reason of `D-LOWER-START`. A frail person, or one of low body mass, is a
prescriber's to see; no row says it.
"""

from __future__ import annotations

from openkap.medicine.dosing.lower_start import INHIBITOR
from openkap.medicine.screening.medicines import read_medicine
from openkap.records.facts.people import lists_of
from openkap.records.models import Course, HistoryAnswer

LIVER = "liver_disease_moderate"
INHIBITORS = "I07"


def lower_start_of(course: Course) -> tuple[str, ...]:
    """The reasons that are known. Three queries."""
    liver = (
        HistoryAnswer.objects.current()
        .filter(course=course, key=LIVER, confirmed=True)
        .order_by("-at", "-recorded_at")
        .first()
    )
    listed = lists_of(course.patient_id, course.organisation_id).medications or ()
    medicines = (read_medicine(text) for text in listed)
    inhibits = any(INHIBITORS in drug.rules for one in medicines if one is not None for drug in one.drugs)
    return (
        *(("liver_moderate",) if liver is not None and liver.value else ()),
        *((INHIBITOR,) if inhibits else ()),
    )
