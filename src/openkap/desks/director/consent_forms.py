"""The form of a consent text: every section and every question in one page, however many there are.

Decided here: what was typed is what is kept. A section without words is let go, and so is a question that
asks nothing; a new one of each stands empty at the end. Choices are typed one to a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.door.page import StepForm, whole
from openkap.medicine.consent.compose import OPENING, SIGNING, Practice, Section
from openkap.medicine.consent.elements import elements
from openkap.medicine.consent.states import state_laws
from openkap.reads.consent_documents import element_names

ID = re.compile(r"[a-z][a-z_]{0,30}(?:-[A-Za-z0-9]{1,10})?")
END = "end"


class TextForm(StepForm):
    """The title, and what ties the page to the draft it was made from. Sections and questions are `Typed`."""

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class BeginForm(StepForm):
    """What is so at this practice, for the library's words."""

    price = forms.CharField(
        label=gettext_lazy("What it costs, in your own words"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It goes into the text as you write it."),
    )
    trainees = forms.BooleanField(label=gettext_lazy("People in training work here"), required=False)
    recording = forms.BooleanField(label=gettext_lazy("Sessions may be recorded here"), required=False)
    telehealth = forms.BooleanField(label=gettext_lazy("Some visits are by video or phone"), required=False)
    home = forms.BooleanField(
        label=gettext_lazy("Some doses are taken at home"),
        required=False,
        help_text=gettext_lazy("Never esketamine: its safety program allows it in the clinic only."),
    )
    state = forms.ChoiceField(label=gettext_lazy("State whose law holds"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("Another state, or not chosen")),
            *((law.id, law.name) for law in state_laws()),
        ]
        self.fields["state"].help_text = _(
            "Of any other state nothing is known here: ask your lawyer what it adds."
        )

    def practice(self, name: str) -> Practice:
        said = self.cleaned_data
        facts = {key: bool(said[key]) for key in ("trainees", "recording", "telehealth", "home")}
        return Practice(name=name, price=said["price"], state=said["state"], **facts)


class ReasonForm(StepForm):
    """Why it is published."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it published?"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("It stays with the version, with your name."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the page beside the title."""

    sections: tuple[Section, ...]
    questions: tuple[dict[str, Any], ...]


def typed(data: QueryDict) -> Typed:
    """Sections and questions as they were sent, in their order; an id that is none of ours is left out."""
    ids = [id for id in dict.fromkeys(data.getlist("section")) if ID.fullmatch(id)]
    places = {id: data.get(f"after-{id}", "") for id in ids}
    sections = [_section(data, id) for id in ids]
    asked = [id for id in dict.fromkeys(data.getlist("question")) if ID.fullmatch(id)]
    return Typed(_placed([each for each in sections if _says(each)], places), _questions(data, asked))


def next_id(kind: str, taken: Sequence[str]) -> str:
    """An id that is not taken: own-1, own-2."""
    number = 1
    while f"{kind}-{number}" in taken:
        number += 1
    return f"{kind}-{number}"


def covers_choices() -> list[tuple[str, str]]:
    """Every element, by the heading it has."""
    return [(id, element_names([id])[0]) for id in elements()]


def _section(data: QueryDict, id: str) -> Section:
    words = data.get(f"words-{id}", "").strip()
    if id.startswith("own-"):
        covers = tuple(each for each in data.getlist(f"covers-{id}") if each in elements())
    else:
        covers = (id,) if id in elements() else ()
    return Section(id, " ".join(data.get(f"heading-{id}", "").split()), words, covers)


def _says(section: Section) -> bool:
    """An element of the library stays as an empty place; anything else without words is let go."""
    return bool(section.words) or section.id in elements() or section.id in (OPENING, SIGNING)


def _placed(sections: list[Section], places: Mapping[str, str]) -> tuple[Section, ...]:
    """Sections in their order; one that is to stand after another is put there."""
    moved = [each for each in sections if places.get(each.id)]
    order = [each for each in sections if not places.get(each.id)]
    for each in moved:
        ids = [other.id for other in order]
        after = places[each.id]
        order.insert(ids.index(after) + 1 if after in ids else len(order), each)
    return tuple(order)


def _questions(data: QueryDict, ids: Sequence[str]) -> tuple[dict[str, Any], ...]:
    found = []
    for id in ids:
        ask = " ".join(data.get(f"ask-{id}", "").split())[:500]
        if not ask:
            continue
        choices = [" ".join(line.split())[:300] for line in data.get(f"choices-{id}", "").splitlines()]
        right = whole(data.get(f"right-{id}", "").strip())
        found.append(
            {
                "id": id,
                "ask": ask,
                "choices": [choice for choice in choices if choice][:8],
                "right": right - 1 if right is not None else -1,
                "why": " ".join(data.get(f"why-{id}", "").split())[:500],
            }
        )
    return tuple(found)
