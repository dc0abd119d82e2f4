"""What patients call their medicines: every word is known, or the entry is not."""

from __future__ import annotations

import pytest

from openkap.medicine.screening.medicines import (
    Medicine,
    drug_names,
    package_names,
    read_medicine,
    with_codes,
)


def read(text: str) -> Medicine:
    medicine = read_medicine(text)
    assert medicine is not None
    return medicine


def test_a_code_names_what_the_words_do_not_and_words_what_no_table_knows() -> None:
    assert with_codes("Ativan 1 mg", ["6470"]) == "Ativan 1 mg"  # its own ingredient: nothing to add
    assert with_codes("Tavor 1", ["6470", "6470"]) == "Tavor 1 (lorazepam)"
    assert with_codes("", ["596", "3322", "not one"]) == "alprazolam, diazepam"
    assert with_codes("lorazepam 1 mg", ["99999999"]) == "lorazepam 1 mg"
    assert with_codes(" ", ["99999999"]) == ""
    assert [drug.generic for drug in read(with_codes("Tavor 1", ["6470"])).drugs] == ["lorazepam"]


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Ativan 1 mg at night", ["lorazepam"]),
        ("ADDERALL XR 20mg qam", ["mixed amphetamine salts"]),
        ("St John's wort", ["St John's wort"]),
        ("sertraline 100 mg and lorazepam 0.5 mg prn", ["sertraline", "lorazepam"]),
        ("Depakote ER 500", ["valproic acid", "divalproex"]),
        ("Suboxone film 8/2", ["buprenorphine + naloxone"]),
        ("lithium carbonate 300 mg", ["lithium"]),
        ("CBD oil", ["cannabidiol"]),
    ],
)
def test_generics_and_brands_lead_to_their_drugs(text: str, drugs: list[str]) -> None:
    medicine = read(text)
    assert medicine.recognized
    assert [drug.generic for drug in medicine.drugs] == drugs


@pytest.mark.parametrize(
    "text",
    [
        "metformin 500 mg twice daily",
        "atorvastatin",
        "lisinopril/HCTZ 20/12.5",
        "calcium 500 mg",
        "magnesium glycinate 400 mg at bedtime",
        "omega-3 fish oil",
        "birth control pill",
        "insulin glargine 10 units nightly",
        "propranolol 10 mg as needed for anxiety",
        "losartan potassium 50mg for blood pressure",
        "multivitamin",
    ],
)
def test_a_real_medicine_that_bears_on_no_rule_is_recognized(text: str) -> None:
    medicine = read(text)
    assert medicine.recognized
    assert [drug for drug in medicine.drugs if drug.rules] == []


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("lorazapam 1 mg", "lorazepam"),
        ("Xanex", "xanax"),
        ("theophyline 300", "theophylline"),
        ("blorbix", None),
        ("the blue one for sleep", None),
        ("sertraline and something new", None),
        ("???", None),
    ],
)
def test_what_nobody_knows_is_not_recognized_though_a_guess_may_be_offered(
    text: str, guess: str | None
) -> None:
    medicine = read(text)
    assert not medicine.recognized
    assert guess is None or medicine.guess == guess


@pytest.mark.parametrize("text", ["bromazepam 3 mg", "zopiclone 7.5 mg", "doxofylline", "moclobemide"])
def test_a_name_of_a_watched_class_that_no_row_assigns_is_not_recognized(text: str) -> None:
    assert not read(text).recognized


@pytest.mark.parametrize("text", ["none", "None", "no medications", "nil"])
def test_none_is_no_medicine(text: str) -> None:
    assert read_medicine(text) is None


def test_the_names_kept_offline_are_there() -> None:
    assert len(package_names()) > 10_000
    assert len(drug_names()) > 900


def test_every_name_of_the_library_is_recognized_as_itself() -> None:
    for name, drugs in drug_names().items():
        medicine = read(" ".join(name))
        assert medicine.recognized, name
        assert {d.generic for d in drugs} & {d.generic for d in medicine.drugs}, name
