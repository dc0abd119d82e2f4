"""The facts that stand before a dose, loaded for `medicine.course.gate`.

Decided here: which rows answer each question. The consent that counts is the newest version of the
route's document; the first set is whatever was kept for this session before it started.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from openkap.medicine.course.gate import Day
from openkap.medicine.screening import Vitals, screen
from openkap.medicine.verdict import Finding
from openkap.records.facts.consent import consent_of
from openkap.records.facts.dose import confirmation_of, order_now
from openkap.records.facts.screening import case_of
from openkap.records.models import Confirmation, Decision, Reading, Session

PRESSURE_RULES = ("S06",)


def day_of(session: Session, at: datetime) -> Day:
    """What is known before this session's dose. About a dozen queries."""
    order = order_now(session)
    confirmation = confirmation_of(order)
    decision = Decision.objects.current().filter(course=session.course_id, at__lte=at).order_by("-at").first()
    first = first_set(session)
    return Day(
        decision=decision.outcome if decision is not None else "",
        consent=consent_of(session.course).state,
        ordered_by=order.by_name if order is not None else "",
        confirmed_by=confirmation.by_name if confirmation is not None else "",
        confirmed_before=confirmation is None and Confirmation.objects.filter(session=session).exists(),
        room=session.room.name if session.room is not None else "",
        room_taken=_taken(session),
        measured=_measured(first),
        screened=_screened(session, first, at),
    )


def first_set(session: Session) -> tuple[Reading, ...]:
    """Readings kept before the dose began, oldest first."""
    rows = Reading.objects.current().filter(session=session).order_by("at", "recorded_at")
    if session.started_at is not None:
        rows = rows.filter(at__lte=session.started_at)
    return tuple(rows)


def _taken(session: Session) -> bool:
    if session.room_id is None:
        return False
    return (
        Session.objects.filter(room_id=session.room_id, state__in=Session.LIVE)
        .exclude(pk=session.pk)
        .exists()
    )


def _measured(readings: tuple[Reading, ...]) -> frozenset[str]:
    found = set()
    for row in readings:
        if row.sbp is not None and row.dbp is not None:
            found.add("pressure")
        if row.hr is not None:
            found.add("heart")
        if row.spo2 is not None:
            found.add("oxygen")
    return frozenset(found)


def _screened(session: Session, readings: tuple[Reading, ...], at: datetime) -> tuple[Finding, ...]:
    """What the pressure rules say of the first sets; nothing where no pressure was kept."""
    zone = ZoneInfo(session.organisation.zone)
    sets = tuple(
        Vitals(at=row.at.astimezone(zone), sbp=row.sbp, dbp=row.dbp, hr=row.hr, spo2=row.spo2)
        for row in readings
        if row.sbp is not None and row.dbp is not None
    )
    if not sets:
        return ()
    case = replace(case_of(session.course, at, dosing_day=True), vitals=sets)
    return screen(case, rules=PRESSURE_RULES).verdict.findings
