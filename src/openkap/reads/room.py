"""One dosing session as the room and the board see it: numbers with their age, what is due, what stands.

Decided here: a number is shown with the time it was taken, and as old once the next check's time has
come without a newer one; a value that no body shows is never shown as a value. Prompts are reckoned
from the sets as they stand, so that a corrected set corrects them. All through the reader's Scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.dosing.giving import in_parts
from openkap.medicine.monitoring import CheckState, DueCheck, Line, due_checks, look_again
from openkap.medicine.monitoring.schedule import usable
from openkap.medicine.rules import RuleSet
from openkap.permits import Scope
from openkap.reads.clockwork import Clockwork, clockwork_of
from openkap.reads.given import Given, given_of
from openkap.reads.happened import Mark, Timer, Watching, marks_of, timers_of, watching_over
from openkap.records.facts.law import NO_CHANGES, Law, law_of
from openkap.records.facts.preparation import Agreed, touch_of
from openkap.records.facts.readings import as_reading, baseline_of, watched
from openkap.records.models import Administration, Course, GivenPart, Reading, RoomEvent, Session
from openkap.records.scoped import scoped

SIGNALS = ("bp", "hr", "spo2", "rr", "moaas")
COLUMNS = {"bp": "sbp", "hr": "hr", "spo2": "spo2", "rr": "rr", "moaas": "moaas"}
SHOWN_CHECKS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """The last usable value of one signal: as text, when it was so, where it started, how it stands.

    `old` from `old_at` on; `out` while a prompt stands on it; `odd` says that a later value could not be.
    """

    signal: str
    value: str = ""
    at: datetime | None = None
    start: str = ""
    old: bool = False
    old_at: datetime | None = None
    out: bool = False
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """A session as it stands at `at`. `numbers` by signal; `sets` are every current reading."""

    session: Session
    at: datetime
    numbers: Mapping[str, Number]
    sets: tuple[Reading, ...]
    checks: tuple[DueCheck, ...]
    again: tuple[DueCheck, ...]
    prompts: tuple[Line, ...]
    clockwork: Clockwork
    dose: Administration | None
    rules: RuleSet
    marks: tuple[Mark, ...] = ()
    played: bool = False
    highest: str = ""
    ordinal: int = 1
    last_set_at: datetime | None = None
    answered: Mapping[str, datetime] = field(default_factory=dict)
    timers: tuple[Timer, ...] = ()
    watching: Watching | None = None
    given: Given = field(default_factory=Given)

    @property
    def route(self) -> str:
        """How this dose is given: by its own order, whatever the course goes by today."""
        return self.dose.order.route if self.dose is not None else str(self.session.course.route)

    @property
    def owed(self) -> tuple[DueCheck, ...]:
        """What is to be looked at, by the schedule and by the prompts that stand."""
        both = sorted((*self.checks, *self.again), key=lambda check: check.due_at)
        return open_checks(both, self.answered)

    @property
    def is_live(self) -> bool:
        return self.session.state in Session.LIVE

    @property
    def help_asked(self) -> Mark | None:
        """Somebody asked for help here, and nobody has said yet that it came."""
        last = next((mark for mark in self.marks if mark.what in ("help", "help_here")), None)
        return last if last is not None and last.what == "help" and self.is_live else None

    @property
    def medicines(self) -> tuple[Mark, ...]:
        """What else was given, oldest first."""
        return tuple(mark for mark in reversed(self.marks) if mark.dose)

    @property
    def heard(self) -> bool:
        """Whether the last pressure, heart rate and oxygen are of this stretch of the schedule."""
        return not any(self.numbers[signal].old for signal in ("bp", "hr", "spo2"))


@dataclass(frozen=True, slots=True)
class Rows:
    """What a page of one or many sessions was loaded from, by session."""

    readings: Mapping[UUID, list[Reading]] = field(default_factory=dict)
    doses: Mapping[UUID, Administration] = field(default_factory=dict)
    events: Mapping[UUID, list[RoomEvent]] = field(default_factory=dict)
    watching: Mapping[UUID, Watching] = field(default_factory=dict)
    parts: Mapping[UUID, list[GivenPart]] = field(default_factory=dict)
    laws: Mapping[UUID, Law] = field(default_factory=dict)


def load(scope: Scope, sessions: Sequence[Session]) -> Rows:
    """Five queries, one more where a dose is given in parts. `sessions` are within the reader's Scope."""
    ids = [session.id for session in sessions]
    readings: dict[UUID, list[Reading]] = {}
    for row in scoped(Reading.objects.current().filter(session__in=ids), scope).order_by("at", "recorded_at"):
        readings.setdefault(row.session_id, []).append(row)
    given = scoped(Administration.objects.current().filter(session__in=ids), scope).select_related("order")
    doses = {row.session_id: row for row in given.order_by("recorded_at")}
    events: dict[UUID, list[RoomEvent]] = {}
    for event in scoped(RoomEvent.objects.current().filter(session__in=ids), scope).order_by(
        "at", "recorded_at"
    ):
        events.setdefault(event.session_id, []).append(event)
    laws = {id_: law_of(id_) for id_ in {session.organisation_id for session in sessions}}
    return Rows(readings, doses, events, watching_over(ids), _parts(scope, doses), laws)


