"""One resource of a bundle as facts, or the reason why it is left out.

Decided here: a medicine that was only planned or never begun is none; a condition with an end is past; a
value in another unit, without a day, or that no body has is left out and says so. Each function adds to
the incoming and gives "", or the reason. Which codes are used is library data (`medicine/library/codes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from openkap.exchange.fhir import resources as r4
from openkap.exchange.fhir.values import Fact, Incoming, Measured, parse, when
from openkap.medicine.inputs import Unusable, plain
from openkap.medicine.monitoring.physiology import check_pressure, check_vital
from openkap.medicine.quantity import exact
from openkap.medicine.screening.codes import CodedResult, bears, coded_results
from openkap.medicine.screening.medicines import with_codes

REFUTED = ("refuted", "entered-in-error")
NOT_MEASURED = ("entered-in-error", "cancelled", "registered")
ONLY_PLANNED = ("proposal", "plan", "option")
NEVER_BEGUN = ("cancelled", "draft", "not-taken", "intended")
TAKEN_NOW = ("active", "on-hold")
NO_KNOWN_ALLERGY = "716186003"
VITAL = {"temp_c": "temperature"}
VITALS = ("sbp", "dbp", "hr", "spo2", "weight_kg", "height_cm", "temp_c")


def take_condition(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = parse(r4.Condition, resource, name)
    if row.verificationStatus.has(*REFUTED):
        return "refuted or entered in error"
    if not row.code.words:
        return "has no words"
    ended = row.clinicalStatus.has("resolved", "inactive", "remission")
    active = not ended and not (row.abatementDateTime and not row.clinicalStatus.codes)
    incoming.conditions.append(
        Fact(row.code.words[:300], _code(row.code), active, when(row.onsetDateTime or row.recordedDate))
    )
    return ""


def take_request(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = parse(r4.MedicationRequest, resource, name)
    if row.intent in ONLY_PLANNED:
        return "only planned"
    return _medicine(incoming, row.status, row.medicationCodeableConcept, row.authoredOn)


def take_statement(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = parse(r4.MedicationStatement, resource, name)
    return _medicine(
        incoming, row.status, row.medicationCodeableConcept, row.effectiveDateTime or row.dateAsserted
    )


def _medicine(incoming: Incoming, status: str, concept: r4.Concept | None, day: str) -> str:
    if status == "entered-in-error":
        return "entered in error"
    if status in NEVER_BEGUN:
        return f"was not begun ({status})"
    words = with_codes(concept.words, concept.of_system("rxnorm")) if concept is not None else ""
    if concept is None or not words:
        return "does not name its medicine"
    active = status in TAKEN_NOW
    incoming.medications.append(
        Fact(words[:300], concept.code[:40], active, when(day), held=status == "on-hold")
    )
    return ""


def take_allergy(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    row = parse(r4.AllergyIntolerance, resource, name)
    if row.verificationStatus.has(*REFUTED):
        return "refuted or entered in error"
    if row.code.has(NO_KNOWN_ALLERGY):
        none = Fact("", NO_KNOWN_ALLERGY, True, when(row.recordedDate), none_known=True)
        incoming.allergies.append(none)
        return ""
    if not row.code.words:
        return "has no words"
    active = not row.clinicalStatus.has("resolved", "inactive")
    incoming.allergies.append(Fact(row.code.words[:300], row.code.code[:40], active, when(row.recordedDate)))
    return ""


def take_observation(incoming: Incoming, resource: dict[str, Any], name: str) -> str:
    if resource.get("status") in NOT_MEASURED:
        return "not measured, or entered in error"
    row = parse(r4.Observation, resource, name)
    parts: list[tuple[r4.Concept, r4.Observation | r4.Component]] = [
        (row.code, row),
        *((part.code, part) for part in row.component),
    ]
    used = [(known, part) for code, part in parts if (known := _known(code)) is not None]
    if not used:
        return "no rule uses it"
    at = when(row.effectiveDateTime)
    if at is None:
        return "has no day"
    try:
        found = [Measured(known.key, _value(known, part, row), known.unit, at) for known, part in used]
        _check(found)
    except Unusable as no:
        return no.sentence.rstrip(".")
    incoming.results.extend(found)
    return ""


def _known(code: r4.Concept) -> CodedResult | None:
    return next((found for each in code.codes if (found := coded_results().get(each))), None)


def _value(known: CodedResult, part: r4.Observation | r4.Component, row: r4.Observation) -> Decimal | str:
    """The value as kept here. Raises Unusable with the reason why it cannot be."""
    if known.words_of:
        return _worded(known, row)
    amount = part.valueQuantity
    if amount is None or amount.value is None:
        raise Unusable(known.key, "has no value")
    unit = amount.code or amount.unit
    if unit not in (*known.ucum, known.unit) or not unit:
        raise Unusable(known.key, f"is in another unit ({unit or 'none given'})")
    if known.over_upper_limit:
        return _times_limit(known, amount.value, row)
    if known.key in VITALS:
        return check_vital(VITAL.get(known.key, known.key), plain(exact(amount.value)))
    return amount.value


def _worded(known: CodedResult, row: r4.Observation) -> str:
    concept = row.valueCodeableConcept
    said = (row.valueString or (concept.words if concept is not None else "")).strip().lower()
    for value, words in known.words_of.items():
        if said in words:
            return value
    raise Unusable(known.key, "its words are not known here")


def _times_limit(known: CodedResult, value: Decimal, row: r4.Observation) -> Decimal:
    highs = [each.high.value for each in row.referenceRange if each.high is not None and each.high.value]
    if not highs or highs[0] <= 0:
        raise Unusable(known.key, "gives no upper limit of normal")
    return (value / highs[0]).quantize(Decimal("0.01"))


def _check(found: list[Measured]) -> None:
    """A pressure needs both its numbers, and the right way round."""
    pressure = {one.key: one.value for one in found if one.key in ("sbp", "dbp")}
    if len(pressure) == 1:
        raise Unusable("sbp", "is half a blood pressure")
    if pressure:
        check_pressure(Decimal(pressure["sbp"]), Decimal(pressure["dbp"]))


def _code(concept: r4.Concept) -> str:
    """The code that a question looks at, where one does; else the first."""
    return next((code for code in concept.codes if bears(code)), concept.code)[:40]


def named_medicines(entries: Iterable[r4.Entry]) -> Mapping[str, r4.Concept]:
    """Medication resources of the bundle by what may point at them."""
    found: dict[str, r4.Concept] = {}
    for entry in entries:
        if entry.resource.get("resourceType") == "Medication":
            row = parse(r4.Medication, entry.resource, "Medication")
            for key in (entry.fullUrl, f"Medication/{row.id}"):
                found[key] = row.code
    return found


def with_name(resource: dict[str, Any], named: Mapping[str, r4.Concept]) -> dict[str, Any]:
    """A medicine that points at its name, with the name in its place; anything else as it is."""
    pointer = resource.get("medicationReference")
    if not isinstance(pointer, dict) or resource.get("medicationCodeableConcept"):
        return resource
    target = str(pointer.get("reference", ""))
    within = {f"#{one.get('id')}": one for one in resource.get("contained", ()) if isinstance(one, dict)}
    concept: Any = None
    if target in within:
        concept = within[target].get("code")
    elif target in named:
        concept = named[target].model_dump()
    elif pointer.get("display"):
        concept = {"text": str(pointer["display"])}
    return {**resource, "medicationCodeableConcept": concept} if concept else resource
