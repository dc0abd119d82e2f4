"""An adverse event: written down, put right or gone on with, and before whom it comes when it is serious.

Decided here: an event is of the dose it followed, and began no earlier than that dose. What is known later is
a further row. A serious event is with the prescriber and the medical director from that second, each of them
once a dose while theirs is open; one that turns out serious later goes the same way.

A therapist tells of one too: what begins days after a dose is told to them first. It is the record of the
practice that gave the dose; from another practice it is taken while the patient shares the course with them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from dataclasses import replace as with_other
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.monitoring import events
from openkap.medicine.monitoring.adverse import grades
from openkap.permits import Act, Actor, Kind, Role
from openkap.records.models import AdverseEvent, Session
from openkap.steps.alerts import owner_of
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.notes import refuse_unshared
from openkap.steps.room import authored_in, held, in_session
from openkap.steps.tasks import make_task

TASKS = (("serious_event", Role.PRESCRIBER), ("serious_event_review", Role.MEDICAL_DIRECTOR))
CHOSEN = (("related", events.RELATED), ("action", events.ACTION), ("outcome", events.OUTCOME))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event as it is told. `term` is a row of the library, blank for own words; `at` is its onset."""

    term: str
    words: str
    at: datetime
    ended_at: datetime | None
    grade: int | None
    ctcae_version: str
    serious: Collection[str]
    related: str
    action: str
    outcome: str


@step
def note_event(
    *, by: Actor, at: datetime, session: Session, said: Said, submission: UUID | None = None
) -> AdverseEvent:
    """Write an event down. Raises Refused naming what is missing, or cannot be."""
    _must_tell(by, session, at)
    session = held(session)
    columns = _columns(session, said, at)
    event = AdverseEvent.objects.create(**authored_in(by, session, at) | columns, session=session)
    tell(by, "adverse_event.noted", event, at=at)
    _bring(by, session, event, at=at)
    return event


@step
def change_event(
    *,
    by: Actor,
    at: datetime,
    event: AdverseEvent,
    said: Said,
    reason: str,
    submission: UUID | None = None,
) -> AdverseEvent:
    """What became of it, or what was wrong: a row in its place, with the reason, beside the first."""
    must(by, Kind.ADVERSE_EVENTS, Act.CORRECT, event, at=at)
    session = held(event.session)
    columns = _columns(session, said, at)
    now = replace(by, at, event, reason, columns, withdrawn=False, verb="changed")
    _bring(by, session, now, at=at)
    return now


def _must_tell(by: Actor, session: Session, at: datetime) -> None:
    """Whoever may at home; at another practice that gave the dose, while the patient shares with them."""
    keeper = by.organisation or session.organisation_id
    subject = with_other(in_session(session, at), kind=Kind.ADVERSE_EVENTS, keeper=keeper)
    must(by, Kind.ADVERSE_EVENTS, Act.ADD, subject, at=at)
    refuse_unshared(by, session.course, at)


def emergency_event(by: Actor, session: Session, words: str, *, at: datetime) -> AdverseEvent:
    """The event that handing over to emergency care is, inside that step: serious, and not graded yet."""
    event = AdverseEvent.objects.create(
        **authored_in(by, session, at),
        session=session,
        words=words.strip()[:1000],
        serious=["important"],
        expected=events.expectedness("").state,
        related="unknown",
        action="emergency",
        outcome="unknown",
    )
    tell(by, "adverse_event.noted", event, at=at)
    _bring(by, session, event, at=at)
    return event


def _columns(session: Session, said: Said, at: datetime) -> dict[str, Any]:
    """The event's own columns, once all of it can be."""
    _refuse_untold(said)
    said = _to_the_second(session, said)
    _refuse_times(session, said, at)
    known = grades(said.term, said.ctcae_version)
    if said.grade not in known:
        raise Refused(_("Choose the grade. Each says what it means."), field="grade")
    for name, row in CHOSEN:
        if getattr(said, name) not in events.choices(row):
            raise Refused(_("Choose one of these."), field=name)
    serious = events.serious_by(said.serious, grade=said.grade, outcome=said.outcome)
    return asdict(said) | {
        "words": said.words.strip()[:1000],
        "serious": list(serious),
        "expected": events.expectedness(said.term).state,
    }


def _refuse_untold(said: Said) -> None:
    if said.term and events.term_of(said.term) is None:
        raise Refused(_("This event is not on the list. Say it in your own words."), field="words")
    if not said.term and not said.words.strip():
        raise Refused(_("Say what happened, in a few words."), field="words")
    if said.ctcae_version not in events.ctcae_versions():
        raise Refused(_("Grades of this version are not here."), field="grade")
    if strangers := set(said.serious) - set(events.choices(events.SERIOUS)):
        raise Refused(_("Not a reason on the list: %(what)s") % {"what": min(strangers)}, field="serious")


def _to_the_second(session: Session, said: Said) -> Said:
    """A page gives minutes: the minute in which the dose, or the event, began is not before it."""
    begun, ended = session.started_at, said.ended_at
    if begun is not None and said.at == begun.replace(second=0, microsecond=0):
        said = with_other(said, at=begun)
    if ended is not None and ended == said.at.replace(second=0, microsecond=0):
        said = with_other(said, ended_at=said.at)
    return said


def _refuse_times(session: Session, said: Said, at: datetime) -> None:
    if session.started_at is None:
        raise Refused(_("No dose was given in this session yet. An event belongs to the dose it followed."))
    if said.at > at:
        raise Refused(_("This time is still to come. Check the day and the hour."), field="at")
    if said.at < session.started_at:
        raise Refused(_("It began before this dose. Write it down with the dose before."), field="at")
    if said.ended_at is not None and not said.at <= said.ended_at <= at:
        raise Refused(
            _("It cannot have ended before it began, nor after now. Check the day and the hour."),
            field="ended_at",
        )


def _bring(by: Actor, session: Session, event: AdverseEvent, *, at: datetime) -> None:
    """A serious event comes before both who decide. The text says what to do, not what happened."""
    if not event.serious:
        return
    for what, role in TASKS:
        make_task(
            by,
            at=at,
            organisation=session.organisation,
            what=what,
            text=_("A serious adverse event of %(name)s. Look at what happened, and decide what follows.")
            % {"name": session.patient.name},
            due_at=at,
            role=role,
            course=session.course,
            session=session,
            owner=owner_of(session.course, at) if role == Role.PRESCRIBER else None,
        )
