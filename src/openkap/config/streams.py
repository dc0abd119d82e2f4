"""The entry of a process that serves event streams only: small, asynchronous, and nothing else on it.

Decided here (docs/adr/0031-operations.md): besides streams it answers its own health; a page asked of it is
turned away, so that no slow page can hold up what is live.
"""

from __future__ import annotations

import os
from typing import Any

import django

from openkap.config.pages import Everything

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openkap.config.settings")

HERE = ("/stream/", "/health/")
NOT_HERE = b"Only streams are served here. The proxy must send pages to the other process of this site.\n"

django.setup(set_prefix=False)

_whole = Everything()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI."""
    if scope["type"] == "http" and not scope["path"].startswith(HERE):
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": NOT_HERE})
        return
    await _whole(scope, receive, send)
