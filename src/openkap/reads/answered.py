"""What was asked and measured at one moment, in few lines: noes by part of the body, results side by side.

Decided here: a no is folded, never left out, and only where it stands as it was first given: what was put
right, and every yes, keeps a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.rules import documents
from openkap.medicine.screening.questions import all_questions
from openkap.reads.rows import Chain, set_words
from openkap.records.base import Clinical
from openkap.records.models import HistoryAnswer, Result


def is_folded(chain: Chain) -> bool:
    """A result, or a no to one question of the history, standing as it was given and said by a person."""
    row = chain.last
    if not chain.counts or chain.fixes:
        return False
    if isinstance(row, Result):
        return row.confirmed
    return isinstance(row, HistoryAnswer) and row.confirmed and not row.value and row.key in _named()


def folded(found: Iterable[Chain], zone: ZoneInfo) -> Iterable[tuple[datetime, str, str]]:
    """When, in which words and by whom: one line for each minute and person, its parts on lines of their own.

    Give it chains of one kind for which `is_folded` is true.
    """
    sets: dict[tuple[datetime, str], list[Clinical]] = {}
    for chain in found:
        minute = chain.last.at.astimezone(zone).replace(second=0, microsecond=0)
        sets.setdefault((minute, chain.last.by_name), []).append(chain.last)
    for (minute, who), rows in sets.items():
        noes = {row.key for row in rows if isinstance(row, HistoryAnswer)}
        yield minute, _noes(noes) if noes else set_words(rows), who


def _noes(keys: set[str]) -> str:
    parts = [
        f"{system}: {', '.join(short)}."
        for system, named in _systems()
        if (short := [words for key, words in named if key in keys])
    ]
    return "\n".join([_("Asked and answered no:"), *parts])


def _systems() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each part of the history with the short names of its questions, as a person is asked."""
    names = [
        (row["id"], row["name"]) for document in documents("questions") for row in document.data["system"]
    ]
    asked = [question for question in all_questions() if question.system]
    return [(name, [(q.key, q.short) for q in asked if q.system == id_]) for id_, name in names]


def _named() -> dict[str, str]:
    return {question.key: question.short for question in all_questions() if question.system}
