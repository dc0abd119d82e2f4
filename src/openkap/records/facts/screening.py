"""The facts of an evaluation, as rows and as the case that screening looks at.

Decided here: every screening rule of the library is asked that speaks for the course's route. The latest
confirmed answer to a question counts; a value or a code from an import only prefills; every row that
counted or waits is in the fingerprint, so that a form made from an older version of the facts can be
told (docs/adr/0010-imports.md). A total read from a paper counts like one of a form filled in here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from openkap.medicine.screening import Case, Lab, Screened, Vitals, screen
from openkap.medicine.screening.codes import hints
from openkap.medicine.verdict import Finding
from openkap.records.facts.law import Law, law_of
from openkap.records.facts.people import Lists, lists_of
from openkap.records.models import Condition, Course, HistoryAnswer, Result, Score

VITALS = ("sbp", "dbp", "hr", "spo2", "weight_kg", "height_cm")
POTENTIAL = "childbearing_potential"
CSSRS = "cssrs_recent"
HCG = "hcg"
BREATH, MDQ = "breath_alcohol", "mdq"
LABS = (HCG, "alt_x_uln", "ast_x_uln")
# Totals of questionnaires that have no form here yet, noted as results by whoever read them.
TOTALS = ("audit", "dast10", "asrm", "ymrs", "pqb", "icsi", "stop_bang", "moca", "des2")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A condition from an import that bears on a question. `yes`: it would fill the answer in."""

    condition: Condition
    yes: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows that count, rows that wait for a person's word, and the scores beside them."""

    answers: Mapping[str, HistoryAnswer] = field(default_factory=dict)
    answers_waiting: Mapping[str, HistoryAnswer] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    results_waiting: tuple[Result, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict)
    lists: Lists = field(default_factory=Lists)
    pointers: Mapping[str, tuple[Pointer, ...]] = field(default_factory=dict)

    @property
    def medications(self) -> tuple[str, ...] | None:
        return self.lists.medications

    @property
    def allergies(self) -> tuple[str, ...] | None:
        return self.lists.allergies

    def latest(self, key: str) -> Result | None:
        """The last confirmed result of this kind."""
        return next((row for row in reversed(self.results) if row.key == key), None)

    def waiting(self, key: str) -> Result | None:
        return next((row for row in reversed(self.results_waiting) if row.key == key), None)

    def prefill(self, key: str) -> bool | None:
        """What a record from elsewhere would answer; None where it would not, or someone has answered."""
        if key in self.answers:
            return None
        if key in self.answers_waiting:
            return self.answers_waiting[key].value
        return True if any(pointer.yes for pointer in self.pointers.get(key, ())) else None

    @property
    def fingerprint(self) -> str:
        """Changes with any fact: added, corrected, confirmed or withdrawn."""
        rows: Iterable[object] = (
            *self.answers.values(),
            *self.answers_waiting.values(),
            *self.results,
            *self.results_waiting,
            *self.scores.values(),
        )
        parts = sorted(str(row.pk) for row in rows)  # type: ignore[attr-defined]
        parts += [repr(self.allergies), repr(self.medications), str(self.lists.waiting)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def facts_of(course: Course, at: datetime) -> Facts:
    """All facts of this course's evaluation up to `at`. Seven queries."""
    answers = list(HistoryAnswer.objects.current().filter(course=course, at__lte=at))
    mine = {"patient_id": course.patient_id, "organisation_id": course.organisation_id, "at__lte": at}
    results = list(Result.objects.current().filter(**mine))
    scores = Score.objects.current().filter(course=course, at__lte=at)
    confirmed = {row.key: row for row in answers if row.confirmed}
    return Facts(
        answers=confirmed,
        answers_waiting={row.key: row for row in answers if not row.confirmed},
        results=tuple(row for row in results if row.confirmed),
        results_waiting=tuple(row for row in results if not row.confirmed),
        scores={row.instrument: row for row in scores},
        lists=lists_of(course.patient_id, course.organisation_id),
        pointers=_pointers(Condition.objects.current().filter(**mine).exclude(code="")),
    )


def _pointers(conditions: Iterable[Condition]) -> dict[str, tuple[Pointer, ...]]:
    """Conditions by the question they bear on."""
    found: dict[str, tuple[Pointer, ...]] = {}
    for row in conditions:
        for hint in hints(row.code, active=row.active):
            found[hint.key] = (*found.get(hint.key, ()), Pointer(row, hint.yes))
    return found


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The facts, and what the rules say of them. `seen` changes with either."""

    facts: Facts
    screened: Screened
    law: Law

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.screened.verdict.findings

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that were asked, each once, in the library's order."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def seen(self) -> str:
        levels = [f"{finding.rule} {finding.level}" for finding in self.findings]
        return hashlib.sha256("\n".join([self.facts.fingerprint, *levels]).encode()).hexdigest()[:16]


def evaluate(course: Course, at: datetime) -> Evaluated:
    """What the rules of this course's route say now, with the facts they looked at."""
    facts = facts_of(course, at)
    law = law_of(course.organisation_id)
    return Evaluated(facts, screen(case_of(course, at, facts=facts), law.at(at)), law)


def case_of(course: Course, at: datetime, *, dosing_day: bool = False, facts: Facts | None = None) -> Case:
    """What screening is asked: this patient by this course's route, at `at`, in the clinic's zone."""
    known = facts if facts is not None else facts_of(course, at)
    zone = ZoneInfo(course.organisation.zone)
    history = {key: row.value for key, row in known.answers.items() if key != POTENTIAL}
    potential = known.answers.get(POTENTIAL)
    return Case(
        at=at.astimezone(zone),
        route=course.route,
        born_on=course.patient.born_on,
        childbearing_potential=potential.value if potential is not None else None,
        history=history,
        medications=known.medications,
        allergies=known.allergies,
        labs=_labs(known, zone),
        vitals=_vitals(known, zone),
        scores=_scores(known),
        dosing_day=dosing_day,
    )


def _labs(known: Facts, zone: ZoneInfo) -> dict[str, Lab]:
    found: dict[str, Lab] = {}
    for key in (*LABS, BREATH):
        if (row := known.latest(key)) is None:
            continue
        value = row.value if key in (HCG, BREATH) else _number(row.value)
        if value is not None:
            found[key] = Lab(value, row.at.astimezone(zone))
    return found


def _vitals(known: Facts, zone: ZoneInfo) -> tuple[Vitals, ...]:
    """One set for each time at which something was measured; a pressure needs both its numbers."""
    sets: dict[datetime, dict[str, Decimal]] = {}
    for row in known.results:
        if row.key in VITALS and (number := _number(row.value)) is not None:
            sets.setdefault(row.at, {})[row.key] = number
    for values in sets.values():
        if ("sbp" in values) != ("dbp" in values):
            values.pop("sbp", None)
            values.pop("dbp", None)
    return tuple(Vitals(at.astimezone(zone), **values) for at, values in sorted(sets.items()))


def _scores(known: Facts) -> dict[str, Decimal | str]:
    """Totals of filled forms, or noted ones where they are newer; for the C-SSRS its band, or the result."""
    found: dict[str, Decimal | str] = {
        key: Decimal(str(row.total))
        for key, row in known.scores.items()
        if key != CSSRS and row.total is not None
    }
    for key in TOTALS:
        noted, filled = known.latest(key), known.scores.get(key)
        newer = noted is not None and (filled is None or noted.at >= filled.at)
        if noted is not None and newer and (number := _number(noted.value)) is not None:
            found[key] = number
    if (screened := known.latest(MDQ)) is not None:
        found[MDQ] = screened.value
    stated = known.latest(CSSRS)
    form = known.scores.get(CSSRS)
    if form is not None and form.band:
        found[CSSRS] = form.band
    if stated is not None and (form is None or stated.at >= form.at):
        found[CSSRS] = stated.value
    return found


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
