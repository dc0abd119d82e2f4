"""The glossary holds the field's words: what the code can call a person, a state, a route, a level, a way."""

from __future__ import annotations

import re

from openkap.medicine.course.states import COURSE, SESSION
from openkap.medicine.protocols import Route, protocols
from openkap.medicine.verdict import Level, Status
from openkap.permits import Role
from openkap.permits.roles import GRANT_SCOPES
from openkap.records.models import Session
from tests.house.tree import ROOT

ENTRY = re.compile(r"^- \*\*(.+?)\*\*: ", re.MULTILINE)
# What pages and documents say without asking, besides what the code lists.
USED = (
    "candidacy, course, dose, escort, freeze, gate, going home, grant, hand over, hat, integration, journal, "
    "ledger, off label, on call, permit, practice, process note, prompt, proposed, reading, rems, resting, "
    "room, rule, scope, session, step, superbill, task, touch agreement, trail, verdict, watch, way of care, "
    "window"
)


def heads() -> list[str]:
    return ENTRY.findall((ROOT / "GLOSSARY.md").read_text())


def words() -> set[str]:
    return {word.strip().lower().replace("-", " ") for head in heads() for word in head.split(",")}


def one(word: str) -> str:
    """A word in the singular, as far as these need it."""
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def test_every_word_that_the_code_lists_has_an_entry() -> None:
    states = {*COURSE.moves, *SESSION.moves}
    listed = {*Role, *Route, *Level, *Status, *GRANT_SCOPES, *Session.Phase.values, *states}
    listed |= {protocol.model for protocol in protocols()}
    plain = {one(word.replace("_", " ")) for word in listed} | set(USED.split(", "))
    known = {one(word).replace(" a ", " ") for word in words()} | words()
    assert sorted(plain - known) == []


def test_entries_are_sorted_and_stand_once() -> None:
    order = [head.lower() for head in heads()]
    assert order == sorted(set(order))
    assert len(words()) == sum(len(head.split(",")) for head in heads())


def test_every_entry_says_something() -> None:
    text = (ROOT / "GLOSSARY.md").read_text()
    entries = ENTRY.split(text)[1:]
    short = [
        head for head, said in zip(entries[::2], entries[1::2], strict=True) if not said.strip().endswith(".")
    ]
    assert short == []
