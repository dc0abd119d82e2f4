"""What is known: each claim as its table says, each figure of a claim in a source it names, and promises."""

from __future__ import annotations

import re

import pytest

from openkap.medicine.evidence import LANGUAGES, Card, Entry, cards, entries, read_cards, read_entries
from openkap.medicine.outcomes.published import rows as public_rows
from openkap.medicine.promises import promises, promises_found, read_promises
from openkap.medicine.rules import Unsound, read_document
from openkap.medicine.sources import bibliography
from tests.spec.tables import Line, lines

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def of(name: str) -> list[Line]:
    return [line for line in lines("evidence") if line.rule == name]


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@pytest.mark.parametrize("line", of("claims"), ids=lambda line: line["claim"])
def test_a_claim_says_what_its_table_says(line: Line) -> None:
    card = cards()[line["claim"]]
    assert ", ".join(card.sources) == line["sources"]
    assert (", ".join(card.routes) or "any") == line["routes"]
    assert (", ".join(card.conditions) or "any") == line["conditions"]
    words = card.words["en"]
    assert [said for said in parts(line["patients are told"]) if said not in words.patient] == []
    low = words.staff.lower()
    assert [said for said in parts(line["staff are told"]) if said.lower() not in low] == []


def test_every_claim_is_in_the_table_and_each_of_its_sources_is_described() -> None:
    assert [line["claim"] for line in of("claims")] == list(cards())
    assert {key for card in cards().values() for key in card.sources} <= set(entries())


def told(card: Card) -> str:
    """Everything that the sources of a claim are described with, without commas in numbers."""
    found = [entry for key in card.sources for entry in entries()[key]]
    return " ".join(f"{e.name} {e.year} {e.design} {e.n} {e.shows} {e.not_shown}" for e in found).replace(
        ",", ""
    )


@pytest.mark.parametrize("card", cards().values(), ids=lambda card: card.id)
def test_every_figure_staff_read_stands_in_a_source_of_the_claim_and_in_both_languages(card: Card) -> None:
    read = {}
    for language in LANGUAGES:
        figures = [
            figure.rstrip(",").replace(",", "") for figure in FIGURE.findall(card.words[language].staff)
        ]
        known = told(card)
        assert [f for f in figures if not re.search(rf"(?<![\d.]){re.escape(f)}(?!\d|\.\d)", known)] == []
        read[language] = sorted(figures)
    assert read["en"] == read["es"]


@pytest.mark.parametrize("card", cards().values(), ids=lambda card: card.id)
def test_a_claim_of_the_library_promises_nothing(card: Card) -> None:
    for words in card.words.values():
        for text in (words.asks, words.patient, words.staff, words.strength, words.not_said):
            assert promises_found(text) == ()


def test_the_hundred_people_and_the_claims_are_of_one_source() -> None:
    cohort = public_rows()["E-COHORT"]
    staff = cards()["helps"].words["en"].staff + cards()["harms"].words["en"].staff
    for name in ("response", "worse", "counted"):
        assert f"{cohort[name]}" in staff


@pytest.mark.parametrize("line", of("sources"), ids=lambda line: line["name"])
def test_a_source_reads_as_its_table_says(line: Line) -> None:
    entry = next(entry for entry in entries()[line["source"]] if entry.name == line["name"])
    shown = (str(entry.year or ""), str(entry.n or ""), entry.kind, entry.read)
    assert shown == (line["year"], line["people"], line["kind"], line["read"])
    assert line["design says"] in f"{entry.design} {entry.shows}"
    assert line["not shown or corrected"] in f"{entry.not_shown} {entry.correction}"


def test_a_doi_and_a_year_are_the_bibliographys_where_it_gives_them() -> None:
    def wrong(entry: Entry) -> bool:
        cited = bibliography()[entry.source].text
        stands = re.findall(r"10\.\d{4,}/[^\s;,]+", cited)
        return bool(entry.doi and not re.fullmatch(r"10\.\d{4,}/\S+", entry.doi)) or (
            bool(stands and entry.doi) and entry.doi not in stands
        )

    assert [entry.name for every in entries().values() for entry in every if wrong(entry)] == []


@pytest.mark.parametrize("line", of("promises"), ids=str)
def test_a_text_makes_the_promise_its_table_says(line: Line) -> None:
    found = promises_found(line["text"])
    wanted = line["promise"]
    assert (wanted in [one.promise.id for one in found]) if wanted else found == ()


def test_every_promise_has_a_line_and_is_looked_for_in_its_own_language() -> None:
    assert {line["promise"] for line in of("promises")} - {""} == {promise.id for promise in promises()}
    assert [one.words for one in promises_found("Ketamine cures depression.")] == ["cures"]
    wrapped = "Ketamine for depression has its risks, and we say so: it is not\na cure. Short line\nA cure."
    assert [one.promise.id for one in promises_found(wrapped)] == ["cure"]
    assert promises_found("No referral\nGuaranteed results")


WRONG = {
    "an unknown source": '[[entry]]\nsource = "S999"\nname = "A"\nkind = "trial"\nread = "V"\n',
    "another kind": '[[entry]]\nsource = "S9"\nname = "A"\nkind = "rumor"\nread = "V"\nconfidence = "H"\n',
    "another key": '[[entry]]\nsource = "S9"\nname = "A"\nimpact = "high"\n',
    "a claim without a source": '[[card]]\nid = "a"\nversion = "1"\nsources = []\n',
    "a claim in one language": '[[card]]\nid = "a"\nversion = "1"\nsources = ["S9"]\n',
    "a promise without a reason": '[[promise]]\nid = "a"\nlanguage = "en"\nphrases = ["b"]\n',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_in_a_file_is_named_with_its_line(text: str) -> None:
    document = read_document("evidence/wrong.toml", text)
    with pytest.raises(Unsound, match=r"evidence/wrong.toml, line \d+"):
        [*read_entries(document), *read_cards(document), *read_promises(document)]
