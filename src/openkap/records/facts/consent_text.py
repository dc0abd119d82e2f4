"""The text a practice is working on: the draft, else the version in force, else what the library brings.

Decided here: a version that was published is parted at its headings; a heading of the library's says which
element stands under it, any other heading covers what its editor says it covers. A draft that says what the
version in force says is a draft no longer; its row still knows what each section covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openkap.medicine.consent.agreements import sections_of
from openkap.medicine.consent.brought import Named, brought
from openkap.medicine.consent.compose import OPENING, SIGNING, Section, covered, text_of
from openkap.medicine.consent.elements import frame, words_in
from openkap.medicine.consent.states import state_laws
from openkap.records.models import DocumentDraft, DocumentVersion


@dataclass(frozen=True, slots=True)
class Working:
    """`origin`: draft, force or library. `stamp`: which state of the draft this is, blank without one."""

    title: str
    sections: tuple[Section, ...]
    questions: tuple[Mapping[str, Any], ...]
    origin: str
    stamp: str = ""
    by: str = ""
    changed_at: datetime | None = None

    @property
    def text(self) -> str:
        return text_of(self.sections)

    @property
    def covers(self) -> tuple[str, ...]:
        return covered(self.sections)

    @property
    def state_law(self) -> str:
        """The state whose additions the text carries."""
        there = {section.id for section in self.sections if section.words.strip()}
        return next((law.id for law in state_laws() if f"state-{law.id}" in there), "")


def working_text(organisation: UUID, known: Named, language: str, on: date) -> Working:
    """What an editor of this document has before them. Two queries at most."""
    rows = DocumentDraft.objects.filter(organisation=organisation, document=known.name, language=language)
    draft = rows.first()
    version = version_in_force(organisation, known.name, language)
    if draft is not None:
        text = drafted(draft)
        return replace(text, origin="force") if is_published(draft, version) else text
    if version is not None:
        return Working(
            version.title,
            parted(version.text, language),
            tuple(version.questions),
            "force",
            by=version.by_name,
        )
    found = brought(known.name, language, on)
    if found is None:
        raise ValueError(f"There is no text of {known.name} in {language!r}.")
    return Working(
        found.title, found.sections, tuple(question.kept() for question in found.questions), "library"
    )


def drafted(draft: DocumentDraft) -> Working:
    """A draft as a text."""
    return Working(
        title=draft.title,
        sections=tuple(as_section(each) for each in draft.sections),
        questions=tuple(draft.questions),
        origin="draft",
        stamp=draft.changed_at.isoformat(),
        by=draft.by_name,
        changed_at=draft.changed_at,
    )


def is_published(draft: DocumentDraft, version: DocumentVersion | None) -> bool:
    """Whether this version says every word of the draft: nobody is working on it then."""
    if version is None:
        return False
    said = drafted(draft)
    same = (version.title, version.text) == (said.title, said.text)
    return same and list(version.questions) == list(said.questions)


def version_in_force(organisation: UUID, document: str, language: str) -> DocumentVersion | None:
    """The newest version of a document in one language."""
    rows = DocumentVersion.objects.filter(organisation=organisation, document=document, language=language)
    return rows.order_by("-version").first()


def parted(text: str, language: str) -> tuple[Section, ...]:
    """A published text as sections: what the library's own headings cover is known."""
    headings = {words.heading: id for id, words in words_in(language).items()}
    laws = {law.words[language].heading: f"state-{law.id}" for law in state_laws()}
    found = []
    for section in sections_of(text):
        if section.heading in headings:
            id = headings[section.heading]
            found.append(Section(id, section.heading, section.words, (id,)))
        elif section.heading == frame(language)["signing_heading"]:
            found.append(Section(SIGNING, section.heading, section.words))
        elif section.heading in laws:
            found.append(Section(laws[section.heading], section.heading, section.words))
        elif not section.heading and not found:
            found.append(Section(OPENING, "", section.words))
        else:
            found.append(section)
    return tuple(found)


def as_section(kept: Mapping[str, Any]) -> Section:
    return Section(kept["id"], kept["heading"], kept["words"], tuple(kept.get("covers", ())))


def as_kept(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Sections as a draft keeps them."""
    return [
        {"id": each.id, "heading": each.heading, "words": each.words, "covers": list(each.covers)}
        for each in sections
    ]
