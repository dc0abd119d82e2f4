"""Idle sessions lock. Only a person's act prolongs; streams, polls and refreshes do not.

Decided here: staff lock after `OPENKAP_IDLE_MINUTES` (15), patients after
`OPENKAP_PATIENT_IDLE_MINUTES` (60); a patient's session and a redeemed link end after 12 hours. A
locked session shows the lock page for every address and keeps what was being sent. The times are the
site's to set. A request is a person's act unless it says that it is not
(docs/adr/0016-sessions-and-links.md). While a dose may act on a patient, their locked phone shows the
resting screen instead of the lock (docs/adr/0024-resting-and-journal.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse

from openkap.door.kept import keep, let_go_what_is_sent
from openkap.door.page import now
from openkap.door.private import is_private, keep_sealed
from openkap.door.who import BEGAN, HAT, KEPT, LINK, LOCKED, PERSON, SEEN, empty, nobody
from openkap.records.facts.altered import altered_until

# A session is written at most this often for being seen, so that reading pages stays reading.
WRITE_EVERY = timedelta(seconds=20)
LONGEST = timedelta(hours=12)
BACKGROUND = "X-OpenKAP-Background"
LOCK_ADDRESS = "X-OpenKAP-Lock"

# What a locked session may still open. Nothing there shows what the person was looking at.
OPEN_WHEN_LOCKED = (
    "/lock/",
    "/sign-out/",
    "/sign-in/code/",
    "/session/",
    "/l/",
    "/demo/",
    "/health/",
    "/csp-report/",
    "/me/resting/",
    "/language/",
)


class Idle:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = now()
        session = request.session
        if is_over(session, at):
            empty(request)
        elif session.get(PERSON) and not is_open(session, at):
            if not session.get(LOCKED):
                session[LOCKED] = True
            request.actor = nobody(request)  # type: ignore[attr-defined]
            if not _opens_when_locked(request.path):
                return turned_away(request, at)
        elif session.get(PERSON) and not is_background(request):
            act(request, at)
            if KEPT in session and request.method == "POST":
                let_go_what_is_sent(request)
        return self.get_response(request)


def is_open(session: Mapping[str, Any], at: datetime) -> bool:
    """Neither locked nor idle for too long, at `at`. Also what a stream asks before each push."""
    if session.get(LOCKED) or not session.get(PERSON):
        return False
    seen = session.get(SEEN)
    # Both ways: after the server's clock went back, a session last seen "later" is not open for longer.
    return seen is not None and abs(at - datetime.fromisoformat(seen)) < patience(session)


def rests(session: Mapping[str, Any], at: datetime) -> bool:
    """Whether this is a patient's session and a dose may still act: their phone shows the resting screen."""
    person = session.get(PERSON)
    return bool(person and session.get(HAT) == "patient" and altered_until(UUID(person), at) is not None)


def is_over(session: Mapping[str, Any], at: datetime) -> bool:
    """A patient's session or a link's that has lasted its 12 hours; a staff session locks instead."""
    if session.get(HAT) != "patient" and not session.get(LINK):
        return False
    began = session.get(BEGAN)
    return began is None or at >= datetime.fromisoformat(began) + LONGEST


def patience(session: Mapping[str, Any]) -> timedelta:
    """How long a session may stand idle: by the hat worn."""
    patient = session.get(HAT) == "patient"
    return timedelta(minutes=settings.PATIENT_IDLE_MINUTES if patient else settings.IDLE_MINUTES)


def act(request: HttpRequest, at: datetime) -> None:
    """A person did something: the session stays open from `at` on."""
    seen = request.session.get(SEEN)
    if seen is None or abs(at - datetime.fromisoformat(seen)) >= WRITE_EVERY:
        request.session[SEEN] = at.isoformat()


def is_background(request: HttpRequest) -> bool:
    """What the page asked for by itself: a stream, a poll, a refresh, a prefetch."""
    return (
        request.headers.get(BACKGROUND) == "1"
        or request.headers.get("Accept", "").startswith("text/event-stream")
        or "prefetch" in request.headers.get("Sec-Purpose", "")
        or request.GET.get("refresh") == "1"
    )


def turned_away(request: HttpRequest, at: datetime) -> HttpResponse:
    """To the lock page, which leads back; what was being sent is kept in the session."""
    if request.headers.get("Accept", "").startswith("text/event-stream"):
        return HttpResponse(status=204)  # a stream that gets 204 does not come back by itself
    kept = _kept(request, at) if request.method == "POST" and is_ours(request) else ""
    address = lock_address(request, kept)
    if request.method == "GET" and rests(request.session, at):
        address = reverse("me-resting")  # nobody who rests is met by a lock
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=423, headers={"HX-Redirect": address, LOCK_ADDRESS: address})
    if request.headers.get(BACKGROUND) == "1":
        return HttpResponse(status=423, headers={LOCK_ADDRESS: address})
    return HttpResponseRedirect(address)


def _kept(request: HttpRequest, at: datetime) -> str:
    """In the session, to be offered again; or sealed, where words may stand nowhere in clear."""
    if not is_private(request):
        return keep(request, at)
    keep_sealed(request)
    return ""


def lock_address(request: HttpRequest, kept: str = "") -> str:
    """The lock page that leads back to where this person was, and to what was kept there."""
    return reverse("lock") + "?" + urlencode({"next": _page_of(request), **({"kept": kept} if kept else {})})


def is_ours(request: HttpRequest) -> bool:
    """Whether this POST came from a page of this site: another's form is not kept for anyone to send."""

    def never(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return CsrfViewMiddleware(never).process_view(request, never, (), {}) is None


def _page_of(request: HttpRequest) -> str:
    """The page the person was on: this one, or the one that sent this."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came_from.netloc and came_from.netloc != request.get_host():
        return "/"
    return (came_from.path or "/") + (f"?{came_from.query}" if came_from.query else "")


def _opens_when_locked(path: str) -> bool:
    return path == "/" or path.startswith(OPEN_WHEN_LOCKED)
