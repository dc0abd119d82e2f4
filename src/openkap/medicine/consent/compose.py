"""A consent text put together for one route, one way of care and one practice.

Decided here: the text is the opening, every element that the route and the way ask for in the order a patient
reads them, what the state's law adds, and what signing means. `missing` says which required elements a text
leaves out. Way "" is a text for all ways of a route: with therapy, but for esketamine, whose label has none.
Authority: dossier 6.1; a medical director's own words replace these, never the list of what is required.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openkap.medicine.consent.elements import Element, elements, frame, holds, words_in
from openkap.medicine.consent.states import state_law
from openkap.medicine.protocols import protocols
from openkap.medicine.protocols.routes import Route

OPENING, SIGNING = "opening", "signing"


@dataclass(frozen=True, slots=True)
class Practice:
    """What is so at one practice. `price`: its own words for what it costs; `state`: two letters or blank."""

    name: str = ""
    price: str = ""
    state: str = ""
    trainees: bool = False
    recording: bool = False
    telehealth: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its words. `covers`: the elements they say. `id`: an element's, or the section's own."""

    id: str
    heading: str
    words: str
    covers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return f"# {self.heading}\n{self.words}" if self.heading else self.words


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer shows that a part was plain. `right` counts the choices from nought."""

    id: str
    ask: str
    choices: tuple[str, ...]
    right: int
    why: str

    def kept(self) -> dict[str, Any]:
        """As a document keeps it."""
        return {
            "id": self.id,
            "ask": self.ask,
            "choices": list(self.choices),
            "right": self.right,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole text in one language."""

    language: str
    title: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    state_law: str = ""

    @property
    def text(self) -> str:
        return text_of(self.sections)

    @property
    def covers(self) -> tuple[str, ...]:
        return covered(self.sections)


def compose(route: str, way: str = "", practice: Practice = Practice(), language: str = "en") -> Composed:
    """The text of `route` in `way` for `practice`. Raises `ValueError` for a route or way that is not."""
    facts = _facts(route, way, practice)
    around = frame(language)
    medicine = around["medicine"][route]
    with_therapy = "_with_therapy" if "therapy" in facts else ""
    sections = [Section(OPENING, "", around["opening"])]
    questions = []
    for id, words in words_in(language).items():
        if not _must(elements()[id], route, way):
            continue
        said = _joined(part.words for part in words.parts if holds(part.when, facts))
        sections.append(Section(id, words.heading, said.replace("{price}", practice.price.strip()), (id,)))
        if asked := next((each for each in words.asked if holds(each.when, facts)), None):
            questions.append(Question(id, asked.ask, asked.choices, elements()[id].right, asked.why))
    law = state_law(practice.state)
    if law is not None:
        sections.append(Section(f"state-{law.id}", law.words[language].heading, law.words[language].words))
    signing = around[f"signing{with_therapy}"].replace("{medicine}", medicine)
    sections.append(Section(SIGNING, around["signing_heading"], signing))
    title = around[f"title{with_therapy}"].replace("{Medicine}", medicine[:1].upper() + medicine[1:])
    return Composed(language, title, tuple(sections), tuple(questions), law.id if law else "")


def text_of(sections: Iterable[Section]) -> str:
    """The sections as one text, as it is read and signed."""
    return "\n\n".join(each.text.strip() for each in sections if each.words.strip()) + "\n"


def covered(sections: Iterable[Section]) -> tuple[str, ...]:
    """The elements that these sections say, in the order of the dossier. Empty words say nothing."""
    said = {id for each in sections if each.words.strip() for id in each.covers}
    return tuple(id for id in elements() if id in said)


def required(route: str, way: str = "") -> tuple[Element, ...]:
    """What a text of this route and way must say, in the order of the dossier."""
    _plans(route, way)
    return tuple(element for element in elements().values() if _must(element, route, way))


def missing(said: Iterable[str], route: str, way: str = "") -> tuple[Element, ...]:
    """The required elements that are not among `said`."""
    there = set(said)
    return tuple(element for element in required(route, way) if element.id not in there)


def ways_of(route: str) -> tuple[str, ...]:
    """The ways of care that this route can be given in."""
    return tuple(dict.fromkeys(plan.model for plan in protocols() if plan.route == route))


def _joined(parts: Iterable[str]) -> str:
    """Sentences in one paragraph, items of a list each on a line of its own."""
    said = ""
    for part in parts:
        said += ("\n" if part.startswith("- ") else " ") + part
    return said.strip()


def _must(element: Element, route: str, way: str) -> bool:
    ways = element.ways
    # A text for all ways is signed in each of them; only therapy is left open for esketamine.
    in_way = not ways or (way in ways if way else route != Route.ESKETAMINE)
    return in_way and (not element.routes or route in element.routes)


def _plans(route: str, way: str) -> list[Any]:
    plans = [plan for plan in protocols() if plan.route == Route(route) and way in ("", plan.model)]
    if not plans:
        raise ValueError(f"{route!r} is not given in the way {way!r}.")
    return plans


def _facts(route: str, way: str, practice: Practice) -> frozenset[str]:
    plans = _plans(route, way)
    therapy = route != Route.ESKETAMINE if not way else plans[0].has_therapy
    is_so = {
        "therapy": therapy,
        "price": bool(practice.price.strip()),
        "trainees": practice.trainees,
        "recording": practice.recording,
        "telehealth": practice.telehealth,
        # Esketamine is never dispensed for use at home (its REMS).
        "home": practice.home and route != Route.ESKETAMINE,
    }
    return frozenset({route, f"way-{way}"} | {name for name, so in is_so.items() if so})
