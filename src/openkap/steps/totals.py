"""What a dose by parts comes to, and when it was over.

Decided here: the sum of the parts that stand is what was given. Where a part of a dose that has ended is
corrected, the dose is corrected with it, in the same words; nobody adds up by hand.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.dosing.giving import in_parts
from openkap.permits import Actor
from openkap.records.facts.dose import dose_now, given_in, last_moment, parts_of
from openkap.records.models import Administration, GivenPart, Session
from openkap.steps.frame import Refused
from openkap.steps.room import authored_in


def given_and_over(session: Session, at: datetime) -> tuple[Decimal, datetime] | None:
    """Milligrams given in parts and the moment of the last; None for a dose that has no parts."""
    parts = parts_of(session)
    if not parts or not in_parts(parts[0].order.route):
        return None
    return given_in(parts), min(last_moment(parts) or at, at)


def as_corrected(part: GivenPart, changes: dict[str, Any]) -> dict[str, Any]:
    """What a corrected part comes to: milligrams follow units. Raises Refused for more than ordered."""
    said = dict(changes)
    if "units" in said and part.order.unit_mg is not None:
        said |= {"mg": part.order.unit_mg * said["units"], "left": None, "right": None}
    others = given_in([row for row in parts_of(part.session) if row.id != part.id], part.order)
    if others + Decimal(said.get("mg", part.mg)) > part.order.mg:
        raise Refused(
            _("%(mg)s mg were ordered and confirmed. Less can be given, not more.")
            % {"mg": f"{part.order.mg.normalize():f}"},
            field="units" if "units" in said else "mg",
        )
    return said


def refuse_a_sum(dose: Administration, changes: dict[str, Any]) -> None:
    """What was given in parts is their sum: the part that is wrong is corrected, never the sum."""
    if "mg" in changes and in_parts(dose.order.route):
        raise Refused(_("This is the sum of its parts. Correct the part that is wrong."), field="mg")


def add_up_anew(by: Actor, part: GivenPart, *, at: datetime) -> Administration | None:
    """After a part was corrected, the ended dose of its session says the new sum. None while it runs."""
    session = part.session
    dose, now = dose_now(session), given_and_over(session, at)
    if dose is None or dose.ended_at is None:
        return None
    mg, over = now if now is not None else (Decimal(0), dose.ended_at)
    if (dose.mg, dose.ended_at) == (mg, over):
        return None
    return Administration.objects.create(
        **{**authored_in(by, session, at), "at": dose.at},
        session=session,
        order=dose.order,
        mg=mg,
        given_by_id=dose.given_by_id,
        ended_at=max(over, dose.at),
        corrects=dose,
        reason=part.reason,
    )
