"""Where who leads begins: what have we decided, is it kept, does it help.

Decided here: whoever may see no oversight is led to what their role reads.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openkap.door.enter import staff
from openkap.door.nav import address
from openkap.door.page import now, organisation, scope, zone
from openkap.permits import Kind, Need, Subject, decide
from openkap.reads.oversight.lead import QUESTIONS, places
from openkap.reads.oversight.lists import Asked
from openkap.reads.oversight.page import may_see
from openkap.reads.oversight.period import THIS, period_of


@staff
def lead(request: HttpRequest) -> HttpResponse:
    """Each place with its one fact."""
    here = organisation(request)
    if not may_see(scope(request), here.id):
        reads = decide(scope(request), Need(Kind.TRAIL), Subject(Kind.TRAIL, here.id))
        return redirect("lead-trail" if reads else "lead-staff")
    at = now()
    asked = Asked(scope(request), here, period_of(THIS, at, zone(request)), at, zone(request))
    found = [(place, url) for place in places(asked) if (url := address(place.name))]
    groups = [
        (_(says), [(place, url) for place, url in found if place.question == key])
        for key, says in QUESTIONS.items()
    ]
    return render(request, "director/lead.html", {"groups": [each for each in groups if each[1]]})
