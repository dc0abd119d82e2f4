"""The board of all rooms, and one room as its own wall shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from openkap.desks.floor import picture
from openkap.desks.floor.ring import ring
from openkap.desks.floor.session_page import live_frame
from openkap.door.enter import anyone, is_staff, staff
from openkap.door.opening import is_first_look
from openkap.door.page import actor, now, organisation, scope, zone
from openkap.door.times import on_day
from openkap.permits import Act, ActorKind, Kind, Need, Subject, decide
from openkap.reads.board import RoomShown, board, wall
from openkap.reads.order import KINDS as ORDER_KINDS
from openkap.reads.order import standing_words
from openkap.reads.room import course_length
from openkap.records.models import Room
from openkap.steps.open import open_records, opened_lately


@staff
def rooms(request: HttpRequest) -> HttpResponse:
    """Every room of this practice."""
    return _board(request, "floor/board.html")


@staff
def rooms_part(request: HttpRequest) -> HttpResponse:
    return _board(request, "floor/board_part.html")


def _board(request: HttpRequest, template: str) -> HttpResponse:
    clinic, at = organisation(request), now()
    if not decide(scope(request), Need(Kind.CLINICAL, Act.SEE), Subject(Kind.CLINICAL, clinic.id)):
        raise Http404
    here = zone(request)
    shown = board(scope(request), clinic, at, on_day(at.astimezone(here).date(), here))
    _tell_opened(request, shown)
    cards = [card(room, here) for room in shown]
    said = {
        "cards": cards,
        "at": at,
        "zone": str(here),
        "live_count": sum(1 for room in shown if room.live is not None),
        "eyes": [c["name"] for c in cards if c["needs_eyes"]],
        "frame": live_frame(request, f"rooms:{clinic.id}", "room"),
    }
    return render(request, template, said)


@anyone
def wall_page(request: HttpRequest, room: UUID) -> HttpResponse:
    """One room, for its own tablet or for staff. Nothing on it can be pressed."""
    return _wall(request, room, "floor/wall.html")


@anyone
def wall_part(request: HttpRequest, room: UUID) -> HttpResponse:
    return _wall(request, room, "floor/wall_part.html")


def _wall(request: HttpRequest, pk: UUID, template: str) -> HttpResponse:
    by, at = actor(request), now()
    row = Room.objects.select_related("organisation").filter(pk=pk).first()
    allowed = row is not None and (by.kind is ActorKind.DEVICE or is_staff(by))
    if row is None or not allowed:
        raise Http404
    subject = Subject(Kind.CLINICAL, row.organisation_id, room=row.id, at=at)
    if not decide(scope(request), Need(Kind.CLINICAL, Act.SEE), subject):
        raise Http404
    here = ZoneInfo(row.organisation.zone)
    shown = wall(scope(request), row, at, on_day(at.astimezone(here).date(), here))
    _tell_opened(request, (shown,))
    said = {
        "card": card(shown, here),
        "room_row": row,
        "at": at,
        "zone": str(here),
        "frame": live_frame(request, f"room:{row.id}", "room"),
    }
    return render(request, template, said)


def _tell_opened(request: HttpRequest, shown: tuple[RoomShown, ...]) -> None:
    """Each patient on the board has been looked at; by a refresh, whoever came onto it since."""
    by, at = actor(request), now()
    known = frozenset() if is_first_look(request) else opened_lately(by=by, at=at, page="rooms")
    there = (room.live.session if room.live is not None else room.next for room in shown)
    new = [session for session in there if session is not None and session.patient_id not in known]
    if new:
        open_records(by=by, at=at, opened=[(session, "rooms", Kind.CLINICAL) for session in new])


def card(shown: RoomShown, zone: ZoneInfo) -> dict[str, Any]:
    """One room as its card wants it."""
    session = shown.live.session if shown.live is not None else shown.next
    base: dict[str, Any] = {
        "name": shown.room.name,
        "id": shown.room.id,
        "session": session,
        "called": (session.patient.chosen_name or session.patient.given_name) if session is not None else "",
        "needs_eyes": shown.needs_eyes,
        "live": shown.live,
        "order": standing_words(shown.order, session.course.route)
        if shown.order and session is not None
        else "",
        "order_kind": ORDER_KINDS.get(shown.order, "unknown"),
        "doses": course_length(session.course) if session is not None else 0,
    }
    if shown.live is None:
        return base
    return {
        **base,
        "tiles": picture.tiles(shown.live, zone),
        "due": picture.due_rows(shown.live)[:2],
        "ring": ring(shown.live.clockwork, zone),
        "bars": picture.phase_bars(shown.live),
        "banner": picture.loudest(shown.live),
        "moaas": shown.live.numbers["moaas"],
    }
