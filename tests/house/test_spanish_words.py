"""Every word a patient can meet has its Spanish, with the same names in it, and nothing dead is kept."""

from __future__ import annotations

import ast
import re

from tests.words.catalog import SPANISH, catalog, entries
from tests.words.extract import of_everyone, of_patients
from tests.words.reach import Reach, shown, templates

PATTERN = re.compile(r"""\|(?:date|time):["'][^"']{2,}["']""")
BY_PATTERN = ("date_format", "time_format", "by_pattern")
PLACE = re.compile(r"%\((\w+)\)[sd]")
# Date patterns and words that are the same in both languages.
SAME = {"Administrator", "No", "%(practice)s: %(phone)s", "g:i a", "D g:i a", "min"}


def test_every_word_a_patient_can_meet_has_its_spanish() -> None:
    known = catalog()
    missing = [
        f"{shown(word.where)}: {word.msgid}"
        for word in of_patients()
        if not all(known.get(word.msgid, ("",)))
    ]
    assert missing == [], "python -m tests.words.catalog prints an entry for each"


def test_a_word_with_a_plural_has_both_forms() -> None:
    known = catalog()
    wrong = [
        word.msgid for word in of_patients() if len(known.get(word.msgid, ())) != (2 if word.plural else 1)
    ]
    assert wrong == []


def test_a_translation_names_what_its_word_names() -> None:
    wrong = []
    for entry in entries():
        for part, words in entry.items():
            of = entry["msgid_plural" if part == "msgstr[1]" else "msgid"]
            if part.startswith("msgstr") and set(PLACE.findall(words)) != set(PLACE.findall(of)):
                wrong.append((entry["msgid"], words))
    assert wrong == []


def test_a_translation_is_not_its_english() -> None:
    same = [msgid for msgid, words in catalog().items() if msgid in words and msgid not in SAME]
    assert [msgid for msgid in same if re.search(r"[a-z]{4}", PLACE.sub("", msgid))] == []


def test_no_entry_stands_twice_or_for_nothing() -> None:
    listed = [entry["msgid"] for entry in entries()]
    assert sorted({msgid for msgid in listed if listed.count(msgid) > 1}) == []
    assert sorted(set(listed) - of_everyone()) == []
    assert "fuzzy" not in SPANISH.read_text(encoding="utf-8")


def test_a_date_on_a_patients_page_is_written_by_its_language() -> None:
    plain = [
        f"{shown(name)}: {found}"
        for name in Reach().templates
        for found in re.findall(
            r"""\|(?:date|time):["'][^"']{2,}["']""", templates()[name].read_text("utf-8")
        )
    ]
    for module, node in Reach().nodes:
        for call in ast.walk(node):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in BY_PATTERN:
                continue
            if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and len(call.args[1].value) > 1:
                plain.append(f"{shown(module.name)}:{call.lineno}")
    assert sorted(set(plain)) == []
