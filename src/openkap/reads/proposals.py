"""What the practices ask of each other, and what a form that books a dose shows before it is sent.

Decided here: both practices read the same proposal, each on its own clock, until it is answered and for a
while after. A practice to which nothing is shared any more sees none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from openkap.medicine.verdict import Finding, Level
from openkap.permits import Act, Kind, Need, Scope, decide
from openkap.records.facts.booking import (
    CALLED_OFF,
    INTEGRATION,
    Treating,
    dose_for,
    expected_of,
    fitting_in,
    fitting_time,
    held_for,
    minutes_for,
    open_about,
    told_of,
    treating,
    window_of,
)
from openkap.records.facts.clock import differ, told, told_both
from openkap.records.facts.phases import what_of
from openkap.records.facts.spacing import spacing_said
from openkap.records.models import Course, Organisation, Person, Proposal, Session, Task
from openkap.records.scoped import scoped

ANSWERED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One proposal. Times are on the reader's clock, with the other's where they differ."""

    id: UUID
    version: int
    name: str
    patient: UUID
    what: str
    why: str
    words: str
    now: str
    suggested: str
    by: str
    asker: str
    owner: str
    due_at: datetime
    late: bool
    open: bool
    mine: bool
    state: str
    answer: str
    answered_by: str
    newer: UUID | None
    kind: str


@dataclass(frozen=True, slots=True)
class Asks:
    to_answer: tuple[Asked, ...]
    waiting: tuple[Asked, ...]
    answered: tuple[Asked, ...]


def proposals_of(scope: Scope, here: Organisation, at: datetime) -> Asks:
    """What this practice is asked, what it waits for, what was answered last. Two queries."""
    rows = scoped(_rows(), scope).filter(Q(to_organisation=here) | Q(from_organisation=here))
    open_ones = [asked(row, here, at) for row in rows.filter(state=Proposal.State.OPEN)]
    done = rows.exclude(state=Proposal.State.OPEN).order_by("-answered_at")[:ANSWERED_SHOWN]
    return Asks(
        tuple(one for one in open_ones if one.mine),
        tuple(one for one in open_ones if not one.mine),
        tuple(asked(row, here, at) for row in done),
    )


def proposals_about(scope: Scope, session: Session, here: Organisation, at: datetime) -> tuple[Asked, ...]:
    """Open proposals about this session, or that it caused. One query."""
    rows = scoped(_rows(), scope).filter(Q(about=session) | Q(cause=session), state=Proposal.State.OPEN)
    return tuple(asked(row, here, at) for row in rows)


def _rows() -> QuerySet[Proposal]:
    return Proposal.objects.select_related(
        "patient",
        "about__organisation",
        "cause__organisation",
        "from_organisation",
        "to_organisation",
        "owner",
        "answered_by",
    )


def asked(row: Proposal, here: Organisation, at: datetime) -> Asked:
    """One proposal as `here` reads it."""
    other = row.from_organisation if row.to_organisation_id == here.id else row.to_organisation
    is_open = row.state == Proposal.State.OPEN
    return Asked(
        id=row.id,
        version=row.version,
        name=row.patient.name,
        patient=row.patient_id,
        what=_what(row),
        why=_why(row, here, other),
        words=row.words,
        now=told_both(row.about.planned_from, here, other),
        suggested=told_both(row.suggested_from, here, other) if row.suggested_from is not None else "",
        by=row.by_name,
        asker=row.from_organisation.name,
        owner=row.owner.name if row.owner is not None else row.to_organisation.name,
        due_at=row.due_at,
        late=is_open and row.due_at <= at,
        open=is_open,
        mine=row.to_organisation_id == here.id,
        state=row.get_state_display(),
        answer=row.answer,
        answered_by=row.answered_by.name if row.answered_by is not None else "",
        newer=row.superseded_by_id,
        kind=row.what,
    )


def _what(row: Proposal) -> str:
    session = {"session": what_of(row.about)}
    return {
        Proposal.What.HOLD: _("Hold %(session)s"),
        Proposal.What.MOVE: _("Move %(session)s"),
        Proposal.What.KEEP: _("Keep %(session)s"),
        Proposal.What.CANCEL: _("Cancel %(session)s"),
    }[Proposal.What(row.what)] % session


def _why(row: Proposal, here: Organisation, other: Organisation) -> str:
    """What happened to the other session, in one sentence."""
    cause = {
        "what": what_of(row.cause),
        "was": told(row.was_from, here, other) if row.was_from is not None else "",
        "now": told(row.cause.planned_from, here, other),
        "until": told(row.cause.planned_to, here, other),
    }
    return {
        Proposal.Why.BOOKED: _("%(what)s was booked for %(now)s."),
        Proposal.Why.MOVED: _("%(what)s was moved from %(was)s to %(now)s."),
        Proposal.Why.CANCELLED: _("%(what)s on %(was)s was cancelled."),
        Proposal.Why.NO_SHOW: _("Nobody came to %(what)s on %(was)s."),
        Proposal.Why.OVERRAN: _("%(what)s takes until %(until)s."),
        Proposal.Why.ENDED: _("%(what)s ended at another time than planned."),
    }[Proposal.Why(row.why)] % cause


@dataclass(frozen=True, slots=True)
class WindowAhead:
    """A window on record or to be expected, in instants and in words on both clocks."""

    dose_ended_at: datetime
    opens_at: datetime
    closes_at: datetime
    session_at: datetime | None
    expected: bool
    words: str


@dataclass(frozen=True, slots=True)
class Bound:
    """The session bound to this one, and whether somebody still has to say yes to it."""

    id: UUID
    what: str
    when: str
    where: str
    who: str
    waits: bool
    fits: bool
    open: bool


