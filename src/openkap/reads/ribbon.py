"""The course laid out as stages, marks and windows: the values behind the course ribbon.

Decided here: which session belongs to which stage, and when a window is fixed, planned or unmet. The
shapes have the names that the drawing (`ui.ribbon`) reads; nothing here knows how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Scope
from openkap.records.compiled import NOT_ASKED, Compiled, Question
from openkap.records.facts.clock import short_day
from openkap.records.facts.phases import what_of
from openkap.records.models import Course, CourseEnd, Session, Window

# Where a course's state stands on the line; a state not named here is an ended course.
STAGE_OF_STATE = {
    "evaluation": 0,
    "not_now": 0,
    "preparation": 1,
    "dosing": 2,
    "integration": 3,
    "follow_up": 3,
}
STAGES = 4
# A way without therapy has three stages: what comes before the first dose belongs to the doses.
ALONE_OF_STATE = {
    "evaluation": 0,
    "not_now": 0,
    "preparation": 1,
    "dosing": 1,
    "integration": 2,
    "follow_up": 2,
}
GONE = ("cancelled",)
HELD = ("done", "stopped")
MISSED = ("no_show",)
COMING = ("planned", "arrived", "ready", "under_way", "paused", "recovering")
ENDED: Compiled[tuple[str]] = Compiled(
    CourseEnd,
    lambda course: (
        CourseEnd.objects.current().filter(course_id=course).order_by("-at").values_list("came_from")
    ),
)


@dataclass(frozen=True, slots=True)
class Mark:
    at: datetime
    kind: str
    state: str
    label: str
    words: str
    session: Session


@dataclass(frozen=True, slots=True)
class Band:
    opens_at: datetime
    closes_at: datetime
    state: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    state: str
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band, ...] = ()
    ended_at: datetime | None = None
    ended_words: str = ""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Stages left to right, at one moment in the clinic's zone, and one sentence that says it all."""

    stages: tuple[Stage, ...]
    at: datetime
    summary: str


def ribbon_of(
    course: Course,
    sessions: Sequence[Session],
    windows: Sequence[Window],
    at: datetime,
    zone: ZoneInfo,
    came_from: str = "",
) -> Ribbon:
    """The ribbon of a course from the sessions and windows its reader may see.

    A course that ended before its time is drawn as far as it came, and no stage after that as done;
    `came_from` is the state it ended in, where the reader may know it.
    """
    shown = [s for s in sessions if s.state not in GONE]
    last_dose = max((s.planned_from for s in shown if s.phase == Session.Phase.DOSING), default=None)
    ends = max((w.closes_at for w in windows), default=last_dose)
    alone = _is_alone(course)
    names = _names(alone)
    by_stage: list[list[Mark]] = [[] for _stage in names]
    for session in shown:
        by_stage[_stage_of(session, ends, alone)].append(_mark(session, zone))
    fixed = [_band(window, shown, at, zone) for window in windows]
    bands = (*fixed, *_planned_bands(course, shown, windows, zone))
    of_state = ALONE_OF_STATE if alone else STAGE_OF_STATE
    here = of_state.get(course.state, len(names))
    broke_off = _broke_off(course)
    if broke_off:
        furthest = max((p for p, ms in enumerate(by_stage) if any(m.state == "done" for m in ms)), default=0)
        here = of_state.get(came_from, furthest)
    doses = 1 if alone else 2
    stages = tuple(
        Stage(name, _stage_state(place, here), tuple(by_stage[place]), bands if place == doses else ())
        for place, name in enumerate(names)
    )
    summary = _summary(names, here, shown, course)
    if broke_off:
        assert course.ended_at is not None
        words = _end_words(course.state, course.ended_at, at.astimezone(zone).date(), zone)
        stages = tuple(_broken_off(s, words, course.ended_at.astimezone(zone)) for s in stages)
        summary = f"{words}. {summary}"
    return Ribbon(stages, at.astimezone(zone), summary)


def ended_question(scope: Scope, course: Course) -> Question[tuple[str]]:
    """In which state a course ended before its time; not asked where it goes on or is done."""
    return ENDED.question_within(scope, course=course.id) if _broke_off(course) else NOT_ASKED


def came_from(rows: Sequence[tuple[str]]) -> str:
    """What `ended_question` found: the state, or "" where it goes on, is done, or nobody says."""
    return rows[0][0] if rows else ""


def _broke_off(course: Course) -> bool:
    return course.ended_at is not None and course.state != "done"


def _broken_off(stage: Stage, words: str, at: datetime) -> Stage:
    match stage.state:
        case "now":
            return replace(stage, state="ended", ended_at=at, ended_words=words)
        case "planned":
            return replace(stage, state="never")
    return stage