def _parts(scope: Scope, doses: Mapping[UUID, Administration]) -> dict[UUID, list[GivenPart]]:
    """The parts of the doses that have any. One query, or none."""
    found: dict[UUID, list[GivenPart]] = {}
    ids = [id_ for id_, dose in doses.items() if in_parts(dose.order.route)]
    if not ids:
        return found
    rows = scoped(GivenPart.objects.current().filter(session__in=ids), scope).select_related("order")
    for row in rows.order_by("at", "recorded_at", "id"):
        found.setdefault(row.session_id, []).append(row)
    return found


def live(scope: Scope, session: Session, at: datetime) -> Live:
    """One session. Five queries beside the session itself."""
    return live_of(session, load(scope, [session]), at)


def live_of(session: Session, rows: Rows, at: datetime) -> Live:
    """The same from rows already loaded. Reckons; asks nothing of the database."""
    sets = tuple(rows.readings.get(session.id, ()))
    events = rows.events.get(session.id, [])
    dose = rows.doses.get(session.id)
    parts = rows.parts.get(session.id, [])
    route = dose.order.route if dose is not None else session.course.route
    law, started = rows.laws.get(session.organisation_id, NO_CHANGES), session.started_at
    said, rules = watched(session, sets, route, law), law.at(started or at)
    readings = [as_reading(row, started) for row in sets]
    over = started is not None and _is_watched(session)
    checks = due_checks(route, None, started, readings, at, rules=rules) if started and over else ()
    start = baseline_of(sets, started)
    start_values = {"bp": _pressure(start.sbp, start.dbp), "hr": _said(start.hr), "spo2": _said(start.spo2)}
    standing = {line.signal for line in said.open}
    every = _interval(checks, at)
    answered = _answered(sets)
    return Live(
        session=session,
        at=at,
        numbers={
            signal: _number(signal, sets, start_values.get(signal, ""), standing, every, at, session)
            for signal in SIGNALS
        },
        sets=sets,
        checks=checks,
        again=look_again(said.open, answered, started, at, rules=rules) if started and over else (),
        prompts=said.open if over else (),
        clockwork=clockwork_of(session, dose, events, at, parts, rules=rules),
        dose=dose,
        rules=rules,
        marks=marks_of(events, given_of(parts)),
        given=given_of(parts),
        played=any(row.played for row in sets),
        highest=(said.summary.peak_bp or "") if said.summary is not None else "",
        ordinal=session.ordinal,
        last_set_at=sets[-1].at if sets else None,
        answered=answered,
        timers=timers_of(events),
        watching=rows.watching.get(session.id),
    )


