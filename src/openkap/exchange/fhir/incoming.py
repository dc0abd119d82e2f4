"""A patient's R4 bundle as values: what is taken, and what is left out and why.

Decided here: a bundle holds exactly one patient; what we do not use is counted by name, never
dropped in silence; nothing is taken as true until a person confirms it (docs/adr/0010-imports.md).
LOINC codes of vital signs are those of HL7's vital signs profile (R4).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from openkap.exchange.fhir import resources as r4

T = TypeVar("T", bound=r4.Part)

MOST_BYTES = 20 * 1024 * 1024
# Resources that other versions of FHIR have and R4 does not: their presence tells the version.
NOT_R4 = {
    "MedicationOrder": "DSTU2",
    "DiagnosticOrder": "DSTU2",
    "ProcedureRequest": "STU3",
    "ReferralRequest": "STU3",
    "MedicationUsage": "R5",
    "Transport": "R5",
}
BLOOD_PRESSURE, SYSTOLIC, DIASTOLIC, WEIGHT, HEIGHT = "85354-9", "8480-6", "8462-4", "29463-7", "8302-2"
BLOOD_PRESSURE_OLD = "55284-4"
REFUTED = ("refuted", "entered-in-error")


class NotUsable(ValueError):
    """The file cannot be taken in at all; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition, medicine or allergy: words, code, whether it is so now, since when."""

    text: str
    code: str
    active: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One dated result: `key` as in our records ('weight_kg'), a decimal value and its unit."""

    key: str
    value: Decimal
    unit: str
    at: datetime


@dataclass(slots=True)
class Incoming:
    """What one bundle says of one person."""

    given_name: str = ""
    family_name: str = ""
    born_on: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    outside_id: str = ""
    deceased: str = ""
    conditions: list[Fact] = field(default_factory=list)
    medications: list[Fact] = field(default_factory=list)
    allergies: list[Fact] = field(default_factory=list)
    results: list[Measured] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "conditions": len(self.conditions),
            "medications": len(self.medications),
            "allergies": len(self.allergies),
            "results": len(self.results),
        }


def read_bundle(content: bytes) -> Incoming:
    """Values of an R4 bundle of one patient. Raises NotUsable with a sentence."""
    if len(content) > MOST_BYTES:
        raise NotUsable(f"The file is over {MOST_BYTES // 1024 // 1024} MB. It was not read.")
    document = _json(content)
    if document.get("resourceType") != "Bundle":
        what = document.get("resourceType") or "no FHIR resource"
        raise NotUsable(f"The file holds {what}. A FHIR R4 Bundle with one Patient is needed.")
    bundle = _parse(r4.Bundle, document, "Bundle")
    found = [entry.resource for entry in bundle.entry if entry.resource]
    _refuse_other_versions(found)
    patients = [resource for resource in found if resource.get("resourceType") == "Patient"]
    if len(patients) != 1:
        raise NotUsable(f"The bundle holds {len(patients) or 'no'} patients. One at a time is taken in.")
    incoming = _person(_parse(r4.Patient, patients[0], "Patient"))
    for number, resource in enumerate(found, start=1):
        _take(incoming, resource, number)
    _keep_latest_results(incoming)
    return incoming


