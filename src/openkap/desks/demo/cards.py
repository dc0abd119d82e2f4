"""What the persona page shows: the practices with their people, patients, and who stands where.

Decided here: a site that was begun with people only shows the few that are there; a filled one also says of
each what to try first, and has everyone's place in a table.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.demonstration import personas as filled
from openkap.demonstration.house import EVERYONE
from openkap.demonstration.people import PATIENTS, Patient
from openkap.door.hats import ROLE_WORDS
from openkap.medicine.protocols import protocol
from openkap.records.models import Organisation, Site
from openkap.steps.cast import CAST, CLINIC, THERAPY, Persona


def few() -> dict[str, Any]:
    """The two practices and the people of the cast."""
    patients = [_card(one) for one in CAST if not one.places]
    staff = {
        place: [_card(one) for one in CAST if one.places and one.places[0][0] == place]
        for place in (CLINIC, THERAPY)
    }
    groups = [
        (CLINIC, _("A clinic that gives the medicine"), staff[CLINIC]),
        (THERAPY, _("A therapy practice in private hands"), staff[THERAPY]),
        (_("Patients"), _("Their pages are made for a phone: try a narrow window"), patients),
    ]
    lede = _("Two invented practices share one course of treatment. Press a card to be that person at once.")
    return {"groups": groups, "stages": _stages(), "lede": lede}


def whole() -> dict[str, Any]:
    """The three practices, some patients, and the place of everyone."""
    groups = [
        (name, note, [_card(one) | _tries(one.key) for one in filled.staff_of(name)])
        for name, note in filled.PRACTICES
    ]
    known: dict[str, Persona | Patient] = {who.key: who for who in PATIENTS}
    known |= {one.key: one for one in CAST}
    shown = [known[key] for key in filled.shown_patients()]
    cards = [
        (_card(one) if isinstance(one, Persona) else _patient_card(one)) | _tries(one.key) for one in shown
    ]
    groups.append((_("Patients"), _("Their pages are made for a phone: try a narrow window"), cards))
    zone = Organisation.objects.get(name=CLINIC).zone
    lede = _(
        "Three invented practices, and patients at every step. Press a card to be that person at once, or "
        "one of the lines under it to go straight there."
    )
    return {
        "groups": groups,
        "stages": _filled_stages(),
        "lede": lede,
        "everyone": [_row(words, who) for words, who in filled.by_place()],
        "as_of": Site.objects.get().born_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None),
    }


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


def _filled_stages() -> list[tuple[str, str]]:
    return [
        (_("Evaluation"), _("Dr Orrery has not asked everything about the elder Ana. Noor has no course.")),
        (_("Preparation"), _("Amos has a consent to sign, Anneliese one to sign again. Greta prepares.")),
        (_("Dosing"), _("Tobias can start, at Wren’s gate a line holds. In five rooms a dose is under way.")),
        (
            _("Integration"),
            _("Marcus’s window closes soon, and nothing is held. Thaddeus gave an answer that worries."),
        ),
    ]


def _card(persona: Persona) -> dict[str, Any]:
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
        "tries": (),
    }


def _patient_card(who: Patient) -> dict[str, Any]:
    name = f"{who.given} {who.family}"
    return {
        "key": who.key,
        "name": name,
        "called": name,
        "roles": _("Patient of %(place)s") % {"place": who.at},
    }


def _tries(key: str) -> dict[str, Any]:
    """The words and links of this person in a filled site."""
    words, tries = filled.TRIES[key]
    return {"try_first": words, "tries": tries}


def _row(words: str, who: Patient) -> dict[str, Any]:
    called = next((one.chosen for one in CAST if one.key == who.key and one.chosen), who.given)
    healer = next((f"{one.given} {one.family}" for one in EVERYONE if one.key == who.therapist), "")
    return {
        "key": who.key,
        "name": f"{called} {who.family}",
        "born": who.born,
        "where": words,
        "way": _(protocol(who.protocol).name),
        "place": who.at,
        "therapist": healer,
    }
