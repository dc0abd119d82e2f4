"""One person on the therapist's desk: what they share now, one's own notes, and what was shown before.

Decided here: what another practice keeps comes through the reader's Scope and nowhere else. What one's
own practice wrote, and the dated list of what it was shown, stay after a grant has ended; both are
asked for by the practice's own file, which the Scope has already found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from openkap.permits import Scope
from openkap.reads.practice import GONE, Owed, owed_by
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
)
from openkap.records.scoped import scoped

SUMMARIES, SHOWN_LINES, READ_LINES = 3, 12, 400


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


A_DAY = timedelta(days=1)
SHOWN_WORDS = {
    "practice": gettext_lazy("This page"),
    "summary": gettext_lazy("How a session went"),
    "measures": gettext_lazy("Scores"),
    "preparation": gettext_lazy("Preparation"),
    "proposal": gettext_lazy("A proposed time"),
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
    """One person as the therapist sees them now. `course` is None where none is shared or one's own.

    `sessions` are one's own practice's; `seen` all that one may see, whoever holds them.
    """

    course: Course | None
    windows: tuple[WindowAt, ...]
    window: WindowAt | None
    summaries: tuple[SessionSummary, ...]
    progress: Progress | None
    latest_score: Score | None
    sessions: tuple[Session, ...]
    seen: tuple[Session, ...]
    notes: dict[UUID, SessionNote]
    owed: tuple[Owed, ...]
    grants: tuple[Held, ...]
    stopped_at: datetime | None
    shown: tuple[Shown, ...]
    at: datetime

    @property
    def to_write(self) -> Session | None:
        """The session of one's own that is to be written about: held, or within a day."""
        near = [s for s in self.sessions if s.planned_from <= self.at + A_DAY]
        return next((s for s in near if s.id not in self.notes and s.state not in GONE), None)


def person(
    scope: Scope, file: PatientFile, at: datetime, zone: ZoneInfo, *, reader: UUID | None = None
) -> PersonPage:
    """One person's page. `file` must already be within Scope. At most sixteen queries."""
    course = shared_course(scope, file)
    windows = windows_of(scope, at, course=course.id) if course else ()
    seen = tuple(scoped(Session.objects.filter(patient_id=file.patient_id), scope).order_by("planned_from"))
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
        progress=progress_of(scope, course.id, at, zone, sessions=seen) if course and latest else None,
        latest_score=latest,
        sessions=tuple(session for session in seen if session.organisation_id == file.organisation_id),
        seen=seen,
        notes={note.session_id: note for note in notes},
        owed=owed_by(
            scope,
            file.organisation_id,
            at,
            {file.patient_id: file.id},
            patient=file.patient_id,
            reader=reader,
        ),
        grants=grants,
        stopped_at=None if grants else _stopped_at(file, at),
        shown=_shown(file, zone),
        at=at,
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
