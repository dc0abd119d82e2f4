"""What therapist and clinic hand each other around a dose: asked for, written, and read by name.

Decided here: a hand-over before a dose is a letter (the writer's practice keeps theirs, the practice that
gives the dose gets a copy); one after a dose is the clinic's and is seen by the patient's own grant. It is
owed until it is written, and then until it is read (`steps.hand_over_tasks`). Nobody hands over to
themselves (docs/adr/0028-ways-of-care.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.ways import hand_over_after, hand_over_before
from openkap.records.models import HandOverAfter, HandOverBefore, HandOverRead, Session
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.hand_over_tasks import (
    AFTER,
    BEFORE,
    READ_AFTER,
    READ_BEFORE,
    ask_therapist_to_read,
    ask_to_read,
    settle,
)
from openkap.steps.notes import refuse_unshared, session_subject
from openkap.steps.room import a_person, authored_in

WORDS_AT_MOST = 4000


@step
def hand_over(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    readiness: str,
    intentions: str = "",
    concerns: str = "",
    submission: UUID | None = None,
) -> HandOverBefore:
    """The therapist tells the clinic before a dose: ready or not, hopes, concerns. The newest counts.

    Refused once the dose began, where the patient no longer shares, where "not ready" has no words.
    """
    keeper = by.organisation or session.organisation_id
    subject = Subject(
        Kind.PREPARATION, keeper, session.patient_id, session.course_id, session.id, session.room_id, at
    )
    must(by, Kind.PREPARATION, Act.ADD, subject, at=at)
    a_person(by)
    refuse_unshared(by, session.course, at)
    if Role.THERAPIST not in standing_of(by, at).roles:
        raise Refused(_("The therapist of this course hands over."))
    if session.phase != Session.Phase.DOSING or session.started_at is not None:
        raise Refused(_("This dose has begun. What matters now is said in the room."))
    state = _readiness(readiness)
    if state != HandOverBefore.Readiness.READY and not concerns.strip():
        raise Refused(_("Say what speaks against it, so that the clinic can weigh it."), field="concerns")
    row = _letter(by, session, keeper, at, state, intentions, concerns)
    settle(by, session, (BEFORE, READ_BEFORE), at, _("Handed over"))
    ask_to_read(by, session, at)
    tell(by, "hand_over.written", row, at=at)
    return row


@step
def read_hand_over(
    *, by: Actor, at: datetime, session: Session, submission: UUID | None = None
) -> HandOverRead:
    """Somebody of the practice that gives the dose has read what the therapist handed over."""
    row = hand_over_before(session)
    if row is None:
        raise Refused(_("Nothing was handed over before this dose yet."))
    must(by, Kind.PREPARATION, Act.SEE, row, at=at)
    who = a_person(by)
    if not standing_of(by, at).roles & {Role.PRESCRIBER, Role.MONITOR}:
        raise Refused(_("A nurse or prescriber of the practice that gives the dose reads this."))
    if row.by_person_id == who:
        raise Refused(_("You wrote this yourself. Somebody else reads it."))
    read = _kept(by, session, at, before=row)
    settle(by, session, (READ_BEFORE,), at, _("Read"))
    return read


@step
def hand_back(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    seen: str,
    take_up: str = "",
    submission: UUID | None = None,
) -> HandOverAfter:
    """The clinic tells the therapist what was seen, in words, and what to take up. The newest counts."""
    must(by, Kind.SUMMARY, Act.ADD, session_subject(Kind.SUMMARY, session), at=at)
    a_person(by)
    if session.started_at is None:
        raise Refused(_("This dose has not begun. Hand over after it."))
    if not seen.strip():
        raise Refused(_("Say what was seen, in a few words."), field="seen")
    row = HandOverAfter.objects.create(
        **authored_in(by, session, at),
        session=session,
        course_id=session.course_id,
        seen=seen.strip()[:WORDS_AT_MOST],
        take_up=take_up.strip()[:WORDS_AT_MOST],
    )
    settle(by, session, (AFTER, READ_AFTER), at, _("Handed over"))
    ask_therapist_to_read(by, session, at)
    tell(by, "hand_over.given_back", row, at=at)
    return row


@step
def read_hand_back(
    *, by: Actor, at: datetime, session: Session, submission: UUID | None = None
) -> HandOverRead:
    """The therapist has read what the clinic handed over after a dose."""
    row = hand_over_after(session)
    if row is None:
        raise Refused(_("Nothing was handed over after this dose yet."))
    must(by, Kind.SUMMARY, Act.SEE, row, at=at)
    who = a_person(by)
    if Role.THERAPIST not in standing_of(by, at).roles:
        raise Refused(_("The therapist of this course reads this."))
    if row.by_person_id == who:
        raise Refused(_("You wrote this yourself. Somebody else reads it."))
    read = _kept(by, session, at, after=row)
    settle(by, session, (READ_AFTER,), at, _("Read"))
    return read


def _readiness(value: str) -> HandOverBefore.Readiness:
    try:
        return HandOverBefore.Readiness(value)
    except ValueError:
        raise Refused(_("Say whether they are ready for this dose."), field="readiness") from None


def _letter(
    by: Actor, session: Session, keeper: UUID, at: datetime, state: str, intentions: str, concerns: str
) -> HandOverBefore:
    """The writer's own, and where another practice gives the dose, its copy."""
    said = {
        "session": session,
        "course_id": session.course_id,
        "patient_id": session.patient_id,
        "at": at,
        "recorded_at": at,
        "readiness": state,
        "intentions": intentions.strip()[:WORDS_AT_MOST],
        "concerns": concerns.strip()[:WORDS_AT_MOST],
    }
    own = HandOverBefore.objects.create(**Authored.authored(by), **said, organisation_id=keeper)
    if keeper != session.organisation_id:
        copy = HandOverBefore.objects.create(
            **Authored.authored(by),
            **said,
            organisation_id=session.organisation_id,
            handed_from=own,
            source="handed_over",
        )
        tell(by, "hand_over.handed", copy, at=at)
    return own


def _kept(
    by: Actor,
    session: Session,
    at: datetime,
    *,
    before: HandOverBefore | None = None,
    after: HandOverAfter | None = None,
) -> HandOverRead:
    first: HandOverRead | None = HandOverRead.objects.filter(before=before, after=after).first()
    if first is not None:
        return first
    row = HandOverRead.objects.create(
        **authored_in(by, session, at), session=session, before=before, after=after
    )
    tell(by, "hand_over.read", row, at=at)
    return row
