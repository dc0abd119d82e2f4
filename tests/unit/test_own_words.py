"""A practice's own licensed words are taken at the start, and `openkap check` says what was and was not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openkap.medicine.instruments.text_pack import take_local, text
from openkap.reads.check import own_words
from openkap.records.licensed import take_words
from tests.unit.medicine.test_text_packs import LICENCE, WORDS


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    for id in ("peg", "isi"):
        (tmp_path / id).mkdir()
        (tmp_path / id / "licence.toml").write_text(LICENCE, "utf-8")
        (tmp_path / id / "en.toml").write_text(WORDS, "utf-8")
    settings.TEXT_PACKS = tmp_path
    yield tmp_path
    take_local(None)


def test_check_names_what_was_taken_and_what_was_not(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    taken, refused = own_words()
    assert taken == "Questionnaires in words of your own license: PEG (en)"
    assert refused.startswith(
        "Words were not taken: instruments/texts/isi/en.toml, line 7: item 4 has no words."
    )
    assert text("peg").local and "isi/en.toml" in caplog.text


def test_without_a_folder_the_library_s_own_words_stand(settings: Any) -> None:
    settings.TEXT_PACKS = None
    assert take_words().texts == () and own_words() == [] and not text("peg").local
