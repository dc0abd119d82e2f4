"""What a state's law adds to a consent text, as far as it was read.

Decided here: a state that is not in `library/consent/states/states.toml` is not known, and is never guessed:
the practice asks its lawyer (dossier 6.4; verified row 48: two states only).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from openkap.medicine.rules import library_folder


@dataclass(frozen=True, slots=True)
class Addition:
    """The words a text gains, in one language."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class StateLaw:
    """One state. `note` is for whoever edits the text; `words` by language go into it."""

    id: str
    name: str
    note: str
    words: Mapping[str, Addition]
    sources: tuple[str, ...]
    confidence: str
    as_of: date


@cache
def state_laws() -> tuple[StateLaw, ...]:
    """Every state that was looked into."""
    file = library_folder().joinpath("consent", "states", "states.toml")
    return tuple(
        StateLaw(
            id=row["id"],
            name=row["name"],
            note=row["note"],
            words={language: Addition(**row[language]) for language in ("en", "es")},
            sources=tuple(row["sources"]),
            confidence=row["confidence"],
            as_of=row["as_of"],
        )
        for row in tomllib.loads(file.read_text("utf-8"))["state"]
    )


def state_law(id: str) -> StateLaw | None:
    """What is known of a state; None where nothing is, or where none was named."""
    return next((law for law in state_laws() if law.id == id), None)
