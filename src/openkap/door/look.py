"""How the desks look in this browser: light, dark, or as the computer is set.

Decided here: it is a choice of whoever works at this screen, so it lies in the browser and tells of nobody.
The room keeps its own rule: dark from the start of a dose until going home, whatever was chosen here.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from openkap.door.enter import staff

KEPT_IN = "openkap_look"
YEAR_S = 365 * 24 * 3600
# The names are those of the themes in `ui/styles/parts/tokens.css`.
LOOKS = {
    "day": gettext_noop("Light"),
    "room": gettext_noop("Dark"),
    "auto": gettext_noop("As this computer is set"),
}


def look_of(request: HttpRequest) -> str:
    """What was chosen in this browser; light where nothing was."""
    chosen = request.COOKIES.get(KEPT_IN, "")
    return chosen if chosen in LOOKS else "day"


@staff
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Choose it."""
    chosen = request.POST.get("look", "")
    if chosen not in LOOKS:
        raise Http404
    response = HttpResponseRedirect(reverse("account"))
    response.set_cookie(
        KEPT_IN,
        chosen,
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
