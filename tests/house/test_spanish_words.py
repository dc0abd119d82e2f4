"""Every word a patient can meet has its Spanish, with the same names in it, and nothing dead is kept."""

from __future__ import annotations

import ast
import re

from tests.words.catalog import SPANISH, catalog, entries
from tests.words.extract import of_everyone, of_patients
from tests.words.loose import in_nodes, in_template, in_templates
from tests.words.reach import Module, shown, templates
from tests.words.reach import of_patients as everything

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


def test_no_word_a_patient_can_meet_stands_outside_gettext() -> None:
    reach = everything()
    assert [f"{shown(name)}: {words}" for name, words in in_templates(reach.templates)] == []
    assert [f"{where}: {words}" for where, words in in_nodes(reach.nodes)] == []


def test_a_loose_word_is_found_wherever_it_is_planted() -> None:
    planted = (
        "<p>{% trans 'Kept' %} A new line.</p>",
        '<button aria-label="Close the list">{{ x }}</button>',
        '<c-verdict says="Not today" />',
        "{% if a %}Never{% endif %}",
    )
    assert [len(in_template(text)) for text in planted] == [1, 1, 1, 1]
    assert in_template('<p class="a b">{% blocktrans %}All of it{% endblocktrans %} <b>{{ n }}</b></p>') == []
    for name, line in (
        ("openkap.desks.patient.home", 'words = {"a": "Kept on this phone"}'),
        ("openkap.door.forms", 'Field(label="Your name")'),
        ("openkap.steps.journal", 'raise Refused(f"Not today, {name}")'),
        ("openkap.reads.home", 'messages.success(request, "Kept as it was")'),
    ):
        tree = ast.parse(line)
        assert list(in_nodes([(Module(name, tree), tree.body[0])])), line
    told = ast.parse('log.error("the list could not be read")\nword = _("Kept on this phone")')
    assert not list(in_nodes([(Module("openkap.desks.patient.home", told), node) for node in told.body]))


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
        for name in everything().templates
        for found in re.findall(
            r"""\|(?:date|time):["'][^"']{2,}["']""", templates()[name].read_text("utf-8")
        )
    ]
    for module, node in everything().nodes:
        for call in ast.walk(node):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in BY_PATTERN:
                continue
            if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and len(call.args[1].value) > 1:
                plain.append(f"{shown(module.name)}:{call.lineno}")
    assert sorted(set(plain)) == []
