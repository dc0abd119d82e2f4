"""Pages go over the wire compressed: a phone on a weak line waits for a third of the bytes.

Decided here: whole pages only, never a stream, which would stop in a buffer. The framework's own compressor
adds a random length to each answer, and the token of a form is masked anew each time, so that the size of a
page tells nobody what is in it. Styles and scripts are compressed once, when they are built (`ui/build.mjs`).
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/html", "text/plain", "application/json", "application/manifest+json")


class Packed(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
