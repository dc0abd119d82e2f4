"""What was given of a dose in parts, in words: each part as it stands, the sum, and what is left.

Decided here: nothing is reckoned that medicine does not reckon; a hold is told with what followed it,
because exposure changes with both (dossier 3.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.dosing.giving import in_parts, rest_until
from openkap.medicine.dosing.products import product_of
from openkap.medicine.inputs import plain
from openkap.medicine.protocols.routes import Route
from openkap.permits import Scope
from openkap.records.facts.clock import hour
from openkap.records.models import GivenPart, Order, Session
from openkap.records.scoped import scoped

SITES = {
    "left_deltoid": gettext_noop("left shoulder muscle"),
    "right_deltoid": gettext_noop("right shoulder muscle"),
    "left_thigh": gettext_noop("left thigh"),
    "right_thigh": gettext_noop("right thigh"),
    "left_gluteal": gettext_noop("left buttock"),
    "right_gluteal": gettext_noop("right buttock"),
}


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part. `what`: how much; `more`: where, or how it was held; `further`: of another order."""

    row: GivenPart
    what: str
    more: str
    further: bool

    @property
    def at(self) -> datetime:
        return self.row.at

    @property
    def line(self) -> str:
        return f"{self.what}, {self.more}" if self.more else self.what


@dataclass(frozen=True, slots=True)
class Given:
    """Every part that stands, oldest first. `left_mg` is what is left of the dose's own order."""

    parts: tuple[PartShown, ...] = ()
    mg: Decimal = Decimal(0)
    ordered: Decimal = Decimal(0)
    left_mg: Decimal = Decimal(0)
    next: str = ""
    from_at: datetime | None = None

    @property
    def orders(self) -> frozenset[UUID]:
        return frozenset(part.row.order_id for part in self.parts)

    @property
    def held(self) -> GivenPart | None:
        """What is held under the tongue now."""
        last = self.parts[-1].row if self.parts else None
        if last is None or last.order.route != Route.SUBLINGUAL or last.ended_at is not None:
            return None
        return last

    @property
    def over_at(self) -> datetime | None:
        """When the last part was over."""
        return max((part.row.ended_at or part.row.at for part in self.parts), default=None)


def given_shown(scope: Scope, session: Session) -> Given:
    """What was given in this session. One query."""
    rows = scoped(GivenPart.objects.current().filter(session=session), scope).select_related("order")
    return given_of(tuple(rows.order_by("at", "recorded_at", "id")))


def given_of(rows: Sequence[GivenPart]) -> Given:
    """The same from rows already loaded."""
    if not rows:
        return Given()
    main = next((row.order for row in rows if row.order.booster_of_id is None), rows[0].order)
    of_main = sum((row.mg for row in rows if row.order_id == main.id), Decimal(0))
    left = max(main.mg - of_main, Decimal(0))
    over = max(row.ended_at or row.at for row in rows)
    return Given(
        parts=tuple(_shown(row) for row in rows),
        mg=sum((row.mg for row in rows), Decimal(0)),
        ordered=main.mg,
        left_mg=left,
        next=_next(main, rows, left),
        from_at=rest_until(main.route, over) if left else None,
    )


def part_words(row: GivenPart) -> str:
    """One part in one line, for a list or on paper."""
    shown = _shown(row)
    words = _("Given: %(what)s") % {"what": shown.line}
    return f"{words}, {_('a further dose')}" if shown.further else words


def timed_words(parts: Sequence[PartShown], zone: ZoneInfo) -> tuple[str, ...]:
    """Each part with its time: "9:02 am: 1 device, 28 mg"."""
    return tuple(
        _("%(time)s: %(what)s") % {"time": hour(part.at, zone), "what": part.line}
        + (f", {_('a further dose')}" if part.further else "")
        for part in parts
    )


def _shown(row: GivenPart) -> PartShown:
    mg = _("%(mg)s mg") % {"mg": plain(row.mg)}
    what = f"{product_of(row.order.route).counted(row.units)}, {mg}" if row.units is not None else mg
    return PartShown(row, what, _more(row), row.order.booster_of_id is not None)


def _more(row: GivenPart) -> str:
    said = []
    if row.site:
        said.append(_(SITES.get(row.site, row.site)))
    if row.left is not None or row.right is not None:
        said.append(_("left %(left)s, right %(right)s") % {"left": row.left or 0, "right": row.right or 0})
    if row.held_min is not None:
        how = _("spat out") if row.after_hold == GivenPart.After.SPAT else _("swallowed")
        minutes = ngettext("held %(n)s minute", "held %(n)s minutes", row.held_min) % {"n": row.held_min}
        said.append(f"{minutes}, {how}")
    if row.words:
        said.append(row.words)
    return ", ".join(said)


def _next(main: Order, rows: Sequence[GivenPart], left: Decimal) -> str:
    """What comes next of this order, in words; blank where all of it is given."""
    if not left or not in_parts(main.route):
        return ""
    product = product_of(main.route)
    if main.unit_mg is None or main.units is None:
        return _("%(mg)s mg are left to give.") % {"mg": plain(left)}
    if main.route == Route.ESKETAMINE:
        number = sum(1 for row in rows if row.order_id == main.id) + 1
        return _("Device %(n)s of %(all)s is next.") % {"n": number, "all": main.units}
    return _("%(count)s left to give.") % {"count": product.counted(int(left / main.unit_mg))}
