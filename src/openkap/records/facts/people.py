"""What is known of a patient's health beside the course: medicines, allergies, conditions.

Decided here: what an import brought and nobody has confirmed is there to be looked at, and is absent
for medicine (docs/adr/0010-imports.md). "None known" is an answer; silence is not; a list gone through
with the patient and found empty is an answer too. A medicine on hold still bears on every rule: it is
on the list, and may be in the body.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from openkap.records.models import Allergy, Medication, Reconciliation


@dataclass(frozen=True, slots=True)
class Lists:
    """Both lists as rows that stand, and when they were last gone through with the patient."""

    medicine_rows: tuple[Medication, ...] = ()
    allergy_rows: tuple[Allergy, ...] = ()
    reconciled: Reconciliation | None = None

    @property
    def medications(self) -> tuple[str, ...] | None:
        """Medicines on the list, as written; `None` where nobody has confirmed a list."""
        rows = [row for row in self.medicine_rows if row.confirmed]
        if not rows:
            return () if self.reconciled is not None else None
        return tuple(row.text for row in rows if row.active)

    @property
    def allergies(self) -> tuple[str, ...] | None:
        """What the patient is allergic to; `()` none known; `None` not asked."""
        rows = [row for row in self.allergy_rows if row.confirmed]
        return tuple(row.text for row in rows if row.active and not row.none_known) if rows else None

    @property
    def seen(self) -> str:
        """Changes with any line of either list."""
        rows = sorted(str(row.pk) for row in (*self.medicine_rows, *self.allergy_rows))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]

    @property
    def waiting(self) -> int:
        """Medicines and allergies said to be so now by an import, that nobody has looked at."""
        medicines = sum(not row.confirmed and row.active for row in self.medicine_rows)
        return medicines + sum(not row.confirmed and row.active for row in self.allergy_rows)


def lists_of(patient: UUID, keeper: UUID) -> Lists:
    """The living lists of this patient, as this organisation keeps them. Three queries."""
    mine = {"patient_id": patient, "organisation_id": keeper}
    return Lists(
        tuple(Medication.objects.current().filter(**mine)),
        tuple(Allergy.objects.current().filter(**mine)),
        Reconciliation.objects.current().filter(**mine).last(),
    )
