"""What happens when a dose is given: started, watched, ended, gone home from. Its order: `steps.order`.

Decided here: who does each part. Nobody starts what the gate does not let through. What is safe is
asked of medicine, one call a step; what may follow what is the session's own table
(`medicine.course`). Rows are added, never changed, so that the chart of a dose reads as it happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION
from openkap.medicine.dosing.giving import in_parts
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.dose import dose_now, given_in, order_now, parts_of
from openkap.records.models import (
    Administration,
    Discharge,
    Reading,
    RoomEvent,
    Session,
)
from openkap.steps.after_dose import close_dose
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.giving import PartSaid, keep_part, refuse_no_part, refuse_open_hold
from openkap.steps.going_home import checklist, given_to_take_home, refuse_unmet
from openkap.steps.ordering import refuse_other_amount
from openkap.steps.readiness import refuse_unready
from openkap.steps.responsible import begin_watch, everyone_out
from openkap.steps.room import (
    a_person,
    authored_in,
    begin_doses,
    held,
    in_session,
    move,
    must_be_in,
    note,
)
from openkap.steps.totals import given_and_over
from openkap.steps.watching import keep_prompts, usable, within_reach


@step
def start_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    version: int | None = None,
    words: str = "",
    submission: UUID | None = None,
    **said: Unpack[PartSaid],
) -> Administration:
    """Start the ordered dose. Everything that is missing is told at once, with who can mend it.

    By every route but the vein this is the first part given, as `said`: an injection, tablets, sprays, a
    device. `words` are a prescriber's reason to go ahead where the gate allows one.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    who = a_person(by)
    session = held(session)
    expect(session, version, words=_("session"))
    refuse_unready(by, session, words, at=at)
    move(session, "start")
    session.started_at = at
    try:
        with transaction.atomic():
            session.save(update_fields=["state", "started_at", "version"])
    except IntegrityError:
        raise Refused(_("Another session has just been started in this room. End it there first.")) from None
    order = order_now(session)
    assert order is not None  # the gate asked for one
    dose = Administration.objects.create(
        **authored_in(by, session, at), session=session, order=order, mg=order.mg, given_by_id=who
    )
    if in_parts(order.route):
        keep_part(by, session, order, (), at=at, **said)
    else:
        refuse_no_part(order.route, said)
    begin_watch(session, who, at=at)
    if words.strip():
        note(by, session, "went_ahead", at=at, words=words)
    begin_doses(session)
    tell(by, "dose.started", dose, at=at)
    return dose


@step
def keep_reading(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    values: Mapping[str, Any],
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> Reading:
    """Keep all signals of one moment, and the prompts they give rise to.

    `values`: sbp, dbp, hr, spo2, rr, etco2, temp_c, moaas, cadss6, any of them absent. Raises Refused
    for what no body shows, with a guess, and for a time that cannot be meant.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    must_be_in(session, (*SESSION.comes_from("start"), *Session.LIVE))
    taken = within_reach(taken_at, at)
    reading = Reading.objects.create(
        **authored_in(by, session, at, so=taken), session=session, **usable(values)
    )
    keep_prompts(by, session, at=at)
    tell(by, "reading.kept", reading, at=at)
    return reading


@step
def pause_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> Session:
    """The infusion stands still. Its clock stands still with it; the checks go on.

    `taken_at`: when it was so, where the word of it waited on a tablet.
    """
    return _turn(by, session, "pause", "paused", words, at=at, taken_at=taken_at)


@step
def resume_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> Session:
    """The infusion runs again, from where it stood.

    `taken_at`: when it was so, where the word of it waited on a tablet.
    """
    return _turn(by, session, "resume", "resumed", words, at=at, taken_at=taken_at)


@step
def end_dose(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    mg: Decimal | None = None,
    words: str = "",
    submission: UUID | None = None,
) -> Administration:
    """The dose has ended: `mg` were given, all that was ordered if not said. The window opens from here.

    Of a dose in parts nothing more is given: `mg` is their sum and the end is that of the last part. Less
    than ordered needs words. Makes the task to hold integration, and the next day's call.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    move(session, "end_dose")
    dose = dose_now(session)
    assert dose is not None  # a session under way has a dose
    ended = ended_dose(by, session, dose, mg, words, at=at)
    session.version += 1
    session.save(update_fields=["state", "version"])
    tell(by, "dose.ended", ended, at=at)
    return ended


@step
def go_home(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    answers: Mapping[str, Any],
    escort_name: str,
    identified: str = "",
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> Discharge:
    """The patient goes home with someone. Every item is met, or a prescriber names why not.

    `answers` are what only a person in the room can say (aldrete, padss, oriented, gait_steady, …); the
    rest is on record. A fixed item is never worded away. `identified`: how the escort showed who they
    are, one of `IDENTIFIED`. `taken_at`: when they left, where the word of it waited on a tablet.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    move(session, "go_home")
    so = within_reach(taken_at, at)
    dose = dose_now(session)
    if dose is not None and dose.ended_at is not None and so < dose.ended_at:
        raise Refused(_("That is before the dose had ended. Check the time."), field="taken_at")
    asked = checklist(session, answers, so)
    refuse_unmet(by, session, asked, words, escort_name, identified, at=at)
    discharge = Discharge.objects.create(
        **authored_in(by, session, at, so=so),
        session=session,
        items=[item.as_json() for item in asked.items],
        level=asked.level,
        escort_name=escort_name.strip()[:200],
        identified=identified,
        instructions=given_to_take_home(session) if answers.get("instructions_signed") else "",
    )
    if words.strip():
        note(by, session, "went_home_early", at=at, words=words, so=so)
    session.ended_at = so
    session.version += 1
    session.save(update_fields=["state", "ended_at", "version"])
    everyone_out(session, at=at)
    tell(by, "session.went_home", discharge, at=at)
    return discharge


def ended_dose(
    by: Actor, session: Session, dose: Administration, mg: Decimal | None, words: str, *, at: datetime
) -> Administration:
    """The dose closed as ordered, inside the step that ends it; a dose in parts by what its parts come to."""
    reckoned = given_and_over(session, at)
    if reckoned is None:
        given = dose.order.mg if mg is None else mg
        refuse_other_amount(dose.order, given, words)
        return close_dose(by, session, dose, mg=given, reason=words, at=at)
    parts = parts_of(session)
    refuse_open_hold(parts)
    refuse_other_amount(dose.order, given_in(parts, dose.order), words)
    given, over = reckoned
    return close_dose(by, session, dose, mg=given, reason=words, at=at, over_at=over)


def _turn(
    by: Actor, session: Session, verb: str, what: str, words: str, *, at: datetime, taken_at: datetime | None
) -> Session:
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    dose = dose_now(session)
    if dose is not None and in_parts(dose.order.route):
        raise Refused(_("Only an infusion stands still. Stop here to give nothing more."))
    move(session, verb)
    session.version += 1
    session.save(update_fields=["state", "version"])
    note(by, session, what, at=at, words=words, so=_since_last_turn(session, within_reach(taken_at, at)))
    tell(by, f"dose.{what}", session, at=at)
    return session


def _since_last_turn(session: Session, so: datetime) -> datetime:
    """When it was so, never before the start or the turn before it: the clock of an infusion goes one way."""
    last = (
        RoomEvent.objects.current()
        .filter(session=session, what__in=("paused", "resumed"))
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    latest: datetime = max(so, *filter(None, (last, session.started_at)))
    return latest
