"""What is known for a dose: weight and height with their dates, doses before, the order as it stands.

Decided here: which rows count. Only current ones (neither corrected nor withdrawn), only confirmed
ones where an import may have brought them, only those kept by the organisation that gives the dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from openkap.medicine import dosing
from openkap.records.compiled import Compiled
from openkap.records.facts.law import rules_at
from openkap.records.facts.tolerated import tolerated_of
from openkap.records.models import Administration, Confirmation, Draw, GivenPart, Order, Result, Session


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement and when it was taken: kilograms or centimeters."""

    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What arithmetic asks of a person, as known for one session at one moment."""

    weight: Measured | None
    height: Measured | None
    age: int | None
    sex: str
    doses: tuple[dosing.PastDose, ...]
    zone: ZoneInfo

    def day(self, at: datetime) -> date:
        """The calendar day of `at` where the dose is given."""
        return at.astimezone(self.zone).date()


def person_for(session: Session, at: datetime) -> Person:
    """The facts for an order in this session."""
    zone = ZoneInfo(session.organisation.zone)
    return Person(
        weight=last_measured(session, "weight_kg", at),
        height=last_measured(session, "height_cm", at),
        age=session.patient.age_on(at.astimezone(zone).date()),
        sex=session.patient.sex,
        doses=past_doses(session, at, zone),
        zone=zone,
    )


def last_measured(session: Session, key: str, at: datetime) -> Measured | None:
    """The latest confirmed value of this kind, taken by `at`; None where there is none."""
    row = (
        Result.objects.current()
        .filter(
            patient_id=session.patient_id,
            organisation_id=session.organisation_id,
            key=key,
            confirmed=True,
            at__lte=at,
        )
        .order_by("-at", "-recorded_at")
        .first()
    )
    return Measured(Decimal(row.value), row.at) if row is not None else None


def past_doses(session: Session, at: datetime, zone: ZoneInfo) -> tuple[dosing.PastDose, ...]:
    """Every dose this organisation gave this person before, oldest first."""
    given = (
        Administration.objects.current()
        .filter(patient_id=session.patient_id, organisation_id=session.organisation_id, at__lte=at)
        .exclude(session=session)
        .select_related("order", "session")
        .order_by("at")
    )
    borne = tolerated_of((row.session for row in given), rules_at(session.organisation_id, at))
    return tuple(
        dosing.PastDose(
            dosing.Route(row.order.route),
            row.mg,
            row.at.astimezone(zone).date(),
            row.at,
            borne.get(row.session_id),
        )
        for row in given
    )


ORDER_NOW: Compiled[Order] = Compiled(
    Order,
    lambda session: (
        Order.objects.current().filter(session_id=session, booster_of=None).order_by("-recorded_at")[:1]
    ),
)
DOSE_NOW: Compiled[Administration] = Compiled(
    Administration,
    lambda session: (
        Administration.objects.current()
        .filter(session_id=session)
        .select_related("order")
        .order_by("-recorded_at")[:1]
    ),
)


def order_now(session: Session) -> Order | None:
    """The order that stands for this session, if any."""
    return next(iter(ORDER_NOW(session=session.pk)), None)


def last_order(session: Session) -> Order | None:
    """The last word about this session's order: the order that stands, or the row that cancelled it."""
    return (
        Order.objects.filter(session=session, booster_of=None, corrected_by=None)
        .order_by("-recorded_at", "-id")
        .first()
    )


def draw_of(order: Order | None) -> Draw | None:
    """What is drawn up for exactly this order."""
    if order is None:
        return None
    found: Draw | None = Draw.objects.current().filter(order=order).order_by("-recorded_at").first()
    return found


def confirmation_of(order: Order | None) -> Confirmation | None:
    """The second person's confirmation of exactly this order and of what is drawn up for it now."""
    if order is None:
        return None
    drawn = draw_of(order)
    if drawn is None:
        return None
    found: Confirmation | None = Confirmation.objects.current().filter(order=order, draw=drawn).first()
    return found


def dose_now(session: Session) -> Administration | None:
    """What is being given, or was given, in this session."""
    return next(iter(DOSE_NOW(session=session.pk)), None)


def route_of(session: Session) -> str:
    """By which route this dose goes: by its own once it has begun, else by the course's of today."""
    dose = dose_now(session) if session.started_at is not None else None
    return dose.order.route if dose is not None else str(session.course.route)


def parts_of(session: Session) -> tuple[GivenPart, ...]:
    """Every part given in this session as it stands, in the order in which they were given."""
    rows = GivenPart.objects.current().filter(session=session).select_related("order")
    return tuple(rows.order_by("at", "recorded_at", "id"))


def given_in(parts: Sequence[GivenPart], order: Order | None = None) -> Decimal:
    """Milligrams of these parts; of one order's alone where it is named."""
    return sum((p.mg for p in parts if order is None or p.order_id == order.id), Decimal(0))


def last_moment(parts: Sequence[GivenPart]) -> datetime | None:
    """When the last part was over: the hold's end, or the moment it was given."""
    return max((part.ended_at or part.at for part in parts), default=None)


def further_order(session: Session) -> Order | None:
    """The further dose that is ordered for this session and not given yet, if any."""
    main = order_now(session)
    if main is None:
        return None
    rows = Order.objects.current().filter(booster_of=main).order_by("-recorded_at")
    given = {part.order_id for part in parts_of(session)}
    return next((row for row in rows if row.id not in given), None)


def doses_here(session: Session, zone: ZoneInfo) -> tuple[dosing.PastDose, ...]:
    """The parts of this session as earlier doses of it."""
    return tuple(
        dosing.PastDose(
            dosing.Route(part.order.route), part.mg, part.at.astimezone(zone).date(), part.at,
            same_session=True,
        )
        for part in parts_of(session)
    )  # fmt: skip
