"""A trainee in the room, a recording, care at a distance: yes or no to each, apart from the treatment.

Decided here: a yes is the patient's own, to a text that was shown, and never while a dose may act; a no needs
nothing, counts at once at any hour, and may be said aloud to somebody of the practice who writes it down
(dossier 6.1, items 11, 13 and 20). The treatment does not hang on any of them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.facts.agreements import agreed_now, is_yes, text_of
from openkap.records.models import Agreement, Course
from openkap.steps.consent import refuse_wrong_time
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.room import a_person


@step
def agree_to(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    what: str,
    yes: bool,
    sha256: str = "",
    submission: UUID | None = None,
) -> Agreement:
    """The patient's yes or no to one of `Agreement.What`; `sha256` is the text that was shown with a yes.

    The same word again is the first. Raises Refused or Stale for a yes that cannot be given now.
    """
    must(by, Kind.CONSENT, Act.SIGN, _subject(course), at=at)
    return _keep(by, course, _named(what), yes, sha256, at)


@step
def heard_no_to(
    *, by: Actor, at: datetime, course: Course, what: str, submission: UUID | None = None
) -> Agreement:
    """The patient said no to it aloud: whoever heard it writes it down, and it counts at once."""
    must(by, Kind.CONSENT, Act.ADD, _subject(course), at=at)
    a_person(by)
    return _keep(by, course, _named(what), False, "", at)


def _keep(by: Actor, course: Course, what: str, yes: bool, sha256: str, at: datetime) -> Agreement:
    now = agreed_now(course, at)[what]
    if now is not None and (is_yes(now) if yes else not now.yes):
        return now
    text = text_of(course, what, course.patient.language)
    if yes:
        refuse_wrong_time(course, at)
        if text is None:
            raise Refused(_("The practice has not published its text for this. Ask them for it."))
        if sha256 != text.sha256:
            raise Stale(_("This text changed since you opened the page. Read it again, then decide."))
    row = Agreement.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        what=what,
        yes=yes,
        document=text,
        at=at,
        recorded_at=at,
    )
    tell(by, "agreement.yes" if yes else "agreement.no", row, at=at)
    return row


def _named(what: str) -> str:
    if what not in set(Agreement.What):
        raise Refused(_("Choose what it is about."))
    return what


def _subject(course: Course) -> Subject:
    return Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
