"""The consent documents of a practice: which version of each route's is in force, and since when.

Decided here: what stands in the form is the version in force, else the text that the library brings along;
where there is neither, it is empty and says so.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from zoneinfo import ZoneInfo

from openkap.medicine.protocols.routes import Route
from openkap.records.facts.clock import moment
from openkap.records.models import DocumentVersion, Organisation

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Document:
    """`version` 0: none is published. `brought`: the library has a text for it in this language."""

    route: str
    words: str
    language: str
    version: int
    since: str
    title: str
    text: str
    brought: bool


def documents_of(organisation: Organisation, zone: ZoneInfo) -> tuple[Document, ...]:
    """Every route in each language that is published or brought along. One query."""
    newest = _newest(organisation)
    found = [
        _shown(newest.get((f"consent.{route.value}", language)), route.value, language, zone)
        for route in Route
        for language in LANGUAGES
    ]
    return tuple(each for each in found if each.language == "en" or each.version or each.brought)


def document_shown(organisation: Organisation, route: str, language: str, zone: ZoneInfo) -> Document:
    """One of them, with its text. One query."""
    return _shown(_newest(organisation).get((f"consent.{route}", language)), route, language, zone)


def _newest(organisation: Organisation) -> dict[tuple[str, str], DocumentVersion]:
    rows = DocumentVersion.objects.filter(organisation=organisation).order_by("version")
    return {(row.document, row.language): row for row in rows}


def _shown(row: DocumentVersion | None, route: str, language: str, zone: ZoneInfo) -> Document:
    title, text = _brought(route, language)
    return Document(
        route=route,
        words=Route(route).words,
        language=language,
        version=row.version if row is not None else 0,
        since=moment(row.made_at, zone) if row is not None else "",
        title=row.title if row is not None else title,
        text=row.text if row is not None else text,
        brought=bool(text),
    )


def _brought(route: str, language: str) -> tuple[str, str]:
    file = files("openkap.medicine.library") / "consent" / "texts" / language / f"{route}.toml"
    if not file.is_file():
        return "", ""
    data = tomllib.loads(file.read_text("utf-8"))
    return str(data["title"]), str(data["text"]).strip() + "\n"
