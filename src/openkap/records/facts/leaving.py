"""What someone holds in a practice at a moment, that must not be left with nobody when they go.

Decided here: tasks and alerts they own, sessions they lead that are still to come or under way, on-call
hours, proposals that wait for their answer, requests they took on, and courses whose therapy is theirs.
Drafts stay with their author and are only counted; how many process notes someone has is not known to
anyone but them. Told by kind, time and file number, since who keeps the staff need not know who is treated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openkap.permits import Role
from openkap.records.facts.on_call import ON_CALL
from openkap.records.models import (
    Course,
    CourseTherapist,
    EvaluationRequest,
    Grant,
    Membership,
    NoteDraft,
    OnCallHours,
    PatientFile,
    Proposal,
    Session,
    Task,
)

# Who may lead a session of each kind.
LEADS: dict[str, tuple[Role, ...]] = {
    "evaluation": (Role.PRESCRIBER, Role.THERAPIST),
    "preparation": (Role.THERAPIST, Role.PRESCRIBER),
    "dosing": (Role.MONITOR, Role.PRESCRIBER, Role.THERAPIST),
    "integration": (Role.THERAPIST, Role.PRESCRIBER),
    "follow_up": (Role.PRESCRIBER, Role.THERAPIST, Role.MONITOR),
}
# Whose work others may do for them: a nurse's and a desk's by those who treat, an alert by a director.
ALSO: dict[str, tuple[Role, ...]] = {
    Role.PRESCRIBER: (Role.MEDICAL_DIRECTOR,),
    Role.MONITOR: (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR),
    Role.FRONT_DESK: (Role.MONITOR, Role.PRESCRIBER, Role.THERAPIST),
}
AHEAD = ("planned", "arrived", *Session.LIVE)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing held. `kind`: alert, task, session, on_call, proposal, request. `able`: who may have it.

    `shared` says that it may go back to the list of its role and need not be one person's.
    """

    kind: str
    row: Any
    what: str
    at: datetime | None
    number: str
    able: frozenset[Role]
    shared: bool

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.row.pk}"


@dataclass(frozen=True, slots=True)
class Held:
    """Everything, the most urgent first; `drafts` and `shares` stay as they are and are only told."""

    items: tuple[Item, ...]
    drafts: int
    shares: int
    therapy_of: tuple[Course, ...]


def held_by(person: UUID, organisation: UUID, at: datetime) -> Held:
    """About ten queries, however much it is."""
    numbers: dict[UUID | None, str] = dict(
        PatientFile.objects.filter(organisation_id=organisation).values_list("patient_id", "number")
        if _any_patient(person, organisation)
        else ()
    )
    items = [
        *_tasks(person, organisation, numbers),
        *_sessions(person, organisation, numbers, at),
        *_on_call(person, organisation, at),
        *_proposals(person, organisation, numbers),
        *_requests(person, organisation),
    ]
    return Held(
        tuple(items),
        drafts=NoteDraft.objects.filter(author_id=person, organisation_id=organisation).count(),
        shares=Grant.objects.filter(
            Grant.in_force(at), to_person_id=person, to_organisation_id=organisation
        ).count(),
        therapy_of=_therapy_of(person, organisation),
    )


def colleagues_of(organisation: UUID, at: datetime, but: UUID) -> dict[UUID, tuple[str, frozenset[Role]]]:
    """Everyone else who works here: name and roles. One query."""
    rows = Membership.objects.filter(Membership.in_force(at), organisation_id=organisation)
    found: dict[UUID, tuple[str, frozenset[Role]]] = {}
    for row in rows.exclude(person_id=but).select_related("person").order_by("person__family_name", "id"):
        name, roles = found.get(row.person_id, (row.person.name, frozenset()))
        found[row.person_id] = (name, roles | {Role(row.role)})
    return found


def _any_patient(person: UUID, organisation: UUID) -> bool:
    mine = Task.objects.filter(owner_id=person, organisation_id=organisation, done_at=None)
    led = Session.objects.filter(lead_id=person, organisation_id=organisation, state__in=AHEAD)
    asked = Proposal.objects.filter(owner_id=person, to_organisation_id=organisation, state="open")
    return mine.exists() or led.exists() or asked.exists()


def _tasks(person: UUID, organisation: UUID, numbers: dict[UUID | None, str]) -> list[Item]:
    rows = Task.objects.filter(owner_id=person, organisation_id=organisation, done_at=None)
    found = [
        Item(
            "alert" if row.level else "task",
            row,
            row.what,
            row.due_at,
            numbers.get(row.patient_id, ""),
            frozenset((Role(row.role), *ALSO.get(row.role, ()))),
            # An alert belongs to someone by name at every moment.
            shared=not row.level,
        )
        for row in rows.order_by("due_at")
    ]
    return sorted(found, key=lambda item: item.kind)


def _sessions(person: UUID, organisation: UUID, numbers: dict[UUID | None, str], at: datetime) -> list[Item]:
    rows = Session.objects.filter(lead_id=person, organisation_id=organisation, state__in=AHEAD)
    return [
        Item(
            "session",
            row,
            row.phase,
            row.planned_from,
            numbers.get(row.patient_id, ""),
            frozenset(LEADS[row.phase]),
            shared=False,
        )
        for row in rows.select_related("course", "organisation").order_by("planned_from")
        if row.planned_to > at or row.state in Session.LIVE
    ]


def _on_call(person: UUID, organisation: UUID, at: datetime) -> list[Item]:
    rows = OnCallHours.objects.filter(person_id=person, organisation_id=organisation)
    return [
        Item("on_call", row, "on_call", None, "", frozenset(ON_CALL), shared=True)
        for row in rows.exclude(until__lte=at.date()).order_by("weekday", "starts")
    ]


def _proposals(person: UUID, organisation: UUID, numbers: dict[UUID | None, str]) -> list[Item]:
    rows = Proposal.objects.filter(owner_id=person, to_organisation_id=organisation, state="open")
    able = frozenset({Role.THERAPIST, Role.PRESCRIBER, Role.FRONT_DESK})
    return [
        Item(
            "proposal", row, row.what, row.suggested_from, numbers.get(row.patient_id, ""), able, shared=True
        )
        for row in rows.order_by("due_at")
    ]


def _requests(person: UUID, organisation: UUID) -> list[Item]:
    rows = EvaluationRequest.objects.filter(
        handled_by_id=person, organisation_id=organisation, state__in=EvaluationRequest.OPEN
    )
    able = frozenset({Role.FRONT_DESK, Role.THERAPIST, Role.PRESCRIBER})
    return [Item("request", row, "request", row.made_at, "", able, shared=True) for row in rows]


def _therapy_of(person: UUID, organisation: UUID) -> tuple[Course, ...]:
    """Open courses whose newest therapist is this person, of this practice."""
    rows = CourseTherapist.objects.current().filter(course__ended_at=None, course__in=_once_theirs(person))
    newest: dict[UUID, CourseTherapist] = {}
    for row in rows.select_related("course__organisation").order_by("at", "recorded_at"):
        newest[row.course_id] = row
    return tuple(
        row.course for row in newest.values() if row.person_id == person and row.place_id == organisation
    )


def _once_theirs(person: UUID) -> Any:
    return CourseTherapist.objects.filter(person_id=person).values("course_id")
