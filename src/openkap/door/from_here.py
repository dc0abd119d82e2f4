"""Whether a POST came from a page of this site that sends no referrer.

Decided here: a link's page keeps its address to itself, and with it the origin that the usual check reads;
its form is held to be ours by its token alone (docs/adr/0016-sessions-and-links.md).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _TokenOnly(CsrfViewMiddleware):
    """The usual check without origin and referrer, which a page that sends no referrer does not have."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return True

    def _check_referer(self, request: HttpRequest) -> None:
        return None


def is_from_here(request: HttpRequest) -> bool:
    """Whether this POST carries the token of a page of this site."""

    def never(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return _TokenOnly(never).process_view(request, never, (), {}) is None
