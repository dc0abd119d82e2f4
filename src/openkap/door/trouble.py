"""When something goes wrong: words, a way on, and nothing lost.

Decided here: a database that cannot be written is 503, says that nothing was saved, and keeps every
field on the page with its submission id, so that trying twice saves once (docs/adr/0002-one-writer.md).
What someone may not do is 403 with the reason where they may see it is there, 404 where not. The pages
for trouble ask the database nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from openkap.door.kept import LARGEST, typed_fields
from openkap.door.page import actor, now
from openkap.permits import Act, Kind, Need, decide
from openkap.records.facts.crisis import crisis_unasked
from openkap.records.site import was_demonstration
from openkap.records.standing import scope_now
from openkap.steps.frame import NotPermitted, Refused, Stale

log = logging.getLogger("openkap.trouble")

# What SQLite says of a file that is cut, overwritten or no database; Django has no class of its own for it.
_BROKEN_FILE = ("malformed", "not a database", "disk i/o error", "disk image")


class Trouble:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return answer_to(request, error)


class NeverEmpty:
    """Innermost: an address that only a button opens, reloaded or kept, is answered with a page and not with
    the browser's own, which names nobody to call."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405:
            response.content = _page(request, "errors/405.html", 405, {"frame": _frame(request)}).content
        return response


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for this error, or None where it is not one that words can help."""
    if isinstance(error, NotPermitted):
        return _not_permitted(request, error)
    if isinstance(error, Refused):
        return refused(request, error)
    if is_out_of_reach(error):
        log.error("the database could not be used: %s", error)
        return out_of_reach(request, str(error))
    return None


def is_out_of_reach(error: BaseException | None) -> bool:
    """The records cannot be read or written now: locked, full, cut, gone. Not a fault of what was sent."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # An error that is exactly DatabaseError: its kinds for bad data and bad queries are classes of their own.
    said = str(error).lower()
    return type(error) in (DatabaseError, Error) and any(words in said for words in _BROKEN_FILE)


def out_of_reach(request: HttpRequest, reason: str) -> HttpResponse:
    """503: nothing was saved, everything typed is still here, try again."""
    said = {**_kept(request), "action": request.get_full_path(), "reason": reason[:300]}
    response = _page(request, "errors/503.html", 503, said)
    response.headers["Retry-After"] = "5"
    return response


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409: a step said no outside a form. The reason, and what was typed."""
    said: dict[str, Any] = {"reason": " ".join(filter(None, (refusal.because, refusal.hint)))}
    said |= {"frame": _frame(request), "only_asked": request.method == "GET"}
    if isinstance(refusal, Stale):
        said["fresh_url"] = request.get_full_path()
    return _page(
        request, "door/refused.html", 409, {**said, **_kept(request), "action": request.get_full_path()}
    )


def _not_permitted(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    """403 with the reason; a subject outside everything they may see is not there at all."""
    subject = refusal.subject
    if subject is not None:
        reach = scope_now(actor(request), now())
        if not any(decide(reach, Need(kind, Act.SEE), subject) for kind in (subject.kind, Kind.IDENTITY)):
            return not_here(request)
    return _page(request, "errors/403.html", 403, {"reason": refusal.because, "frame": _frame(request)})


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """429 after too many failed tries, by name and address."""
    response = _page(request, "errors/429.html", 429, {"help": _("It opens again after 15 minutes.")})
    response.headers["Retry-After"] = "900"
    return response


def bad_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form from a page that has become old, or from elsewhere: that one is not offered again."""
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    kept = _kept(request) if ours else {}
    said = _(
        "You signed in again since this page was opened, or it did not come from here. Nothing was saved."
    )
    return _page(
        request, "errors/csrf.html", 403, {**kept, "action": request.get_full_path(), "reason": said}
    )


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    if isinstance(exception, SessionInterrupted):
        said = _(
            "This session was locked or ended in another window at that moment. Open the page again to see "
            "whether this was saved. Sending it again saves it once."
        )
        return _page(
            request,
            "errors/400.html",
            400,
            {**_kept(request), "action": request.get_full_path(), "reason": said},
        )
    too_big = isinstance(exception, RequestDataTooBig)
    said = _("This is more than 20 MB, and was not read. Nothing was saved.") if too_big else ""
    return _page(request, "errors/400.html", 400, {"reason": said})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, "errors/403.html", 403, {"frame": _frame(request)})


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what is not and for what is not for you."""
    said: dict[str, Any] = {"frame": _frame(request)}
    if hasattr(request, "actor") and actor(request).organisation is not None:
        said["reason"] = _(
            "There is nothing here for you to open. The address may be mistyped, or the page "
            "may be for another role. Nothing you saved is lost."
        )
    return _page(request, "errors/404.html", 404, said)


def broken(request: HttpRequest) -> HttpResponse:
    """500, unless what broke is the database, which has its own page."""
    error = sys.exc_info()[1]
    known = answer_to(request, error) if isinstance(error, Error) else None
    if known is not None:
        return known
    return _page(request, "errors/500.html", 500, {**_kept(request), "action": request.get_full_path()})


def _page(request: HttpRequest, template: str, status: int, words: dict[str, Any]) -> HttpResponse:
    """A page made without context processors: they ask the database. Falls back to plain words."""
    site = {
        "name": "OpenKAP",
        "demonstration": was_demonstration(),
        "demo_url": "/demo/",
        "crisis": crisis_unasked(),
    }
    words = {"site": site, "csrf_token": get_token(request), **words}
    return HttpResponse(render_to_string(template, words), status=status)


def _frame(request: HttpRequest) -> dict[str, str]:
    """The way on: to one's own first page, and to another role where the session has one."""
    if not hasattr(request, "actor") or actor(request).person is None or actor(request).bound is not None:
        return {"home_url": "/"}
    return {"home_url": "/start/", "switch_url": "/hat/", "who": actor(request).name}


def _kept(request: HttpRequest) -> dict[str, Any]:
    """Every field of a POST, unless it was secret or too much to carry along."""
    if request.method != "POST":
        return {}
    try:
        fields = typed_fields(request)
    except Exception:  # noqa: BLE001 - a body that cannot be read has nothing to keep
        return {}
    if sum(len(name) + len(value) for name, value in fields) > LARGEST * 10:
        return {}
    return {"kept": fields, "kept_without_files": bool(request.FILES)}
