"""The public pages: who is on this site, and an organisation's own page. No one's data.

Decided here: one organisation on a site is led to at once; several are listed, each with its own address.
What is said of the evidence is library text with its sources, and says what it does not show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from openkap.door.enter import anyone
from openkap.door.page import now
from openkap.medicine.outcomes.published import Said, of_a_hundred, said
from openkap.medicine.screening.selfcheck import steps
from openkap.reads.front import Front, front_of, fronts
from openkap.records.site import is_demonstration
from openkap.ui.people import Part

# Beside the steps of the library: are you safe now, are you of age, do you live here.
GATES = 3


@anyone
def home(request: HttpRequest) -> HttpResponse:
    """The one practice of this site, or all of them."""
    listed = fronts()
    if len(listed) == 1 and not is_demonstration():
        return redirect("public-front", slug=listed[0].slug)
    return render(request, "public/home.html", {"fronts": listed})


@anyone
def front(request: HttpRequest, slug: str) -> HttpResponse:
    """What this is, who is here, how it works, what is known and not known."""
    cohort = of_a_hundred()
    words = {
        "parts": (
            Part(cohort.better, _("felt at least half better"), "full"),
            Part(cohort.between, _("were in between"), "hollow"),
            Part(cohort.worse, _("felt worse"), "cross"),
        ),
        "counted": number_format(cohort.counted, force_grouping=True),
        "treated": number_format(cohort.treated, force_grouping=True),
        "evidence": _spoken(said("E-COHORT")),
        "therapy": _spoken(said("E-THERAPY")),
        "status": _spoken(said("E-STATUS")),
        "questions": GATES + len(steps()),
    }
    return shown(request, the_front(slug), "public/front.html", words)


def the_front(slug: str) -> Front:
    """The organisation at this address; 404 where there is none."""
    found = front_of(slug, now())
    if found is None:
        raise Http404
    return found


def shown(
    request: HttpRequest, front: Front, template: str, words: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this organisation, with its own name and its own line for a crisis."""
    return render(request, template, {"front": front, **words}, status=status)


def _spoken(said: Said) -> Said:
    """The library's sentence in the reader's language; its sources are titles, and stay as they are."""
    return replace(said, says=_(said.says))
