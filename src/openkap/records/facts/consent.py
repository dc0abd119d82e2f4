"""Has this course's patient signed the consent that is current?

Decided here: only the newest version counts. A signature under an older one is told apart from none,
so that a person can say "sign the new one" (dossier 6.2: a new version asks for consent again). A consent
that was taken back is none, from that moment; when it was taken back is told beside it.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from openkap.records.models import Course, DocumentVersion, Signature


@dataclass(frozen=True, slots=True)
class Consent:
    """`state`: signed, older, unsigned or unpublished. `signature` is the newest one that stands, if any;
    `taken_back_at` is when the last one was withdrawn, where none stands."""

    state: str
    version: DocumentVersion | None
    signature: Signature | None
    taken_back_at: datetime | None = None


def names_for(route: str, way: str) -> tuple[str, str]:
    """What a course can be consented by: the document of its way of care first, then the route's."""
    return f"consent.{route}.{way}", f"consent.{route}"


def document_for(course: Course, published: Container[str]) -> str:
    """The one it is consented by: its way's where the practice published one, else the route's."""
    own, route = names_for(course.route, course.model)
    return own if own in published else route


def consent_of(course: Course, language: str = "en") -> Consent:
    """The state of consent for this course's route and way. Two queries.

    A document that is not published in `language` counts in the language it is published in. Who signed
    the route's document before the practice published one for this way has signed an older one.
    """
    names = names_for(course.route, course.model)
    published = list(
        DocumentVersion.objects.filter(organisation_id=course.organisation_id, document__in=names).order_by(
            "-version"
        )
    )
    wanted = document_for(course, {version.document for version in published})
    newest: dict[str, DocumentVersion] = {}
    for version in published:
        if version.document == wanted:
            newest.setdefault(version.language, version)
    current = newest.get(language) or next(iter(newest.values()), None)
    rows = list(
        Signature.objects.filter(course=course, document__document__in=names)
        .select_related("document")
        .order_by("-at", "-recorded_at", "-id")
    )
    corrected = {row.corrects_id for row in rows}
    signed = next((row for row in rows if not row.withdrawn and row.id not in corrected), None)
    taken_back_at = next((row.at for row in rows if row.withdrawn), None) if signed is None else None
    if current is None:
        return Consent("unpublished", None, signed, taken_back_at)
    if signed is None:
        return Consent("unsigned", current, None, taken_back_at)
    fresh = newest.get(signed.document.language) == signed.document
    return Consent("signed" if fresh else "older", current, signed)
