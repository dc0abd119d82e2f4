"""Library texts in two languages say the same: part for part, rule for rule, number for number."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import openkap.medicine

LIBRARY = Path(openkap.medicine.__path__[0]) / "library"
# Wherever the library has a text in English: a folder of them, or one file.
PAIRS = [
    *((file.parent.parent / "es" / file.name, file) for file in LIBRARY.rglob("en/*.toml")),
    *((file.with_name("es.toml"), file) for file in LIBRARY.rglob("en.toml")),
]
# Formal instruments stand in Spanish only where an official translation may be shown to anyone.
OFFICIAL = {"gad2", "gad7", "phq2", "phq9", "who5"}
OUR_OWN = {"bladder_check", "daily", "pgi_c", "session_feedback", "weekly"}


def shape(value: Any) -> Any:
    """Keys, lengths and numbers, without the words."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items() if key not in ("notice", "licence", "status")}
    if isinstance(value, list):
        return [shape(part) for part in value]
    if isinstance(value, str):
        marks = [line[:2] for line in value.splitlines() if line[:2] in ("# ", "- ")]
        return sorted(re.findall(r"\d+", value)), marks, value.count("\n")
    return value


def test_a_form_is_in_spanish_only_where_there_is_an_official_translation() -> None:
    texts = LIBRARY / "instruments/texts"
    assert {file.parent.name for file in texts.glob("*/es.toml")} == OFFICIAL | OUR_OWN
    assert all(spanish.is_file() for spanish, english in PAIRS if texts not in english.parents)


@pytest.mark.parametrize(
    ("spanish", "english"),
    [pair for pair in PAIRS if pair[0].is_file()],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_both_languages_say_the_same(spanish: Path, english: Path) -> None:
    ours, theirs = (tomllib.loads(file.read_text("utf-8")) for file in (spanish, english))
    assert (ours.pop("language", "es"), theirs.pop("language", "en")) == ("es", "en")
    fixed = ("id", "version", "routes", "sources")
    assert [ours.get(key) for key in fixed] == [theirs.get(key) for key in fixed]
    assert shape(ours) == shape(theirs)
