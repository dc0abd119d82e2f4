"""Whom a patient can call when it cannot wait, by practice.

Decided here: a practice's own line (its public page), else its operator's (OPENKAP_CRISIS_NUMBER), else its
country's (`library/selfcheck/crisis.toml`). Where none of them is known none is guessed: the local emergency
services are named, and `openkap check` says what is missing. A page that belongs to no one practice names a
line only where all practices of the site have the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openkap.medicine.screening.selfcheck import crisis_line, emergency_number
from openkap.records.compiled import Compiled
from openkap.records.models import Organisation

# What a practice itself says: number, words and its country. One query.
SAYS: Compiled[tuple[str | None, str | None, str]] = Compiled(
    Organisation,
    lambda organisation: (
        Organisation.objects.filter(pk=organisation)
        .order_by()
        .values_list("page__crisis_number", "page__crisis_words", "country")
    ),
)


@dataclass(frozen=True, slots=True)
class Crisis:
    """`call` and `text` are blank where no line is known; `emergency` is the country's own number."""

    call: str
    text: str
    line: str
    emergency: str


# What was answered last, by practice, in this process: a page that says the database is away says these.
_last: dict[tuple[UUID | None, str | None], Crisis] = {}


def crisis_of(organisation: UUID) -> Crisis:
    """The line of this practice. One query."""
    [(number, words, country)] = SAYS(organisation=organisation)
    return _remembered(organisation, crisis_said(number or "", words or "", country))


def crisis_of_site() -> Crisis:
    """The line that all practices here have in common; a blank one where they differ. One query."""
    rows = Organisation.objects.order_by().values_list("page__crisis_number", "page__crisis_words", "country")
    found = {crisis_said(number or "", words or "", country) for number, words, country in rows}
    return _remembered(None, found.pop() if len(found) == 1 else crisis_said("", "", ""))


def crisis_unasked() -> Crisis:
    """For pages that ask nothing of the database: what all that was answered last has in common. No query."""
    found = {crisis for (_place, language), crisis in _last.items() if language == get_language()}
    return found.pop() if len(found) == 1 else crisis_said("", "", "")


def without_a_line() -> Iterator[tuple[str, str]]:
    """Practices, by name and country, whose patients are told of no crisis line."""
    rows = Organisation.objects.order_by("name").values_list("name", "country", "page__crisis_number")
    for name, country, number in rows:
        if not crisis_said(number or "", "", country).call:
            yield name, country


def _remembered(place: UUID | None, crisis: Crisis) -> Crisis:
    _last[place, get_language()] = crisis
    return crisis


def crisis_said(number: str, words: str, country: str) -> Crisis:
    """The line of a practice that says this number and words of itself, in this country. No query."""
    emergency = emergency_number(country)
    if number:
        return Crisis(number, number, words, emergency)
    if settings.CRISIS_NUMBER:
        return Crisis(settings.CRISIS_NUMBER, settings.CRISIS_NUMBER, settings.CRISIS_WORDS, emergency)
    known = crisis_line(country)
    if known is None:
        return Crisis("", "", "", emergency)
    return Crisis(known.call, known.text, _(known.words), emergency)
