"""What waited on a tablet without a network: when it was so, and an answer the tablet's own script can read.

Decided here: the time is reckoned from how long it waited, so that a tablet's wrong clock moves nothing
(docs/adr/0022-room.md). The script is told a refusal in one sentence; a person's own form gets its page.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from openkap.door.page import whole

KEPT = "X-OpenKAP-Kept"
SAYS = "X-OpenKAP-Says"


def so_at(request: HttpRequest, at: datetime) -> datetime | None:
    """When it was tapped, if it waited; None for now."""
    seconds = whole(request.POST.get("waited_seconds", ""))
    return at - timedelta(seconds=seconds) if seconds else None


def for_script(request: HttpRequest, refusal: str) -> HttpResponse | None:
    """What a tablet's script is told: kept (204), or refused and why (422). None: answer with a page."""
    if KEPT not in request.headers:
        return None
    if not refusal:
        return HttpResponse(status=204)
    answer = HttpResponse(status=422)
    answer.headers[SAYS] = quote(refusal)
    return answer
