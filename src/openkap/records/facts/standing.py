"""What shows that people may do their work here, loaded for `medicine.standing`.

Decided here: which rows count at a moment: what stood then, with the newest look that was not taken back. A
role that was let in on a look at its license (`LicensedRole`) has a license that was looked at, though its
number and last day were never written down; once a license is, that alone counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateField, DateTimeField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast

from openkap.medicine.standing import NOT_VALID, VALID, Colleague, Held
from openkap.records.models import Credential, DayAnswer, LicensedRole, Order, Organisation, Session

LICENSE = "license"
COLUMNS = ("person_id", "kind_", "last_day", "look_", "looked_before")


def held_by(people: Iterable[UUID], organisation: UUID, at: datetime) -> dict[UUID, tuple[Held, ...]]:
    """What each of them holds in this practice at this moment. One query."""
    wanted = [*people]
    if not wanted:
        return {}
    here = {"person__in": wanted, "organisation": organisation}
    papers = (
        Credential.objects.filter(**here)
        .current(at)
        .with_look(at)
        .order_by()
        .annotate(kind_=F("kind"), last_day=F("expires_on"), look_=F("look"), looked_before=F("checked_at"))
    )
    own = {"person": OuterRef("person"), "organisation": OuterRef("organisation")}
    written = Credential.objects.filter(**own, kind=LICENSE, given_at__lte=at)
    roles = (
        LicensedRole.objects.filter(~Exists(written), **here, looked_at__lte=at, ended_at=None)
        .order_by()
        .annotate(
            kind_=Value(LICENSE, CharField()),
            last_day=Cast(Value(None), DateField()),
            look_=Value(VALID, CharField()),
            looked_before=Cast(Value(None), DateTimeField()),
        )
    )
    found: dict[UUID, list[tuple[Any, ...]]] = {}
    for person, *row in papers.values_list(*COLUMNS).union(roles.values_list(*COLUMNS), all=True):
        found.setdefault(person, []).append(tuple(row))
    return {person: _held(rows, at) for person, rows in found.items()}


def _held(rows: list[tuple[Any, ...]], at: datetime) -> tuple[Held, ...]:
    return tuple(
        Held(kind, last_day, look or (VALID if before is not None and before <= at else ""))
        for kind, last_day, look, before in rows
    )


def looked(row: Credential) -> str:
    """What the newest look at a row of `with_look` found: valid, not_valid or ""."""
    found = str(row.look or (VALID if row.checked_at is not None else ""))
    return found if found in (VALID, NOT_VALID) else ""


def as_held(row: Credential) -> Held:
    """A row of `with_look` as medicine reads it."""
    return Held(row.kind, row.expires_on, looked(row))


def people_of(
    session: Session, order: Order | None, staff: DayAnswer | None, at: datetime
) -> tuple[Colleague, ...]:
    """Who orders, watches and is within reach on this day, with what they hold. One query."""
    named: list[tuple[UUID, str, str]] = []
    if order is not None and order.by_person_id is not None and not order.withdrawn:
        named.append((order.by_person_id, order.by_name, "prescriber"))
    if staff is not None:
        named += [
            (UUID(staff.value[f"{part}_id"]), staff.value[part], part)
            for part in ("monitor", "second")
            if staff.value.get(f"{part}_id")
        ]
    held = held_by({person for person, _name, _part in named}, session.organisation_id, at)
    return tuple(Colleague(name, part, held.get(person, ())) for person, name, part in named)


def today_in(organisation: Organisation, at: datetime) -> date:
    """The practice's own calendar day."""
    return at.astimezone(ZoneInfo(organisation.zone)).date()
