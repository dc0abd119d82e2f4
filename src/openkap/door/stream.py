"""The event stream of a page: `GET /stream/?about=session:ID&after=N`, as server-sent events.

Decided here (docs/adr/0008-event-stream.md): three words and no clinical content. `changed` carries an event
number and means "ask for your part again"; `heartbeat` comes every few seconds, so that a page that hears
none can look stale; `closed` says why, and the page must not come back by itself where it was `no`.
A stream is never a person's act: it does not prolong a session, and ends when the session locks.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Sequence
from types import FrameType
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from openkap.door.awake import awake
from openkap.door.enter import anyone
from openkap.door.follow import Changed, Ended, Follower, Look, Said
from openkap.door.page import actor, now
from openkap.permits import ActorKind
from openkap.reads.live import Topic, topics_of

RETRY_MS = 1000


@anyone
@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """What changed, for as long as this page looks and may look. 404 where it may not."""
    look = Look(request.GET.get("about", ""), actor(request), request.session.session_key)
    after = _number(request.headers.get("Last-Event-ID") or request.GET.get("after"))
    topic = await sync_to_async(_open)(look)
    if topic is None:
        raise Http404
    _end_with_the_server()
    return StreamingHttpResponse(
        _lines(look, topic, after),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _ask_all(looks: Sequence[Look]) -> list[Topic | None]:
    """The permits, asked afresh, and whether whoever opened each page is still signed in and not idle."""
    at = now()
    open_ones = awake([(look.session_key, look.by) for look in looks], at)
    asked = [
        (look.name, look.by) if is_open or look.by.kind is not ActorKind.PERSON else None
        for look, is_open in zip(looks, open_ones, strict=True)
    ]
    topics = iter(topics_of([one for one in asked if one is not None], at))
    return [next(topics) if one is not None else None for one in asked]


FOLLOWER = Follower(_ask_all)


def _open(look: Look) -> Topic | None:
    """The topic, if any. The request's connection goes back at once: the stream itself needs none."""
    try:
        return _ask_all([look])[0]
    finally:
        connections.close_all()


async def _lines(look: Look, topic: Topic, after: int) -> AsyncIterator[str]:
    """Server-sent events as text. The first line goes out at once, so that the page knows it is heard."""
    yield f"retry: {RETRY_MS}\nevent: heartbeat\ndata:\n\n"
    async for said in FOLLOWER.follow(look, topic, after):
        yield _text(said)


def _text(said: Said) -> str:
    if isinstance(said, Changed):
        return f"id: {said.seq}\nevent: changed\ndata: {said.seq}\n\n"
    if isinstance(said, Ended):
        return f"event: closed\ndata: {said.why}\n\n"
    return "event: heartbeat\ndata:\n\n"


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


_wired = threading.Lock()


def _end_with_the_server() -> None:
    """Once a process: on the signal that stops the server, tell every page before it goes.

    A server waits for open answers before it stops, and a stream is an answer that never ends.
    """
    if threading.current_thread() is not threading.main_thread() or not _wired.acquire(blocking=False):
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before: Any = signal.getsignal(number)

        def shut(which: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(FOLLOWER.shut)
            if callable(before):
                before(which, frame)

        signal.signal(number, shut)
