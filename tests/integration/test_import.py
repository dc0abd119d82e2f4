"""Bringing a person in from a FHIR R4 bundle: what is taken, asked, refused and said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openkap.exchange.fhir.incoming import MOST_BYTES, NotUsable, read_bundle
from openkap.records.facts.people import lists_of
from openkap.records.models import Allergy, Condition, Event, Import, Medication, PatientFile, Result
from openkap.steps.frame import NotPermitted, Refused
from openkap.steps.imports import Imported, LikelyMatch, import_patient
from tests.people import NOW, Cast

pytestmark = pytest.mark.django_db

BUNDLE = Path(__file__).parent.parent / "data" / "ines_abara.json"


def document(**changes: Any) -> dict[str, Any]:
    return {**json.loads(BUNDLE.read_text()), **changes}


def with_patient(**changes: Any) -> bytes:
    bundle = document()
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"].update(changes)
    return json.dumps(bundle).encode()


def bring(people: Cast, content: bytes = b"", by: str = "tamsin", **options: Any) -> Imported:
    content = content or BUNDLE.read_bytes()
    return import_patient(
        by=people.by(by),
        at=NOW,
        organisation=people.clinic,
        brought=read_bundle(content),
        sha256=f"{hash(content):x}",
        **options,
    )


def test_what_comes_in_waits_unconfirmed(people: Cast) -> None:
    done = bring(people)
    patient = done.file.patient
    assert (patient.legal_name, str(patient.born_on), patient.sex) == ("Inés Abara", "1979-06-17", "female")
    conditions = {c.text: c.active for c in Condition.objects.current().filter(patient=patient)}
    assert conditions == {"Recurrent major depression": True, "Acute bronchitis": False}
    medicines = {m.text: m.active for m in Medication.objects.current().filter(patient=patient)}
    assert medicines == {"Sertraline 100 MG Oral Tablet": True, "Amoxicillin 500 MG Oral Capsule": False}
    assert [a.text for a in Allergy.objects.current().filter(patient=patient)] == ["Penicillin"]
    results = {r.key: (r.value, r.unit) for r in Result.objects.current().filter(patient=patient)}
    assert results == {
        "sbp": ("128", "mmHg"),
        "dbp": ("79", "mmHg"),
        "hr": ("71", "/min"),
        "weight_kg": ("68.4", "kg"),
        "height_cm": ("166", "cm"),
    }
    for model in (Condition, Medication, Allergy, Result):
        assert not model.objects.filter(patient=patient, confirmed=True).exists()
        assert set(model.objects.filter(patient=patient).values_list("source", flat=True)) == {"import"}


def test_a_bare_date_is_the_same_day_at_the_clinic(people: Cast) -> None:
    done = bring(people)
    allergy = Allergy.objects.get(patient=done.file.patient)
    assert allergy.at.astimezone(ZoneInfo(people.clinic.zone)).date() == date(2001, 5, 20)


def test_what_was_left_out_is_said_by_name(people: Cast) -> None:
    left_out = bring(people).row.left_out
    assert left_out["Immunization: not used here"] == 1
    assert left_out["Observation: an older value of the same sign"] == 2
    assert left_out["Condition: refuted or entered in error"] == 1


def test_one_import_is_one_event(people: Cast) -> None:
    before = Event.objects.count()
    bring(people)
    verbs = list(Event.objects.order_by("seq")[before:].values_list("verb", flat=True))
    assert verbs == ["file.opened", "patient.imported"]


def test_the_same_file_twice_is_one_patient(people: Cast) -> None:
    first, second = bring(people), bring(people)
    assert second.again
    assert first.file == second.file
    assert Import.objects.count() == 1
    assert Condition.objects.filter(patient=first.file.patient).count() == 2


def test_a_newer_file_of_the_same_person_adds_only_what_is_new(people: Cast) -> None:
    first = bring(people)
    second = bring(people, with_patient(gender="female", telecom=[]))
    assert second.file == first.file
    assert Condition.objects.filter(patient=first.file.patient).count() == 2


def test_a_likely_match_is_asked_and_never_merged(people: Cast) -> None:
    bring(people)
    twin = with_patient(id="someone-else")
    with pytest.raises(LikelyMatch, match="already here: number") as asked:
        bring(people, twin)
    assert "--same-as" in asked.value.hint
    assert "--new" in asked.value.hint
    other = bring(people, twin, is_new=True)
    assert PatientFile.objects.filter(patient__family_name="Abara").count() == 2
    third = with_patient(id="a-third", gender="female")
    same = bring(people, third, same_as=other.file.number)
    assert same.file == other.file


def test_someone_who_has_died_is_refused_with_the_reason(people: Cast) -> None:
    with pytest.raises(Refused, match=r"has died .2021-01-04"):
        bring(people, with_patient(deceasedDateTime="2021-01-04"))
    assert not PatientFile.objects.filter(patient__family_name="Abara").exists()


@pytest.mark.parametrize("who", ["jonah", "priya"])
def test_only_who_may_open_a_file_may_import(people: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        bring(people, by=who)
    assert Event.objects.filter(verb="import_patient.refused", by_person=people[who]).count() == 1


UNUSABLE = [
    (b"", "not JSON"),
    (b"\xff\xfe\x00", "not JSON"),
    (b"[1, 2]", "does not hold an object"),
    (b'{"resourceType": "Patient"}', "holds Patient"),
    (b'{"a": 1}', "no FHIR resource"),
    (b'{"resourceType": "Bundle", "entry": []}', "no patients"),
    (b'{"resourceType": "Bundle", "entry": {}}', "Bundle.entry is not as FHIR R4 has it"),
    (b"[" * 100_000, "not JSON"),
    (b" " * (MOST_BYTES + 1), "over 20 MB"),
]


@pytest.mark.parametrize(("content", "says"), UNUSABLE, ids=[says for _, says in UNUSABLE])
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(NotUsable, match=says):
        read_bundle(content)


OTHER_VERSIONS = [
    ({"resourceType": "MedicationOrder"}, "DSTU2"),
    ({"resourceType": "MedicationRequest", "medication": {"concept": {}}}, "R5"),
    ({"resourceType": "Condition", "clinicalStatus": "active"}, "STU3 or older"),
]


@pytest.mark.parametrize(("resource", "says"), OTHER_VERSIONS)
def test_another_version_of_fhir_is_refused(resource: dict[str, Any], says: str) -> None:
    bundle = document()
    bundle["entry"].append({"resource": resource})
    with pytest.raises(NotUsable, match=says):
        read_bundle(json.dumps(bundle).encode())


def test_two_patients_in_one_bundle_are_refused() -> None:
    bundle = document()
    bundle["entry"].append({"resource": {"resourceType": "Patient", "name": [{"family": "Other"}]}})
    with pytest.raises(NotUsable, match="holds 2 patients"):
        read_bundle(json.dumps(bundle).encode())


def test_a_patient_without_a_name_is_refused() -> None:
    with pytest.raises(NotUsable, match="no name"):
        read_bundle(with_patient(name=[]))


def with_resource(*resources: dict[str, Any]) -> bytes:
    bundle = document()
    bundle["entry"] += [{"resource": resource} for resource in resources]
    return json.dumps(bundle).encode()


def observation(code: str, **rest: Any) -> dict[str, Any]:
    coding = {"coding": [{"system": "http://loinc.org", "code": code}]}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coding,
        "effectiveDateTime": "2027-02-01T10:00:00Z",
        **rest,
    }


LIMIT = [{"high": {"value": 40}}]
TAKEN = [
    (
        observation("1742-6", valueQuantity={"value": 88, "code": "U/L"}, referenceRange=LIMIT),
        ("alt_x_uln", "2.20"),
    ),
    (observation("2106-3", valueCodeableConcept={"text": "Negative"}), ("hcg", "negative")),
    (observation("59408-5", valueQuantity={"value": 97, "code": "%"}), ("spo2", "97")),
    (observation("8310-5", valueQuantity={"value": 36.8, "code": "Cel"}), ("temp_c", "36.8")),
]


@pytest.mark.parametrize(("resource", "kept"), TAKEN)
def test_what_a_rule_looks_at_comes_in_to_be_confirmed(
    people: Cast, resource: dict[str, Any], kept: tuple[str, str]
) -> None:
    done = bring(people, with_resource(resource))
    row = Result.objects.get(patient=done.file.patient, key=kept[0])
    assert (row.value, row.confirmed) == (kept[1], False)


LEFT_OUT = [
    (observation("1742-6", valueQuantity={"value": 88, "code": "U/L"}), "gives no upper limit of normal"),
    (observation("29463-7", valueQuantity={"value": 150, "unit": "lbs"}), "in another unit (lbs)"),
    (observation("29463-7", valueQuantity={"value": 700, "code": "kg"}), "out of range"),
    (observation("29463-7", valueQuantity={"value": 70, "code": "kg"}, effectiveDateTime=""), "has no day"),
    (observation("8480-6", valueQuantity={"value": 120, "code": "mm[Hg]"}), "half a blood pressure"),
    (observation("718-7", valueQuantity={"value": 14, "code": "g/dL"}), "no rule uses it"),
    (
        {"resourceType": "MedicationRequest", "status": "active", "intent": "plan"},
        "MedicationRequest: only planned",
    ),
    (
        {"resourceType": "MedicationRequest", "status": "cancelled", "intent": "order"},
        "was not begun (cancelled)",
    ),
    (
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order"},
        "does not name its medicine",
    ),
]


@pytest.mark.parametrize(("resource", "said"), LEFT_OUT, ids=[said for _, said in LEFT_OUT])
def test_what_is_left_out_says_why(people: Cast, resource: dict[str, Any], said: str) -> None:
    left_out = bring(people, with_resource(resource)).row.left_out
    assert any(said in why for why in left_out), left_out


def test_a_medicine_named_elsewhere_in_the_bundle_is_found(people: Cast) -> None:
    named = {"resourceType": "Medication", "id": "m1", "code": {"text": "Lorazepam 1 mg"}}
    asked = {
        "resourceType": "MedicationStatement",
        "status": "on-hold",
        "medicationReference": {"reference": "Medication/m1"},
    }
    done = bring(people, with_resource(named, asked))
    row = Medication.objects.get(patient=done.file.patient, text="Lorazepam 1 mg")
    assert (row.active, row.held, row.confirmed) == (True, True, False)


def test_no_known_allergy_is_an_answer_that_waits(people: Cast) -> None:
    none = {"resourceType": "AllergyIntolerance", "code": {"coding": [{"code": "716186003"}]}}
    past = {
        "resourceType": "AllergyIntolerance",
        "code": {"text": "Cow milk"},
        "clinicalStatus": {"coding": [{"code": "resolved"}]},
    }
    done = bring(people, with_resource(none, past))
    rows = {a.text: (a.none_known, a.active) for a in Allergy.objects.filter(patient=done.file.patient)}
    assert rows == {"": (True, True), "Cow milk": (False, False), "Penicillin": (False, True)}
    assert lists_of(done.file.patient_id, people.clinic.id).allergies is None


def test_the_same_id_of_another_person_is_asked_and_never_merged(people: Cast) -> None:
    """An id is one system's own: two systems both call a patient "1"."""
    bring(people)
    stranger = with_patient(name=[{"family": "Vance", "given": ["Odo"]}], birthDate="1950-02-02")
    with pytest.raises(LikelyMatch, match="another name or birth date"):
        bring(people, stranger)
    assert bring(people, stranger, is_new=True).file.patient.legal_name == "Odo Vance"


