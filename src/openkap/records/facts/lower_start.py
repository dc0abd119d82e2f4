"""Why a first dose of this course is to be lower: what the record says of it.

Decided here: which answers and medicines point to a reason of `D-LOWER-START`. Whether a person is frail, or
of low body mass, is asked of a clinician: no number decides it.
"""

from __future__ import annotations

from openkap.medicine.dosing.lower_start import INHIBITOR
from openkap.medicine.screening.medicines import read_medicine
from openkap.records.facts.people import lists_of
from openkap.records.models import Course, HistoryAnswer

# The question, and the reason that a yes to it is.
ASKED = {
    "liver_disease_moderate": "liver_moderate",
    "frail_benzodiazepine_naive": "frail",
    "low_body_mass": "low_body_mass",
}
INHIBITORS = "I07"


def lower_start_of(course: Course) -> tuple[str, ...]:
    """The reasons that are known. Three queries."""
    answers = HistoryAnswer.objects.current().filter(course=course, key__in=ASKED, confirmed=True)
    said = {row.key: row.value for row in answers.order_by("at", "recorded_at")}
    listed = lists_of(course.patient_id, course.organisation_id).medications or ()
    medicines = (read_medicine(text) for text in listed)
    inhibits = any(INHIBITORS in drug.rules for one in medicines if one is not None for drug in one.drugs)
    return (
        *(reason for key, reason in ASKED.items() if said.get(key)),
        *((INHIBITOR,) if inhibits else ()),
    )
