"""A consent text as its editor sees it: what it covers and lacks, how it reads, what changed, who is touched.

Decided here: whom a new version touches is counted for everyone who may publish; names are shown to those who
may see them. A course is touched where its signature holds now and would not after: under the version this
one follows, or under the route's text where this is the first for its way (dossier 6.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.medicine.consent.brought import Named
from openkap.medicine.consent.compose import Section, required, text_of
from openkap.medicine.consent.differences import Difference, differences
from openkap.medicine.consent.reading import Reading, reading
from openkap.medicine.promises import Found, promises_found
from openkap.permits import Kind, Need, Scope
from openkap.reads.consent_documents import element_names
from openkap.records.facts.consent import names_for
from openkap.records.facts.consent_text import Working, version_in_force, working_text
from openkap.records.models import Course, DocumentVersion, Organisation, Signature
from openkap.records.people import name_key
from openkap.records.scoped import scoped

# So many names are read on one page; the count beside them is of all.
NAMED = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its measure and what stands in its place in the other language."""

    section: Section
    reading: Reading | None
    beside: str

    @property
    def is_own(self) -> bool:
        """Whether it is neither an element of the library nor around them: its editor says what it covers."""
        return self.section.id.startswith("own-")


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything about one working text. `lacks`, `says`: required elements, without words or with."""

    working: Working
    parts: tuple[Part, ...]
    whole: Reading | None
    says: tuple[str, ...]
    lacks: tuple[str, ...]
    changed: tuple[Difference, ...]
    questions_changed: bool
    promises: tuple[Found, ...]
    in_force: DocumentVersion | None

    @property
    def hard(self) -> tuple[Section, ...]:
        """The sections that read above the grade it aims at, in their order."""
        return tuple(p.section for p in self.parts if p.reading is not None and p.reading.is_hard)

    @property
    def is_same(self) -> bool:
        """Whether publishing would give the version that is in force."""
        held = self.in_force
        return (
            held is not None
            and (held.text, held.title) == (self.working.text, self.working.title)
            and not self.questions_changed
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """Open courses that would be asked again: how many, and the names that the reader may see."""

    count: int
    names: tuple[str, ...]


def text_shown(
    organisation: Organisation, known: Named, language: str, on: date, working: Working | None = None
) -> Shown:
    """The text that is worked on, or `working` where a form holds a newer one. Five queries at most."""
    other = "en" if language == "es" else "es"
    text = working or working_text(organisation.id, known, language, on)
    beside = {each.id: each for each in working_text(organisation.id, known, other, on).sections}
    held = version_in_force(organisation.id, known.name, language)
    must = {element.id for element in required(known.route, known.way)} if known.route else set()
    return Shown(
        working=text,
        parts=tuple(
            Part(each, reading(each.words, language), beside[each.id].words if each.id in beside else "")
            for each in text.sections
        ),
        whole=reading(text_of(text.sections), language),
        says=element_names(must & set(text.covers)),
        lacks=element_names(known.missing(text.covers)),
        changed=differences(held.text, text.text) if held is not None else (),
        questions_changed=held is not None and _asked(held.questions) != _asked(text.questions),
        promises=promises_found(f"{text.title}.\n{text.text}"),
        in_force=held,
    )


def touched_by(scope: Scope, organisation: Organisation, known: Named, language: str) -> Touched:
    """Who would be asked again if this were published now. Four queries at most."""
    if not known.route:
        return Touched(0, ())
    open_courses = Course.objects.filter(organisation=organisation, ended_at=None, route=known.route)
    if known.way:
        open_courses = open_courses.filter(model=known.way)
    names = names_for(known.route, known.way) if known.way else (known.name,)
    published = set(
        DocumentVersion.objects.filter(
            organisation=organisation, document__startswith=f"consent.{known.route}"
        ).values_list("document", "language", "version")
    )
    first_of_way = bool(known.way) and not any(name == known.name for name, _lang, _n in published)
    signed = (
        Signature.objects.current()
        .filter(course__in=open_courses, document__document__in=names)
        .select_related("document", "course")
        .order_by("at", "recorded_at")
    )
    own_ways = {name.rpartition(".")[2] for name, _language, _n in published if name.count(".") > 1}
    newest = {row.course_id: row for row in signed}
    touched = {
        id
        for id, row in newest.items()
        if _holds(row, known, language, first_of_way, published)
        and (known.way or row.course.model not in own_ways)
    }
    return Touched(len(touched), _names(scope, touched))


def _holds(
    row: Signature, known: Named, language: str, first_of_way: bool, published: set[tuple[str, str, int]]
) -> bool:
    """Whether this signature is under what the new version would follow."""
    document = row.document
    newest = max(n for name, lang, n in published if (name, lang) == (document.document, document.language))
    if document.version != newest:
        return False
    return first_of_way or (document.document == known.name and document.language == language)


def _names(scope: Scope, courses: set[Any]) -> tuple[str, ...]:
    if not courses or not scope.allowing(Need(Kind.IDENTITY)):
        return ()
    rows = scoped(Course.objects.filter(id__in=courses).select_related("patient"), scope)
    names = {row.patient.name for row in rows}
    return tuple(sorted(names, key=name_key)[:NAMED])


def _asked(questions: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return [(q["ask"], tuple(q["choices"]), q["right"], q["why"]) for q in questions]
