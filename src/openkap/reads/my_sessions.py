"""A patient's own sessions: what is coming, what became of each, and what to know before a dose.

Decided here: a session that a practice moved or called off says so, with the time it had. What to know
before a dose comes from the rule on food and drink (`R-FASTING`) and from what is recorded about the way
home; nothing is said about an escort whom nobody named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openkap.permits import Scope
from openkap.reads.ribbon import HELD
from openkap.records.facts.law import rules_at
from openkap.records.models import Course, Discharge, Escort, Session, SessionChange
from openkap.records.scoped import scoped

CALLED_OFF = ("cancelled", "no_show")
FOOD_RULE = "R-FASTING"


@dataclass(frozen=True, slots=True)
class Visit:
    """One session, as its patient reads it. `was_at` is the time it had before it was last moved.

    `became`: "" while it is coming, else held, called_off, missed, under_way, stopped.
    """

    id: UUID
    phase: str
    ordinal: int
    at: datetime
    minutes: int
    lead: str
    practice: str
    phone: str
    room: str
    became: str
    was_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class BeforeDose:
    """Until when to eat and drink before a dose, and who takes the patient home. None: not known."""

    fatty_until: datetime
    food_until: datetime
    drink_until: datetime
    escort: str


@dataclass(frozen=True, slots=True)
class WentHome:
    """That the patient left after a dose, when, with whom, and which text they were given."""

    at: datetime
    escort: str
    instructions: str


def visits_of(scope: Scope, course: Course, at: datetime) -> tuple[Visit, ...]:
    """Every session of the course, in time's order. Two queries."""
    rows = list(
        scoped(Session.objects.filter(course=course), scope)
        .select_related("lead", "room", "organisation")
        .order_by("planned_from", "id")
    )
    return visits(rows, changes_of(scope, course), at)


def changes_of(scope: Scope, course: Course) -> dict[UUID, SessionChange]:
    """The last change of each session that was moved or called off. One query."""
    rows = scoped(SessionChange.objects.filter(session__course=course), scope).order_by("at", "id")
    return {row.session_id: row for row in rows}


def visits(rows: Iterable[Session], changed: dict[UUID, SessionChange], at: datetime) -> tuple[Visit, ...]:
    return tuple(_visit(row, changed.get(row.id), at) for row in rows)


def before_dose(session: Session, at: datetime) -> BeforeDose:
    """For a dosing session within the reader's Scope. Two queries."""
    rule = rules_at(session.organisation_id, at).rule(FOOD_RULE, session.planned_from.date())
    esketamine = session.course.route == "esketamine"
    hours = (
        (rule["esketamine_food_h"], rule["esketamine_food_h"], rule["esketamine_clear_h"])
        if esketamine
        else (rule["fatty_h"], rule["light_h"], rule["clear_h"])
    )
    fatty, food, drink = (session.planned_from - timedelta(hours=float(h)) for h in hours)
    return BeforeDose(fatty, food, drink, escort_named(session))


def escort_named(session: Session) -> str:
    """Who was named to take the patient home from this session; blank where nobody was. One query."""
    rows = Escort.objects.current().filter(session=session).order_by("-at")
    return rows.values_list("name", flat=True).first() or ""


def went_home(session: Session) -> WentHome | None:
    """How this session ended for its patient, once they have left. One query."""
    row = Discharge.objects.current().filter(session=session).order_by("-at").first()
    return WentHome(row.at, row.escort_name, row.instructions) if row is not None else None


def _visit(row: Session, change: SessionChange | None, at: datetime) -> Visit:
    moved = change is not None and change.what == SessionChange.What.MOVED
    return Visit(
        id=row.id,
        phase=row.phase,
        ordinal=row.ordinal,
        at=row.planned_from,
        minutes=int((row.planned_to - row.planned_from).total_seconds() // 60),
        lead=(row.lead.chosen_name or row.lead.given_name) if row.lead else "",
        practice=row.organisation.name,
        phone=row.organisation.phone,
        room=row.room.name if row.room else "",
        became=_became(row, at),
        was_at=change.was_from if change is not None and moved else None,
        words=change.words if change is not None else "",
    )


def _became(row: Session, at: datetime) -> str:
    if row.state in HELD:
        return "held"
    if row.state == "cancelled":
        return "called_off"
    if row.state == "no_show":
        return "missed"
    if row.state == "stopped":
        return "stopped"
    if row.state in Session.LIVE:
        return "under_way"
    return "past" if row.planned_to <= at else ""
