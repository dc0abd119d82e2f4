"""What a public page may say of the evidence.

Decided here: the published cohort is told as parts of a hundred people that add up, with those who got
worse among them, and never as a promise. Numbers and sentences are `library/evidence`, each with its
source; the corrections of the clinical dossier's section 0 hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openkap.medicine.rules import Rule, documents, read_rules
from openkap.medicine.sources import resolve


@dataclass(frozen=True, slots=True)
class OfAHundred:
    """Of a hundred people: how many were at least half better, in between, worse; they add up to 100."""

    better: int
    between: int
    worse: int
    counted: int
    treated: int


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about the evidence, and where it is read."""

    title: str
    says: str
    sources: tuple[str, ...]


@cache
def rows() -> dict[str, Rule]:
    """The evidence rows by id, checked as every rule is."""
    files = (document for document in documents("evidence") if "rule" in document.data)
    return {rule.id: rule for document in files for rule in read_rules(document, "evidence")}


def of_a_hundred() -> OfAHundred:
    """The largest published cohort of IV doses in the community."""
    rule = rows()["E-COHORT"]
    better, worse = round(rule["response"]), round(rule["worse"])
    return OfAHundred(better, 100 - better - worse, worse, int(rule["counted"]), int(rule["treated"]))


def said(id: str) -> Said:
    """The sentence of this row, with its sources as texts."""
    rule = rows()[id]
    return Said(rule.title, rule.words["says"], tuple(resolve(key).text for key in rule.sources))
