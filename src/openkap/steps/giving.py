"""A dose given part by part: an injection, tablets under the tongue, a swallowed dose, sprays, a device.

Decided here: what was given is written as it is given, by whoever gives it, and the sum is reckoned, never
typed. A device waits for the rest its label gives; a further dose waits its interval, for a set of vitals
and for every prompt to be settled. A part given too early is kept with its reason: the record tells what
happened. Corrections add up anew (dossier 3.2, 3.4).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.dosing.giving import (
    check_after_hold,
    check_hold,
    further,
    in_parts,
    part_amount,
    rest_until,
    sprays,
    waits,
)
from openkap.medicine.inputs import Unusable
from openkap.medicine.protocols.routes import Route
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.dose import confirmation_of, given_in, order_now, parts_of
from openkap.records.facts.law import rules_of
from openkap.records.facts.readings import rows_of, watched
from openkap.records.models import GivenPart, Order, Session
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.ordering import refuse_changed, refuse_expired
from openkap.steps.room import a_person, authored_in, held, in_session, must_be_in, zone_of
from openkap.steps.watching import within_reach

SITES = ("left_deltoid", "right_deltoid", "left_thigh", "right_thigh", "left_gluteal", "right_gluteal")
SECONDS = 60
COMPLETE = ("sbp", "dbp", "hr", "spo2")


class PartSaid(TypedDict, total=False):
    """What whoever gives it says of one part. What is left out is all that is left of the order."""

    mg: Decimal | None
    units: int | None
    left: int | None
    right: int | None
    site: str


@step
def give_part(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    order: Order | None = None,
    words: str = "",
    taken_at: datetime | None = None,
    submission: UUID | None = None,
    **said: Unpack[PartSaid],
) -> GivenPart:
    """Keep the next part of this dose, or of the further dose `order`. `words`: why it came too early.

    Raises Refused where nothing is left to give, where it was not checked by a second person, and where it
    must still wait.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    a_person(by)
    session = held(session)
    must_be_in(session, ("under_way",))
    order = order or order_now(session)
    assert order is not None  # a session under way has an order
    _refuse_unchecked(session, order, at)
    so = within_reach(taken_at, at)
    parts = parts_of(session)
    _refuse_too_soon(session, order, parts, so, words)
    part = keep_part(by, session, order, parts, words, at=at, so=so, **said)
    tell(by, "dose.part_given", part, at=at)
    return part


def keep_part(
    by: Actor,
    session: Session,
    order: Order,
    parts: tuple[GivenPart, ...],
    words: str = "",
    *,
    at: datetime,
    so: datetime | None = None,
    **said: Unpack[PartSaid],
) -> GivenPart:
    """One part of `order`, inside the step that gives it. Raises Refused for what cannot be."""
    left_mg = order.mg - given_in(parts, order)
    if left_mg <= 0:
        raise Refused(_("All of this order is given."))
    of_order = [part for part in parts if part.order_id == order.id]
    try:
        nostrils = _by_nostril(order, left_mg, said)
        units = sum(nostrils) if nostrils is not None else said.get("units")
        amount = part_amount(order.route, left_mg, unit_mg=order.unit_mg, units=units, mg=said.get("mg"))
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None
    left, right = nostrils if nostrils is not None else (None, None)
    return GivenPart.objects.create(
        **authored_in(by, session, at, so=so),
        session=session,
        order=order,
        number=len(of_order) + 1,
        mg=amount.mg,
        units=amount.units,
        left=left,
        right=right,
        site=_site(order, said.get("site", "")),
        words=words.strip()[:300],
    )


