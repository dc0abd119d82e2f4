"""Words begun and not yet sent: kept for their author alone, gone once they are sent.

Decided here: a draft is kept at each pause, by a button, and whenever sending was refused; so that a lost
session or the end of sharing costs no word. It is no part of the record: nobody but its author reads it, and
saving it is not told to the trail each time, only the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.models import Course, NoteDraft, Session
from openkap.steps.frame import Refused, must, step, tell

LONGEST = 100_000


@step
def keep_draft(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    page: str,
    words: Mapping[str, str],
    session: Session | None = None,
    unshared: bool = False,
) -> NoteDraft | None:
    """Keep what stands in the form now, in place of what stood there before. Empty: nothing is kept."""
    must(by, Kind.DRAFTS, Act.ADD, _about(by, course), at=at)
    if by.person is None or by.organisation is None:
        raise Refused(_("A draft is a person's own, in a practice."))
    # A zero that came along with what was pasted is kept by no database.
    kept = {name: text.replace("\0", "")[:LONGEST] for name, text in words.items() if text.strip()}
    mine = NoteDraft.objects.filter(_mine(by, course, page, session))
    if not kept:
        mine.delete()
        return None
    row = mine.select_for_update().first()
    if row is None:
        row = NoteDraft.objects.create(
            author_id=by.person,
            organisation_id=by.organisation,
            patient_id=course.patient_id,
            course=course,
            session=session,
            page=page,
            words=kept,
            begun_at=at,
            changed_at=at,
            unshared=unshared,
        )
        tell(by, "draft.begun", None, at=at, organisation=by.organisation)
        return row
    row.words, row.changed_at, row.unshared = kept, at, unshared or row.unshared
    row.save(update_fields=["words", "changed_at", "unshared"])
    return row


def let_go_of_draft(by: Actor, course: Course, page: str, session: Session | None = None) -> None:
    """Inside the step that sends the words: the draft has done its work."""
    NoteDraft.objects.filter(_mine(by, course, page, session)).delete()


@step
def discard_draft(*, by: Actor, at: datetime, draft: NoteDraft, submission: UUID | None = None) -> None:
    """Its author throws it away."""
    must(by, Kind.DRAFTS, Act.CORRECT, draft, at=at)
    tell(by, "draft.discarded", None, at=at, organisation=by.organisation)
    draft.delete()


def _mine(by: Actor, course: Course, page: str, session: Session | None) -> Q:
    where = Q(session=session) if session is not None else Q(session=None, course=course)
    return where & Q(author_id=by.person, organisation_id=by.organisation, page=page)


def _about(by: Actor, course: Course) -> Subject:
    return Subject(Kind.DRAFTS, by.organisation, course.patient_id, course.id, author=by.person)
