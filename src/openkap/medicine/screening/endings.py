"""What a patient is told where a rule stops or holds, and what would change it.

Decided here: only how the words are found (`library/endings`). They are a draft: a prescriber reads
them, writes them anew where they do not fit, and signs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openkap.medicine.rules import documents
from openkap.medicine.verdict import Finding, Level


@dataclass(frozen=True, slots=True)
class Ending:
    """One reason in plain words, and what would change it. `rule` is blank for what is not known yet."""

    rule: str
    why: str
    changes: str


def endings(findings: Iterable[Finding], language: str = "en") -> tuple[Ending, ...]:
    """A reason for each rule that stops or holds, the worst first, and one for all that is not known."""
    words = _words(language)
    told = [f for f in findings if f.level in (Level.STOP, Level.HOLD)]
    found = [
        Ending(f.rule, words["rules"][f.rule]["why"], words["rules"][f.rule]["changes"])
        for f in sorted(told, key=lambda f: -f.level.weight)
        if f.rule in words["rules"]
    ]
    if any(f.weighs is Level.UNKNOWN for f in findings):
        found.append(Ending("", words["unknown"], words["unknown_changes"]))
    return tuple(found)


def ended_rules(language: str = "en") -> frozenset[str]:
    """Ids of the rules that have words for a patient."""
    return frozenset(_words(language)["rules"])


@cache
def languages() -> frozenset[str]:
    """The languages in which there are words at all."""
    return frozenset(document.data["language"] for document in documents("endings"))


@cache
def _words(language: str) -> Mapping[str, Any]:
    found = {document.data["language"]: document.data for document in documents("endings")}
    return found.get(language, found["en"])
