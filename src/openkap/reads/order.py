"""The order of one session as its pages show it: the facts it rests on, what is signed, drawn and checked.

Decided here: a signed order is shown with the verdict and the working it was signed on, in their words
of then; a second person sees the same lines as the signer did. Cancelled and run out are said wherever an
order is shown, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.course.gate import OrderNow, in_day_order, order_valid, ready
from openkap.medicine.dosing.draw import from_a_vial
from openkap.medicine.dosing.exposure import Stretch, exposure
from openkap.medicine.dosing.giving import may_follow
from openkap.medicine.dosing.products import Product, product_of
from openkap.medicine.dosing.schedule import indications, missed_words, schedule_words
from openkap.medicine.inputs import plain
from openkap.medicine.protocols import Route
from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.permits import Scope
from openkap.records.facts.dose import Measured, Person, person_for
from openkap.records.facts.gate import day_of
from openkap.records.facts.kept import as_verdict
from openkap.records.facts.law import law_of, rules_at, rules_of
from openkap.records.facts.signing import Signed, signed_of
from openkap.records.models import Confirmation, Draw, Order, Session
from openkap.records.scoped import scoped

# How an order stands, as the board, the chart and the gate say it.
WORDS = {
    "none": gettext_noop("No order"),
    "cancelled": gettext_noop("Order cancelled"),
    "expired": gettext_noop("Order has run out"),
    "ordered": gettext_noop("Ordered, not drawn up"),
    "drawn": gettext_noop("Drawn up, second check open"),
    "checked": gettext_noop("Checked by a second person"),
}
COUNTED = {
    "ordered": gettext_noop("Ordered, not laid out"),
    "drawn": gettext_noop("Laid out, second check open"),
}


def standing_words(state: str, route: str) -> str:
    """How an order stands, in the words of its route: what is counted out is not drawn up."""
    return _((WORDS if from_a_vial(route) else WORDS | COUNTED)[state])


# How each is marked: what is done, what waits, what no longer counts.
KINDS = {"checked": "clear", "cancelled": "caution", "expired": "caution"}


@dataclass(frozen=True, slots=True)
class OrderShown:
    """One order, as signed. `drawn` and `confirmed` are of this very order; `state` is one of `WORDS`."""

    row: Order
    verdict: Verdict
    ruleset: str
    words: str
    drawn: Draw | None
    confirmed: Confirmation | None
    state: str

    @property
    def speaking(self) -> tuple[Finding, ...]:
        return self.verdict.speaking

    @property
    def says(self) -> str:
        return standing_words(self.state, self.row.route)

    @property
    def stands(self) -> bool:
        return self.state not in ("cancelled", "expired")

    @property
    def from_vial(self) -> bool:
        """Whether it is drawn from a vial into a syringe, rather than counted out."""
        return from_a_vial(self.row.route)

    @property
    def product(self) -> Product:
        return product_of(self.row.route)

    @property
    def counted(self) -> str:
        """ "2 devices", "3 tablets"; blank where it is not counted."""
        return self.product.counted(self.row.units) if self.row.units is not None else ""

    @property
    def is_further(self) -> bool:
        """A further dose in the session of another order."""
        return self.row.booster_of_id is not None


@dataclass(frozen=True, slots=True)
class Ordering:
    """What a prescriber looks at before signing: the weight and its day, doses before, the order now."""

    session: Session
    weight: Measured | None
    height: Measured | None
    age: int | None
    doses: int
    last_mg: str
    order: OrderShown | None
    signed: Signed
    product: Product
    schedules: tuple[str, ...] = ()
    may_follow: bool = False
    exposure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether this dose may start: every condition, met or not."""

    verdict: Verdict

    @property
    def open(self) -> tuple[Finding, ...]:
        left = (f for f in self.verdict.findings if f.weighs.weight > Level.CAUTION.weight)
        return tuple(sorted(left, key=in_day_order))

    @property
    def cautions(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.verdict.findings if f.weighs is Level.CAUTION)

    @property
    def met(self) -> tuple[Finding, ...]:
        """What is clear, in the order in which a day asks for it."""
        clear = (f for f in self.verdict.findings if f.weighs is Level.CLEAR)
        return tuple(sorted(clear, key=in_day_order))

    @property
    def lines(self) -> tuple[Finding, ...]:
        """Every line, in the order of the day."""
        return tuple(sorted(self.verdict.findings, key=in_day_order))

    @property
    def level(self) -> Level:
        return self.verdict.level

    @property
    def may_start(self) -> bool:
        return not self.open

    @property
    def may_go_ahead(self) -> bool:
        """Only what somebody may set aside with a reason is left."""
        return bool(self.open) and all(f.override and f.level is Level.HOLD for f in self.open)


def ordering(scope: Scope, session: Session, at: datetime) -> Ordering:
    """The facts for an order. Eight queries."""
    person = person_for(session, at)
    return Ordering(
        session=session,
        weight=person.weight,
        height=person.height,
        age=person.age,
        doses=len(person.doses),
        last_mg=f"{person.doses[-1].mg.normalize():f}" if person.doses else "",
        order=order_shown(scope, session, at),
        signed=signed_of(session.organisation_id, session.course.route, at),
        product=product_of(session.course.route),
        schedules=_schedules(session, person, at),
        may_follow=may_follow(session.course.route),
        exposure=_exposures(exposure(person.doses, person.day(at), rules_of(session, at))),
    )


