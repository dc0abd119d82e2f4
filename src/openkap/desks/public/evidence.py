"""What is known and what is not, for everyone: claims in plain words with their strength and sources.

Decided here: one practice on a site speaks in its own words where it has published any; where several share
the site, each page under a practice's address does, and the site's own page has the library's.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from openkap.desks.public.views import the_front
from openkap.door.enter import anyone
from openkap.reads.evidence import cards_shown
from openkap.reads.front import fronts
from openkap.records.site import is_demonstration


@anyone
@require_GET
def evidence(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Every claim, in the words of this practice where it has its own."""
    if not slug and not is_demonstration() and len(listed := fronts()) == 1:
        slug = listed[0].slug
    front = the_front(slug) if slug else None
    organisation = front.organisation.id if front is not None else None
    cards = cards_shown(organisation, get_language() or "en")
    template = "public/evidence.html" if front is not None else "public/evidence_here.html"
    return render(request, template, {"front": front, "cards": cards})
