"""A sign of misuse: written down, and what was decided on it.

Decided here: whoever may add to the record may write a sign down; while one stands, the next dose waits
(`C-MISUSE`). Whoever may correct the record says what was decided, and the sign is settled: it stays on the
chart, and holds nothing back any more (dossier 9.5).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course.next_dose import misuse_flags
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.models import Course, MisuseSign
from openkap.steps.correct import replace
from openkap.steps.evaluation import refuse_ended
from openkap.steps.frame import Refused, must, step, tell


@step
def note_misuse(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    sign: str,
    words: str = "",
    submission: UUID | None = None,
) -> MisuseSign:
    """Keep one sign: a flag of the list, or own words where it is none of them."""
    subject = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    must(by, Kind.CLINICAL, Act.ADD, subject, at=at)
    refuse_ended(course)
    if sign and sign not in misuse_flags():
        raise Refused(_("This sign is not on the list. Say it in your own words."), field="sign")
    if not sign and not words.strip():
        raise Refused(_("Choose a sign, or say what you saw in a few words."), field="words")
    row = MisuseSign.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        at=at,
        recorded_at=at,
        sign=sign,
        words=words.strip()[:1000],
    )
    tell(by, "misuse.noted", row, at=at)
    return row


@step
def settle_misuse(
    *, by: Actor, at: datetime, sign: MisuseSign, decided: str, submission: UUID | None = None
) -> MisuseSign:
    """Say what was decided on a sign. Refused without words."""
    must(by, Kind.CLINICAL, Act.CORRECT, sign, at=at)
    if not decided.strip():
        raise Refused(_("Say what was decided, in a few words."), field="decided")
    return replace(by, at, sign, decided, {"settled": True, "at": at}, withdrawn=False, verb="settled")
