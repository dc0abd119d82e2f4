"""What is known, as people read it: claims in plain words, each with its strength and its sources.

Decided here: a practice's own published words stand in the place of the library's for the same claim and
language, and say whose they are. They are for everyone, as a public page is; only writing them is not. What
bears on the route and the person comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.evidence import LANGUAGES, Entry, cards, conditions_by, entries
from openkap.medicine.protocols.routes import Route
from openkap.medicine.sources import resolve
from openkap.permits import Scope
from openkap.records.models import Condition, Course, EvidenceCard, Score
from openkap.records.scoped import scoped

KINDS = {
    "trial": gettext_noop("Trial"),
    "cohort": gettext_noop("People followed, no comparison group"),
    "review": gettext_noop("Review"),
    "guidance": gettext_noop("Guidance of a professional body"),
    "label": gettext_noop("Product label"),
    "law": gettext_noop("Law or regulation"),
    "agency": gettext_noop("Federal agency"),
    "study": gettext_noop("Other study or table"),
    "page": gettext_noop("Web page or summary"),
}
READ = {
    "V": gettext_noop("Read in a copy"),
    "V2": gettext_noop("Read second-hand"),
    "NV": gettext_noop("Not read"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One described source under a claim, in one line."""

    key: str
    name: str
    design: str
    people: int | None
    kind: str
    read: str


@dataclass(frozen=True, slots=True)
class CardShown:
    """One claim as it is read. `by` and `at`: whose own words they are; blank for the library's."""

    id: str
    asks: str
    patient: str
    staff: str
    strength: str
    not_said: str
    sources: tuple[Line, ...]
    language: str
    special: bool
    version: str
    by: str = ""
    at: datetime | None = None


def cards_shown(
    organisation: UUID | None, language: str, route: str = "", conditions: Iterable[str] = ()
) -> tuple[CardShown, ...]:
    """The claims that bear on this route and these conditions, the nearest first. One query at most."""
    language = language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
    here = tuple(conditions)
    own = {row.claim: row for row in published(organisation, language)} if organisation else {}
    found = []
    for card in cards().values():
        row = own.pop(card.id, None)
        if not card.speaks(route, here):
            continue
        if row is not None:
            found.append(_own(row, special=bool(card.routes or card.conditions)))
            continue
        words = card.words[language]
        found.append(
            CardShown(
                card.id,
                words.asks,
                words.patient,
                words.staff,
                words.strength,
                words.not_said,
                lines(card.sources),
                language,
                bool(card.routes or card.conditions),
                card.version,
            )
        )
    found += [_own(row, special=bool(row.routes)) for row in own.values() if _speaks(row, route)]
    return tuple(sorted(found, key=lambda one: not one.special)) if route else tuple(found)


def cards_for(scope: Scope, course: Course, language: str) -> tuple[CardShown, ...]:
    """The claims for one person's evaluation: their route, and what their list and forms speak of."""
    return cards_shown(course.organisation_id, language, course.route, conditions_of(scope, course))


def conditions_of(scope: Scope, course: Course) -> frozenset[str]:
    """What this person's list and answered forms speak of, within Scope. Two queries."""
    listed = Condition.objects.current().filter(patient=course.patient_id, active=True).exclude(code="")
    answered = Score.objects.current().filter(course=course)
    return conditions_by(
        scoped(listed, scope).values_list("code", flat=True),
        scoped(answered, scope).values_list("instrument", flat=True),
    )


def published(organisation: UUID, language: str = "") -> tuple[EvidenceCard, ...]:
    """The practice's own cards as they stand, newest version each, without what was withdrawn. One query."""
    rows = EvidenceCard.objects.filter(organisation_id=organisation)
    if language:
        rows = rows.filter(language=language)
    newest = {(row.claim, row.language): row for row in rows.order_by("version")}
    return tuple(row for row in newest.values() if not row.withdrawn)


def versions(scope: Scope, organisation: UUID, claim: str, language: str) -> tuple[EvidenceCard, ...]:
    """Every version of a practice's own card, the newest first. One query."""
    rows = EvidenceCard.objects.filter(organisation_id=organisation, claim=claim, language=language)
    return tuple(scoped(rows, scope).order_by("-version"))


def lines(keys: Iterable[str]) -> tuple[Line, ...]:
    """Each source in one line: as it is described, or else as it is cited."""
    found: list[Line] = []
    for key in keys:
        described = entries().get(key)
        if described is None:
            found.append(Line(key, resolve(key).text, "", None, "", ""))
        found += [_line(entry) for entry in described or ()]
    return tuple(found)


def _line(entry: Entry) -> Line:
    return Line(entry.source, entry.name, entry.design, entry.n, _(KINDS[entry.kind]), _(READ[entry.read]))


def _own(row: EvidenceCard, *, special: bool) -> CardShown:
    return CardShown(
        row.claim,
        row.asks,
        row.patient,
        row.staff,
        row.strength,
        row.not_said,
        lines(row.sources),
        row.language,
        special,
        str(row.version),
        row.by_name,
        row.at,
    )


def _speaks(row: EvidenceCard, route: str) -> bool:
    return not row.routes or not route or route in row.routes


def route_of(document: str) -> str:
    """The route of a consent document, as of `consent.iv`; blank where it is of none."""
    name = document.partition(".")[2].partition(".")[0]
    return name if name in {str(route) for route in Route} else ""
