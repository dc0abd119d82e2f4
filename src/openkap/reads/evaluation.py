"""The evaluation as its page shows it: the verdict, every finding with its data, and what is still open.

Decided here: one sentence first, then what to do, then rule, data with its time, and source, folded.
What an import brought is shown beside the question it could answer, and counts for nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.screening import Question, questions
from openkap.medicine.verdict import Level, Verdict
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.findings import DecisionShown, FindingShown, decisions_of, finding_shown
from openkap.reads.rows import instrument_name, result_words
from openkap.reads.said import moment, number
from openkap.records.clinical import Living
from openkap.records.facts.screening import CSSRS, HCG, POTENTIAL, RULES, VITALS, Facts, evaluate
from openkap.records.models import Course, Score

ANSWERS_OF = {"S01": "aneurysmal_vascular_disease", "S12": "psychosis_current"}


@dataclass(frozen=True, slots=True)
class OnFile:
    """A fact that is known, or waits for a person's word: its row, in words, by whom and when."""

    id: UUID
    model: str
    words: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the answer that counts and the one an import brought."""

    question: Question
    answer: bool | None
    on_file: OnFile | None
    waiting: OnFile | None


@dataclass(frozen=True, slots=True)
class Severity:
    """A filled form's total out of the most it can be, and its band. No total: not reckonable."""

    name: str
    total: int | None
    most: int | None
    band: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything on the page. `seen` goes with the decision, `facts.fingerprint` with the answers."""

    course: UUID
    facts: Facts
    seen: str
    level: str
    says: str
    why: str
    counts: dict[str, int]
    speaking: tuple[FindingShown, ...]
    clear: tuple[FindingShown, ...]
    asked: tuple[Asked, ...]
    vitals: tuple[OnFile, ...]
    results_waiting: tuple[OnFile, ...]
    hcg: OnFile | None
    cssrs: OnFile | None
    scores: tuple[Severity, ...]
    ready: bool
    decisions: tuple[DecisionShown, ...]


def evaluation_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Evaluation | None:
    """The page of this course's evaluation; None where the reader may not see clinical facts of it."""
    subject = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    if not decide(scope, Need(Kind.CLINICAL, Act.SEE), subject):
        return None
    now = evaluate(course, at)
    verdict, facts = now.screened.verdict, now.facts
    shown = [finding_shown(f, data_words(f.rule, facts, zone)) for f in verdict.findings]
    return Evaluation(
        course=course.id,
        facts=facts,
        seen=now.seen,
        level=str(verdict.level),
        says=verdict_says(verdict),
        why=_why(verdict),
        counts=_counts(verdict),
        speaking=tuple(f for f in shown if f.level != Level.CLEAR),
        clear=tuple(f for f in shown if f.level == Level.CLEAR),
        asked=_asked(course, facts, zone),
        vitals=_last_set(facts, zone),
        results_waiting=tuple(_on_file(row, _result_words(row), zone) for row in facts.results_waiting)[-12:],
        hcg=_latest(facts, HCG, zone),
        cssrs=_latest(facts, CSSRS, zone),
        scores=tuple(_severity(row) for row in facts.scores.values()),
        ready=all(f.weighs is not Level.UNKNOWN for f in verdict.findings),
        decisions=tuple(decisions_of(scope, course, zone)),
    )


def _severity(row: Score) -> Severity:
    try:
        most = instrument(row.instrument).highest_total or None
    except UnknownInstrument:
        most = None
    return Severity(instrument_name(row.instrument), row.total, most, row.band.replace("_", " "))


def verdict_says(verdict: Verdict) -> str:
    """The one sentence of the banner: the decision, and the fact behind it."""
    worst = verdict.worst
    match verdict.level:
        case Level.CLEAR:
            return _("Ready for your decision")
        case Level.CAUTION:
            return _("Ready if you say so")
        case Level.HOLD:
            return _("Not yet. %(why)s") % {"why": worst.because if worst else ""}
        case Level.STOP:
            return _("Not a candidate. %(why)s") % {"why": worst.because if worst else ""}
    open_ones = sum(f.weighs is Level.UNKNOWN for f in verdict.findings)
    missing = ngettext("%(n)s answer is missing", "%(n)s answers are missing", open_ones) % {"n": open_ones}
    return _("Cannot say yet. %(missing)s") % {"missing": missing}


