"""The persona page: everyone as one click, who is who, and what to try first.

Decided here: becoming someone is a complete sign-in (password and second factor are stood in for by the
demonstration), so that every page behaves as on a real site. Elsewhere these addresses do not exist.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from openkap.demonstration import personas as filled
from openkap.demonstration.fill import is_begun
from openkap.demonstration.house import EVERYONE
from openkap.demonstration.people import PATIENTS
from openkap.desks.demo.cards import few, whole
from openkap.door.enter import demonstration_only
from openkap.door.hats import PATIENT_HAT, Hat, hat_named, hats_of
from openkap.door.page import now
from openkap.door.session import put_on
from openkap.reads.personas import persona_person, spot_of
from openkap.records.models import Person
from openkap.ui.kit import context as kit_context


@demonstration_only
def personas(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/personas.html", whole() if is_begun() else few())


@demonstration_only
def kit(request: HttpRequest) -> HttpResponse:
    """Every component in every state, in the theme that `?theme=` names."""
    theme = "room" if request.GET.get("theme") == "room" else "day"
    return render(request, "kit.html", kit_context(theme))


@demonstration_only
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Be this person, under the hat that the button named, or their first; `try` leads to a page at once."""
    person = _person(key)
    if person is None:
        raise Http404
    wanted = filled.tried(key, request.POST.get("try", ""))
    hats = hats_of(person.id, now())
    chosen = hat_named(hats, request.POST.get("hat")) or _first(key, hats, wanted.hat if wanted else "")
    if chosen is None:
        raise Http404
    response = put_on(request, person, chosen, "persona")
    if wanted is not None and (address := _address(wanted, chosen)):
        response["Location"] = address
    return response


def _person(key: str) -> Person | None:
    for one in EVERYONE:
        if one.key == key:
            return persona_person(one.given, one.family, one.born_on)
    for who in PATIENTS:
        if who.key == key:
            return persona_person(who.given, who.family, who.born)
    return None


def _first(key: str, hats: tuple[Hat, ...], place: str) -> Hat | None:
    """The hat of the practice named, else of the persona's first place, as the cast names it."""
    homes = [place] * bool(place)
    homes += [home for one in EVERYONE if one.key == key for home, _roles in one.places]
    return next((hat for home in homes for hat in hats if hat.place == home), hats[0] if hats else None)


def _address(wanted: filled.Try, chosen: Hat) -> str:
    keeper = UUID(chosen.key) if chosen.key != PATIENT_HAT else None
    found = spot_of(wanted.spot, _person(wanted.of) if wanted.of else None, keeper)
    return reverse(found[0], args=found[1]) if found is not None else ""
