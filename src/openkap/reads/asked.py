"""The history of an evaluation by body system, and each fact on file in words with its time and author.

Decided here: what an import brought stands beside the question it could answer, marked, and counts for
nothing until someone says so. A group is done when each of its questions has an answer that counts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.instruments import UnknownInstrument, instrument, instrument_ids, text
from openkap.medicine.screening import Question, history, questions
from openkap.medicine.verdict import Finding
from openkap.reads.rows import instrument_name, result_words
from openkap.reads.said import number
from openkap.records.clinical import Living
from openkap.records.facts.clock import day, moment
from openkap.records.facts.screening import CSSRS, Facts


@dataclass(frozen=True, slots=True)
class OnFile:
    """A fact that is known, or waits for a person's word: its row, in words, by whom and when."""

    id: UUID
    model: str
    words: str
    who: str
    when: str
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the answer that counts, and what a record from elsewhere says of it.

    `prefill`: what that record would answer. `says`: its words, with their day.
    """

    question: Question
    answer: bool | None
    on_file: OnFile | None
    prefill: bool | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One body system: its questions, and how many have an answer that counts."""

    id: str
    name: str
    asked: tuple[Asked, ...]

    @property
    def answered(self) -> int:
        return sum(one.answer is not None for one in self.asked)

    @property
    def done(self) -> bool:
        return self.answered == len(self.asked)


def groups_of(route: str, facts: Facts, zone: ZoneInfo) -> tuple[Group, ...]:
    """The history of this route, with what is known of it."""
    return tuple(
        Group(system.id, system.name, tuple(_asked(question, facts, zone) for question in system.questions))
        for system in history(route)
    )


def _asked(question: Question, facts: Facts, zone: ZoneInfo) -> Asked:
    row, waiting = facts.answers.get(question.key), facts.answers_waiting.get(question.key)
    says = [
        f"{pointer.condition.text}{'' if pointer.condition.active else ' ' + _('(past)')}, "
        f"{day(pointer.condition.at.astimezone(zone).date())}"
        for pointer in facts.pointers.get(question.key, ())
    ]
    if waiting is not None:
        says.append(f"{yes_no(waiting.value)}, {moment(waiting.at, zone)}")
    return Asked(
        question,
        row.value if row is not None else None,
        on_file(row, yes_no(row.value), zone) if row is not None else None,
        facts.prefill(question.key),
        tuple(says),
    )


def yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def on_file(row: Living, words: str, zone: ZoneInfo) -> OnFile:
    """A row as a line of a page."""
    who = _("From an import") if row.source == "import" and not row.confirmed else row.by_name
    document = getattr(row, "document_id", None)
    return OnFile(row.id, row._meta.model_name or "", words, who, moment(row.at, zone), document)


def latest(facts: Facts, key: str, zone: ZoneInfo) -> OnFile | None:
    row = facts.latest(key)
    return on_file(row, told(row, facts), zone) if row is not None else None


def told(row: Any, facts: Facts) -> str:
    """A result in words, a pressure with both its numbers."""
    if row.key == "sbp":
        low = next((r.value for r in facts.results if r.key == "dbp" and r.at == row.at), "")
        return f"{number(row.value)}/{number(low)} mmHg" if low else f"{number(row.value)} mmHg"
    return result_words(row)


def data_words(finding: Finding, facts: Facts, route: str, zone: ZoneInfo) -> str:
    """What this rule looked at, each value with its time and who wrote it."""
    used = [question for question in questions(route) if finding.rule in question.rules]
    told = [question for question in used if _line(question, finding, facts, zone, alone=True)]
    lines = [_line(question, finding, facts, zone, alone=len(told) == 1) for question in told]
    return "; ".join(dict.fromkeys(line for line in lines if line))


def _line(question: Question, finding: Finding, facts: Facts, zone: ZoneInfo, *, alone: bool) -> str:
    if question.group == "lists":
        return _list_line(question.key, finding, facts, zone)
    row: Any = facts.answers.get(question.key)
    if row is not None:
        said = yes_no(row.value) if alone else f"{question.asks} {yes_no(row.value)}"
        return f"{said}, {row.by_name}, {moment(row.at, zone)}"
    row = facts.latest(question.key)
    score = facts.scores.get(question.key)
    if score is not None and (row is None or row.at < score.at):
        value = score.band.replace("_", " ") if question.key == CSSRS else score.total
        name = instrument_name(score.instrument)
        return f"{name} {value}, {score.by_name}, {moment(score.at, zone)}" if value not in (None, "") else ""
    return f"{told(row, facts)}, {row.by_name}, {moment(row.at, zone)}" if row is not None else ""


def _list_line(key: str, finding: Finding, facts: Facts, zone: ZoneInfo) -> str:
    """The names that fired, or how long the list is; and when it was last gone through."""
    entries = facts.allergies if key == "allergies" else facts.medications
    if entries is None:
        return ""
    named = finding.data.get(key)
    if named:
        words = ", ".join(map(str, named))
    elif key == "allergies":
        words = _("Allergies: %(n)s") % {"n": len(entries)} if entries else _("No known allergies")
    else:
        words = (
            _("Medicines on the list: %(n)s") % {"n": len(entries)} if entries else _("Takes no medicines")
        )
    through = facts.lists.reconciled
    if through is None:
        return words
    return f"{words}, {_('gone through by')} {through.by_name}, {moment(through.at, zone)}"


@dataclass(frozen=True, slots=True)
class FormHere:
    """A questionnaire whose words are in the library, so that it can be asked here."""

    id: str
    name: str


@cache
def forms_here() -> tuple[FormHere, ...]:
    """Every questionnaire that can be asked on a page, in the library's order."""
    found = []
    for id_ in instrument_ids():
        with suppress(UnknownInstrument):
            text(id_, "en")
            found.append(FormHere(id_, instrument(id_).name))
    return tuple(found)
