"""The sessions on the chart: those of the practice, and what another one holds for the course.

Decided here: only the practice that keeps the course is told of a session elsewhere, and only where the
patient lets the two have its dates; it stands there as a line without a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.course import SESSION
from openkap.permits import Kind
from openkap.reads.timeline import session_words
from openkap.records.compiled import NOT_ASKED, Compiled, Question
from openkap.records.facts.booking import dates_told_of
from openkap.records.facts.clock import moment
from openkap.records.facts.phases import what_of
from openkap.records.models import Course, PatientFile, Session

# What another practice holds for the course, where the patient lets it have the dates: told as a line.
ELSEWHERE: Compiled[Session] = Compiled(
    Session,
    lambda course, practice, at: (
        Session.objects.select_related("room", "organisation", "lead")
        .filter(dates_told_of(at), course_id=course)
        .exclude(organisation_id=practice)
        .order_by("planned_from")
    ),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One session as the list shows it. `stage` is ahead, live or over; `elsewhere`: another practice
    holds it."""

    id: UUID
    phase: str
    words: str
    when: str
    state: str
    where: str
    stage: str
    order: str = ""
    elsewhere: bool = False


def elsewhere_question(
    file: PatientFile, course: Course | None, sees: frozenset[Kind], at: datetime
) -> Question[Session]:
    """What others hold for the course, asked for the practice that keeps it alone."""
    if course is None or file.organisation_id != course.organisation_id or Kind.SCHEDULE not in sees:
        return NOT_ASKED
    return ELSEWHERE.question(course=course.id, practice=course.organisation_id, at=at)


def visits_of(
    sessions: Sequence[Session], theirs: Sequence[Session], orders: Mapping[UUID, str], zone: ZoneInfo
) -> tuple[Visit, ...]:
    """Those within reach and what `elsewhere_question` found, by time."""
    known = {session.id for session in sessions}
    lines = [(s.planned_from, _visit(s, zone, orders.get(s.id, ""))) for s in sessions]
    lines += [
        (s.planned_from, replace(_visit(s, zone, ""), elsewhere=True, where=_beside(s)))
        for s in theirs
        if s.id not in known
    ]
    return tuple(line for _when, line in sorted(lines, key=lambda pair: pair[0]))


def _beside(session: Session) -> str:
    """Mira Fennimore-Hale, Quiet Harbor Therapy."""
    return ", ".join(filter(None, (session.lead.name if session.lead else "", session.organisation.name)))


def _visit(session: Session, zone: ZoneInfo, order: str) -> Visit:
    return Visit(
        session.id,
        session.phase,
        what_of(session),
        moment(session.started_at or session.planned_from, zone),
        session_words(session.state),
        ", ".join(filter(None, (session.room.name if session.room else "", session.organisation.name))),
        "live" if session.state in Session.LIVE else "over" if session.state in SESSION.ended else "ahead",
        order=order,
    )