def _end_words(state: str, ended: datetime, today: date, zone: ZoneInfo) -> str:
    """Stopped March 9: how it ended, and when."""
    said = {
        "stopped": _("Stopped"),
        "declined": _("Declined"),
        "transferred": _("Moved to another practice"),
        "died": _("Died"),
        "not_candidate": _("Ended, not a candidate"),
    }
    return f"{said.get(state) or _('Ended')}, {short_day(ended.astimezone(zone).date(), today)}"


def _is_alone(course: Course) -> bool:
    """Whether this course goes by a way without therapy."""
    try:
        return not protocol(course.protocol).has_therapy
    except UnknownProtocol:
        return False


def _names(alone: bool) -> tuple[str, ...]:
    if alone:
        return (_("Evaluation"), _("Doses"), _("Follow-up"))
    return (_("Evaluation"), _("Preparation"), _("Dosing and integration"), _("Continued integration"))


def _stage_of(session: Session, doses_end: datetime | None, alone: bool = False) -> int:
    if alone:
        late = session.phase == Session.Phase.FOLLOW_UP
        return 0 if session.phase == Session.Phase.EVALUATION else 2 if late else 1
    match session.phase:
        case Session.Phase.EVALUATION:
            return 0
        case Session.Phase.PREPARATION:
            return 1
        case Session.Phase.DOSING:
            return 2
        case Session.Phase.INTEGRATION:
            return 2 if doses_end is not None and session.planned_from < doses_end else 3
    return 3


def _stage_state(place: int, here: int) -> str:
    return "done" if place < here else "now" if place == here else "planned"


def _mark(session: Session, zone: ZoneInfo) -> Mark:
    kind = {"dosing": "dose", "integration": "session"}.get(session.phase, "visit")
    state = "done" if session.state in HELD else "missed" if session.state in MISSED else "planned"
    label = _("Dose %(n)s") % {"n": session.ordinal} if kind == "dose" else ""
    words = "" if kind == "dose" else what_of(session)
    at = (session.started_at or session.planned_from).astimezone(zone)
    return Mark(at, kind, state, label, words, session)


def _band(window: Window, sessions: Iterable[Session], at: datetime, zone: ZoneInfo) -> Band:
    return Band(
        window.opens_at.astimezone(zone),
        window.closes_at.astimezone(zone),
        "unmet" if is_unmet(window, sessions, at) else "fixed",
        _("Window, %(from)s to %(to)s")
        % {"from": _weekday(window.opens_at, zone), "to": _weekday(window.closes_at, zone)}
        if at < window.closes_at
        else "",
    )


def _planned_bands(
    course: Course, sessions: Iterable[Session], windows: Iterable[Window], zone: ZoneInfo
) -> Iterable[Band]:
    """Where the window will lie if a dose ends as planned: by the protocol's own hours."""
    try:
        plan = protocol(course.protocol)
    except UnknownProtocol:
        return
    if not plan.integrates:
        return
    hours = plan.window
    known = {window.dose_id for window in windows}
    for session in sessions:
        if session.phase == Session.Phase.DOSING and session.id not in known and session.state in COMING:
            end = session.planned_to.astimezone(zone)
            yield Band(end + _h(hours.open), end + _h(hours.close), "planned")


def _h(hours: Decimal) -> timedelta:
    return timedelta(seconds=int(hours * 3600))


def is_unmet(window: Window, sessions: Iterable[Session], at: datetime) -> bool:
    """No session was held in a window that is over, or none is planned in one that is not."""
    if window.kept_by_id is not None:
        return False
    return not any(
        s.phase == Session.Phase.INTEGRATION
        and window.opens_at <= s.planned_from < window.closes_at
        and (s.state in HELD or (s.state not in MISSED and at < window.closes_at))
        for s in sessions
    )


def _weekday(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "D")


def planned_doses(course: Course, booked: int) -> int:
    """How many doses this course has: what its plan usually gives, or as many as are booked where that is
    more. Once its doses are over, as many as were booked."""
    if course.ended_at is not None or course.state in ("integration", "follow_up"):
        return booked
    try:
        return max(protocol(course.protocol).doses.usual, booked)
    except UnknownProtocol:
        return booked


def _summary(names: Sequence[str], here: int, sessions: Sequence[Session], course: Course) -> str:
    doses = [s for s in sessions if s.phase == Session.Phase.DOSING]
    given = sum(s.state in HELD for s in doses)
    where = names[here] if here < len(names) else _("Course ended")
    if not doses:
        return _("%(where)s. No dose planned yet.") % {"where": where}
    planned = planned_doses(course, len(doses))
    counted = ngettext("%(given)s of %(all)s dose given.", "%(given)s of %(all)s doses given.", planned)
    return f"{where}. {counted % {'given': given, 'all': planned}}"
