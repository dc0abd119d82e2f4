"""The order of one session as its pages show it: the facts it rests on, what is signed, who checked it.

Decided here: a signed order is shown with the verdict and the working it was signed on, in their words
of then; a second person sees the same lines as the signer did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openkap.medicine.course.gate import in_day_order, ready
from openkap.medicine.protocols import protocol
from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.permits import Scope
from openkap.records.facts.dose import Measured, person_for
from openkap.records.facts.gate import day_of
from openkap.records.facts.kept import as_verdict
from openkap.records.models import Confirmation, Course, Order, Session
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class OrderShown:
    """One order, as signed. `confirmed` is the second person's check, of this very order."""

    row: Order
    verdict: Verdict
    ruleset: str
    words: str
    confirmed: Confirmation | None

    @property
    def speaking(self) -> tuple[Finding, ...]:
        return self.verdict.speaking


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
        clear = (f for f in self.verdict.findings if f.level is Level.CLEAR)
        return tuple(sorted(clear, key=in_day_order))

    @property
    def level(self) -> Level:
        return self.verdict.level

    @property
    def may_start(self) -> bool:
        return not self.open

    @property
    def may_go_ahead(self) -> bool:
        """Only what a prescriber may set aside with a reason is left."""
        return bool(self.open) and all(
            f.override == "prescriber" and f.level is Level.HOLD for f in self.open
        )


def ordering(scope: Scope, session: Session, at: datetime) -> Ordering:
    """The facts for an order. Five queries."""
    person = person_for(session, at)
    return Ordering(
        session=session,
        weight=person.weight,
        height=person.height,
        age=person.age,
        doses=len(person.doses),
        last_mg=f"{person.doses[-1].mg.normalize():f}" if person.doses else "",
        order=order_shown(scope, session),
    )


def order_shown(scope: Scope, session: Session) -> OrderShown | None:
    """The order that stands, with its check; None where there is none. Two queries."""
    row = scoped(Order.objects.current().filter(session=session), scope).order_by("-recorded_at").first()
    if row is None:
        return None
    confirmed = scoped(Confirmation.objects.current().filter(order=row), scope).first()
    return OrderShown(
        row, as_verdict(row.verdict), row.verdict.get("ruleset", ""), row.verdict.get("words", ""), confirmed
    )


def gate(session: Session, at: datetime) -> Gate:
    """The gate as it stands at `at`. About a dozen queries."""
    return Gate(ready(day_of(session, at)))


def usual_dose(course: Course) -> dict[str, object]:
    """What the order form starts from: nothing clinical is filled in but the plan's own length of a dose."""
    plan = protocol(course.protocol)
    return {"minutes": plan.minutes["dosing"], "doses": plan.doses.usual}
