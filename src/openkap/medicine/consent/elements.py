"""The elements of informed consent: what each is, which routes and ways must have it, and in which words.

Decided here: how `library/consent/elements` is read. What an element is, and which answer is right, is said
once for all languages; words are said once for each language. A part of an element stands where all terms of
its `when` hold for a route, a way of care and a practice; the same goes for its question (dossier 6.1).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openkap.medicine.rules import library_folder

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand where `when` holds; blank: always."""

    when: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of comprehension, where `when` holds."""

    when: str
    ask: str
    choices: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `routes`, `ways`: where it is required, empty: everywhere; `right`: the right choice."""

    id: str
    number: int
    routes: tuple[str, ...]
    ways: tuple[str, ...]
    right: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """An element in one language."""

    heading: str
    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]


@cache
def elements() -> Mapping[str, Element]:
    """Every element by its id, in the order of the dossier."""
    rows = _read("elements/elements.toml")["element"]
    return {
        row["id"]: Element(
            id=row["id"],
            number=row["number"],
            routes=tuple(row.get("routes", ())),
            ways=tuple(row.get("ways", ())),
            right=row["right"],
            sources=tuple(row["sources"]),
        )
        for row in rows
    }


@cache
def words_in(language: str) -> Mapping[str, Words]:
    """The words of every element, in the order in which a patient reads them. Raises `KeyError`."""
    if language not in LANGUAGES:
        raise KeyError(language)
    rows = [row for name in _FILES for row in _read(f"elements/{language}/{name}.toml")["element"]]
    found = {row["id"]: _words(row) for row in rows}
    return {id: found[id] for id in READ_IN_ORDER}


def frame(language: str) -> Mapping[str, Any]:
    """What stands around the elements in one language: title, first words, what signing means."""
    return _read(f"elements/{language}/frame.toml")


def holds(when: str, facts: frozenset[str]) -> bool:
    """Whether every term of `when` holds: "iv|im" is either, "!therapy" is without."""
    return all(
        not facts & {term[1:]} if term.startswith("!") else bool(facts & set(term.split("|")))
        for term in when.split()
    )


_FILES = ("1-medicine", "2-day", "3-rights")

# What this is and what is known comes first, then the day, then one's rights.
READ_IN_ORDER = (
    "dose",
    "off_label",
    "compounded",
    "evidence",
    "feeling",
    "risks",
    "pregnancy",
    "alternatives",
    "substances",
    "going_home",
    "integration",
    "controlled",
    "company",
    "touch",
    "recording",
    "telehealth",
    "cost",
    "sharing",
    "privacy",
    "emergency",
    "safety_plan",
    "stopping",
)


def _words(row: Mapping[str, Any]) -> Words:
    asked = [*row.get("question", ()), *([row] if "ask" in row else [])]
    return Words(
        heading=row["heading"],
        parts=tuple(Part(part.get("when", ""), part["words"].strip()) for part in row["part"]),
        asked=tuple(
            Asked(each.get("when", ""), each["ask"], tuple(each["choices"]), each["why"]) for each in asked
        ),
    )


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads(library_folder().joinpath("consent", name).read_text("utf-8"))
