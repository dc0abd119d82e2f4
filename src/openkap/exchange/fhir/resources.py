"""The few R4 resources we read, and of each the few fields we use.

Decided here: HL7 FHIR R4 (4.0.1) names and shapes. Unknown fields are let pass; a field we use with
another shape is an error that names the resource and the field.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Coding(Part):
    system: str = ""
    code: str = ""
    display: str = ""


class Concept(Part):
    coding: list[Coding] = []
    text: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.coding if c.code)

    @property
    def words(self) -> str:
        return self.text or next((c.display for c in self.coding if c.display), "")

    @property
    def code(self) -> str:
        return next((c.code for c in self.coding if c.code), "")

    def of_system(self, name: str) -> tuple[str, ...]:
        """Codes of the system whose address holds this name."""
        return tuple(c.code for c in self.coding if c.code and name in c.system.casefold())

    def has(self, *codes: str) -> bool:
        return any(c.code in codes for c in self.coding)


class Name(Part):
    use: str = ""
    family: str = ""
    given: list[str] = []
    text: str = ""


class Telecom(Part):
    system: str = ""
    value: str = ""


class Identifier(Part):
    system: str = ""
    value: str = ""


class Patient(Part):
    id: str = ""
    name: list[Name] = []
    gender: str = ""
    birthDate: str = ""
    telecom: list[Telecom] = []
    identifier: list[Identifier] = []
    deceasedBoolean: bool = False
    deceasedDateTime: str = ""
    communication: list[dict[str, Any]] = []


class Condition(Part):
    code: Concept = Concept()
    clinicalStatus: Concept = Concept()
    verificationStatus: Concept = Concept()
    onsetDateTime: str = ""
    abatementDateTime: str = ""
    recordedDate: str = ""


class Reference(Part):
    reference: str = ""
    display: str = ""


class Medication(Part):
    id: str = ""
    code: Concept = Concept()


class MedicationRequest(Part):
    status: str = ""
    intent: str = ""
    medicationCodeableConcept: Concept | None = None
    medicationReference: Reference | None = None
    authoredOn: str = ""


class MedicationStatement(Part):
    status: str = ""
    medicationCodeableConcept: Concept | None = None
    medicationReference: Reference | None = None
    effectiveDateTime: str = ""
    dateAsserted: str = ""


class AllergyIntolerance(Part):
    code: Concept = Concept()
    clinicalStatus: Concept = Concept()
    verificationStatus: Concept = Concept()
    recordedDate: str = ""


class Amount(Part):
    value: Decimal | None = None
    unit: str = ""
    code: str = ""


class Component(Part):
    code: Concept = Concept()
    valueQuantity: Amount | None = None


class Range(Part):
    high: Amount | None = None


class Observation(Part):
    status: str = ""
    code: Concept = Concept()
    effectiveDateTime: str = ""
    valueQuantity: Amount | None = None
    valueString: str = ""
    valueCodeableConcept: Concept | None = None
    referenceRange: list[Range] = []
    component: list[Component] = []


class Entry(Part):
    fullUrl: str = ""
    resource: dict[str, Any] = Field(default_factory=dict)


class Bundle(Part):
    type: str = ""
    entry: list[Entry] = []
