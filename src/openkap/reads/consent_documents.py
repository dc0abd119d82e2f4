"""The consent documents of a practice: which version of each is in force in which language, and since when.

Decided here: a document stands in the list where it has a route, was published, or is being drafted. One
language is behind where the other was changed and it has not followed: it is said, since those who read it
sign it until it does. One that follows is up with the other, and puts it behind no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.consent.agreements import AGREEMENTS
from openkap.medicine.consent.brought import Named, named
from openkap.medicine.consent.compose import ways_of
from openkap.medicine.consent.elements import LANGUAGES, Element, elements, words_in
from openkap.medicine.protocols.routes import Route
from openkap.reads.ways import NAMES
from openkap.records.facts.clock import staff_moment
from openkap.records.facts.consent_text import is_published
from openkap.records.models import DocumentDraft, DocumentVersion, Organisation

LANGUAGE_NAMES = {"en": gettext_noop("English"), "es": gettext_noop("Spanish")}
AGREEMENT_NAMES = {
    "agree.trainee": gettext_noop("Someone in training in a session"),
    "agree.recording": gettext_noop("Recording of a session"),
    "agree.telehealth": gettext_noop("Visits by video or phone"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was published. `lacks`: headings of required elements that its text does not say."""

    number: int
    language: str
    title: str
    since: str
    made_at: datetime
    by: str
    reason: str
    sha256: str
    questions: int
    lacks: tuple[str, ...]

    @property
    def language_name(self) -> str:
        return _(LANGUAGE_NAMES[self.language])


@dataclass(frozen=True, slots=True)
class Side:
    """A document in one language. `older`: the other was changed since. `stamp`: which state
    of the draft this is, blank without one."""

    document: str
    language: str
    in_force: Version | None
    older: bool
    drafted: str
    drafted_by: str
    stamp: str

    @property
    def language_name(self) -> str:
        return _(LANGUAGE_NAMES[self.language])


@dataclass(frozen=True, slots=True)
class Document:
    """`name` as in "consent.iv"; `words` for people; `sides` one a language; `versions` newest first."""

    name: str
    words: str
    for_route: bool
    sides: tuple[Side, ...]
    versions: tuple[Version, ...]


def documents_of(organisation: Organisation, zone: ZoneInfo) -> tuple[Document, ...]:
    """Every route, each way with a text or draft of its own, and the agreements. Two queries."""
    versions = list(DocumentVersion.objects.filter(organisation=organisation).order_by("-version"))
    drafts = list(DocumentDraft.objects.filter(organisation=organisation))
    there = {row.document for row in versions} | {row.document for row in drafts}
    names = []
    for route in Route:
        names.append(f"consent.{route}")
        names += [name for way in ways_of(route) if (name := f"consent.{route}.{way}") in there]
    found = [known for name in (*names, *AGREEMENTS) if (known := named(name)) is not None]
    return tuple(_document(known, versions, drafts, zone) for known in found)


def document_of(organisation: Organisation, known: Named, zone: ZoneInfo) -> Document:
    """One of them, with every version. Two queries."""
    versions = DocumentVersion.objects.filter(organisation=organisation, document=known.name)
    drafts = DocumentDraft.objects.filter(organisation=organisation, document=known.name)
    return _document(known, list(versions.order_by("-version")), list(drafts), zone)


def document_words(known: Named) -> str:
    """A document as people call it: "A dose into a vein, with your own therapist"."""
    if not known.route:
        return _(AGREEMENT_NAMES[known.name])
    route = _("A dose %(route)s") % {"route": _(Route(known.route).words)}
    if known.route == Route.ESKETAMINE:
        route = _("A dose of esketamine")
    return f"{route}, {_(NAMES[known.way]).lower()}" if known.way else route


def element_names(found: Iterable[str | Element]) -> tuple[str, ...]:
    """Elements by the heading they have in a text, in the order of the dossier."""
    ids = {each if isinstance(each, str) else each.id for each in found}
    return tuple(words_in("en")[id].heading for id in elements() if id in ids)


def as_version(row: DocumentVersion, known: Named, zone: ZoneInfo) -> Version:
    return Version(
        number=row.version,
        language=row.language,
        title=row.title,
        since=staff_moment(row.made_at, zone),
        made_at=row.made_at,
        by=row.by_name,
        reason=row.reason,
        sha256=row.sha256,
        questions=len(row.questions),
        # A version from before texts said what they cover is not judged by that.
        lacks=element_names(known.missing(tuple(row.elements))) if row.elements else (),
    )


def _document(
    known: Named, versions: list[DocumentVersion], drafts: list[DocumentDraft], zone: ZoneInfo
) -> Document:
    own = [as_version(row, known, zone) for row in versions if row.document == known.name]
    own.sort(key=lambda version: version.made_at, reverse=True)
    newest: dict[str, Version] = {}
    for version in own:
        newest.setdefault(version.language, version)
    held: dict[str, DocumentVersion] = {}
    for row in sorted(versions, key=lambda row: row.version, reverse=True):
        if row.document == known.name:
            held.setdefault(row.language, row)
    mine = [row for row in drafts if row.document == known.name]
    begun = {row.language: row for row in mine if not is_published(row, held.get(row.language))}
    stamps = {row.language: row.changed_at.isoformat() for row in mine}
    late = behind([(version.made_at, version.language) for version in own])
    sides = tuple(
        _side(
            known.name,
            newest.get(language),
            (language, language in late),
            begun.get(language),
            stamps.get(language, ""),
            zone,
        )
        for language in LANGUAGES
    )
    return Document(known.name, document_words(known), bool(known.route), sides, tuple(own))


def behind(published: Iterable[tuple[datetime, str]]) -> frozenset[str]:
    """The languages that have not followed a change made in another: when each version came, and in which."""
    seen: set[str] = set()
    late: set[str] = set()
    for _at, language in sorted(published):
        if language in late or language not in seen:
            late.discard(language)
            seen.add(language)
        else:
            late |= seen - {language}
    return frozenset(late)


def _side(
    name: str,
    mine: Version | None,
    said: tuple[str, bool],
    draft: DocumentDraft | None,
    stamp: str,
    zone: ZoneInfo,
) -> Side:
    language, late = said
    return Side(
        document=name,
        language=language,
        in_force=mine,
        older=late,
        drafted=staff_moment(draft.changed_at, zone) if draft is not None else "",
        drafted_by=draft.by_name if draft is not None else "",
        stamp=stamp,
    )
