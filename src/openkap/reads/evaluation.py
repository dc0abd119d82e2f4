"""The evaluation as its page shows it: the verdict, every finding with its data, and what is still open.

Decided here: one sentence first, then what to do, then rule, data with its time, and source, folded.
What is not known is listed by name, apart from what is clear. What an import brought is shown beside
the question it could answer, and counts for nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.instruments import UnknownInstrument, instrument
from openkap.medicine.rules import library
from openkap.medicine.screening.again import due_again, what_changed
from openkap.medicine.screening.workup import DONE, Item
from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.asked import Group, OnFile, data_words, groups_of, latest, on_file
from openkap.reads.findings import DecisionShown, FindingShown, decisions_of, finding_shown
from openkap.reads.living import ListsShown, lists_shown
from openkap.reads.papers import Paper, papers_of
from openkap.reads.rows import instrument_name, result_words
from openkap.records.facts.clock import day, moment
from openkap.records.facts.ending import draft_for_patient
from openkap.records.facts.screening import (
    CSSRS,
    HCG,
    LABS,
    TOTALS,
    VITALS,
    Evaluated,
    Facts,
    evaluate,
)
from openkap.records.facts.signing import signed_of
from openkap.records.facts.workup import work_up_of
from openkap.records.models import Course, Decision, Score
from openkap.records.scoped import scoped

# Results that a page asks for beside the vitals; ECG and PDMP bear on no rule yet, and are looked at.
NOTED = (HCG, *LABS[1:], "ecg", "pdmp", CSSRS, *TOTALS)
FEW = 9
# Pressures are measured anew on each dosing day: that the last one has grown old is no change.
EACH_DAY = ("S06", "S07")


@dataclass(frozen=True, slots=True)
class Severity:
    """A filled form's total out of the most it can be, and its band. No total: not reckonable."""

    name: str
    total: int | None
    most: float | None
    band: str


@dataclass(frozen=True, slots=True)
class NotedLine:
    """A noted result under its key."""

    key: str
    fact: OnFile


@dataclass(frozen=True, slots=True)
class WorkUpLine:
    """One item of the work-up: what, why it is asked for, how it stands, and what to do."""

    finding: FindingShown
    key: str
    why: str
    because: str
    when: str
    done: bool


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One rule that speaks differently than at the decision."""

    rule: str
    name: str
    was_level: str
    level: str
    was: str
    now: str
    worse: bool


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
    silent: tuple[FindingShown, ...]
    needed: frozenset[str]
    clear: tuple[FindingShown, ...]
    groups: tuple[Group, ...]
    lists: ListsShown
    papers: tuple[Paper, ...]
    vitals: tuple[OnFile, ...]
    results_waiting: tuple[OnFile, ...]
    noted: dict[str, OnFile]
    scores: tuple[Severity, ...]
    ready: bool
    draft: str
    decisions: tuple[DecisionShown, ...]
    work_up: tuple[WorkUpLine, ...] = ()
    changed: tuple[ChangeShown, ...] = ()
    decided_on: str = ""
    again_on: str = ""
    again_due: bool = False

    @property
    def open_work_up(self) -> tuple[WorkUpLine, ...]:
        """What is missing or no longer counts."""
        return tuple(line for line in self.work_up if not line.done)

    @property
    def done_work_up(self) -> tuple[WorkUpLine, ...]:
        return tuple(line for line in self.work_up if line.done)

    @property
    def silent_parts(self) -> tuple[tuple[bool, tuple[FindingShown, ...]], ...]:
        """What is not known in two parts: what a decision needs, and what could at most be a caution."""
        parts = ((True, tuple(f for f in self.silent if f.rule in self.needed)),)
        return (*parts, (False, tuple(f for f in self.silent if f.rule not in self.needed)))

    @property
    def asked(self) -> int:
        return sum(len(group.asked) for group in self.groups)

    @property
    def few_silent(self) -> bool:
        """Few enough to stand at the top: what is left to ask, not all there is to ask."""
        return len(self.silent) <= FEW

    @property
    def first_open(self) -> str:
        """The first group that is not done; blank where all are."""
        return next((group.id for group in self.groups if not group.done), "")

    @property
    def noted_lines(self) -> tuple[NotedLine, ...]:
        return tuple(NotedLine(key, fact) for key, fact in self.noted.items())

    @property
    def answered(self) -> int:
        return sum(group.answered for group in self.groups)


def evaluation_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> Evaluation | None:
    """The page of this course's evaluation; None where the reader may not see clinical facts of it."""
    subject = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    if not decide(scope, Need(Kind.CLINICAL, Act.SEE), subject):
        return None
    now = evaluate(course, at)
    verdict, facts = now.screened.verdict, now.facts
    by = signed_of(course.organisation_id, course.route, at, now.law).by
    shown = [
        replace(finding_shown(f, data_words(f, facts, course.route, zone)), approved_by=by)
        for f in verdict.findings
    ]
    last = _last_decision(scope, course)
    again = due_again(last.at.astimezone(zone).date(), now.law.at(at)) if last is not None else None
    return Evaluation(
        course=course.id,
        facts=facts,
        seen=now.seen,
        level=str(verdict.level),
        says=verdict_says(verdict),
        why=_why(now),
        counts=_counts(verdict),
        speaking=tuple(f for f in shown if f.level not in (Level.CLEAR, Level.UNKNOWN)),
        silent=tuple(f for f in shown if f.level == Level.UNKNOWN),
        needed=needed_of(verdict),
        clear=tuple(f for f in shown if f.level == Level.CLEAR),
        groups=groups_of(course.route, facts, zone),
        lists=lists_shown(facts.lists, course.opened_at, at, zone),
        papers=papers_of(scope, course.patient_id, course.organisation_id, zone),
        vitals=_last_set(facts, zone),
        results_waiting=tuple(on_file(row, result_words(row), zone) for row in facts.results_waiting)[-12:],
        noted={key: found for key in NOTED if (found := latest(facts, key, zone)) is not None},
        scores=tuple(_severity(row) for row in facts.scores.values()),
        ready=not needed_of(verdict) and not facts.lists.waiting,
        draft=draft_for_patient(now, course.patient.language),
        decisions=tuple(decisions_of(scope, course, zone)),
        work_up=tuple(_line(item, by, zone) for item in work_up_of(course, facts, at, now.law)),
        changed=_changed(last, verdict),
        decided_on=day(last.at.astimezone(zone).date()) if last is not None else "",
        again_on=day(again) if again is not None else "",
        again_due=again is not None and again <= at.astimezone(zone).date(),
    )


