"""Bringing a person in from elsewhere: one step, one event, one Import row.

Decided here: the same file twice is one patient; a likely match by name and birth date is asked,
never merged; what comes in waits unconfirmed until a person says yes (docs/adr/0010-imports.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.models import Allergy, Condition, Import, Medication, Organisation, PatientFile, Result
from openkap.records.people import name_key
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.people import register_patient


class Brought(Protocol):
    """What a map made of a file (see exchange.fhir.incoming.Incoming)."""

    given_name: str
    family_name: str
    born_on: date | None
    sex: str
    phone: str
    email: str
    outside_id: str
    deceased: str
    conditions: list[Any]
    medications: list[Any]
    allergies: list[Any]
    results: list[Any]
    left_out: Any

    @property
    def counts(self) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: the file, the import row, and whether the person was already here."""

    file: PatientFile
    row: Import
    again: bool


class LikelyMatch(Refused):
    """Someone here has this name and birth date. A person must say whether they are the same."""


@step
def import_patient(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    brought: Brought,
    sha256: str,
    same_as: str = "",
    is_new: bool = False,
) -> Imported:
    """Take one person in. `same_as` is the number of a file here; `is_new` says they are someone else."""
    must(by, Kind.IDENTITY, Act.ADD, Subject(Kind.IDENTITY, keeper=organisation.id), at=at)
    before = Import.objects.filter(organisation=organisation, sha256=sha256).first()
    if before is not None:
        return Imported(
            PatientFile.objects.get(organisation=organisation, patient=before.patient_id), before, True
        )
    if brought.deceased:
        raise Refused(
            _("The file says that this person has died (%(when)s). Nobody was taken in.")
            % {"when": brought.deceased}
        )
    file = _file_for(by, at, organisation, brought, same_as, is_new)
    left_out = Counter(brought.left_out)
    written = _write_facts(by, at, file, brought, left_out)
    row = Import.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        patient_id=file.patient_id,
        at=at,
        sha256=sha256,
        counts=written,
        left_out=dict(sorted(left_out.items())),
    )
    tell(by, "patient.imported", row, at=at)
    return Imported(file, row, False)


def _file_for(
    by: Actor, at: datetime, organisation: Organisation, brought: Brought, same_as: str, is_new: bool
) -> PatientFile:
    files = PatientFile.objects.filter(organisation=organisation)
    if same_as:
        named = files.filter(number=same_as).first()
        if named is None:
            raise Refused(_("No patient here has the number %(number)s.") % {"number": same_as})
        return named
    if brought.outside_id and not is_new:
        known = files.filter(outside_id=brought.outside_id).select_related("patient").first()
        if known is not None and known in _likely(files, brought):
            return known
        if known is not None:
            raise LikelyMatch(
                f"Number {known.number} has the same id from elsewhere, but another name or birth date.",
                hint=f"If it is the same person: --same-as {known.number}. If it is someone else: --new",
            )
    if not is_new and (likely := _likely(files, brought)):
        numbers = ", ".join(file.number for file in likely)
        raise LikelyMatch(
            f"Someone with this name and birth date is already here: number {numbers}.",
            hint=f"If it is the same person: --same-as {likely[0].number}. If it is someone else: --new",
        )
    return register_patient(
        by=by,
        at=at,
        organisation=organisation,
        details={
            "given_name": brought.given_name,
            "family_name": brought.family_name,
            "born_on": brought.born_on,
            "sex": brought.sex,
            "phone": brought.phone,
            "email": brought.email,
        },
        # Another system's id is one person's here; whoever else has the same goes without.
        outside_id="" if files.filter(outside_id=brought.outside_id).exists() else brought.outside_id,
    )


def _likely(files: Any, brought: Brought) -> list[PatientFile]:
    if brought.born_on is None:
        return []
    wanted = set(name_key(f"{brought.given_name} {brought.family_name}").split())
    same_day = files.filter(patient__born_on=brought.born_on).select_related("patient")
    return [file for file in same_day if wanted & set(file.patient.name_key.split())]


def _write_facts(
    by: Actor, at: datetime, file: PatientFile, brought: Brought, left_out: Counter[str]
) -> dict[str, int]:
    """Write what is new, unconfirmed; tell what was not. Returns how many rows of each kind were written."""
    common = {
        **Authored.authored(by),
        "organisation_id": file.organisation_id,
        "patient_id": file.patient_id,
        "recorded_at": at,
        "source": "import",
        "confirmed": False,
    }
    conditions = _new(Condition, file, brought.conditions, at, left_out)
    medicines = _new(Medication, file, brought.medications, at, left_out)
    allergies = _new(Allergy, file, brought.allergies, at, left_out)
    results = _new_results(file, brought.results, at, left_out)
    Condition.objects.bulk_create(
        Condition(**common, at=f.at or at, text=f.text, code=f.code, active=f.active) for f in conditions
    )
    Medication.objects.bulk_create(
        Medication(**common, at=f.at or at, text=f.text, code=f.code, active=f.active, held=f.held)
        for f in medicines
    )
    Allergy.objects.bulk_create(
        Allergy(**common, at=f.at or at, text=f.text, code=f.code, active=f.active, none_known=f.none_known)
        for f in allergies
    )
    Result.objects.bulk_create(
        Result(**common, at=r.at, key=r.key, value=_kept(r.value), unit=r.unit) for r in results
    )
    return {
        "conditions": len(conditions),
        "medications": len(medicines),
        "allergies": len(allergies),
        "results": len(results),
    }


def _kept(value: Decimal | str) -> str:
    return value if isinstance(value, str) else f"{value:f}"


def _new(
    model: Any, file: PatientFile, facts: Iterable[Any], at: datetime, left_out: Counter[str]
) -> list[Any]:
    """Facts whose words are not already with this patient, each once; the latest of the same words."""
    name = model._meta.verbose_name.capitalize()
    mine = {"patient_id": file.patient_id, "organisation_id": file.organisation_id}
    here = {row.text: row for row in model.objects.current().filter(**mine)}
    latest: dict[str, Any] = {}
    for fact in facts:
        if fact.at is not None and fact.at > at:
            left_out[f"{name}: dated after today"] += 1
        elif fact.text in here and here[fact.text].active != fact.active:
            # Which of the two is so, a person says: nothing on the list is changed by a file.
            now, then = ("so now", "past") if fact.active else ("past", "so now")
            left_out[f"{name}: “{fact.text}” is {now} by the file, {then} in this record"] += 1
        elif fact.text in here:
            left_out[f"{name}: already in this record"] += 1
        elif fact.text in latest:
            left_out[f"{name}: the same words twice"] += 1
            latest[fact.text] = max(latest[fact.text], fact, key=lambda f: (f.active, str(f.at or "")))
        else:
            latest[fact.text] = fact
    return list(latest.values())


def _new_results(
    file: PatientFile, results: Iterable[Any], at: datetime, left_out: Counter[str]
) -> list[Any]:
    """Results that are not here yet, and not of a day to come."""
    rows = Result.objects.filter(patient_id=file.patient_id, organisation_id=file.organisation_id)
    here = set(rows.values_list("key", "at", "value"))
    found = []
    for one in results:
        if one.at > at:
            left_out["Result: dated after today"] += 1
        elif (one.key, one.at, _kept(one.value)) in here:
            left_out["Result: already in this record"] += 1
        else:
            found.append(one)
    return found
