"""Which questions of a newer text are asked of somebody who answered those of an older one?

Decided here: what is new, or asks, offers or counts as right something else, or whose element is said in
other words now; the rest was answered and stays so. Where no version says under which heading an element
stands, its question alone decides; where only one does, it is asked. Spaces change nothing (dossier 6.1: a
question shows that what is signed was plain, so it is asked of the words that are signed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openkap.medicine.consent.compose import Section


@dataclass(frozen=True, slots=True)
class Told:
    """One version. `questions` as a document keeps them; `words` of each element known to be there."""

    questions: Sequence[Mapping[str, Any]]
    words: Mapping[str, str]


def words_of(sections: Iterable[Section]) -> dict[str, str]:
    """The words of each element that these sections are known to cover, with single spaces."""
    found: dict[str, list[str]] = {}
    for section in sections:
        for element in section.covers:
            found.setdefault(element, []).extend(section.words.split())
    return {element: " ".join(words) for element, words in found.items()}


def asked_anew(then: Told, now: Told) -> frozenset[str]:
    """The ids of the questions of `now` that an answer to `then` does not answer."""
    before = {question["id"]: _asks(question) for question in then.questions}
    return frozenset(
        question["id"]
        for question in now.questions
        if before.get(question["id"]) != _asks(question)
        or then.words.get(question["id"]) != now.words.get(question["id"])
    )


def _asks(question: Mapping[str, Any]) -> tuple[str, tuple[str, ...], int]:
    return question["ask"], tuple(question["choices"]), int(question["right"])
