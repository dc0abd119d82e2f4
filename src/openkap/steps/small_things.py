"""Small things to do: agreed in integration, or the patient's own; ticked when they like.

Decided here: nobody is measured by them. A therapist agrees one with the patient in a session of their
own; a patient adds, ticks and unticks. They end with the course, and can be ended before.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.models import Course, Participation, Session, SmallThing
from openkap.records.words import one_line
from openkap.steps.frame import Refused, expect, must, step, tell

LONGEST = 300


@step
def agree_small_thing(
    *, by: Actor, at: datetime, session: Session, text: str, submission: UUID | None = None
) -> SmallThing:
    """What the therapist and the patient agreed in this session, in a few words."""
    subject = Subject(
        Kind.SMALL_THINGS, session.organisation_id, session.patient_id, session.course_id, session.id
    )
    must(by, Kind.SMALL_THINGS, Act.ADD, subject, at=at)
    return _add(by, at, session.course, session.organisation_id, text, session=session)


@step
def add_small_thing(
    *, by: Actor, at: datetime, course: Course, text: str, submission: UUID | None = None
) -> SmallThing:
    """The patient's own. It is kept where their therapy is, so that whoever does it sees the same list."""
    keeper = _keeper(course)
    must(
        by,
        Kind.SMALL_THINGS,
        Act.ADD,
        Subject(Kind.SMALL_THINGS, keeper, course.patient_id, course.id),
        at=at,
    )
    return _add(by, at, course, keeper, text)


@step
def tick(*, by: Actor, at: datetime, thing: SmallThing, submission: UUID | None = None) -> SmallThing:
    """Done. Ticking what is ticked changes nothing."""
    return _mark(by, at, thing, ticked=True)


@step
def untick(*, by: Actor, at: datetime, thing: SmallThing, submission: UUID | None = None) -> SmallThing:
    """Not done after all. Unticking what is not ticked changes nothing."""
    return _mark(by, at, thing, ticked=False)


@step
def end_small_thing(
    *,
    by: Actor,
    at: datetime,
    thing: SmallThing,
    version: int | None = None,
    submission: UUID | None = None,
) -> SmallThing:
    """Off the list, ticked or not. It stays in the record."""
    must(by, Kind.SMALL_THINGS, Act.ADD, thing, at=at)
    expect(thing, version, words=_("list"))
    if thing.ended_at is None:
        thing.ended_at = at
        thing.save(update_fields=["ended_at", "version"])
        tell(by, "small_thing.ended", thing, at=at)
    return thing


def end_small_things(by: Actor, course: Course, *, at: datetime) -> None:
    """Inside the step that ends a course: its small things end with it."""
    for thing in SmallThing.objects.select_for_update().filter(course=course, ended_at=None):
        thing.ended_at = at
        thing.save(update_fields=["ended_at"])
        tell(by, "small_thing.ended", thing, at=at)


def _add(
    by: Actor, at: datetime, course: Course, keeper: UUID, text: str, session: Session | None = None
) -> SmallThing:
    if course.ended_at is not None:
        raise Refused(_("This course has ended, and its list with it. Your journal stays open to you."))
    text = one_line(text)
    if not text:
        raise Refused(_("Say what it is, in a few words."), field="text")
    if len(text) > LONGEST:
        raise Refused(
            _("A small thing has %(most)s characters at most; this has %(n)s.")
            % {"most": LONGEST, "n": len(text)},
            field="text",
        )
    thing = SmallThing.objects.create(
        **Authored.authored(by),
        organisation_id=keeper,
        patient_id=course.patient_id,
        course=course,
        session=session,
        text=text,
        made_at=at,
    )
    tell(by, "small_thing.added", thing, at=at)
    return thing


def _mark(by: Actor, at: datetime, thing: SmallThing, *, ticked: bool) -> SmallThing:
    must(by, Kind.SMALL_THINGS, Act.ADD, thing, at=at)
    thing = SmallThing.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    if thing.ended_at is not None:
        raise Refused(_("This is off the list by now. Nothing is changed."))
    if (thing.ticked_at is not None) == ticked:
        return thing
    thing.ticked_at = at if ticked else None
    thing.version += 1
    thing.save(update_fields=["ticked_at", "version"])
    tell(by, "small_thing.ticked" if ticked else "small_thing.unticked", thing, at=at)
    return thing


def _keeper(course: Course) -> UUID:
    """Whoever takes the therapy part of this course; the practice that keeps the course where nobody does."""
    therapy: UUID | None = (
        Participation.objects.filter(course=course, until=None)
        .exclude(part=Participation.Part.MEDICINE)
        .values_list("organisation_id", flat=True)
        .first()
    )
    return therapy or course.organisation_id
