"""The therapist's pages: whose window is open, what is owed, and one person as far as they share.

Decided here: what another practice keeps comes through the reader's Scope and nowhere else. What one's
own practice wrote, and the dated list of what it was shown, stay after a grant has ended; both are
asked for by the practice's own file, which the Scope has already found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from openkap.permits import Scope
from openkap.reads.progress import Progress, progress_of
from openkap.reads.sharing import switches
from openkap.reads.window import WindowAt, current, windows_of
from openkap.records.models import (
    Course,
    Disclosure,
    Grant,
    Participation,
    PatientFile,
    Score,
    Session,
    SessionNote,
    SessionSummary,
    Task,
)
from openkap.records.scoped import scoped

# How long a window that closed without a session stays on the first page.
STILL_SHOWN = timedelta(days=3)
GONE = ("cancelled", "no_show")
SUMMARIES, SHOWN_LINES, READ_LINES = 3, 12, 400


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


@dataclass(frozen=True, slots=True)
class Held:
    """A grant in force, in the words of the sharing page."""

    id: UUID
    keeper: str
    phone: str
    since: datetime
    until: datetime
    purpose: str
    from_start: bool
    names: tuple[str, ...]
    whole_practice: bool


SHOWN_WORDS = {
    "practice": gettext_lazy("This page"),
    "summary": gettext_lazy("How a session went"),
    "measures": gettext_lazy("Scores"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What this practice was shown on one day: what, by whom opened, when last, how often, which grant."""

    what: str
    who: str
    at: datetime
    times: int
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person as the therapist sees them now. `course` is None where none is shared or one's own."""

    course: Course | None
    windows: tuple[WindowAt, ...]
    window: WindowAt | None
    summaries: tuple[SessionSummary, ...]
    progress: Progress | None
    latest_score: Score | None
    sessions: tuple[Session, ...]
    notes: dict[UUID, SessionNote]
    owed: tuple[Owed, ...]
    grants: tuple[Held, ...]
    stopped_at: datetime | None
    shown: tuple[Shown, ...]

    @property
    def sees_measures(self) -> bool:
        return self.progress is not None

    @property
    def to_write(self) -> Session | None:
        """The session of one's own that is next to be written about."""
        return next((s for s in self.sessions if s.id not in self.notes and s.state not in GONE), None)


def today(scope: Scope, practice: UUID, at: datetime, zone: ZoneInfo) -> Today:
    """What matters now to this practice. Six queries, however many people."""
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
    return Today(
        tuple(windows), tuple(sessions.order_by("planned_from")), owed_by(scope, practice, at, files), files
    )


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


def person(scope: Scope, file: PatientFile, at: datetime, zone: ZoneInfo) -> PersonPage:
    """One person's page. `file` must already be within Scope. At most sixteen queries."""
    course = shared_course(scope, file)
    windows = windows_of(scope, at, course=course.id) if course else ()
    own = scoped(Session.objects.filter(patient_id=file.patient_id), scope).filter(
        organisation_id=file.organisation_id
    )
    notes = scoped(SessionNote.objects.current().filter(patient_id=file.patient_id), scope)
    summaries = scoped(
        SessionSummary.objects.current().filter(patient_id=file.patient_id).select_related("session"), scope
    )
    scores = scoped(Score.objects.current().filter(patient_id=file.patient_id), scope)
    latest = scores.order_by("-at").first()
    grants = held(scope, file)
    return PersonPage(
        course=course,
        windows=windows,
        window=current(windows),
        summaries=tuple(summaries.order_by("-at")[:SUMMARIES]),
        progress=progress_of(scope, course.id, at, zone) if course and latest else None,
        latest_score=latest,
        sessions=tuple(own.order_by("planned_from")),
        notes={note.session_id: note for note in notes},
        owed=owed_by(scope, file.organisation_id, at, {file.patient_id: file.id}, patient=file.patient_id),
        grants=grants,
        stopped_at=None if grants else _stopped_at(file, at),
        shown=_shown(file, zone),
    )


def shared_course(scope: Scope, file: PatientFile) -> Course | None:
    """The course of this person that the reader may see: an open one before an ended one."""
    courses = scoped(Course.objects.filter(patient_id=file.patient_id), scope).select_related(
        "organisation", "patient"
    )
    return max(courses, key=lambda c: (c.ended_at is None, c.opened_at), default=None)


def course_taken_part_in(scope: Scope, file: PatientFile) -> Course | None:
    """The course the practice takes, or took, part in; found also after sharing has stopped.

    For a form that was open when it stopped: the step then refuses in words.
    """
    parts = scoped(Participation.objects.filter(course__patient_id=file.patient_id), scope).filter(
        organisation_id=file.organisation_id
    )
    part = parts.select_related("course__organisation", "course__patient").order_by("-since").first()
    return part.course if part is not None else None


def held(scope: Scope, file: PatientFile) -> tuple[Held, ...]:
    """The grants that this Scope rests on for this person. One query."""
    ids = {
        reach.grant for reach in scope.reaches if reach.grant is not None and reach.patient == file.patient_id
    }
    rows = Grant.objects.filter(id__in=ids).select_related("organisation").order_by("made_at")
    return tuple(
        Held(
            id=row.id,
            keeper=row.organisation.name,
            phone=row.organisation.phone,
            since=row.made_at,
            until=row.until,
            purpose=row.purpose,
            from_start=row.from_start,
            names=tuple(switch.name for switch in switches(row.scopes) if switch.on),
            whole_practice=row.to_person_id is None,
        )
        for row in rows
    )


def files_of(scope: Scope, practice: UUID) -> dict[UUID, UUID]:
    """From each patient of this practice to their file here. One query."""
    rows = scoped(PatientFile.objects.filter(organisation_id=practice), scope)
    return dict(rows.values_list("patient_id", "id"))


def owed_by(
    scope: Scope, practice: UUID, at: datetime, files: dict[UUID, UUID], *, patient: UUID | None = None
) -> tuple[Owed, ...]:
    """What the practice's therapists owe, due first. One query."""
    rows = scoped(Task.objects.filter(done_at=None), scope).filter(organisation_id=practice, role="therapist")
    if patient is not None:
        rows = rows.filter(patient_id=patient)
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


def _stopped_at(file: PatientFile, at: datetime) -> datetime | None:
    """When the last grant to this practice ended; None where there never was one."""
    ends = [
        min(grant.revoked_at or grant.until, grant.until)
        for grant in Grant.objects.filter(patient_id=file.patient_id, to_organisation_id=file.organisation_id)
    ]
    passed = [end for end in ends if end <= at]
    return max(passed, default=None)


def _shown(file: PatientFile, zone: ZoneInfo) -> tuple[Shown, ...]:
    """The newest first, one line a day for each thing and person."""
    rows = (
        Disclosure.objects.filter(patient_id=file.patient_id, to_organisation_id=file.organisation_id)
        .select_related("grant")
        .order_by("-at")[:READ_LINES]
    )
    days: dict[tuple[object, ...], list[Disclosure]] = {}
    for row in rows:
        days.setdefault((row.at.astimezone(zone).date(), row.what, row.by_name), []).append(row)
    return tuple(
        Shown(
            what=str(SHOWN_WORDS.get(first.what, first.what)),
            who=first.by_name,
            at=first.at,
            times=len(same),
            granted_at=first.grant.made_at,
        )
        for same in list(days.values())[:SHOWN_LINES]
        for first in same[:1]
    )
