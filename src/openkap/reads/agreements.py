"""What a patient agreed to apart from the treatment, in the words of a room and of their own page.

Decided here: where it matters a no is said as plainly as a yes; what was never asked is a no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.reads.consent import Block, blocks
from openkap.records.facts.agreements import WHATS, agreed_now, is_yes, texts_of
from openkap.records.models import Course

NAMES = {
    "trainee": gettext_noop("A trainee in the room"),
    "recording": gettext_noop("A recording or a photo"),
    "telehealth": gettext_noop("Care by video or telephone"),
}
YES = {
    "trainee": gettext_noop("A trainee may be there."),
    "recording": gettext_noop("A recording is agreed."),
    "telehealth": gettext_noop("Care by video is agreed."),
}
NO = {
    "trainee": gettext_noop("No trainee."),
    "recording": gettext_noop("No recording."),
    "telehealth": gettext_noop("No care by video."),
}
IN_THE_ROOM = ("trainee", "recording")


@dataclass(frozen=True, slots=True)
class Apart:
    """One of them. `yes` None: nothing was said, which is a no. `changed`: a yes was said, to
    an older text. `title` blank: no text is published."""

    what: str
    name: str
    says: str
    yes: bool | None
    changed: bool
    at: datetime | None
    by: str
    title: str
    language: str
    sha256: str
    blocks: tuple[Block, ...]


def apart_words(course: Course, at: datetime, whats: Sequence[str] = IN_THE_ROOM) -> str:
    """What may be and what may not, in a few short sentences. One query; `course` is within Scope already."""
    now = agreed_now(course, at)
    return " ".join(_(YES[what]) if is_yes(now[what]) else _(NO[what]) for what in whats)


def apart_of(course: Course, at: datetime, language: str) -> tuple[Apart, ...]:
    """All three with their texts. Two queries; `course` is within Scope already."""
    now, texts = agreed_now(course, at), texts_of(course, language)
    found = []
    for what in WHATS:
        row, text = now[what], texts.get(what)
        changed = row is not None and row.yes and not is_yes(row)
        yes = row.yes if row is not None and not changed else None
        found.append(
            Apart(
                what=what,
                name=_(NAMES[what]),
                says=_(YES[what]) if yes else _(NO[what]),
                yes=yes,
                changed=changed,
                at=row.at if row is not None else None,
                by="" if row is None or row.by_person_id == row.patient_id else row.by_name,
                title=text.title if text is not None else "",
                language=text.language if text is not None else "",
                sha256=text.sha256 if text is not None else "",
                blocks=tuple(blocks(text.text)) if text is not None else (),
            )
        )
    return tuple(found)
