"""Words apart from numbers: every pack fits its instrument and has its licence; so must a clinic's own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.medicine.instruments import UnknownInstrument, instrument, instrument_ids, text
from openkap.medicine.instruments.text_pack import best_text, languages, read_packs, take_local
from openkap.medicine.rules import library_folder

WITH_WORDS = [id for id in instrument_ids() if languages(id)]
LICENCE = """spdx = "custom"
terms = "Licensed to this clinic."
holder = "The publisher"
notice = "Copyright of the publisher."
non_commercial = false
no_derivatives = true
evidence = ["Contract 12"]
checked_on = 2026-11-22
checked_by = "The clinic"
"""
WORDS = """language = "en"
title = "PEG"
recall = "the past week"
intro = "About your pain."
ends = ["None", "The worst"]

[items]
1 = "One"
2 = "Two"
3 = "Three"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "bdi2").mkdir()
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi" / "licence.toml").write_text(LICENCE, "utf-8")
    yield tmp_path
    take_local(None)


@pytest.mark.parametrize("id", WITH_WORDS)
def test_a_pack_has_words_for_every_item_and_every_answer(id: str) -> None:
    form = instrument(id)
    for language in languages(id):
        words = text(id, language)
        assert [*words.items] == [*form.items, *form.optional]
        for item, options in words.options.items():
            question = form.questions[item]
            assert tuple(o.value for o in options) == (*question.values, *question.also.values())
            assert all(option.label for option in options)
        assert words.licence.terms and words.licence.holder and words.licence.evidence


def test_every_form_of_the_first_tier_has_its_words_in_english() -> None:
    assert [id for id in instrument_ids() if instrument(id).tier == 1 and not languages(id)] == []


def test_no_form_of_the_third_tier_has_words_in_the_repository() -> None:
    assert [id for id in WITH_WORDS if instrument(id).tier == 3] == []


def test_a_language_without_words_falls_back_to_english_and_says_so() -> None:
    found = best_text("pcl5", "es-mx")
    assert found is not None and found.language == "en"
    assert best_text("bdi2", "es") is None


def test_a_clinic_s_own_words_are_taken_and_given_back(folder: Path) -> None:
    items = "\n".join(f'{n} = "Question {n}"' for n in range(1, 8))
    words = WORDS.replace('1 = "One"\n2 = "Two"\n3 = "Three"', items)
    (folder / "isi" / "en.toml").write_text(words, "utf-8")
    [taken] = take_local(folder).texts
    assert taken.local and text("isi").notice == "Copyright of the publisher."
    assert text("isi").ends["7"] == ("None", "The worst")
    take_local(None)
    with pytest.raises(UnknownInstrument, match="no text pack"):
        text("isi")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (WORDS, "line 7: item 4 has no words"),
        (WORDS.replace('3 = "Three"', '8 = "Eight"'), "line 10: ISI has no item '8'"),
        (WORDS.replace('ends = ["None", "The worst"]', 'options = ["No"]'), "line 7: item 4 has no words"),
        (WORDS.replace('intro = "About your pain."\n', ""), "intro is missing"),
    ],
)
def test_words_that_do_not_fit_are_refused_by_file_and_row(folder: Path, words: str, reason: str) -> None:
    (folder / "isi" / "en.toml").write_text(words, "utf-8")
    [refused] = take_local(folder).refused
    assert re.search(rf"isi/en.toml, .*{reason}", refused) or reason in refused
    assert languages("isi") == ()


def test_a_wrong_number_of_answers_is_refused_at_its_row(folder: Path) -> None:
    items = "\n".join(f'{n} = "Question {n}"' for n in range(1, 8))
    words = WORDS.replace('1 = "One"\n2 = "Two"\n3 = "Three"', items)
    words = words.replace('ends = ["None", "The worst"]', 'options = ["No", "Yes"]')
    (folder / "isi" / "en.toml").write_text(words, "utf-8")
    assert "isi/en.toml, line 5: ISI item 1 has 5 options, not 2." in take_local(folder).refused[0]


MISSHAPEN = [
    ('items = ["One"]\n', "items is not"),
    ("recall = 7\n", "recall is not"),
    ("options = 5\n", "options is not"),
    ("intro = [" + "[" * 2000 + "]" * 2001 + "\n", "recursion|not readable|intro is not"),
    ('intro = "' + "x" * 1_000_001 + '"\n', "no longer than"),
]


@pytest.mark.parametrize(("line", "reason"), MISSHAPEN, ids=["items", "recall", "options", "deep", "huge"])
def test_a_pack_of_another_shape_is_refused_and_stops_nothing(folder: Path, line: str, reason: str) -> None:
    key = line.partition(" ")[0]
    kept = [each for each in WORDS.partition("[items]")[0].splitlines() if not each.startswith(f"{key} ")]
    (folder / "isi" / "en.toml").write_text(line + "\n".join(kept), "utf-8")
    [refused] = take_local(folder).refused
    assert re.search(reason, refused), refused


def test_a_pack_is_a_file_and_not_what_waits_to_be_written_to(folder: Path) -> None:
    os.mkfifo(folder / "isi" / "en.toml")
    assert "this is no file" in take_local(folder).refused[0]


def test_words_without_a_licence_are_refused(folder: Path) -> None:
    (folder / "isi" / "licence.toml").unlink()
    (folder / "isi" / "en.toml").write_text(WORDS, "utf-8")
    assert "the licence of these words is missing" in take_local(folder).refused[0]
    (folder / "isi" / "licence.toml").write_text(LICENCE.replace('holder = "The publisher"\n', ""), "utf-8")
    assert "licence: holder is missing" in take_local(folder).refused[0]


def test_a_pack_that_is_not_taken_stops_no_other(folder: Path) -> None:
    (folder / "isi" / "en.toml").write_bytes(b"title = \xff")
    (folder / "phq-10").mkdir()
    (folder / "phq-10" / "en.toml").write_text(WORDS, "utf-8")
    (folder / "peg").mkdir()
    (folder / "peg" / "licence.toml").write_text(LICENCE, "utf-8")
    (folder / "peg" / "en.toml").write_text(WORDS, "utf-8")
    taken = take_local(folder)
    assert [words.instrument for words in taken.texts] == ["peg"] and text("peg").local
    assert len(taken.refused) == 2 and "no instrument has this name" in taken.refused[1]
    assert take_local(folder / "nothing").refused == (f"{folder / 'nothing'} is no folder.",)


def test_a_form_whose_words_were_left_out_of_a_build_asks_for_its_numbers(tmp_path: Path) -> None:
    texts = Path(str(library_folder().joinpath("instruments", "texts")))
    shutil.copytree(texts, tmp_path / "texts")
    left_out = {
        id for id, language in read_packs(texts) if read_packs(texts)[id, language].licence.non_commercial
    }
    assert left_out == {"audit", "auditc", "dast10", "who5"}
    for id in left_out:
        shutil.rmtree(tmp_path / "texts" / id)
        assert instrument(id).without in ("boxes", "total")
    assert not left_out & {id for id, _ in read_packs(tmp_path / "texts")}


def test_every_pack_of_the_repository_stands_in_its_own_folder_with_its_licence() -> None:
    for place in library_folder().joinpath("instruments", "texts").iterdir():
        assert place.joinpath("licence.toml").is_file(), place
