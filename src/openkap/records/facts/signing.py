"""Has a medical director signed this route's rules, and are they still the rules that were signed?

Decided here: the newest row of a route counts. It covers the set only while the library's fingerprint is the
same; a number that the clinic changed since carries a signature of its own. What is said has one home, here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.protocols.route_set import Change, RouteSet, changes, route_set
from openkap.records.facts.clock import day
from openkap.records.facts.law import Law, law_of
from openkap.records.models import RouteSigning

# So many changed rules are named in a sentence; the page of the route names them all.
NAMED = 3


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
        return f"{self.row.by_name}, {self.on}"

    @property
    def on(self) -> str:
        """The day of the newest row, where the practice is; blank where there is none."""
        return day(self.row.at.astimezone(ZoneInfo(self.row.organisation.zone)).date()) if self.row else ""

    @property
    def which(self) -> str:
        """The rules that differ from what was signed, counted and named: "3 rules (Fasting, …)"."""
        changed = dict.fromkeys(change.rule for change in self.changed)
        if not changed:
            return ""
        titles = {rule.id: rule.title for rule in self.now.rules}
        named = ", ".join(titles.get(rule, rule) for rule in list(changed)[:NAMED])
        count = ngettext("%(n)s rule", "%(n)s rules", len(changed)) % {"n": len(changed)}
        return f"{count} ({named}{', …' if len(changed) > NAMED else ''})"

    @property
    def says(self) -> str:
        """How the rules of this route stand here, in a sentence."""
        match self.state:
            case "signed":
                return _("The rules of this route are signed here.")
            case "withdrawn":
                return _("The signature under the rules of this route was withdrawn on %(day)s.") % {
                    "day": self.on
                }
            case "changed":
                return _("Changed since they were signed on %(day)s: %(which)s.") % {
                    "day": self.on,
                    "which": self.which,
                }
        return _("The rules of this route are not signed here yet.")


def signed_of(organisation: UUID, route: str, at: datetime | None = None, law: Law | None = None) -> Signed:
    """The state of this route in this organisation, with its numbers as of `at`. Two or three queries."""
    row = newest(organisation, route)
    return state_of(route, row, law or law_of(organisation), at)


def newest(organisation: UUID, route: str) -> RouteSigning | None:
    return (
        RouteSigning.objects.filter(organisation_id=organisation, route=route)
        .select_related("organisation")
        .order_by("-at", "-id")
        .first()
    )


def state_of(route: str, row: RouteSigning | None, law: Law, at: datetime | None = None) -> Signed:
    """The same from a row already loaded. `at`: absent, the numbers of the day it was signed."""
    moment = at or (row.at if row is not None else None)
    now = route_set(route, law.at(moment) if moment is not None else None)
    if row is None:
        return Signed(route, "unsigned", None, now)
    if row.act == RouteSigning.Act.WITHDRAWN:
        return Signed(route, "withdrawn", row, now)
    # What the clinic changed since was signed on its own: the route's name covers what stood then.
    if row.fingerprint == route_set(route, law.at(row.at)).fingerprint:
        return Signed(route, "signed", row, now)
    return Signed(route, "changed", row, now, changes(row.numbers, now))
