"""How far an infusion is: the time that ran, the time left, what went in so far.

Decided here: a pause stands still; what was given so far is reckoned from the time that ran, and is a
guess until someone ends the dose and says what was given. Of a dose in parts it is the parts' own sum, and
the clock is that of what is waited for: the hold, a device's rest, or the time since the last part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openkap.medicine.dosing.giving import rest_until
from openkap.medicine.rules import RuleSet
from openkap.records.models import Administration, GivenPart, RoomEvent, Session

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Clockwork:
    """`ran` and `left` of `whole`; `stops_at` if nothing pauses it; `given` of `ordered` mg, reckoned.

    `kind` is what the clock is of: infusion, hold, rest, or since (the last part). `home_at` is when the
    time that someone is watched for after the dose is over.
    """

    phase: str = "before"
    kind: str = "infusion"
    whole: timedelta | None = None
    ran: timedelta = NOTHING
    since_end: timedelta = NOTHING
    stops_at: datetime | None = None
    given: Decimal | None = None
    ordered: Decimal | None = None
    home_at: datetime | None = None

    @property
    def left(self) -> timedelta:
        return max(self.whole - self.ran, NOTHING) if self.whole is not None else NOTHING

    @property
    def share(self) -> int:
        """How much of the time ran, in hundredths; of parts with no time of their own, how much is given."""
        if self.kind == "since" and self.given is not None and self.ordered:
            return int(100 * (self.given / self.ordered))
        return min(100, int(100 * (self.ran / self.whole))) if self.whole else 0

    @property
    def over(self) -> bool:
        """The ordered time has run and nobody has ended the dose."""
        if self.kind == "since":
            return self.phase == "running" and self.given == self.ordered
        return self.phase in ("running", "paused") and self.whole is not None and self.ran >= self.whole


def clockwork_of(
    session: Session,
    dose: Administration | None,
    events: Sequence[RoomEvent],
    at: datetime,
    parts: Sequence[GivenPart] = (),
    *,
    rules: RuleSet,
) -> Clockwork:
    """The clockwork of this session's dose at `at`. `phase`: before, running, paused, recovering, over."""
    if dose is None or session.started_at is None:
        return Clockwork()
    if parts:
        return _of_parts(session, dose, parts, at, rules)
    minutes = dose.order.duration_min
    whole = timedelta(minutes=minutes) if minutes else None
    until = dose.ended_at or at
    ran = max(until - session.started_at - _stood(events, until), NOTHING)
    phase = _phase(session)
    running = phase == "running" and whole is not None
    return Clockwork(
        phase=phase,
        whole=whole,
        ran=ran,
        since_end=at - dose.ended_at if dose.ended_at is not None else NOTHING,
        stops_at=at + max(whole - ran, NOTHING) if running and whole is not None else None,
        given=dose.mg if dose.ended_at is not None else _reckoned(dose.order.mg, ran, whole),
        ordered=dose.order.mg,
        home_at=_home_at(dose, rules),
    )


def _of_parts(
    session: Session, dose: Administration, parts: Sequence[GivenPart], at: datetime, rules: RuleSet
) -> Clockwork:
    last, phase = parts[-1], _phase(session)
    over = max(part.ended_at or part.at for part in parts)
    given = sum((part.mg for part in parts), Decimal(0))
    kind, whole = _waited_for(dose, parts, phase)
    since = last.at if kind == "hold" else over
    return Clockwork(
        phase=phase,
        kind=kind,
        whole=whole,
        ran=max(at - since, NOTHING),
        since_end=at - dose.ended_at if dose.ended_at is not None else NOTHING,
        stops_at=since + whole if whole is not None else None,
        given=dose.mg if dose.ended_at is not None else given,
        ordered=max(dose.order.mg, given),
        home_at=_home_at(dose, rules) or over + watched_for(dose.order.route, rules),
    )


def _waited_for(dose: Administration, parts: Sequence[GivenPart], phase: str) -> tuple[str, timedelta | None]:
    """What the clock counts to: the end of a hold, the end of a device's rest, or nothing."""
    last = parts[-1]
    if phase == "running" and last.order.hold_min and last.ended_at is None:
        return "hold", timedelta(minutes=last.order.hold_min)
    left = dose.order.mg - sum((p.mg for p in parts if p.order_id == dose.order_id), Decimal(0))
    until = rest_until(dose.order.route, last.at) if phase == "running" and left > 0 else None
    return ("rest", until - last.at) if until is not None else ("since", None)


def _home_at(dose: Administration, rules: RuleSet) -> datetime | None:
    return dose.ended_at + watched_for(dose.order.route, rules) if dose.ended_at is not None else None


def watched_for(route: str, rules: RuleSet) -> timedelta:
    """How long someone stays after the end of a dose by this route, by the going-home list."""
    return timedelta(minutes=float(rules.rule("G-TIME")[route]))


def _phase(session: Session) -> str:
    return {"under_way": "running", "paused": "paused", "recovering": "recovering"}.get(session.state, "over")


def _stood(events: Sequence[RoomEvent], until: datetime) -> timedelta:
    """How long it stood still, by the pauses and resumptions kept."""
    stood, since = NOTHING, None
    for event in sorted(events, key=lambda e: e.at):
        if event.what == "paused" and since is None:
            since = event.at
        elif event.what == "resumed" and since is not None:
            stood, since = stood + (event.at - since), None
    return stood + (max(until - since, NOTHING) if since is not None else NOTHING)


def _reckoned(mg: Decimal, ran: timedelta, whole: timedelta | None) -> Decimal | None:
    if whole is None:
        return None
    share = min(Decimal(ran.total_seconds()) / Decimal(whole.total_seconds()), Decimal(1))
    return (mg * share).quantize(Decimal("0.1"), ROUND_HALF_UP)
