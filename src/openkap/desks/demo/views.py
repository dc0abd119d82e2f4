"""The persona page: everyone as one click, who is who, and what to try first.

Decided here: becoming someone is a complete sign-in (password and second factor are stood in for by the
demonstration), so that every page behaves as on a real site. Elsewhere these addresses do not exist.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openkap.door.enter import demonstration_only
from openkap.door.hats import ROLE_WORDS, Hat, hat_named, hats_of
from openkap.door.page import now
from openkap.door.session import put_on
from openkap.reads.personas import persona_person
from openkap.steps.cast import CAST, CLINIC, THERAPY, Persona
from openkap.ui.kit import context as kit_context


@demonstration_only
def personas(request: HttpRequest) -> HttpResponse:
    patients = [_card(p) for p in CAST if not p.places]
    groups = [
        (CLINIC, _("A clinic that gives the medicine"), _staff_of(CLINIC)),
        (THERAPY, _("A therapy practice in private hands"), _staff_of(THERAPY)),
        (_("Patients"), _("Their pages are made for a phone: try a narrow window"), patients),
    ]
    return render(request, "demo/personas.html", {"groups": groups, "stages": _stages()})


@demonstration_only
def kit(request: HttpRequest) -> HttpResponse:
    """Every component in every state, in the theme that `?theme=` names."""
    theme = "room" if request.GET.get("theme") == "room" else "day"
    return render(request, "kit.html", kit_context(theme))


def _stages() -> list[tuple[str, str]]:
    """The course from one end to the other: each stage, and who does what in it."""
    return [
        (_("Evaluation"), _("Dr Orrery asks what must be known about Wren, and signs a decision.")),
        (
            _("Preparation"),
            _("Wren signs the consent on a phone, and lets her own therapist see her course."),
        ),
        (_("Dosing"), _("Dr Orrery orders. Jonah checks it, gives it, watches, and lets Wren go home.")),
        (_("Integration"), _("Mira meets Wren while the window is open. A questionnaire says if it helped.")),
    ]


@demonstration_only
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Be this person, under the hat that the button named, or their first."""
    cast = next((each for each in CAST if each.key == key), None)
    person = persona_person(cast.given, cast.family, cast.born_on) if cast is not None else None
    if person is None:
        raise Http404
    hats = hats_of(person.id, now())
    chosen = hat_named(hats, request.POST.get("hat")) or _first(key, hats)
    if chosen is None:
        raise Http404
    return put_on(request, person, chosen, "persona")


def _first(key: str, hats: tuple[Hat, ...]) -> Hat | None:
    """The hat of the persona's first place, as the cast names it."""
    homes = [place for persona in CAST if persona.key == key for place, _roles in persona.places]
    return next((hat for home in homes for hat in hats if hat.place == home), hats[0] if hats else None)


def _staff_of(place: str) -> list[dict[str, str]]:
    return [_card(p) for p in CAST if p.places and p.places[0][0] == place]


def _card(persona: Persona) -> dict[str, str]:
    given = persona.chosen or persona.given
    name = f"{given} {persona.family}"
    before, after = ("Dr ", "") if persona.title == "Dr" else ("", persona.title)
    roles = "; ".join(
        ", ".join(_(ROLE_WORDS[role]) for role in roles) + (f" ({place})" if len(persona.places) > 1 else "")
        for place, roles in persona.places
    )
    where = _("Patient of %(place)s") % {"place": " and ".join(persona.patient_of)}
    return {
        "key": persona.key,
        "name": name,
        "called": before + name + (f", {after}" if after else ""),
        "roles": roles or where,
        "try_first": persona.try_first,
    }
