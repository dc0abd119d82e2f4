"""The forms of the library as a list to choose from: what each is about, who answers it, in what, how long.

Decided here: a form is found by its name or by what it is about. One whose words may not be shown is in the
list too: its numbers or its total can be typed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.course.follow_up import answered_alone
from openkap.medicine.course.pace import areas, minutes_of
from openkap.medicine.instruments import instrument
from openkap.medicine.instruments.text_pack import languages

AREAS = {
    "mood": gettext_noop("Mood, depression"),
    "anxiety": gettext_noop("Anxiety, worry"),
    "trauma": gettext_noop("Trauma, PTSD"),
    "suicide_risk": gettext_noop("Suicide risk"),
    "mania": gettext_noop("Mania, bipolar"),
    "obsessions": gettext_noop("Obsessions, OCD"),
    "alcohol_and_drugs": gettext_noop("Alcohol and drugs"),
    "how_things_are": gettext_noop("How things are: function, sleep, stress, well-being"),
    "pain": gettext_noop("Pain"),
    "bladder": gettext_noop("Bladder"),
    "thinking": gettext_noop("Thinking, memory"),
    "the_dose_itself": gettext_noop("The dose itself: dissociation, experience"),
    "going_home": gettext_noop("Alertness and going home"),
    "therapy": gettext_noop("Preparation, integration, working together"),
}
RESPONDENTS = {
    "patient": gettext_noop("The patient"),
    "clinician": gettext_noop("A clinician"),
    "staff": gettext_noop("Staff"),
}


@dataclass(frozen=True, slots=True)
class FormHere:
    """One form of the list. `asks`: words, boxes or total: what is filled in here."""

    id: str
    name: str
    about: str
    who: str
    asks: str
    language: str
    minutes: int
    tier: int
    by_link: bool

    def fits(self, asked: str) -> bool:
        known = f"{self.id} {self.name} {self.about} {self.who}".casefold().replace("-", "")
        return all(word in known for word in asked.casefold().replace("-", "").split())


@dataclass(frozen=True, slots=True)
class AreaHere:
    """The forms of one area that fit."""

    name: str
    forms: tuple[FormHere, ...]


def forms_here(asked: str = "") -> tuple[AreaHere, ...]:
    """Every form that fits what was typed, by what it is about. No query."""
    found = (AreaHere(_(AREAS[area.key]), tuple(_fitting(area.key, area.forms, asked))) for area in areas())
    return tuple(area for area in found if area.forms)


def _fitting(area: str, names: Iterable[str], asked: str) -> Iterable[FormHere]:
    for name in names:
        form = form_here(name, area)
        if form.fits(asked):
            yield form


def form_here(name: str, area: str) -> FormHere:
    made, spoken = instrument(name), languages(name)
    asks = "words" if spoken else made.without if made.items else "total"
    return FormHere(
        id=name,
        name=made.name,
        about=_(AREAS[area]),
        who=", ".join(_(RESPONDENTS[each]) for each in made.respondent if each in RESPONDENTS),
        asks=asks,
        language=", ".join(dict(settings.LANGUAGES).get(code, code) for code in spoken),
        minutes=minutes_of(name),
        tier=made.tier,
        by_link=answered_alone(name),
    )
