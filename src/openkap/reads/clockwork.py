"""How far an infusion is: the time that ran, the time left, what went in so far.

Decided here: a pause stands still; what was given so far is reckoned from the time that ran, and is a
guess until someone ends the dose and says what was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openkap.records.models import Administration, RoomEvent, Session

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Clockwork:
    """`ran` and `left` of `whole`; `stops_at` if nothing pauses it; `given` of `ordered` mg, reckoned."""

    phase: str = "before"
    whole: timedelta | None = None
    ran: timedelta = NOTHING
    since_end: timedelta = NOTHING
    stops_at: datetime | None = None
    given: Decimal | None = None
    ordered: Decimal | None = None

    @property
    def left(self) -> timedelta:
        return max(self.whole - self.ran, NOTHING) if self.whole is not None else NOTHING

    @property
    def share(self) -> int:
        """How much of the time ran, in hundredths."""
        return min(100, int(100 * (self.ran / self.whole))) if self.whole else 0

    @property
    def over(self) -> bool:
        """The ordered time has run and nobody has ended the dose."""
        return self.phase in ("running", "paused") and self.whole is not None and self.ran >= self.whole


def clockwork_of(
    session: Session, dose: Administration | None, events: Sequence[RoomEvent], at: datetime
) -> Clockwork:
    """The clockwork of this session's dose at `at`. `phase`: before, running, paused, recovering, over."""
    if dose is None or session.started_at is None:
        return Clockwork()
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
    )


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
