"""What every answer says to the browser: keep nothing, tell nobody, frame nothing.

Decided here: every page but the public ones is `no-store` (docs/adr/0008-event-stream.md: nothing is left in
the browser); a link's page sends no referrer, since its address is a key. A page may set its own.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

KEYS_IN_ADDRESS = ("/l/",)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class Headers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_file(request.path):
            response.headers["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("Cookie", "HX-Request", "Accept-Language"))
        if request.path.startswith(KEYS_IN_ADDRESS):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def _is_file(path: str) -> bool:
    return path.startswith("/static/")
