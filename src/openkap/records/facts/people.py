"""What is known of a patient's health beside the course: medicines, allergies, conditions.

Decided here: what an import brought and nobody has confirmed is there to be looked at, and is absent
for medicine (docs/adr/0010-imports.md). "None known" is an answer; silence is not.
"""

from __future__ import annotations

from uuid import UUID

from openkap.records.models import Allergy, Medication


def allergies_of(patient: UUID, keeper: UUID) -> tuple[str, ...] | None:
    """What the patient is allergic to; `()` none known; `None` not asked."""
    rows = list(Allergy.objects.current().filter(patient_id=patient, organisation_id=keeper, confirmed=True))
    named = tuple(row.text for row in rows if not row.none_known)
    return named if rows else None


def medications_of(patient: UUID, keeper: UUID) -> tuple[str, ...] | None:
    """Medicines taken now, as written; `None` where nobody has confirmed a list."""
    rows = list(
        Medication.objects.current().filter(patient_id=patient, organisation_id=keeper, confirmed=True)
    )
    return tuple(row.text for row in rows if row.active) if rows else None
