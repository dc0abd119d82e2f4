"""Saying no to a consent text, and taking a consent back: one tap, at any time, also on the morning.

Decided here: a no asks no reason and is never refused, whatever hour it is and whatever was given; a dose
cannot start from that moment (`records.facts.consent`). Somebody at the practice is told at once, as a task,
and calls. Signing later takes the no back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, Declined, DocumentVersion, Signature, Task
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import close_task, make_task

# Proposed: a no before signing can wait a day; no source states it. A consent taken back cannot.
ANSWER_WITHIN = timedelta(days=1)
NO, TAKEN_BACK, AGAIN = "consent_declined", "consent_taken_back", "consent_again"


@dataclass(frozen=True, slots=True)
class Said:
    """That it was spoken: when, and one line that says by whom, to whom and in which words."""

    at: datetime
    reason: str


@step
def decline_consent(*, by: Actor, at: datetime, course: Course, submission: UUID | None = None) -> Declined:
    """No to the text as it is now. Said twice it counts once."""
    must(by, Kind.CONSENT, Act.SIGN, _subject(course), at=at)
    consent = consent_of(course, at)
    if consent.version is None:
        raise Refused(_("There is nothing to say no to: nothing is published to sign."))
    if consent.state == "signed":
        raise Refused(_("You signed this. You can take it back: open the page where you signed."))
    first: Declined | None = (
        Declined.objects.current().filter(course=course, document=consent.version).order_by("-at").first()
    )
    if first is not None:
        return first
    return keep_no(by, course, consent.version, at=at)


@step
def take_back_consent(
    *, by: Actor, at: datetime, course: Course, submission: UUID | None = None
) -> tuple[Signature, ...]:
    """Every signature of this course's consent is withdrawn, at once. Nothing signed: nothing to do."""
    must(by, Kind.CONSENT, Act.SIGN, _subject(course), at=at)
    return withdraw_all(by, course, at=at)


def keep_no(
    by: Actor, course: Course, version: DocumentVersion, *, at: datetime, said: Said | None = None
) -> Declined:
    """A no to this version, inside the step whose permit stands for it; `said` where it was spoken."""
    declined = Declined.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        document=version,
        at=said.at if said else at,
        recorded_at=at,
        source="spoken" if said else "person",
    )
    tell(by, "consent.declined", declined, at=at)
    text = for_practice("%(name)s says no to the consent text for now. Call and ask what would help.")
    _tell_practice(by, course, NO, text, at=at, due_at=at + ANSWER_WITHIN)
    return declined


def standing_of(course: Course) -> QuerySet[Signature]:
    """Every signature of this course's consent that stands, oldest first."""
    rows: QuerySet[Signature] = Signature.objects.current().filter(
        course=course, document__document__startswith="consent."
    )
    return rows.order_by("at")


def withdraw_all(
    by: Actor, course: Course, *, at: datetime, said: Said | None = None
) -> tuple[Signature, ...]:
    """Every signature that stands is withdrawn; `said` where it was spoken."""
    ended = tuple(_withdrawn(by, row, at, said) for row in standing_of(course))
    if ended:
        tell(by, "consent.taken_back", ended[-1], at=at)
        text = for_practice(
            "%(name)s took back the consent. No dose can start. Call now and talk about what comes next."
        )
        _tell_practice(by, course, TAKEN_BACK, text, at=at, due_at=at)
    return ended


def settle_no(by: Actor, course: Course, *, at: datetime) -> None:
    """Inside the step that signs: whoever was to call because of a no or of an old one need not any more."""
    for task in Task.objects.select_for_update().filter(
        course=course, what__in=(NO, TAKEN_BACK, AGAIN), done_at=None
    ):
        close_task(by, task, at=at, outcome=for_practice("Signed since."))


def _withdrawn(by: Actor, row: Signature, at: datetime, said: Said | None) -> Signature:
    return Signature.objects.create(
        **Authored.authored(by),
        organisation_id=row.organisation_id,
        patient_id=row.patient_id,
        course_id=row.course_id,
        document_id=row.document_id,
        sha256=row.sha256,
        typed_name=row.typed_name,
        known_by=row.known_by,
        at=said.at if said else at,
        recorded_at=at,
        source="spoken" if said else "person",
        corrects=row,
        withdrawn=True,
        reason=said.reason[:500] if said else "taken back by the patient",
    )


def _tell_practice(
    by: Actor, course: Course, what: str, text: str, *, at: datetime, due_at: datetime
) -> None:
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=what,
        text=text % {"name": course.patient.name},
        due_at=due_at,
        role=Role.PRESCRIBER,
        course=course,
    )


def _subject(course: Course) -> Subject:
    return Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
