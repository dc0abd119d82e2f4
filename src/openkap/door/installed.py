"""What makes these pages an app on a phone: name and icons, its worker, the page without a connection.

Decided here: the worker is served from the top of the site, so that it may answer for a patient's pages; it
keeps the page below and its look, and nothing of a record
(docs/adr/0032-spanish-and-the-phone.md). The page without a
connection is the same for everyone and asks the records nothing.
"""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openkap.door.enter import anyone
from openkap.door.language import speak

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
PAGE_COLOR = "#F3F5F6"


@anyone
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, icons and first page of the installed app."""
    said = {
        "name": "OpenKAP",
        "short_name": "OpenKAP",
        "description": _("What is next, who can help, and who sees what."),
        "lang": get_language(),
        "start_url": "/me/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAGE_COLOR,
        "theme_color": PAGE_COLOR,
        "icons": [
            {"src": static(f"dist/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@anyone
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script a phone keeps. It reads its language and its version off its own address."""
    found = finders.find("dist/worker.js")
    if not isinstance(found, str):
        raise Http404
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript")


@anyone
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Whom to call, for when nothing else comes through."""
    speak(request, request.GET.get("language", ""))
    return render(request, "door/offline.html")
