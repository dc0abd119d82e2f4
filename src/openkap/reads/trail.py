"""The trail of one practice as its director reads it: who did what, and who was refused.

Decided here: ids and verbs are shown in words, with the patient's file number rather than their name,
so that reading the trail does not itself spread who is treated. Filters narrow, they never widen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.permits import Scope
from openkap.reads.told import kind_words, what_words
from openkap.records.facts.clock import moment
from openkap.records.models import Event, Membership, Organisation, PatientFile
from openkap.records.scoped import scoped

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader narrowed to. Empty is everything."""

    person: UUID | None = None
    number: str = ""
    outcome: str = ""
    on_from: datetime | None = None
    on_to: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    seq: int
    when: str
    who: str
    acting_for: str
    what: str
    file: str
    outcome: str
    where: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The latest first. `older` is what `before` takes for the next page; None at the end."""

    lines: tuple[Line, ...]
    older: int | None
    people: tuple[tuple[UUID, str], ...]


def trail_of(scope: Scope, organisation: Organisation, asked: Asked, zone: ZoneInfo) -> Trail:
    """One page of this practice's trail within `scope`. Four queries."""
    rows = scoped(Event.objects.filter(organisation=organisation), scope).order_by("-seq")
    if asked.person is not None:
        rows = rows.filter(by_person_id=asked.person)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.number:
        rows = rows.filter(
            patient__in=PatientFile.objects.filter(organisation=organisation, number=asked.number).values(
                "patient"
            )
        )
    if asked.on_from is not None:
        rows = rows.filter(at__gte=asked.on_from)
    if asked.on_to is not None:
        rows = rows.filter(at__lt=asked.on_to)
    if asked.before is not None:
        rows = rows.filter(seq__lt=asked.before)
    found = list(rows.select_related("by_organisation")[: PAGE + 1])
    shown = found[:PAGE]
    return Trail(
        lines=_lines(shown, organisation, zone),
        older=shown[-1].seq if len(found) > PAGE else None,
        people=_people(organisation),
    )


def _lines(rows: Sequence[Event], organisation: Organisation, zone: ZoneInfo) -> tuple[Line, ...]:
    patients = {row.patient_id for row in rows if row.patient_id}
    files = PatientFile.objects.filter(organisation=organisation, patient_id__in=patients)
    numbers = {file.patient_id: file.number for file in files}
    return tuple(
        Line(
            seq=row.seq,
            when=moment(row.at, zone),
            who=row.by_name,
            acting_for=row.by_organisation.name if row.by_organisation is not None else kind_words(row),
            what=what_words(row),
            file=numbers.get(row.patient_id, "") if row.patient_id else "",
            outcome=row.outcome,
            where=row.where,
        )
        for row in rows
    )


def _people(organisation: Organisation) -> tuple[tuple[UUID, str], ...]:
    held = Membership.objects.filter(organisation=organisation).select_related("person")
    return tuple(sorted({(m.person_id, m.person.name) for m in held}, key=lambda pair: pair[1]))
