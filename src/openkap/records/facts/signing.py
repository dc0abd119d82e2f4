"""Has a medical director signed this route's rules, and are they still the rules that were signed?

Decided here: the newest row of a route counts. It covers the set only while the fingerprint is the same;
what differs is told from the numbers kept with the signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.protocols.route_set import Change, RouteSet, changes, route_set
from openkap.records.models import RouteSigning


@dataclass(frozen=True, slots=True)
class Signed:
    """`state`: signed, changed, withdrawn or unsigned. `row` is the newest row; `changed` what differs."""

    route: str
    state: str
    row: RouteSigning | None
    now: RouteSet
    changed: tuple[Change, ...] = ()

    @property
    def stands(self) -> bool:
        return self.state == "signed"

    @property
    def by(self) -> str:
        """Who approved these rules as they are now, and on which day; blank where nobody did."""
        if self.row is None or not self.stands:
            return ""
        on = self.row.at.astimezone(ZoneInfo(self.row.organisation.zone))
        return f"{self.row.by_name}, {on:%B} {on.day}, {on.year}"


def signed_of(organisation: UUID, route: str) -> Signed:
    """The state of this route in this organisation. One query."""
    row = newest(organisation, route)
    return state_of(route, row)


def newest(organisation: UUID, route: str) -> RouteSigning | None:
    return (
        RouteSigning.objects.filter(organisation_id=organisation, route=route)
        .select_related("organisation")
        .order_by("-at", "-id")
        .first()
    )


def state_of(route: str, row: RouteSigning | None) -> Signed:
    """The same from a row already loaded."""
    now = route_set(route)
    if row is None:
        return Signed(route, "unsigned", None, now)
    if row.act == RouteSigning.Act.WITHDRAWN:
        return Signed(route, "withdrawn", row, now)
    if row.fingerprint == now.fingerprint:
        return Signed(route, "signed", row, now)
    return Signed(route, "changed", row, now, changes(row.numbers, now))