def _why(verdict: Verdict) -> str:
    asked = _("%(n)s rules are asked so far: %(ids)s.") % {"n": len(RULES), "ids": ", ".join(RULES)}
    if verdict.level in (Level.UNKNOWN, Level.CLEAR, Level.CAUTION):
        asked = f"{_('No exclusion found so far.')} {asked}"
    return asked


def _counts(verdict: Verdict) -> dict[str, int]:
    levels = [f.level for f in verdict.findings]
    return {
        "stop": levels.count(Level.STOP),
        "caution": levels.count(Level.CAUTION) + levels.count(Level.HOLD),
        "unknown": levels.count(Level.UNKNOWN),
        "clear": levels.count(Level.CLEAR),
    }


def data_words(rule: str, facts: Facts, zone: ZoneInfo) -> str:
    """What this rule looked at, each value with its time and who wrote it."""
    keys = {"S01": (), "S12": (), "S06": ("sbp",), "S16": (HCG,), "S38": (CSSRS,)}.get(rule, ())
    lines = [
        _answer_line(facts, key, zone) for key in (ANSWERS_OF.get(rule), POTENTIAL if rule == "S16" else None)
    ]
    for key in keys:
        row = facts.latest(key)
        lines.append(f"{_result_words(row, facts)}, {row.by_name}, {moment(row.at, zone)}" if row else "")
    return "; ".join(line for line in lines if line)


def _answer_line(facts: Facts, key: str | None, zone: ZoneInfo) -> str:
    row = facts.answers.get(key) if key else None
    if row is None:
        return ""
    said = _("Yes") if row.value else _("No")
    what = f"{_('Could become pregnant')}: {said.lower()}" if key == POTENTIAL else said
    return f"{what}, {row.by_name}, {moment(row.at, zone)}"


def _result_words(row: Any, facts: Facts | None = None) -> str:
    if row.key == "sbp" and facts is not None:
        low = next((r.value for r in facts.results if r.key == "dbp" and r.at == row.at), "")
        return f"{number(row.value)}/{number(low)} mmHg" if low else f"{number(row.value)} mmHg"
    return result_words(row)


def _asked(course: Course, facts: Facts, zone: ZoneInfo) -> tuple[Asked, ...]:
    found = []
    for question in questions(course.route):
        if question.kind != "yes_no" or not set(question.rules) & set(RULES):
            continue
        row, waiting = facts.answers.get(question.key), facts.answers_waiting.get(question.key)
        found.append(
            Asked(
                question,
                row.value if row is not None else None,
                _on_file(row, _yes_no(row.value), zone) if row is not None else None,
                _on_file(waiting, _yes_no(waiting.value), zone) if waiting is not None else None,
            )
        )
    return tuple(found)


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _on_file(row: Living, words: str, zone: ZoneInfo) -> OnFile:
    who = _("From an import") if row.source == "import" and not row.confirmed else row.by_name
    return OnFile(row.id, row._meta.model_name or "", words, who, moment(row.at, zone))


def _latest(facts: Facts, key: str, zone: ZoneInfo) -> OnFile | None:
    row = facts.latest(key)
    return _on_file(row, _result_words(row), zone) if row is not None else None


def _last_set(facts: Facts, zone: ZoneInfo) -> tuple[OnFile, ...]:
    """The latest of each measurement, pressure as one."""
    found = []
    for key in (*VITALS, "temp_c"):
        row = facts.latest(key)
        if row is not None and key != "dbp":
            found.append(_on_file(row, _result_words(row, facts), zone))
    return tuple(found)
