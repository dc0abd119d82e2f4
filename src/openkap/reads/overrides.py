"""Where somebody went ahead all the same: at an evaluation, at the gate, by an order. For the director.

Decided here: each is read from the row that keeps it, with the line as it read then, who, and their reason;
patients are shown by file number, so that reading the list does not itself spread who is treated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.verdict import Finding
from openkap.permits import Actor, Scope
from openkap.permits.roles import OVERRULES
from openkap.records.base import CurrentQuerySet
from openkap.records.models import Decision, GoAhead, Order, Organisation, PatientFile, Session
from openkap.records.scoped import scoped
from openkap.records.standing import standing_of

MOST = 200
KINDS = {
    "evaluation": gettext_noop("At the evaluation"),
    "gate": gettext_noop("At the gate"),
    "order": gettext_noop("By an order"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader narrowed to: kinds, and a half-open stretch of time. None is everything.

    `as_of`: as the records stood then; None: as they stand now.
    """

    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overridden:
    """One line that somebody went ahead over. `row` keeps it; `session` or `course` is what it was about."""

    at: datetime
    kind: str
    rule: str
    because: str
    words: str
    who: str
    file: UUID | None
    number: str
    row: UUID
    session: UUID | None
    course: UUID | None

    @property
    def kind_words(self) -> str:
        return _(KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Overrides:
    """The latest first; `more` where older ones were left out."""

    lines: tuple[Overridden, ...]
    more: bool


def overrides_of(scope: Scope, organisation: Organisation, wanted: Wanted) -> Overrides:
    """What this practice went ahead over, within `scope`. Four queries."""
    rows = [*_decided(scope, organisation, wanted), *_gone_over(scope, organisation, wanted)]
    rows += _ordered(scope, organisation, wanted)
    rows.sort(key=lambda row: row[0].at, reverse=True)
    held = PatientFile.objects.filter(
        organisation=organisation, patient_id__in={patient for _line, patient in rows}
    )
    files = {file.patient_id: file for file in scoped(held, scope)}
    lines = tuple(_with_file(line, files.get(patient)) for line, patient in rows[:MOST])
    return Overrides(lines, len(rows) > MOST)


def roles_now(by: Actor, at: datetime) -> frozenset[str]:
    """Whom this actor may stand in for, of those a line names: prescriber, medical_director. One query."""
    roles = standing_of(by, at).roles
    return frozenset(name for name, held in OVERRULES.items() if roles & held)


def file_of(scope: Scope, session: Session) -> PatientFile | None:
    """The patient's file at the practice that gives this dose. One query."""
    rows = PatientFile.objects.filter(organisation_id=session.organisation_id, patient_id=session.patient_id)
    return scoped(rows, scope).first()


Row = tuple[Overridden, UUID]


def _decided(scope: Scope, organisation: Organisation, wanted: Wanted) -> Iterator[Row]:
    if wanted.kind not in ("", "evaluation"):
        return
    for row in _within(scoped(_standing(Decision, wanted), scope), organisation, wanted):
        told = {f["rule"]: f["because"] for f in row.verdict.get("findings", ())}
        for rule, words in row.verdict.get("overrides", {}).items():
            yield _line(row, "evaluation", rule, told.get(rule, ""), words), row.patient_id


def _gone_over(scope: Scope, organisation: Organisation, wanted: Wanted) -> Iterator[Row]:
    if wanted.kind not in ("", "gate"):
        return
    for row in _within(scoped(_standing(GoAhead, wanted), scope), organisation, wanted):
        yield _line(row, "gate", row.rule, row.because, row.words), row.patient_id


def _ordered(scope: Scope, organisation: Organisation, wanted: Wanted) -> Iterator[Row]:
    """Signed although something spoke against it; replaced orders too, since they were signed."""
    if wanted.kind not in ("", "order"):
        return
    signed = Order.objects.filter(withdrawn=False).exclude(level="clear")
    if wanted.as_of is not None:
        signed = signed.filter(recorded_at__lt=wanted.as_of)
    rows = scoped(signed, scope)
    for row in _within(rows, organisation, wanted):
        for finding in row.verdict.get("findings", ()):
            if finding["level"] in ("hold", "caution", "unknown"):
                words = row.verdict.get("words", "")
                yield _line(row, "order", finding["rule"], finding["because"], words), row.patient_id


def _standing(model: type[Decision] | type[GoAhead], wanted: Wanted) -> CurrentQuerySet:
    return model.objects.current() if wanted.as_of is None else model.objects.as_of(wanted.as_of)


def _within(rows, organisation: Organisation, wanted: Wanted):  # type: ignore[no-untyped-def]
    rows = rows.filter(organisation=organisation)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows.order_by("-at")[: MOST + 1]


def _line(row: Decision | GoAhead | Order, kind: str, rule: str, because: str, words: str) -> Overridden:
    session, course = getattr(row, "session_id", None), getattr(row, "course_id", None)
    return Overridden(row.at, kind, rule, because, words, row.by_name, None, "", row.pk, session, course)


def _with_file(line: Overridden, file: PatientFile | None) -> Overridden:
    if file is None:
        return line
    return replace(line, file=file.id, number=file.number)


def may_be_gone_over_by(finding: Finding, names: frozenset[str]) -> bool:
    """Whether one of `names` (as `roles_now` gives them) is whom this line lets go ahead."""
    return finding.override is not None and finding.override in names
