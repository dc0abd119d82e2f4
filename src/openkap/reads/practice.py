"""The therapist's lists: whose window is open, who comes today, what is owed, and the practice's people.

Decided here: windows that want a session come first, and one that closed without stays for three days.
Everything comes through the reader's Scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from openkap.permits import Scope
from openkap.reads.window import WindowAt, current, windows_of
from openkap.records.models import (
    PatientFile,
    Session,
    Task,
)
from openkap.records.scoped import scoped

# How long a window that closed without a session stays on the first page.
STILL_SHOWN = timedelta(days=3)
GONE = ("cancelled", "no_show")


@dataclass(frozen=True, slots=True)
class Owed:
    """One task of one's own practice. `session` is what it is about, `file` whose."""

    id: UUID
    what: str
    text: str
    due_at: datetime
    late: bool
    session: UUID | None
    file: UUID | None


@dataclass(frozen=True, slots=True)
class Today:
    """The first page. Windows that want a session come first; `files` leads from patients to files."""

    windows: tuple[WindowAt, ...]
    sessions: tuple[Session, ...]
    owed: tuple[Owed, ...]
    files: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Someone:
    """A line of the people list. `shares`: another practice's record is open to the reader."""

    file: UUID
    number: str
    name: str
    born: date | None
    shares: bool
    window: WindowAt | None


def today(scope: Scope, practice: UUID, at: datetime, zone: ZoneInfo, *, reader: UUID | None = None) -> Today:
    """What matters now to this practice. Six queries, however many people. `reader`: as in `owed_by`."""
    windows = [w for w in windows_of(scope, at) if w.phase != "after" or _worth_showing(w, at)]
    windows.sort(key=lambda w: (w.phase == "after", w.phase == "before", not w.needs_session, w.closes_at))
    day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    sessions = scoped(
        Session.objects.filter(
            organisation_id=practice, planned_from__gte=day, planned_from__lt=day + timedelta(days=1)
        )
        .exclude(state__in=GONE)
        .select_related("patient", "lead"),
        scope,
    )
    files = files_of(scope, practice)
    owed = owed_by(scope, practice, at, files, reader=reader)
    return Today(tuple(windows), tuple(sessions.order_by("planned_from")), owed, files)


def people(scope: Scope, practice: UUID, at: datetime, *, asked: str = "") -> tuple[Someone, ...]:
    """The practice's own files, those with a window first. Four queries."""
    rows = scoped(PatientFile.objects.filter(organisation_id=practice), scope).select_related("patient")
    wanted = asked.casefold().split()
    found = [row for row in rows if all(word in _keys(row) for word in wanted)]
    sharing = {reach.patient for reach in scope.reaches if reach.grant is not None}
    windows: dict[UUID, list[WindowAt]] = {}
    for window in windows_of(scope, at, patients=[row.patient_id for row in found]):
        windows.setdefault(window.patient, []).append(window)
    lines = [
        Someone(
            file=row.id,
            number=row.number,
            name=row.patient.name,
            born=row.patient.born_on,
            shares=row.patient_id in sharing,
            window=current(windows.get(row.patient_id, ())),
        )
        for row in found
    ]
    return tuple(sorted(lines, key=lambda s: (not _open(s.window), not s.shares, s.name)))


def files_of(scope: Scope, practice: UUID) -> dict[UUID, UUID]:
    """From each patient of this practice to their file here. One query."""
    rows = scoped(PatientFile.objects.filter(organisation_id=practice), scope)
    return dict(rows.values_list("patient_id", "id"))


def owed_by(
    scope: Scope,
    practice: UUID,
    at: datetime,
    files: dict[UUID, UUID],
    *,
    patient: UUID | None = None,
    reader: UUID | None = None,
) -> tuple[Owed, ...]:
    """What the practice's therapists owe, due first. One query.

    For a `reader` without what is a colleague's: another's task, or one about a session another holds.
    """
    rows = scoped(Task.objects.filter(done_at=None), scope).filter(organisation_id=practice, role="therapist")
    if patient is not None:
        rows = rows.filter(patient_id=patient)
    if reader is not None:
        rows = rows.filter(Q(owner=None) | Q(owner=reader))
        rows = rows.filter(Q(session__lead=None) | Q(session__lead=reader) | Q(owner=reader))
    return tuple(
        Owed(
            id=row.id,
            what=row.what,
            text=row.text,
            due_at=row.due_at,
            late=row.due_at <= at,
            session=row.session_id,
            file=files.get(row.patient_id) if row.patient_id else None,
        )
        for row in rows.order_by("due_at", "id")
    )


def _worth_showing(window: WindowAt, at: datetime) -> bool:
    return window.missed and at - window.closes_at < STILL_SHOWN


def _open(window: WindowAt | None) -> bool:
    return window is not None and window.phase == "open"


def _keys(row: PatientFile) -> str:
    return f"{row.patient.name_key} {row.patient.name} {row.patient.legal_name} {row.number}".casefold()
