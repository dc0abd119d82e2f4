"""What to do where a practice has no second person for a dose: said at the line that waits for one.

Decided here: the rule stays as it is, and nobody checks their own. Two people are enough if whoever signed
the order also prepares it; with one, somebody is invited. Told by the name of the rule that waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.reads.morning import CARING, NEAR, holders, with_role
from openkap.reads.order import OrderShown
from openkap.records.models import Session

PREPARED, CHECKED, NEARBY = "R-DRAWN", "R-CONFIRMED", "R-STAFF"


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps. `invites`: somebody has to join the practice first."""

    words: str
    invites: bool = False


def hints_for(
    session: Session, order: OrderShown | None, waiting: Iterable[str], at: datetime
) -> dict[str, Hint]:
    """By rule, what helps. `waiting`: the rules that are open. One query, and none where none waits."""
    open_ones, told = set(waiting), dict[str, Hint]()
    if not open_ones & {NEARBY, PREPARED, CHECKED}:
        return told
    here = holders(session.organisation_id, at, NEAR)
    if NEARBY in open_ones and len(with_role(here, NEAR)) < 2:
        words = _("Nobody else works here who could be within reach. A second person has to join first.")
        told[NEARBY] = Hint(words, invites=True)
    if open_ones & {PREPARED, CHECKED}:
        people = {UUID(id_): name for id_, name in with_role(here, CARING)}
        told |= {rule: hint for rule, hint in _of_two(people, order).items() if rule in open_ones}
    return told


def _of_two(people: dict[UUID, str], order: OrderShown | None) -> dict[str, Hint]:
    if len(people) < 2:
        words = _("Nobody else here may check a dose. A second nurse or prescriber has to join first.")
        return {CHECKED: Hint(words, invites=True)}
    if order is None or not order.stands or order.row.by_person_id is None:
        return {}
    signer = order.row.by_person_id
    left = {id_: name for id_, name in people.items() if id_ != signer}
    if order.drawn is None:
        return _prepares(people.get(signer, ""), list(left.values()))
    if set(left) - {order.drawn.by_person_id}:
        return {}
    words = _(
        "%(signer)s signed and %(drawer)s prepared it; nobody else here checks doses. Let %(signer)s prepare "
        "it again, then %(drawer)s can check it."
    )
    return {CHECKED: Hint(words % {"signer": order.row.by_name, "drawer": order.drawn.by_name})}


def _prepares(signer: str, others: list[str]) -> dict[str, Hint]:
    """With two people, whoever signed prepares too; with more, anyone does."""
    if len(others) != 1 or not signer:
        return {}
    words = _("Two people here check doses. Let %(signer)s prepare it too, so that %(other)s can check it.")
    return {PREPARED: Hint(words % {"signer": signer, "other": others[0]})}
