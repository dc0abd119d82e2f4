"""What a patient agreed to apart from the treatment, and which text stands for it.

Decided here: the newest word about each counts; where none was said it is no.
"""

from __future__ import annotations

from datetime import datetime

from openkap.records.models import Agreement, Course, DocumentVersion

# The three, in the order they are asked.
WHATS: tuple[str, ...] = tuple(Agreement.What)


def agreed_now(course: Course, at: datetime) -> dict[str, Agreement | None]:
    """The newest word about each; None where nothing was said. One query."""
    rows = Agreement.objects.current().filter(course=course, at__lte=at).order_by("at", "recorded_at", "id")
    newest = {row.what: row for row in rows}
    return {what: newest.get(what) for what in WHATS}


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