def _json(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content, parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotUsable(f"The file is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise NotUsable("The file is JSON but not a FHIR resource: it does not hold an object.")
    return document


def _parse(model: type[T], resource: dict[str, Any], name: str) -> T:
    try:
        return model.model_validate(resource)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotUsable(f"{name}.{where} is not as FHIR R4 has it: {first['msg']}.") from None


def _refuse_other_versions(found: list[dict[str, Any]]) -> None:
    for resource in found:
        kind = str(resource.get("resourceType", ""))
        if kind in NOT_R4:
            raise NotUsable(f"The bundle is FHIR {NOT_R4[kind]} ({kind}). R4 is needed.")
        if kind == "MedicationRequest" and "medication" in resource:
            raise NotUsable("The bundle is FHIR R5 (MedicationRequest.medication). R4 is needed.")
        if kind in ("Condition", "AllergyIntolerance") and isinstance(resource.get("clinicalStatus"), str):
            raise NotUsable(
                f"The bundle is FHIR STU3 or older ({kind}.clinicalStatus is a word). R4 is needed."
            )


def _person(patient: r4.Patient) -> Incoming:
    first = patient.name[0] if patient.name else r4.Name()
    name = next((n for n in patient.name if n.use == "official"), first)
    if not name.family and not name.given:
        raise NotUsable("The patient has no name. A family or given name is needed.")
    return Incoming(
        given_name=" ".join(name.given)[:100],
        family_name=name.family[:100],
        born_on=patient.birthDate,
        sex=patient.gender if patient.gender in ("male", "female") else "",
        phone=next((t.value for t in patient.telecom if t.system == "phone"), "")[:40],
        email=next((t.value for t in patient.telecom if t.system == "email"), ""),
        outside_id=(patient.id or next((i.value for i in patient.identifier if i.value), ""))[:200],
        deceased=patient.deceasedDateTime or ("yes" if patient.deceasedBoolean else ""),
    )


def _take(incoming: Incoming, resource: dict[str, Any], number: int) -> None:
    kind = str(resource.get("resourceType", "no resourceType"))
    take = TAKEN.get(kind)
    if kind == "Patient":
        return
    if take is None:
        incoming.left_out[f"{kind}: not used here"] += 1
        return
    try:
        why_not = take(incoming, resource, f"{kind} {number}")
    except NotUsable as error:
        why_not = str(error)
    if why_not:
        incoming.left_out[f"{kind}: {why_not}"] += 1


def _condition(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = _parse(r4.Condition, resource, name)
    if row.verificationStatus.has(*REFUTED):
        return "refuted or entered in error"
    if not row.code.words:
        return "has no words"
    active = not row.clinicalStatus.has("resolved", "inactive", "remission")
    incoming.conditions.append(
        Fact(row.code.words[:300], row.code.code[:40], active, _when(row.onsetDateTime or row.recordedDate))
    )
    return ""


def _medication(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = _parse(r4.MedicationRequest, resource, name)
    if row.status == "entered-in-error":
        return "entered in error"
    concept = row.medicationCodeableConcept
    if concept is None or not concept.words:
        return "names its medicine elsewhere"
    incoming.medications.append(
        Fact(
            concept.words[:300], concept.code[:40], row.status in ("active", "on-hold"), _when(row.authoredOn)
        )
    )
    return ""


def _allergy(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = _parse(r4.AllergyIntolerance, resource, name)
    if row.verificationStatus.has(*REFUTED):
        return "refuted or entered in error"
    if not row.code.words:
        return "has no words"
    active = not row.clinicalStatus.has("resolved", "inactive")
    incoming.allergies.append(Fact(row.code.words[:300], row.code.code[:40], active, _when(row.recordedDate)))
    return ""


def _observation(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    if resource.get("status") == "entered-in-error":
        return "entered in error"
    row = _parse(r4.Observation, resource, name)
    at = _when(row.effectiveDateTime)
    taken = list(_measured(row, at)) if at is not None else []
    incoming.results.extend(taken)
    return "" if taken else "not a vital sign we use, or without a time"


def _measured(row: r4.Observation, at: datetime) -> list[Measured]:
    if row.code.has(BLOOD_PRESSURE, BLOOD_PRESSURE_OLD):
        found = {}
        for part in row.component:
            for code, key in ((SYSTOLIC, "sbp"), (DIASTOLIC, "dbp")):
                if part.code.has(code) and part.valueQuantity and part.valueQuantity.value is not None:
                    found[key] = Measured(key, part.valueQuantity.value, "mmHg", at)
        return [found["sbp"], found["dbp"]] if len(found) == 2 else []
    for code, key, unit in ((WEIGHT, "weight_kg", "kg"), (HEIGHT, "height_cm", "cm")):
        amount = row.valueQuantity
        if (
            row.code.has(code)
            and amount is not None
            and amount.value is not None
            and amount.code in ("", unit)
        ):
            return [Measured(key, amount.value, unit, at)]
    return []


def _keep_latest_results(incoming: Incoming) -> None:
    latest: dict[str, Measured] = {}
    for result in incoming.results:
        if result.key not in latest or result.at > latest[result.key].at:
            latest[result.key] = result
    older = len(incoming.results) - len(latest)
    if older:
        incoming.left_out["Observation: an older value of the same sign"] += older
    incoming.results = sorted(latest.values(), key=lambda result: result.key)


def _when(text: str) -> datetime | None:
    """A FHIR date or dateTime. A bare date is its noon in UTC, the same day in nearly every zone;
    a year alone is no day."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if "T" not in text:
        moment = moment.replace(hour=12)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


TAKEN: dict[str, Callable[[Incoming, dict[str, Any], str], str]] = {
    "Condition": _condition,
    "MedicationRequest": _medication,
    "AllergyIntolerance": _allergy,
    "Observation": _observation,
}
