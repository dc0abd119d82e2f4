"""Codes of a record from elsewhere, as far as they bear on a question here.

Decided here: a code only points. What it points at is library data (`library/codes`) with its source,
proposed until a medical director signs it; whether it is so, a person says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from openkap.medicine.rules import Document, documents, read_backing
from openkap.medicine.screening.questions import all_questions

ANSWERS, TIMES = ("yes", "ask"), ("active", "ever")


@dataclass(frozen=True, slots=True)
class Hint:
    """A question that a code bears on. `yes`: it fills the answer in; otherwise it is only shown."""

    key: str
    yes: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodedResult:
    """How an observation becomes a result here: its key, the unit kept, the UCUM units it may come in.

    `over_upper_limit`: the value counts in times the upper limit of normal. `words_of`: a worded value.
    """

    key: str
    unit: str
    ucum: tuple[str, ...]
    over_upper_limit: bool = False
    words_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    hint: Hint
    ever: bool
    icd10cm: tuple[str, ...]
    snomed: Mapping[str, str]

    def has(self, code: str) -> bool:
        return code in self.snomed or any(code.startswith(start) for start in self.icd10cm)


def hints(code: str, *, active: bool) -> tuple[Hint, ...]:
    """The questions that a condition's code bears on, each once; one that answers goes before."""
    found: dict[str, Hint] = {}
    for row in _conditions():
        if row.has(code) and (active or row.ever) and not (row.hint.key in found and not row.hint.yes):
            found[row.hint.key] = row.hint
    return tuple(found.values())


def bears(code: str) -> bool:
    """Whether any question looks at this code."""
    return any(row.has(code) for row in _conditions())


@cache
def coded_results() -> Mapping[str, CodedResult]:
    """Results by their LOINC code."""
    return dict(_result(document, row) for document, row in _rows("result"))


@cache
def _conditions() -> tuple[_Row, ...]:
    keys = {question.key for question in all_questions() if question.kind == "yes_no"}
    return tuple(_condition(document, row, keys) for document, row in _rows("condition"))


def _rows(table: str) -> list[tuple[Document, Mapping[str, object]]]:
    return [(document, row) for document in documents("codes") for row in document.data.get(table, ())]


def _condition(document: Document, row: Mapping[str, object], keys: set[str]) -> _Row:
    key, here = str(row.get("key")), rf'^key = "{row.get("key")}"'
    if key not in keys:
        raise document.unsound(f"no question has the key {key}.", here)
    if row.get("answer") not in ANSWERS or row.get("when") not in TIMES:
        raise document.unsound(f"{key}: answer is yes or ask, when is active or ever.", here)
    _status, _confidence, sources = read_backing(document, key, row, here)
    icd, snomed = row.get("icd10cm", []), row.get("snomed", {})
    if not isinstance(icd, list) or not isinstance(snomed, dict) or not (icd or snomed):
        raise document.unsound(f"{key}: names no code.", here)
    return _Row(Hint(key, row["answer"] == "yes", sources), row["when"] == "ever", tuple(icd), snomed)


def _result(document: Document, row: Mapping[str, object]) -> tuple[str, CodedResult]:
    code = str(row.get("loinc"))
    here = rf'^loinc = "{code}"'
    read_backing(document, code, row, here)
    ucum, worded = row.get("ucum", []), row.get("words_of", {})
    if not isinstance(ucum, list) or not isinstance(worded, dict) or not (ucum or worded):
        raise document.unsound(f"{code}: names neither a unit nor words.", here)
    words = {value: tuple(said) for value, said in worded.items()}
    limited = row.get("over_upper_limit") is True
    return code, CodedResult(str(row["key"]), str(row["unit"]), tuple(ucum), limited, words)
