"""What an author typed and has not sent. Nobody else's scope reaches it."""

from __future__ import annotations

from uuid import UUID

from openkap.permits import Scope
from openkap.records.models import Course, NoteDraft, Session
from openkap.records.scoped import scoped


def draft_of(
    scope: Scope,
    author: UUID | None,
    page: str,
    *,
    session: Session | None = None,
    course: Course | None = None,
) -> NoteDraft | None:
    """The draft of this page by this author, of a session or of a course. One query."""
    rows = scoped(NoteDraft.objects.filter(author_id=author, page=page), scope)
    rows = rows.filter(session=session) if session is not None else rows.filter(session=None, course=course)
    return rows.first()