@step
def end_hold(
    *,
    by: Actor,
    at: datetime,
    part: GivenPart,
    after_hold: str,
    held_min: int | None = None,
    taken_at: datetime | None = None,
    submission: UUID | None = None,
) -> GivenPart:
    """The hold is over, after `held_min` minutes, by the clock if not said; the rest spat or swallowed.

    `taken_at`: when it was so, where the word of it waited on a tablet or is written later.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(part.session, at), at=at)
    session = held(part.session)
    must_be_in(session, ("under_way",))
    if part.order.route != Route.SUBLINGUAL:
        raise Refused(_("Nothing is held under the tongue in this session."))
    if part.ended_at is not None or GivenPart.objects.filter(corrects=part).exists():
        raise Refused(_("The end of this hold is written down already."))
    so = within_reach(taken_at, at)
    try:
        check_after_hold(after_hold)
        by_clock = max(round((so - part.at).total_seconds() / SECONDS), 1)
        minutes = check_hold(
            held_min if held_min is not None else by_clock, "held_min", rules_of(session, at)
        )
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None
    ended = GivenPart.objects.create(
        **authored_in(by, session, at, so=part.at),
        session=session,
        order=part.order,
        number=part.number,
        mg=part.mg,
        units=part.units,
        words=part.words,
        held_min=minutes,
        after_hold=after_hold,
        ended_at=max(so, part.at),
        corrects=part,
        reason=_("The hold ended"),
    )
    tell(by, "dose.hold_ended", ended, at=at)
    return ended


def refuse_no_part(route: str, said: PartSaid) -> None:
    """An infusion has no parts."""
    if not in_parts(route) and any(value not in (None, "") for value in said.values()):
        raise Refused(_("An infusion is started and ended. It is not given in parts."))


def refuse_open_hold(parts: tuple[GivenPart, ...]) -> None:
    """A dose does not end while someone still holds it under the tongue."""
    if any(part.order.route == Route.SUBLINGUAL and part.ended_at is None for part in parts):
        raise Refused(_("It is still held under the tongue. Say first when the hold ended, and how."))


def _by_nostril(order: Order, left_mg: Decimal, said: PartSaid) -> tuple[int, int] | None:
    if order.route != Route.NASAL_RACEMIC or order.unit_mg is None:
        return None
    return sprays(said.get("left"), said.get("right"), int(left_mg / order.unit_mg))


def _site(order: Order, site: str) -> str:
    if order.route != Route.IM:
        return ""
    if site not in SITES:
        raise Refused(_("Say where the injection went."), field="site")
    return site


def _refuse_unchecked(session: Session, order: Order, at: datetime) -> None:
    """The gate asked this of the dose itself; a further one is asked here."""
    if not in_parts(order.route):
        raise Refused(_("An infusion is started and ended. It is not given in parts."))
    refuse_changed(session, order)  # of an order that was replaced before the start nothing is given
    if order.booster_of_id is None:
        return
    refuse_expired(order, at)
    if confirmation_of(order) is None:
        raise Refused(_("No second person has checked this dose. Prepare it, and have both checked."))


def _refuse_too_soon(
    session: Session, order: Order, parts: tuple[GivenPart, ...], so: datetime, words: str
) -> None:
    last = max((part.ended_at or part.at for part in parts), default=None)
    if last is None:
        return
    if so < last:
        raise Refused(_("That is before the last part was given. Check the time."), field="taken_at")
    refuse_open_hold(parts)
    zone = zone_of(session)
    until = rest_until(order.route, last)
    if until is not None and so < until and not words.strip():
        raise Refused(
            _("A device rests first. The next one is from %(time)s on. If it was given already, say why.")
            % {"time": f"{until.astimezone(zone):%H:%M}"},
            field="words",
        )
    if order.booster_of_id is not None:
        _refuse_early_further(session, order, last, so, words)


def _refuse_early_further(session: Session, order: Order, last: datetime, so: datetime, words: str) -> None:
    """Under the hard interval never, under the soft one with a reason; after a set, with nothing standing."""
    soft, hard = waits(order.route, rules_of(session, so))
    minutes = Decimal(str((so - last).total_seconds())) / SECONDS
    if minutes < hard or (minutes < soft and not words.strip()):
        raise Refused(
            _("%(n)s minutes since the last part. Under %(soft)s needs a reason, under %(hard)s is refused.")
            % {"n": int(minutes), "soft": f"{soft:f}", "hard": f"{hard:f}"},
            field="words" if minutes >= hard else "",
        )
    rows, rule = rows_of(session), further()
    if not any(row.at >= last and all(getattr(row, c) is not None for c in COMPLETE) for row in rows):
        raise Refused(str(rule.words["no_set"]))
    for line in watched(session, rows).open:
        raise Refused(str(rule.words["prompt"]).format(because=line.because))
