"""What a patient agreed to apart from the treatment, and which text stands for it.

Decided here: the newest word about each counts; where none was said it is no. A yes is to the text that was
shown: once another version of it is published, it is asked anew and counts as no until then.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from openkap.records.models import Agreement, Course, DocumentVersion

# The three, in the order they are asked.
WHATS: tuple[str, ...] = tuple(Agreement.What)


def agreed_now(course: Course, at: datetime) -> dict[str, Agreement | None]:
    """The newest word about each, with `outdated`; None where nothing was said. One query."""
    text = {part: OuterRef(f"document__{part}") for part in ("organisation", "document", "language")}
    newer = DocumentVersion.objects.filter(**text, version__gt=OuterRef("document__version"), made_at__lte=at)
    rows = (
        Agreement.objects.current()
        .filter(course=course, at__lte=at)
        .annotate(outdated=Exists(newer))
        .order_by("at", "recorded_at", "id")
    )
    newest = {row.what: row for row in rows}
    return {what: newest.get(what) for what in WHATS}


def is_yes(row: Agreement | None) -> bool:
    """Whether this word of `agreed_now` is a yes to the text as it is now."""
    return row is not None and row.yes and not row.outdated


def text_of(course: Course, what: str, language: str) -> DocumentVersion | None:
    """The newest text about one of them, in this language, else in another it is published in. One query."""
    return texts_of(course, language).get(what)


def texts_of(course: Course, language: str) -> dict[str, DocumentVersion]:
    """The same for all three. One query."""
    names = {f"agree.{what}": what for what in WHATS}
    rows = DocumentVersion.objects.filter(organisation_id=course.organisation_id, document__in=list(names))
    found: dict[str, DocumentVersion] = {}
    for row in rows.order_by("version"):
        known = found.get(names[row.document])
        if known is None or row.language == language or known.language != language:
            found[names[row.document]] = row
    return found
