"""How earlier doses were borne, as far as rows say it.

Decided here: which rows answer `D-TOLERATED`. Pressure is back with the first set from which on it stays
inside what going home asks (`G-BP`); an emergency medicine is one of the rescue list, but for vomiting; a
session that ended in emergency care had a severe event. Other events are those that were written down. That
there was none is known only once the call on the day after reached them and found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from openkap.medicine.dosing.tolerated import was_tolerated
from openkap.medicine.monitoring.rescue import rescue_list
from openkap.medicine.rules import RuleSet
from openkap.records.models import AdverseEvent, NextDayCall, Reading, RoomEvent, Session

EMERGENCY = ("K-RESCUE-PRESSURE", "K-RESCUE-CALM", "K-RESCUE-OTHER")
SEVERE = 3
PERCENT, MINUTE = Decimal(100), Decimal(60)


def tolerated_of(sessions: Iterable[Session], rules: RuleSet) -> Mapping[UUID, bool | None]:
    """By session: True, False, or None where it cannot be said by `rules`. Four queries, however many."""
    rows = {session.id: session for session in sessions}
    sets: dict[UUID, list[Reading]] = {}
    readings = Reading.objects.current().filter(session__in=rows, sbp__isnull=False).order_by("at")
    for reading in readings:
        sets.setdefault(reading.session_id, []).append(reading)
    given: dict[UUID, list[str]] = {}
    for event in RoomEvent.objects.current().filter(session__in=rows, what="medicine"):
        given.setdefault(event.session_id, []).append(event.words.casefold())
    worst = _worst(rows)
    return {
        id: _of(session, sets.get(id, []), any(map(_is_emergency, given.get(id, ()))), worst.get(id), rules)
        for id, session in rows.items()
    }


def _worst(sessions: Mapping[UUID, Session]) -> Mapping[UUID, int]:
    """The worst grade of each, 0 where the call found nothing and nothing was written down."""
    ids = list(sessions)
    events = AdverseEvent.objects.current().filter(session__in=ids)
    graded: dict[UUID, list[int | None]] = {}
    for event in events:
        graded.setdefault(event.session_id, []).append(event.grade)
    well = {
        call.session_id
        for call in NextDayCall.objects.current().filter(session__in=ids, reached=True)
        if not call.findings
    }
    worst = {id: 0 for id in well if id not in graded}
    for id, seen in graded.items():
        known = [grade for grade in seen if grade is not None]
        if known and (len(known) == len(seen) or max(known) >= SEVERE):
            worst[id] = max(known)
    return worst | {id: SEVERE for id, session in sessions.items() if session.state == "stopped"}


def _of(
    session: Session, sets: list[Reading], emergency: bool, worst: int | None, rules: RuleSet
) -> bool | None:
    back, stayed_up = _pressure(session, sets, rules)
    return was_tolerated(
        worst_grade=worst,
        pressure_back_min=back,
        emergency_medicine=emergency,
        pressure_stayed_up=stayed_up,
        ruleset=rules,
    )


def _pressure(session: Session, sets: list[Reading], rules: RuleSet) -> tuple[Decimal | None, bool]:
    """Minutes until it was back; and whether it was looked at to the end and was not."""
    start = session.started_at
    values = [(row.at, row.sbp) for row in sets if row.sbp is not None]
    before = [sbp for at, sbp in values if start is not None and at <= start]
    after = [(at, sbp) for at, sbp in values if start is not None and at > start]
    if start is None or not before or not after:
        return None, False
    back = None
    for at, sbp in after:
        if not _near(sbp, before[-1], rules):
            back = None
        elif back is None:
            back = Decimal(str((at - start).total_seconds())) / MINUTE
    return back, back is None


def _near(sbp: Decimal, base: Decimal, rules: RuleSet) -> bool:
    return abs(sbp - base) / base * PERCENT <= rules.rule("G-BP")["within"]


def _is_emergency(words: str) -> bool:
    named = (item for group in rescue_list() if group.rule.id in EMERGENCY for item in group.items)
    return any(name in words for name in named)