def _schedules(session: Session, person: Person, at: datetime) -> tuple[str, ...]:
    """How often esketamine is given by what it is for, as its label says it for this week; else nothing."""
    if session.course.route != Route.ESKETAMINE:
        return ()
    before = [dose.on for dose in person.doses if dose.route is Route.ESKETAMINE]
    first, on = (min(before) if before else None), person.day(at)
    last = max(before) if before else None
    rules = rules_of(session, at)
    said = ((name, schedule_words(key, first, on, rules), key) for key, name in indications(rules).items())
    return tuple(
        f"{name}. {words} {missed_words(key, first, last, on, rules)}".strip() for name, words, key in said
    )


def _exposures(stretches: tuple[Stretch, ...]) -> tuple[str, ...]:
    """Every stretch in words, but for one that holds no less than the next longer one."""
    longer = [*stretches[1:], None]
    return tuple(
        _exposed(one)
        for one, next_one in zip(stretches, longer, strict=True)
        if next_one is None or one.doses != next_one.doses
    )


def _exposed(stretch: Stretch) -> str:
    """One stretch in words: how many doses, and how much, as if into a vein; esketamine apart."""
    over = _("In all") if stretch.days is None else _("In %(n)s days") % {"n": stretch.days}
    words = ngettext("%(over)s: %(n)s dose", "%(over)s: %(n)s doses", stretch.doses) % {
        "over": over,
        "n": stretch.doses,
    }
    if stretch.iv_mg:
        words += ", " + _("%(mg)s mg as if into a vein") % {"mg": plain(round(stretch.iv_mg, 1))}
    if stretch.esketamine_mg:
        words += ", " + _("%(mg)s mg of esketamine") % {"mg": plain(stretch.esketamine_mg)}
    return words


def order_shown(
    scope: Scope, session: Session, at: datetime | None = None, *, of: UUID | None = None
) -> OrderShown | None:
    """The last order of this session with what became of it; None where there never was one.

    Whether it has run out is reckoned at `at`, or at the start of the dose once there is one. `of` is a
    further dose's own order instead.
    """
    rows = scoped(Order.objects.filter(session=session, corrected_by=None), scope)
    mine = rows.filter(booster_of=None) if of is None else rows.filter(pk=of, booster_of__isnull=False)
    row = mine.order_by("-recorded_at", "-id").first()
    return _order_shown(scope, row, at) if row is not None else None


def further_shown(scope: Scope, session: Session, at: datetime) -> tuple[OrderShown, ...]:
    """Every further dose ordered for this session that was not taken back, oldest first."""
    stands = {"booster_of__withdrawn": False, "booster_of__corrected_by": None}
    rows = scoped(Order.objects.current().filter(session=session, booster_of__isnull=False, **stands), scope)
    return tuple(_order_shown(scope, row, at) for row in rows.order_by("recorded_at", "id"))


def _order_shown(scope: Scope, row: Order, at: datetime | None) -> OrderShown:
    drawn = scoped(Draw.objects.current().filter(order=row), scope).order_by("-recorded_at").first()
    confirmed = (
        scoped(Confirmation.objects.current().filter(order=row, draw=drawn), scope).first() if drawn else None
    )
    return OrderShown(
        row,
        as_verdict(row.verdict),
        row.verdict.get("ruleset", ""),
        row.verdict.get("words", ""),
        drawn,
        confirmed,
        _state(row, drawn is not None, confirmed is not None, at),
    )


def order_states(scope: Scope, sessions: Sequence[Session], at: datetime) -> Mapping[UUID, str]:
    """How the order of each of these sessions stands, one of `WORDS`. Three queries, however many."""
    ids = [session.id for session in sessions]
    orders = scoped(
        Order.objects.filter(session__in=ids, booster_of=None, corrected_by=None), scope
    ).select_related("session")
    last = {row.session_id: row for row in orders.order_by("recorded_at", "id")}
    found = [row.id for row in last.values()]
    drawn = {row.id: row.order_id for row in scoped(Draw.objects.current().filter(order__in=found), scope)}
    checked = scoped(Confirmation.objects.current().filter(draw__in=drawn), scope)
    confirmed = set(checked.values_list("order_id", flat=True))
    with_draw = set(drawn.values())
    return {
        id_: _state(last[id_], last[id_].id in with_draw, last[id_].id in confirmed, at)
        if id_ in last
        else "none"
        for id_ in ids
    }


def _state(row: Order, drawn: bool, confirmed: bool, at: datetime | None) -> str:
    if row.withdrawn:
        return "cancelled"
    asked = at if row.booster_of_id is not None else row.session.started_at or at
    if asked is not None and not _counts(row, asked):
        return "expired"
    return "checked" if confirmed else "drawn" if drawn else "ordered"


def _counts(row: Order, at: datetime) -> bool:
    rules = rules_at(row.organisation_id, at)
    return order_valid(OrderNow(state="stands", at=row.at), at, rules)


def gate(session: Session, at: datetime) -> Gate:
    """The gate as it stands at `at`. About three dozen queries."""
    law = law_of(session.organisation_id)
    return Gate(ready(day_of(session, at, law), law.at(session.started_at or at)))
