"""The live room: what the session looks like now, and its one part that changes.

Decided here: the page is one screen of 1024 by 768 in the dark; what changes is one part, asked for
again whenever the stream says so; the entry row is outside of it, so that nothing typed is ever swapped
away. The picture and its table are one tap apart, and the choice outlives a refresh. The record of a
session that is over is the same facts, still.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openkap.desks.floor import picture
from openkap.desks.floor.names import title_of
from openkap.desks.floor.order_forms import AFTER_HOLD
from openkap.desks.floor.ring import ring
from openkap.desks.floor.session_page import show, zone_of
from openkap.desks.floor.words import TAPS, TOUCH_WORDS, marks
from openkap.door.page import actor, now, scope
from openkap.medicine.dosing.giving import may_follow
from openkap.medicine.protocols.routes import Route
from openkap.reads.agreements import apart_words
from openkap.reads.around import gone_from, who_is_here
from openkap.reads.harm import events_of
from openkap.reads.home import escort_of
from openkap.reads.order import further_shown, order_shown
from openkap.reads.room import Live, live, touch_shown
from openkap.records.ids import new_id
from openkap.records.models import Session


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
        request, "floor/live_part.html", session, page="room", theme="room", swapped=True,
        **_shown(request, session),
    )  # fmt: skip


def record(request: HttpRequest, session: Session) -> HttpResponse:
    """A session that is over: its strip, its sets, what happened."""
    shown = _shown(request, session)
    return show(
        request,
        "floor/record.html",
        session,
        page="room",
        theme="day",
        order=order_shown(scope(request), session, now()),
        further=further_shown(scope(request), session, now()) if may_follow(shown["live"].route) else (),
        escort=escort_of(scope(request), session),
        events=events_of(scope(request), session, zone_of(session)),
        **shown,
    )


def _shown(request: HttpRequest, session: Session) -> dict[str, Any]:
    at, zone = now(), zone_of(session)
    seen = live(scope(request), session, at)
    agreed = touch_shown(session, at) if seen.is_live else None
    return {
        "at": at,
        "live": seen,
        "tiles": picture.tiles(seen, zone),
        "strip": picture.chart(seen, zone) if session.started_at is not None else None,
        "due": picture.due_rows(seen, form=reverse("rooms-vitals", args=[session.id])),
        "ring": ring(seen.clockwork, zone),
        "banner": picture.loudest(seen),
        "marks": marks(seen),
        "taps": [{"what": what, "words": _(words), "id": new_id()} for what, words in TAPS],
        "turn_id": new_id(),
        "table": picture.table(seen),
        "as_table": request.GET.get("view") == "table",
        "hold_taps": [{"key": key, "words": words, "id": new_id()} for key, words in AFTER_HOLD],
        "part_id": new_id(),
        "one_tap": seen.route == Route.ESKETAMINE and _rested(seen),
        "may_follow": may_follow(seen.route),
        "touch": agreed,
        "touch_id": new_id(),
        "apart": apart_words(session.course, at) if seen.is_live else "",
        "touch_words": _(TOUCH_WORDS[agreed.level]) if agreed is not None else _("Touch: not asked. None."),
        "mine": seen.watching is not None and seen.watching.person == actor(request).person,
        "watching": seen.watching,
        "here": who_is_here(session, at, zone),
        "gone": gone_from(session, at, zone) if seen.is_live else (),
        **title_of(session),
    }


def _rested(seen: Live) -> bool:
    """Whether the next device may be given now; before that it takes a reason, on the page of its own."""
    return seen.given.from_at is None or seen.at >= seen.given.from_at