def bound_to(
    scope: Scope, session: Session, here: Organisation, at: datetime
) -> tuple[Bound | None, WindowAhead | None]:
    """What is held for a dose, or the dose that a session is held for; and the window between them.

    Nothing, where the patient no longer lets the two practices see each other's dates.
    """
    if not told_of(session, at):
        return None, None
    dose = session if session.phase == Session.Phase.DOSING else None
    held = held_for(session, at) if dose is not None else None
    if session.phase == INTEGRATION:
        dose, held = dose_for(session), session
    if dose is None:
        return None, None
    window = window_of(dose)
    shown = None
    inside = held is not None and window is not None and window.holds(held.planned_from)
    other = held if dose is session else dose
    practice = held.organisation if held is not None else None
    if window is not None:
        words = _("%(opens)s to %(closes)s") % {
            "opens": told_both(window.opens, here, practice if practice != here else dose.organisation),
            "closes": told_both(window.closes, here, practice if practice != here else dose.organisation),
        }
        shown = WindowAhead(
            dose_ended_at=dose.planned_to,
            opens_at=window.opens,
            closes_at=window.closes,
            session_at=held.planned_from if held is not None and inside else None,
            expected=dose.state not in (*Session.LIVE, "done", "stopped"),
            words=words,
        )
    if other is None:
        return None, shown
    return (
        Bound(
            id=other.id,
            what=what_of(other),
            when=told_both(other.planned_from, here, other.organisation),
            where=other.organisation.name,
            who=other.lead.name if other.lead is not None else "",
            waits=open_about(other) is not None,
            fits=inside,
            open=may_open(scope, other),
        ),
        shown,
    )


@dataclass(frozen=True, slots=True)
class ToHold:
    """What one press would ask for: of whom, and when; `when` blank: no time fits, or nobody treats.

    `asked` says who was already asked without naming a time. `mine`: it is the reader's own to hold.
    """

    who: str
    when: str
    why_not: str
    asked: str
    mine: bool = False


def to_hold(session: Session, here: Organisation, at: datetime, reader: UUID | None = None) -> ToHold | None:
    """For a dose that has no session held: None where it has one, or it is too late. Eight queries."""
    if session.phase != Session.Phase.DOSING or session.state in CALLED_OFF or session.course.ended_at:
        return None
    window = window_of(session)
    if window is None or window.closes <= at or held_for(session, at) is not None:
        return None
    whom = treating(session.course, at)
    why_not = _why_not(whom.organisation, whom.shares, session.course)
    starts = None if why_not else fitting_in(session.course, window, whom, _minutes(session.course), at)
    task = Task.objects.filter(session=session, what="hold_integration", done_at=None).first()
    return ToHold(
        who=_who(whom),
        when=told_both(starts, here, whom.organisation) if starts is not None else "",
        why_not=why_not,
        asked=told(task.made_at, here) if task is not None and whom.shares else "",
        mine=whom.organisation == here and whom.person is not None and whom.person.id == reader,
    )


def _minutes(course: Course) -> int:
    return minutes_for(course, INTEGRATION)


def _who(whom: Treating) -> str:
    if whom.person is not None:
        return whom.person.name
    return whom.organisation.name if whom.organisation is not None else ""


def may_open(scope: Scope, session: Session) -> bool:
    """Whether the reader may open this session's own page."""
    return bool(decide(scope, Need(Kind.SCHEDULE, Act.SEE), session.as_subject()))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a booking form knows before it is sent: who treats, the window, a time that fits, the spacing."""

    who: str
    practice: str
    outside: bool
    why_not: str
    other: Organisation | None
    window: str
    suggested: datetime | None
    suggested_words: str
    findings: tuple[Finding, ...]
    differs: bool


def ahead_of(
    course: Course,
    here: Organisation,
    at: datetime,
    *,
    planned_from: datetime | None,
    minutes: int,
    therapist: Person | None = None,
) -> Ahead:
    """For a form that books a dose of this course. Up to nine queries."""
    whom = treating(course, at, therapist)
    place = whom.organisation if whom.shares else None
    window = suggested = None
    findings: tuple[Finding, ...] = ()
    if planned_from is not None:
        ends = planned_from + timedelta(minutes=minutes)
        window = expected_of(course, planned_from, ends)
        suggested = fitting_time(course, planned_from, ends, whom, minutes_for(course, INTEGRATION), at)
        verdict = spacing_said(course, planned_from, at)
        findings = tuple(f for f in verdict.speaking if f.weighs is not Level.CLEAR)
    return Ahead(
        who=whom.person.name if whom.person is not None else "",
        practice=whom.organisation.name if whom.organisation is not None else "",
        outside=whom.outside,
        why_not=_why_not(whom.organisation, whom.shares, course),
        other=place,
        window=(
            _("%(opens)s to %(closes)s")
            % {"opens": told_both(window.opens, here, place), "closes": told_both(window.closes, here, place)}
            if window is not None
            else ""
        ),
        suggested=suggested if place is not None else None,
        suggested_words=told_both(suggested, here, place) if suggested is not None else "",
        findings=findings,
        differs=place is not None and differ(planned_from or at, here, place),
    )


def _why_not(place: Organisation | None, shares: bool, course: Course) -> str:
    if place is None:
        return _("Nobody holds integration for this course yet. The dose can be booked; a task asks for one.")
    if not shares:
        return _("%(name)s does not share dates with %(practice)s. Nothing can be held there.") % {
            "name": course.patient.name,
            "practice": place.name,
        }
    return ""
