"""What a nurse writes down at the bedside beside the vitals: events, medicines given, timers of their own.

Decided here: one tap is enough for what happens often. A medicine may be given before the dose, during it
and after; that it is a sedative is said by whoever gives it, because from then on nothing new is signed
(`records.facts.altered`). A timer is a reminder of the room's own, never an alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.altered import SEDATIVE
from openkap.records.models import RoomEvent, Session
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import authored_in, held, in_session, must_be_in, note
from openkap.steps.watching import within_reach

MARKS = (
    "speaking",
    "tears",
    "nausea",
    "vomiting",
    "restless",
    "asleep",
    "touch",
    "help",
    "help_here",
    "note",
)
MEDICINE, TIMER = "medicine", "timer"
LONGEST_TIMER = 240  # minutes: longer than any route's stay
BEFORE_AND_DURING = (*SESSION.comes_from("start"), *Session.LIVE)


@step
def mark_event(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    what: str,
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> RoomEvent:
    """One tap for something that happened: speaking, tears, nausea. `what` is one of `MARKS`."""
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    must_be_in(session, Session.LIVE)
    if what not in MARKS:
        raise Refused(_("%(what)s is not something this room marks.") % {"what": what}, field="what")
    if what == "note" and not words.strip():
        raise Refused(_("A note needs a few words."), field="words")
    event = note(by, session, what, at=at, words=words, so=within_reach(taken_at, at))
    tell(by, "room.marked", event, at=at)
    return event


@step
def give_medicine(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    name: str,
    dose: str,
    sedative: bool | None,
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> RoomEvent:
    """Another medicine was given, before the dose, during it or after. `dose` as one says it: 4 mg by vein.

    `sedative` is asked, never guessed: from then on nothing new is signed.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    must_be_in(session, BEFORE_AND_DURING)
    if not name.strip():
        raise Refused(_("Say which medicine was given."), field="name")
    if not dose.strip():
        raise Refused(_("Say how much, and how it was given."), field="dose")
    if sedative is None:
        raise Refused(
            _("Say whether it makes one sleepy. After a sedative nothing new is signed."), field="sedative"
        )
    said = f"{name.strip()}. {words.strip()}" if words.strip() else name.strip()
    event = RoomEvent.objects.create(
        **authored_in(by, session, at, so=within_reach(taken_at, at)),
        session=session,
        what=SEDATIVE if sedative else MEDICINE,
        words=said[:1000],
        dose=dose.strip()[:100],
    )
    tell(by, "room.medicine_given", event, at=at)
    return event


@step
def set_timer(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    name: str,
    minutes: int,
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> RoomEvent:
    """Remind this room of something in so many minutes. Every screen of the session shows it.

    `taken_at`: when it was set, where that waited on a tablet; the minutes run from there.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    must_be_in(session, BEFORE_AND_DURING)
    if not name.strip():
        raise Refused(_("Say what the timer is for."), field="name")
    if not 0 < minutes <= LONGEST_TIMER:
        raise Refused(
            _("A timer runs from 1 to %(most)s minutes.") % {"most": LONGEST_TIMER}, field="minutes"
        )
    so = within_reach(taken_at, at)
    event = RoomEvent.objects.create(
        **authored_in(by, session, at, so=so),
        session=session,
        what=TIMER,
        words=name.strip()[:100],
        due_at=so + timedelta(minutes=minutes),
    )
    tell(by, "room.timer_set", event, at=at)
    return event


@step
def end_timer(*, by: Actor, at: datetime, timer: RoomEvent, submission: UUID | None = None) -> RoomEvent:
    """The timer has done its work, or is not needed. What it was for stays on record."""
    if timer.what != TIMER:
        raise Refused(_("This is not a timer."))
    return replace(by, at, timer, _("The timer was ended."), {}, withdrawn=True, verb="ended")
