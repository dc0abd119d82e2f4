"""One line a request, for whoever runs the server: which page, how long, how many queries. Never whose.

Decided here (docs/adr/0031-operations.md): an address holds ids of people, so the page is told by its name
alone; who asked by a keyed hash, the same all the time, which tells two visitors apart and names neither.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from openkap.door.enter import is_nobody
from openkap.permits import Actor
from openkap.records.ids import new_id

log = logging.getLogger("openkap.requests")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What a proxy may number its requests with: no word that somebody could send in its place.
NUMBERED = re.compile(r"[0-9a-f]{8}[0-9a-f-]{8,56}")


class Requests:
    """Outermost. Not used where logs are plain."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.LOG != "json":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, began, queries = _number(request), perf_counter(), _Counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        by: Actor | None = getattr(request, "actor", None)
        said = {
            "request": name,
            "actor": _hashed(by),
            "kind": by.kind.value if by is not None and not is_nobody(by) else "nobody",
            "route": request.resolver_match.view_name if request.resolver_match else "",
            "method": request.method if request.method in METHODS else "other",
            "status": response.status_code,
            "ms": round((perf_counter() - began) * 1000, 1),
            "queries": queries.count,
        }
        log.info("request", extra=said)
        return response


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def _number(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if settings.PROXY and NUMBERED.fullmatch(given) else str(new_id())


def _hashed(by: Actor | None) -> str:
    if by is None or by.id is None:
        return ""
    return salted_hmac("openkap.log", str(by.id), algorithm="sha256").hexdigest()[:16]
