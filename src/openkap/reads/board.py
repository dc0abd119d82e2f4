"""Every room at once: who is in it, how far they are, the last numbers with their age, what needs eyes.

Decided here: a room shows the session under way in it, else the next one of the day. A room that has
not been heard from keeps its last numbers and says that they are old, never as current.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openkap.medicine.course import SESSION
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.order import order_states
from openkap.reads.room import Live, live_of, load
from openkap.records.models import Organisation, Room, Session
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class RoomShown:
    """One room: what is under way in it (`live`), else who comes next today (`next`).

    `order` is how the order of who comes next stands, one of `reads.order.WORDS`; blank on a wall.
    """

    room: Room
    live: Live | None = None
    next: Session | None = None
    order: str = ""

    @property
    def needs_eyes(self) -> bool:
        """Help was asked for, a prompt stands there, or nobody has kept a set in its time."""
        live = self.live
        return live is not None and (live.help_asked is not None or bool(live.prompts) or not live.heard)


def board(
    scope: Scope, organisation: Organisation, at: datetime, day: tuple[datetime, datetime]
) -> tuple[RoomShown, ...]:
    """All rooms of this organisation by name. Nine queries, however many rooms.

    `day` is the local day as a half-open stretch: sessions planned in it are who comes next.
    """
    if not decide(scope, Need(Kind.CLINICAL, Act.SEE), Subject(Kind.CLINICAL, organisation.id)):
        return ()
    rooms = list(Room.objects.filter(organisation=organisation).order_by("name"))
    under_way = list(_sessions(scope, organisation).filter(state__in=Session.LIVE))
    rows = load(scope, under_way)
    by_room = {session.room_id: live_of(session, rows, at) for session in under_way}
    coming = _coming(scope, organisation, day)
    nexts = {room.id: _first(coming, room) for room in rooms if room.id not in by_room}
    orders = order_states(scope, [session for session in nexts.values() if session is not None], at)
    return tuple(
        RoomShown(room, by_room.get(room.id), after, orders.get(after.id, "") if after is not None else "")
        for room in rooms
        for after in (nexts.get(room.id),)
    )


def wall(scope: Scope, room: Room, at: datetime, day: tuple[datetime, datetime]) -> RoomShown:
    """One room as its own wall shows it. Six queries."""
    here = _sessions(scope, room.organisation).filter(room=room)
    session = here.filter(state__in=Session.LIVE).first()
    if session is not None:
        return RoomShown(room, live_of(session, load(scope, [session]), at))
    return RoomShown(room, next=_first(_coming(scope, room.organisation, day), room))


def _first(coming: Sequence[Session], room: Room) -> Session | None:
    return next((session for session in coming if session.room_id == room.id), None)


def _coming(scope: Scope, organisation: Organisation, day: tuple[datetime, datetime]) -> list[Session]:
    start, end = day
    return list(
        _sessions(scope, organisation)
        .filter(state__in=SESSION.comes_from("start"), planned_from__gte=start, planned_from__lt=end)
        .order_by("planned_from")
    )


def _sessions(scope: Scope, organisation: Organisation):  # type: ignore[no-untyped-def]
    rows = Session.objects.filter(organisation=organisation, phase=Session.Phase.DOSING)
    return scoped(rows, scope).select_related("course", "patient", "room", "organisation")