def test_a_newer_file_changes_nothing_on_the_list_and_says_where_it_differs(people: Cast) -> None:
    bring(people)
    bundle = document()
    for entry in bundle["entry"]:
        if entry["resource"].get("status") == "active":
            entry["resource"]["status"] = "stopped"
    done = bring(people, json.dumps(bundle).encode())
    said = "Medication: “Sertraline 100 MG Oral Tablet” is past by the file, so now in this record"
    assert done.row.left_out[said] == 1 and done.row.counts["results"] == 0
    assert Medication.objects.get(text__startswith="Sertraline").active


@pytest.mark.parametrize("born", ["1979", "1979-06"])
def test_half_a_birth_date_is_none_and_is_told(people: Cast, born: str) -> None:
    done = bring(people, with_patient(birthDate=born))
    assert done.file.patient.born_on is None
    assert done.row.left_out["Patient: the birth date has no day"] == 1


def test_a_birth_date_that_is_no_date_is_refused() -> None:
    with pytest.raises(NotUsable, match="R4 writes it as 1979-06-17"):
        read_bundle(with_patient(birthDate="June 17"))


@pytest.mark.parametrize("name", ["\ud800Abara", "A\0bara"])
def test_a_letter_that_nothing_can_keep_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotUsable, match="broken letter"):
        read_bundle(with_patient(name=[{"family": name, "given": ["Inés"]}]))
