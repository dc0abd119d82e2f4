"""A patient's R4 bundle as values: what is taken, and what is left out and why.

Decided here: a bundle holds exactly one patient; what we do not use is counted by name, never
dropped in silence; nothing is taken as true until a person confirms it (docs/adr/0010-imports.md).
Which codes are used, and in which unit, is library data (`medicine/library/codes`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from openkap.exchange.fhir import resources as r4
from openkap.exchange.fhir.taking import (
    named_medicines,
    take_allergy,
    take_condition,
    take_observation,
    take_request,
    take_statement,
    with_name,
)
from openkap.exchange.fhir.values import Incoming, Measured, NotUsable, parse

__all__ = ["MOST_BYTES", "Incoming", "NotUsable", "read_bundle"]

MOST_BYTES = 20 * 1024 * 1024
NO_LETTER = re.compile(r"[\x00\ud800-\udfff]")
# Resources that other versions of FHIR have and R4 does not: their presence tells the version.
NOT_R4 = {
    "MedicationOrder": "DSTU2",
    "DiagnosticOrder": "DSTU2",
    "ProcedureRequest": "STU3",
    "ReferralRequest": "STU3",
    "MedicationUsage": "R5",
    "Transport": "R5",
}


def read_bundle(content: bytes) -> Incoming:
    """Values of an R4 bundle of one patient. Raises NotUsable with a sentence."""
    if len(content) > MOST_BYTES:
        raise NotUsable(f"The file is over {MOST_BYTES // 1024 // 1024} MB. It was not read.")
    document = _json(content)
    if document.get("resourceType") != "Bundle":
        what = document.get("resourceType") or "no FHIR resource"
        raise NotUsable(f"The file holds {what}. A FHIR R4 Bundle with one Patient is needed.")
    bundle = parse(r4.Bundle, document, "Bundle")
    found = [entry.resource for entry in bundle.entry if entry.resource]
    _refuse_other_versions(found)
    patients = [resource for resource in found if resource.get("resourceType") == "Patient"]
    if len(patients) != 1:
        raise NotUsable(f"The bundle holds {len(patients) or 'no'} patients. One at a time is taken in.")
    incoming = _person(parse(r4.Patient, patients[0], "Patient"))
    named = named_medicines(bundle.entry)
    for number, resource in enumerate(found, start=1):
        _take(incoming, with_name(resource, named), number)
    _keep_latest_results(incoming)
    return incoming


def _json(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content, parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotUsable(f"The file is not JSON: {error}.") from None
    if not isinstance(document, dict):
        raise NotUsable("The file is JSON but not a FHIR resource: it does not hold an object.")
    _refuse_half_letters(document)
    return document


def _refuse_half_letters(document: dict[str, Any]) -> None:
    """JSON can spell what is no letter, and no database or page can hold: half of a pair, and zero."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and NO_LETTER.search(value):
            raise NotUsable("The file holds a broken letter, which cannot be kept. Have it exported again.")


def _refuse_other_versions(found: list[dict[str, Any]]) -> None:
    for resource in found:
        kind = str(resource.get("resourceType", ""))
        if kind in NOT_R4:
            raise NotUsable(f"The bundle is FHIR {NOT_R4[kind]} ({kind}). R4 is needed.")
        if kind in ("MedicationRequest", "MedicationStatement") and "medication" in resource:
            raise NotUsable(f"The bundle is FHIR R5 ({kind}.medication). R4 is needed.")
        if kind in ("Condition", "AllergyIntolerance") and isinstance(resource.get("clinicalStatus"), str):
            raise NotUsable(
                f"The bundle is FHIR STU3 or older ({kind}.clinicalStatus is a word). R4 is needed."
            )


def _person(patient: r4.Patient) -> Incoming:
    first = patient.name[0] if patient.name else r4.Name()
    name = next((n for n in patient.name if n.use == "official"), first)
    if not name.family and not name.given:
        raise NotUsable("The patient has no name. A family or given name is needed.")
    born_on, partial = _birth(patient.birthDate)
    incoming = Incoming(
        given_name=" ".join(name.given)[:100],
        family_name=name.family[:100],
        born_on=born_on,
        sex=patient.gender if patient.gender in ("male", "female") else "",
        phone=next((t.value for t in patient.telecom if t.system == "phone"), "")[:40],
        email=next((t.value for t in patient.telecom if t.system == "email"), "")[:254],
        outside_id=(patient.id or next((i.value for i in patient.identifier if i.value), ""))[:200],
        deceased=patient.deceasedDateTime or ("yes" if patient.deceasedBoolean else ""),
    )
    if partial:
        incoming.left_out["Patient: the birth date has no day"] += 1
    return incoming


def _birth(text: str) -> tuple[date | None, bool]:
    """A whole birth date; FHIR also lets a year or a month stand alone, which is no day."""
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        return None, True
    try:
        return (date.fromisoformat(text), False) if text else (None, False)
    except ValueError:
        raise NotUsable(f"Patient.birthDate is {text!r}. R4 writes it as 1979-06-17.") from None


def _take(incoming: Incoming, resource: dict[str, Any], number: int) -> None:
    kind = str(resource.get("resourceType", "no resourceType"))
    take = TAKEN.get(kind)
    if kind in ("Patient", "Medication"):
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


def _keep_latest_results(incoming: Incoming) -> None:
    latest: dict[str, Measured] = {}
    for result in incoming.results:
        if result.key not in latest or result.at > latest[result.key].at:
            latest[result.key] = result
    older = len(incoming.results) - len(latest)
    if older:
        incoming.left_out["Observation: an older value of the same sign"] += older
    incoming.results = sorted(latest.values(), key=lambda result: result.key)


TAKEN: dict[str, Callable[[Incoming, dict[str, Any], str], str]] = {
    "Condition": take_condition,
    "MedicationRequest": take_request,
    "MedicationStatement": take_statement,
    "AllergyIntolerance": take_allergy,
    "Observation": take_observation,
}
