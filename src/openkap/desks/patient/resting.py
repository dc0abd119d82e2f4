"""The resting screen: where I am, who is with me, and help. Also what an idle phone shows in that time.

Decided here: while a dose acts, until the next morning, a patient's phone left lying shows this page and not
the lock: it tells the first name and the practice, no record, and leads to help without signing in. What
else was open stays behind the lock (`door.idle`).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from openkap.desks.patient.frame import zone_of
from openkap.desks.patient.spoken_time import spoken_time
from openkap.door.enter import anyone
from openkap.door.idle import rests
from openkap.door.page import at_place, now
from openkap.door.who import LOCKED, PERSON
from openkap.reads.patient_home import Home, resting_home
from openkap.records.models import Person


@anyone
@require_GET
def resting(request: HttpRequest) -> HttpResponse:
    """For the phone of someone who rests, locked or not; for anyone else it is no page at all."""
    at = now()
    if not rests(request.session, at):
        return HttpResponseRedirect(reverse("start"))
    found = resting_home(Person.objects.get(pk=request.session[PERSON]), at)
    if found is None:  # drawn and not begun: nobody rests yet, and a locked phone is locked
        return HttpResponseRedirect(reverse("lock" if request.session.get(LOCKED) else "start"))
    return render_resting(request, found, locked=bool(request.session.get(LOCKED)))


def render_resting(request: HttpRequest, found: Home, **context: Any) -> HttpResponse:
    """The screen itself, in the practice's own clock."""
    at, zone = now(), zone_of(found.practice)
    if found.practice is not None:
        at_place(request, found.practice.id)
    with timezone.override(zone):
        return render(
            request,
            "patient/resting.html",
            {"home": found, "practice": found.practice, "time": spoken_time(at, zone), **context},
        )