def _last_decision(scope: Scope, course: Course) -> Decision | None:
    """The decision that stands: what changed is told against it."""
    rows = scoped(Decision.objects.current().filter(course=course), scope)
    found: Decision | None = rows.order_by("-at", "-recorded_at").first()
    return found


def _line(item: Item, by: str, zone: ZoneInfo) -> WorkUpLine:
    rule = item.rule
    finding = Finding(
        rule=rule.id,
        level=Level.CLEAR if item.state == DONE else Level.UNKNOWN,
        because=item.because,
        version=rule.version,
        action=item.action,
        sources=rule.sources,
        status=rule.status,
        confidence=rule.confidence,
    )
    when = moment(item.at, zone) if item.at is not None else ""
    shown = replace(
        finding_shown(finding, f"{item.because} {when}".strip()), action=item.action, approved_by=by
    )
    return WorkUpLine(shown, str(rule.words["key"]), item.why, item.because, when, item.state == DONE)


def _changed(last: Decision | None, verdict: Verdict) -> tuple[ChangeShown, ...]:
    if last is None:
        return ()
    known = {rule.id: rule.title for rule in library()}
    return tuple(
        ChangeShown(
            one.rule, known.get(one.rule, one.rule), str(one.was_level), str(one.level), one.was, one.now,
            one.worse,
        )
        for one in what_changed(last.verdict["findings"], verdict.findings)
        if not (one.rule in EACH_DAY and one.level is Level.UNKNOWN)
    )  # fmt: skip


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
    n = len(needed_of(verdict))
    missing = ngettext("%(n)s rule needs an answer first", "%(n)s rules need an answer first", n) % {"n": n}
    return _("Cannot say yet. %(missing)s") % {"missing": missing}


def needed_of(verdict: Verdict) -> frozenset[str]:
    """The rules that are not known and could hold or stop: no decision goes by without them."""
    return frozenset(f.rule for f in verdict.findings if f.weighs is Level.UNKNOWN)


def _why(now: Evaluated) -> str:
    asked = _("All %(n)s rules that speak for this route were asked, by the set “%(set)s”.") % {
        "n": len(now.rules),
        "set": now.screened.ruleset,
    }
    if now.screened.verdict.level in (Level.UNKNOWN, Level.CLEAR, Level.CAUTION):
        return f"{_('No exclusion found so far.')} {asked}"
    return asked


def _counts(verdict: Verdict) -> dict[str, int]:
    levels = [f.level for f in verdict.findings]
    return {
        "stop": levels.count(Level.STOP),
        "caution": levels.count(Level.CAUTION) + levels.count(Level.HOLD),
        "unknown": levels.count(Level.UNKNOWN),
        "clear": levels.count(Level.CLEAR),
    }


def _last_set(facts: Facts, zone: ZoneInfo) -> tuple[OnFile, ...]:
    """The latest of each measurement, pressure as one."""
    found = (latest(facts, key, zone) for key in (*VITALS, "temp_c") if key != "dbp")
    return tuple(one for one in found if one is not None)
