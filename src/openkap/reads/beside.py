"""What a therapist needs beside a dose: the next one and what is ready for it, preparation, small things.

Decided here: readiness is what the therapist can do something about and may see: preparation, touch, the
window, the last note. The gate itself is the clinic's, and only its outcome crosses, with the schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.permits import Scope
from openkap.reads.journal import SharedLine, shared_entries
from openkap.reads.preparation import Prepared, prepared
from openkap.reads.small_things import Thing, things_of
from openkap.reads.window import WindowAt
from openkap.records.facts.clock import hour, moment, soon
from openkap.records.models import Course, PatientFile, Session, SessionNote

WEEK = 7
COMING = ("planned", "arrived", "ready", "under_way", "paused", "recovering")


@dataclass(frozen=True, slots=True)
class NextDose:
    """The dose that is next or under way. `level` and `says` are its state as a verdict."""

    ordinal: int
    when: str
    level: str
    says: str
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """One line of what is ready. `state`: done or open; `what` is a short code the page turns into a link."""

    what: str
    state: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Empty where there is no course, or nothing of it is shared."""

    dose: NextDose | None = None
    ready: tuple[Ready, ...] = ()
    prepared: Prepared | None = None
    things: tuple[Thing, ...] = ()
    entries: tuple[SharedLine, ...] = ()
    doses: tuple[Session, ...] = ()


def beside(
    scope: Scope,
    file: PatientFile,
    course: Course | None,
    at: datetime,
    zone: ZoneInfo,
    *,
    reader: UUID | None,
    windows: Sequence[WindowAt] = (),
    sessions: Sequence[Session] = (),
    seen: Sequence[Session] = (),
    notes: dict[UUID, SessionNote] | None = None,
) -> Beside:
    """What stands beside the doses of this course, as far as the reader sees. Five queries at most.

    `sessions` are the reader's practice's, `seen` all within `scope`, in time's order.
    """
    entries = shared_entries(scope, file.patient_id, reader)
    if course is None:
        return Beside(entries=entries)
    of_course = [session for session in seen if session.course_id == course.id]
    doses = tuple(s for s in of_course if s.phase == Session.Phase.DOSING and s.state != "cancelled")
    ours = prepared(scope, course, at, practice=file.organisation_id, seen=of_course)
    coming = next((dose for dose in doses if dose.state in COMING), None)
    return Beside(
        dose=_next(coming, at, zone) if coming else None,
        ready=_ready(ours, windows, sessions, notes or {}, at, zone) if course.ended_at is None else (),
        prepared=ours,
        things=things_of(scope, course),
        entries=entries,
        doses=doses,
    )


def _next(dose: Session, at: datetime, zone: ZoneInfo) -> NextDose:
    when = _when(dose.planned_from, at, zone)
    began = hour(dose.started_at, zone) if dose.started_at else ""
    level, says = {
        "planned": ("unknown", _("Planned. The clinic checks it on the day")),
        "arrived": ("unknown", _("Here now, before the dose")),
        "ready": ("clear", _("Ready to start")),
        "under_way": ("clear", _("Went ahead at %(time)s") % {"time": began}),
        "paused": ("caution", _("Paused. It began at %(time)s") % {"time": began}),
        "recovering": ("clear", _("The dose has ended. Not home yet")),
    }[dose.state]
    return NextDose(dose.ordinal, when, level, says, dose.id)


def _when(time: datetime, at: datetime, zone: ZoneInfo) -> str:
    """today 10:20 am; Thu 10:20 am within the week; March 19, 2027, 10:20 am."""
    days = (time.astimezone(zone).date() - at.astimezone(zone).date()).days
    if days == 0:
        return _("today %(time)s") % {"time": hour(time, zone)}
    return soon(time, zone) if abs(days) < WEEK else moment(time, zone)


def _ready(
    ours: Prepared,
    windows: Sequence[WindowAt],
    sessions: Sequence[Session],
    notes: dict[UUID, SessionNote],
    at: datetime,
    zone: ZoneInfo,
) -> tuple[Ready, ...]:
    lines = [_prepared(ours, at, zone), _touch(ours)]
    last = max((w for w in windows if w.opens_at <= at), key=lambda w: w.opens_at, default=None)
    if last is not None:
        lines.append(_window(last, zone))
    owed = next((s for s in reversed(sessions) if s.state == "done" and s.id not in notes), None)
    if owed is not None:
        name = _("Note of the last session")
        lines.append(Ready("note", "open", name, _("Held, and not written yet")))
    return tuple(lines)


def _prepared(ours: Prepared, at: datetime, zone: ZoneInfo) -> Ready:
    if ours.plan is None:
        return Ready("preparation", "open", _("Preparation for the team"), _("Nothing is written yet"))
    note = _("%(who)s, %(when)s") % {"who": ours.plan.by, "when": _when(ours.plan.at, at, zone)}
    return Ready("preparation", "done", _("Preparation for the team"), note)


def _touch(ours: Prepared) -> Ready:
    if ours.touch is None:
        return Ready("touch", "open", _("Touch"), _("Nothing is agreed, so none is allowed"))
    return Ready("touch", "done", _("Touch"), ours.touch.level_words)


def _window(window: WindowAt, zone: ZoneInfo) -> Ready:
    name = _("Integration after dose %(n)s") % {"n": window.dose}
    if window.kept:
        return Ready("window", "done", name, _("Held in the window"))
    if window.session_at is not None and window.phase != "after":
        return Ready(
            "window", "done", name, _("Planned for %(when)s") % {"when": soon(window.session_at, zone)}
        )
    if window.phase == "open":
        return Ready("window", "open", name, _("The window is open and nothing is held in it"))
    return Ready("window", "open", name, _("The window closed without a session"))
