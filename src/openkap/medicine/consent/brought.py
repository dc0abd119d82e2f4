"""Documents by name, and the text the library brings along for each.

Decided here: what a document's name says. `consent.<route>` is for all ways of a route,
`consent.<route>.<way>` for one; `agree.<what>` is an agreement beside it. No document has another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openkap.medicine.consent.agreements import AGREEMENTS, agreement
from openkap.medicine.consent.compose import Composed, Practice, compose, missing, ways_of
from openkap.medicine.consent.elements import LANGUAGES, Element
from openkap.medicine.protocols.routes import Route


@dataclass(frozen=True, slots=True)
class Named:
    """A document by its name. `route` blank: an agreement; `way` blank: for all ways of the route."""

    name: str
    route: str
    way: str

    def missing(self, said: tuple[str, ...]) -> tuple[Element, ...]:
        """What this document must say and does not."""
        return missing(said, self.route, self.way) if self.route else ()


def named(name: str) -> Named | None:
    """What a name stands for; None where there is no such document."""
    if name in AGREEMENTS:
        return Named(name, "", "")
    kind, _dot, rest = name.partition(".")
    route, _dot, way = rest.partition(".")
    if kind != "consent" or route not in list(Route) or (way and way not in ways_of(route)):
        return None
    return Named(name, route, way) if name == ".".join(filter(None, (kind, route, way))) else None


def brought(name: str, language: str, on: date, practice: Practice | None = None) -> Composed | None:
    """The library's text of a document on a day; None where there is no such document or language."""
    found = named(name)
    if found is None or language not in LANGUAGES:
        return None
    if not found.route:
        return agreement(name, language, on)
    return compose(found.route, found.way, practice or Practice(), language)
