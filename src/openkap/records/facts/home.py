"""What is on record when someone wants to go home, and what only a person in the room can say.

Decided here: pressure and oxygen come from the last sets kept since the dose began, whether integration
is booked from the calendar of whoever holds it; everything else is asked, the six questions too where
no set holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from openkap.medicine.monitoring.discharge import GoingHome
from openkap.records.facts.booking import CALLED_OFF, told_of
from openkap.records.facts.dose import dose_now
from openkap.records.facts.readings import baseline_of, rows_of
from openkap.records.facts.ways import plan_of
from openkap.records.models import Reading, Session, Window

ASKED = (
    "aldrete",
    "padss",
    "cadss6",
    "oriented",
    "gait_steady",
    "si_today",
    "nausea",
    "escort_present",
    "instructions_signed",
    "resolved",
)


def going_home(session: Session, answers: Mapping[str, Any], at: datetime) -> GoingHome:
    """Everything known at `at`. Raises `Unusable` for an answer that cannot be."""
    rows = rows_of(session)
    since = [row for row in rows if session.started_at is not None and row.at > session.started_at]
    pressures = [(row.sbp, row.dbp) for row in since if row.sbp is not None and row.dbp is not None]
    start = baseline_of(rows, session.started_at)
    dose = dose_now(session)
    given: dict[str, Any] = {
        "route": dose.order.route if dose is not None else session.course.route,
        "started_at": session.started_at,
        "ended_at": dose.ended_at if dose is not None else None,
        "at": at,
        "baseline": {"sbp": start.sbp, "dbp": start.dbp},
        "vitals": {"spo2": _last(since, "spo2"), **_pressure(pressures, -1)},
        "previous": _pressure(pressures, -2),
        "pressures": _by_minute(session, rows),
        "cadss6": _last(since, "cadss6"),
        "integration_booked": integration_in_window(session, at) is not None or None,
    }
    asked = {name: answers[name] for name in ASKED if answers.get(name) not in (None, "")}
    known = GoingHome.read({name: value for name, value in (given | asked).items() if value is not None})
    plan = plan_of(session.course)
    return replace(known, integrates=plan is None or plan.integrates)


def integration_in_window(session: Session, at: datetime) -> Session | None:
    """The integration session that stands in this dose's window, at a practice that is shown its dates."""
    window = Window.objects.filter(dose=session).first()
    if window is None:
        return None
    rows = Session.objects.filter(
        course_id=session.course_id,
        phase=Session.Phase.INTEGRATION,
        planned_from__gte=window.opens_at,
        planned_from__lt=window.closes_at,
    ).exclude(state__in=CALLED_OFF)
    rows = rows.select_related("course", "organisation").order_by("planned_from")
    return next((one for one in rows if told_of(one, at)), None)


def _by_minute(session: Session, rows: Sequence[Reading]) -> list[dict[str, Any]]:
    """Every pressure of the visit with its minute from the start of the dose."""
    start = session.started_at
    return [
        {"minute": Decimal(str((row.at - start).total_seconds())) / 60, "sbp": row.sbp, "dbp": row.dbp}
        for row in rows
        if start is not None and row.sbp is not None and row.dbp is not None
    ]


def _last(rows: Sequence[Reading], name: str) -> Any:
    return next((value for row in reversed(rows) if (value := getattr(row, name)) is not None), None)


def _pressure(pressures: Sequence[tuple[Any, Any]], place: int) -> dict[str, Any]:
    if len(pressures) < -place:
        return {}
    sbp, dbp = pressures[place]
    return {"sbp": sbp, "dbp": dbp}
