"""Library texts in two languages say the same: part for part, rule for rule, number for number."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import openkap.medicine

LIBRARY = Path(openkap.medicine.__path__[0]) / "library"
PAIRS = [
    *((file.parent.parent / "es" / file.name, file) for file in LIBRARY.glob("*/texts/en/*.toml")),
    (LIBRARY / "endings/es.toml", LIBRARY / "endings/en.toml"),
]
# Formal instruments stand in Spanish only where an official translation may be shown to anyone.
ENGLISH_ONLY = {"cssrs_recent.toml", "cssrs_slc.toml", "pcl5.toml"}


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


def test_what_has_no_spanish_is_a_form_without_an_official_translation() -> None:
    assert {english.name for spanish, english in PAIRS if not spanish.is_file()} == ENGLISH_ONLY


@pytest.mark.parametrize(
    ("spanish", "english"), [pair for pair in PAIRS if pair[0].is_file()], ids=lambda file: file.name
)
def test_both_languages_say_the_same(spanish: Path, english: Path) -> None:
    ours, theirs = (tomllib.loads(file.read_text("utf-8")) for file in (spanish, english))
    assert (ours.pop("language"), theirs.pop("language")) == ("es", "en")
    fixed = ("id", "version", "routes", "sources")
    assert [ours.get(key) for key in fixed] == [theirs.get(key) for key in fixed]
    assert shape(ours) == shape(theirs)
