"""An order as medicine is asked about it: what the prescriber wants, with what is known of the person.

Decided here: which facts go with an order. A further dose is judged with what this session gives before it,
and for the moment from which its usual wait is over; the wait itself is looked at when it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from openkap.medicine import dosing
from openkap.medicine.dosing.giving import waits
from openkap.records.facts.dose import Person, doses_here
from openkap.records.facts.law import rules_of
from openkap.records.facts.lower_start import lower_start_of
from openkap.records.facts.ways import rems_of
from openkap.records.models import Order, Session


def asked_order(
    session: Session, person: Person, said: Mapping[str, Any], at: datetime, follows: Order | None = None
) -> dosing.Order:
    """`said`: the fields of the route's order that were given. Raises `Unusable` for what cannot be."""
    route = dosing.Route(session.course.route)
    weight = person.weight if route is not dosing.Route.ESKETAMINE else None
    here, asked_at = _this_session(session, person, at, follows)
    duration = said.get("duration_min")
    return dosing.Order(
        route=route,
        mg_per_kg=said.get("mg_per_kg"),
        mg=said.get("mg"),
        weight_kg=weight.value if weight is not None else None,
        height_cm=person.height.value if person.height else None,
        age=Decimal(person.age) if person.age is not None else None,
        sex=person.sex or None,
        duration_min=Decimal(duration) if duration is not None else None,
        concentration_mg_per_ml=said.get("concentration_mg_per_ml"),
        on=person.day(asked_at),
        at=asked_at,
        weight_basis=said.get("weight_basis"),
        weighed_on=person.day(weight.at) if weight is not None else None,
        indication=said.get("indication"),
        history=(*person.doses, *here),
        country=session.organisation.country,
        lower_start=lower_start_of(session.course) if not person.doses else (),
        **(asdict(rems_of(session, at)) if route is dosing.Route.ESKETAMINE else {}),
    )


def _this_session(
    session: Session, person: Person, at: datetime, follows: Order | None
) -> tuple[tuple[dosing.PastDose, ...], datetime]:
    if follows is None:
        return (), at
    route = dosing.Route(follows.route)
    given = doses_here(session, person.zone) or (
        dosing.PastDose(route, follows.mg, person.day(at), at, same_session=True),
    )
    rules = rules_of(session, at)
    usual = timedelta(minutes=float(waits(route, rules)[0]))
    return given, max(at, *(dose.at + usual for dose in given if dose.at is not None))
