"""What is known: each source described as it was read, and claims in plain words that rest on them.

Decided here: how a source is described and what a claim must carry. An entry says what a study, guideline,
label or statute shows, what it does not show, and how well it was read; what the dossier does not give is
absent and never guessed. A card is one claim with its sources, its strength in words and what it does not
say, in every language. The data are `library/evidence`; a key that the bibliography lacks is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openkap.medicine.rules import CONFIDENCES, Document, Rule, documents
from openkap.medicine.sources import bibliography

AREA = "evidence"
KINDS = ("trial", "cohort", "review", "guidance", "label", "law", "agency", "study", "page")
# V: read in a copy of it. V2: read second-hand, in a page that quotes it. NV: not read, from memory.
READ = ("V", "V2", "NV")
LANGUAGES = ("en", "es")
ENTRY_KEYS = {
    "source",
    "name",
    "title",
    "year",
    "doi",
    "published",
    "kind",
    "design",
    "n",
    "shows",
    "not_shown",
    "correction",
    "read",
    "confidence",
}
CARD_KEYS = {"id", "version", "sources", "routes", "conditions", *LANGUAGES}
WORDS_KEYS = {"asks", "patient", "staff", "strength", "not_said"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One study, guideline, label or statute under a key of the bibliography. Blank, or None: not known.

    `correction` says what is often said of it and is wrong (dossier 0). `n` counts people.
    """

    source: str
    name: str
    kind: str
    read: str
    confidence: str
    as_of: str
    title: str = ""
    year: int | None = None
    doi: str = ""
    published: str = ""
    design: str = ""
    n: int | None = None
    shows: str = ""
    not_shown: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True)
class CardWords:
    """A claim in one language: the question, the answer for patients and for staff, how strong, what not."""

    asks: str
    patient: str
    staff: str
    strength: str
    not_said: str


@dataclass(frozen=True, slots=True)
class Card:
    """One claim. Without `routes` or `conditions` it speaks to every one."""

    id: str
    version: str
    sources: tuple[str, ...]
    routes: tuple[str, ...]
    conditions: tuple[str, ...]
    words: Mapping[str, CardWords]

    def speaks(self, route: str = "", conditions: Iterable[str] = ()) -> bool:
        """Whether it bears on this route and on one of these conditions; blank: on any."""
        here = set(conditions)
        return (not self.routes or not route or route in self.routes) and (
            not self.conditions or not here or bool(here & set(self.conditions))
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """What claims are told apart by: codes of a person's list, as they begin, and forms that ask about it."""

    id: str
    codes: tuple[str, ...]
    forms: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def entries() -> dict[str, tuple[Entry, ...]]:
    """Every described source by its key, in the order of the bibliography."""
    found: dict[str, list[Entry]] = {}
    for document in documents(AREA):
        for entry in read_entries(document):
            found.setdefault(entry.source, []).append(entry)
    return {key: tuple(found[key]) for key in bibliography() if key in found}


@cache
def cards() -> dict[str, Card]:
    """Every claim of the library by its id, in the order of the file."""
    return {card.id: card for document in documents(AREA) for card in read_cards(document)}


@cache
def conditions() -> dict[str, Condition]:
    """The conditions that claims name, by id."""
    found = {}
    for document in documents(AREA):
        for row in document.data.get("condition", ()):
            _refuse_unknown(document, row["sources"], rf'^id = "{row["id"]}"')
            parts = {name: tuple(row[name]) for name in ("codes", "forms", "sources")}
            found[row["id"]] = Condition(row["id"], **parts)
    return found


def conditions_by(codes: Iterable[str], forms: Iterable[str]) -> frozenset[str]:
    """Which conditions these codes and answered forms speak of."""
    codes, answered = tuple(codes), set(forms)
    return frozenset(
        one.id
        for one in conditions().values()
        if answered & set(one.forms) or any(code.startswith(one.codes) for code in codes)
    )


def read_entries(document: Document) -> Iterator[Entry]:
    """The entries of one file. Raises `Unsound`."""
    for row in document.data.get("entry", ()):
        here = rf'^name = "{re.escape(str(row.get("name", "")))}"'
        _refuse_strangers(document, row, ENTRY_KEYS, here)
        _refuse_unknown(document, [row.get("source")], here)
        for key, known in (("kind", KINDS), ("read", READ), ("confidence", CONFIDENCES)):
            if row.get(key) not in known:
                raise document.unsound(f"{row.get('name')}: {key} must be one of {', '.join(known)}.", here)
        for key in ("name", "shows"):
            if not row.get(key):
                raise document.unsound(f"{row.get('source')}: {key} is missing.", here)
        yield Entry(**row, as_of=bibliography()[row["source"]].as_of)


def read_cards(document: Document) -> Iterator[Card]:
    """The claims of one file. Raises `Unsound`: one without a source, or without words in a language."""
    for row in document.data.get("card", ()):
        here = rf'^id = "{re.escape(str(row.get("id", "")))}"'
        _refuse_strangers(document, row, CARD_KEYS, here)
        if not row.get("sources"):
            raise document.unsound(f"{row.get('id')}: a claim needs a source.", here)
        _refuse_unknown(document, row["sources"], here)
        words = {}
        for language in LANGUAGES:
            said = row.get(language, {})
            if set(said) != WORDS_KEYS or not all(said.values()):
                missing = ", ".join(sorted(WORDS_KEYS ^ set(said))) or "text"
                raise document.unsound(f"{row['id']}: {missing} in {language}.", here)
            words[language] = CardWords(**said)
        yield Card(
            row["id"],
            row["version"],
            tuple(row["sources"]),
            tuple(row.get("routes", ())),
            tuple(row.get("conditions", ())),
            words,
        )


def cited(rule: Rule) -> tuple[str, ...]:
    """Every key that a rule or one of its numbers rests on, once."""
    numbers = (key for number in rule.numbers.values() for key in number.sources)
    return tuple(dict.fromkeys((*rule.sources, *numbers)))


def on_nothing_else(rule: Rule) -> bool:
    """Whether it rests on a proposal alone: no source states any of it."""
    return set(cited(rule)) == {"PROPOSED"}


def _refuse_strangers(document: Document, row: Mapping[str, Any], known: set[str], here: str) -> None:
    if strangers := sorted(set(row) - known):
        raise document.unsound(f"unknown key {strangers[0]!r}.", here, rf"^{strangers[0]}")


def _refuse_unknown(document: Document, keys: Iterable[Any], here: str) -> None:
    for key in keys:
        if key not in bibliography():
            raise document.unsound(f"source {key!r} is not in the bibliography.", here)
