"""The windows after doses, with the session that keeps each or is held for it.

Decided here: which session stands on a window's bar: the one that kept it, else the first one held in
it and not called off. When that is belongs to the window: whoever sees the window sees it, so that the
clinic and the therapist never read two different things. Where the dose ended is told from the
protocol's own hours, so that the bar begins where the window was reckoned from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Scope
from openkap.records.compiled import Compiled, Question
from openkap.records.facts.booking import CALLED_OFF, dates_told_of
from openkap.records.models import Course, Session, Window
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class WindowAt:
    """One window at one moment. Half-open: open at `opens_at`, closed at `closes_at`."""

    id: UUID
    course: UUID
    patient: UUID
    name: str
    dose: int
    dose_ended_at: datetime
    opens_at: datetime
    target_at: datetime
    closes_at: datetime
    session: UUID | None
    session_at: datetime | None
    kept: bool
    at: datetime

    @property
    def phase(self) -> str:
        """before, open or after."""
        if self.at < self.opens_at:
            return "before"
        return "open" if self.at < self.closes_at else "after"

    @property
    def needs_session(self) -> bool:
        """Nothing is held in it, and it is not over."""
        return self.session is None and self.phase != "after"

    @property
    def missed(self) -> bool:
        return self.phase == "after" and not self.kept


def windows_of(
    scope: Scope, at: datetime, *, course: UUID | None = None, patients: Iterable[UUID] | None = None
) -> tuple[WindowAt, ...]:
    """The windows this Scope sees, of one course or of these patients, the last to close first.

    Two queries, however many windows.
    """
    rows = scoped(Window.objects.select_related("dose", "patient", "course", "kept_by"), scope)
    if course is not None:
        rows = rows.filter(course_id=course)
    if patients is not None:
        rows = rows.filter(patient_id__in=list(patients))
    windows = list(rows.order_by("-closes_at"))
    held = _held(windows, at)
    return tuple(_at(window, held, at) for window in windows)


def current(windows: Iterable[WindowAt]) -> WindowAt | None:
    """The window that matters now: the one still to close that opens first, else the last one."""
    every = tuple(windows)
    ahead = [window for window in every if window.phase != "after"]
    return min(ahead, key=lambda w: w.opens_at, default=every[0] if every else None)


def in_these(windows: Collection[Window], at: datetime) -> Q:
    """Integration sessions that begin in one of these windows, or kept it, of each practice that is shown
    the dates."""
    kept = [window.kept_by_id for window in windows if window.kept_by_id is not None]
    begins = reduce(or_, map(_begins_in, windows), Q(pk__in=()))
    return (begins & dates_told_of(at)) | Q(pk__in=kept)


def _begins_in(window: Window) -> Q:
    return Q(
        course_id=window.course_id,
        phase=Session.Phase.INTEGRATION,
        planned_from__gte=window.opens_at,
        planned_from__lt=window.closes_at,
    )


# Integration sessions of a course whose dates are told, and those that kept a window of it.
TOLD: Compiled[Session] = Compiled(
    Session,
    lambda course, at: Session.objects.filter(
        dates_told_of(at), course_id=course, phase=Session.Phase.INTEGRATION
    ),
)
KEPT: Compiled[Session] = Compiled(
    Session, lambda course: Session.objects.filter(keeps_windows__course_id=course)
)


def told_question(course: Course, at: datetime) -> Question[Session]:
    """The integration sessions of a course whose dates are told to whoever sees its windows."""
    return TOLD.question(course=course.id, at=at)


def held_in(course: Course, windows: Collection[Window], dates: Sequence[Session]) -> list[Session]:
    """The sessions of `in_these`, for windows of one course; `dates` is what `told_question` found. One
    query at most."""
    if not windows:
        return []
    told = [
        session
        for session in dates
        if any(window.opens_at <= session.planned_from < window.closes_at for window in windows)
    ]
    untold = {window.kept_by_id for window in windows} - {None, *(session.id for session in told)}
    kept = [session for session in KEPT(course=course.id) if session.id in untold] if untold else []
    return [*told, *kept]


def _held(windows: Collection[Window], at: datetime) -> list[Session]:
    """Of the windows that the Scope has already let through."""
    rows = Session.objects.filter(in_these(windows, at)).exclude(state__in=CALLED_OFF)
    return list(rows.order_by("planned_from", "id"))


def _at(window: Window, held: list[Session], at: datetime) -> WindowAt:
    session = window.kept_by or next(
        (
            s
            for s in held
            if s.course_id == window.course_id and window.opens_at <= s.planned_from < window.closes_at
        ),
        None,
    )
    return WindowAt(
        id=window.id,
        course=window.course_id,
        patient=window.patient_id,
        name=window.patient.name,
        dose=window.dose.ordinal,
        dose_ended_at=window.opens_at - opens_after(window.course),
        opens_at=window.opens_at,
        target_at=window.target_at,
        closes_at=window.closes_at,
        session=session.id if session else None,
        session_at=(session.started_at or session.planned_from) if session else None,
        kept=window.kept_by_id is not None,
        at=at,
    )


def opens_after(course: Course) -> timedelta:
    """How long after the dose the window opens, by the course's protocol."""
    try:
        return timedelta(hours=float(protocol(course.protocol).window.open))
    except UnknownProtocol:
        return timedelta(0)