def touch_shown(session: Session, at: datetime) -> Agreed | None:
    """What was agreed about touch, as the room shows it. One query; `session` is within Scope already."""
    return touch_of(session.course, at)


def open_checks(
    checks: Sequence[DueCheck], answered: Mapping[str, datetime] | None = None
) -> tuple[DueCheck, ...]:
    """What is owed: of each kind the first that is not done, late ones first, three at most.

    `answered`: when each kind was last looked at. A check that was looked at after its time is late on
    record, and not owed any more.
    """
    first: dict[str, DueCheck] = {}
    for check in checks:
        looked = (answered or {}).get(check.what)
        if check.state is CheckState.LATE and looked is not None and looked >= check.due_at:
            continue
        if check.state is CheckState.DONE:
            # What came later has been done: an earlier miss is on record, and not owed any more.
            first.pop(check.what, None)
            continue
        # Of several late ones the first counts: one set now answers for all of them, and until then how
        # late it is never starts anew because the next has come.
        first.setdefault(check.what, check)
    # Of those due at one time the numbers stand first: a board shows two.
    return tuple(sorted(first.values(), key=lambda check: (check.due_at, check.what != "vitals")))[
        :SHOWN_CHECKS
    ]


def _answered(sets: Sequence[Reading]) -> dict[str, datetime]:
    """When vitals, alertness and the six questions were last in a set."""
    asked = {
        "vitals": ("sbp", "dbp", "hr", "spo2"),
        "alertness": ("moaas",),
        "dissociation": ("cadss6",),
    }
    return {
        what: row.at
        for what, columns in asked.items()
        for row in sets
        if all(getattr(row, column) is not None for column in columns)
    }


def check_words(check: DueCheck) -> tuple[str, str]:
    """A check's name and its hint."""
    names = {
        "vitals": (_("Vitals at %(minute)s min") % {"minute": check.minute}, _("Pressure, heart, oxygen")),
        "alertness": (_("Alertness"), _("Look and listen first")),
        "dissociation": (_("Six questions"), _("Once they are talking")),
    }
    return names[check.what]


def course_length(course: Course) -> int:
    """How many doses the course's plan usually has."""
    from openkap.medicine.protocols import protocol

    return protocol(course.protocol).doses.usual


def _is_watched(session: Session) -> bool:
    return session.state in Session.LIVE


def _interval(checks: Sequence[DueCheck], at: datetime) -> timedelta | None:
    """From the last check of vitals whose time has come to the next: what a number is good for."""
    times = [check.due_at for check in checks if check.what == "vitals"]
    past, ahead = [t for t in times if t <= at], [t for t in times if t > at]
    return ahead[0] - past[-1] if past and ahead else None


def _number(
    signal: str,
    sets: Sequence[Reading],
    start: str,
    standing: set[str],
    every: timedelta | None,
    at: datetime,
    session: Session,
) -> Number:
    column = COLUMNS[signal]
    given = [row for row in sets if getattr(row, column) is not None]
    last = next((row for row in reversed(given) if usable(as_reading(row), signal)), None)
    if last is None:
        return Number(signal, start=start, odd=bool(given))
    value = _pressure(last.sbp, last.dbp) if signal == "bp" else _said(getattr(last, column))
    old_at = last.at + every if every is not None and _is_watched(session) else None
    return Number(
        signal=signal,
        value=value,
        at=last.at,
        start=start,
        old=old_at is not None and at >= old_at,
        old_at=old_at,
        out=("sedation" if signal == "moaas" else signal) in standing,
        odd=given[-1] is not last,
    )


def _pressure(sbp: Decimal | None, dbp: Decimal | None) -> str:
    return f"{_said(sbp)}/{_said(dbp)}" if sbp is not None and dbp is not None else ""


def _said(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
