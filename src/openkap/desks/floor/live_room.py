"""The live room: what the session looks like now, and its one part that changes.

Decided here: the page is one screen of 1024 by 768 in the dark; what changes is one part, asked for
again whenever the stream says so; the entry row is outside of it, so that nothing typed is ever swapped
away. The record of a session that is over is the same facts, still.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.desks.floor import picture
from openkap.desks.floor.names import title_of
from openkap.desks.floor.session_page import show, zone_of
from openkap.door.page import now, scope
from openkap.reads.home import escort_of
from openkap.reads.order import order_shown
from openkap.reads.room import Live, live
from openkap.records.ids import new_id
from openkap.records.models import Session
from openkap.records.site import is_demonstration

# One tap each, in the order of the buttons.
TAPS = (
    ("speaking", gettext_noop("Speaking")),
    ("tears", gettext_noop("Tears")),
    ("nausea", gettext_noop("Nausea")),
)
MARK_WORDS = {
    "speaking": gettext_noop("Speaking"),
    "tears": gettext_noop("Tears"),
    "nausea": gettext_noop("Nausea"),
    "vomiting": gettext_noop("Vomiting"),
    "restless": gettext_noop("Restless"),
    "asleep": gettext_noop("Asleep"),
    "touch": gettext_noop("Touch"),
    "note": gettext_noop("Note"),
    "paused": gettext_noop("Paused"),
    "resumed": gettext_noop("Went on"),
    "recording": gettext_noop("Recording played"),
    "went_ahead": gettext_noop("Started with a reason"),
    "went_home_early": gettext_noop("Went home with a reason"),
}


def page(
    request: HttpRequest, session: Session, *, entry: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole room. `entry` is what was typed and refused, with why."""
    return show(
        request,
        "floor/live.html",
        session,
        page="room",
        status=status,
        theme="room",
        entry=entry or {"submission_id": str(new_id())},
        **_shown(request, session),
    )


def part(request: HttpRequest, session: Session) -> HttpResponse:
    """Only what changes."""
    return show(
        request, "floor/live_part.html", session, page="room", theme="room", **_shown(request, session)
    )


def record(request: HttpRequest, session: Session) -> HttpResponse:
    """A session that is over: its strip, its sets, what happened."""
    shown = _shown(request, session)
    return show(
        request,
        "floor/record.html",
        session,
        page="room",
        theme="day",
        order=order_shown(scope(request), session),
        escort=escort_of(scope(request), session),
        **shown,
    )


def _shown(request: HttpRequest, session: Session) -> dict[str, Any]:
    at, zone = now(), zone_of(session)
    seen = live(scope(request), session, at)
    return {
        "at": at,
        "live": seen,
        "tiles": picture.tiles(seen, zone),
        "strip": picture.chart(seen, zone) if session.started_at is not None else None,
        "due": picture.due_rows(seen, form=reverse("rooms-vitals", args=[session.id])),
        "ring": picture.ring(seen.clockwork, zone),
        "banner": picture.loudest(seen),
        "marks": marks(seen),
        "taps": [{"what": what, "words": _(words), "id": new_id()} for what, words in TAPS],
        "turn_id": new_id(),
        "play_id": new_id(),
        "plays": is_demonstration(),
        "last_moaas": seen.numbers["moaas"].value,
        **title_of(session),
    }


def marks(seen: Live) -> list[dict[str, Any]]:
    """What happened in the room, newest first, in words."""
    return [
        {"what": _(MARK_WORDS.get(mark.what, mark.what)), "words": mark.words, "at": mark.at, "who": mark.who}
        for mark in seen.marks
    ]
