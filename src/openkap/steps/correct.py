"""Entered in error, and put right: the one correction for every clinical row.

Decided here: nothing is overwritten. A correction is a new row that points at the old and says why;
a row can be corrected once, and whoever comes second is told who was first. By a signed order or
decision its signer's role is asked, since that is what is being undone (docs/adr/0006-append-only.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor
from openkap.records.base import Authored, Clinical
from openkap.records.models import (
    Administration,
    Confirmation,
    Decision,
    GivenPart,
    MisuseSign,
    Order,
    PreparationPlan,
    Reading,
    Response,
    SafetyPlan,
    Score,
    TouchAgreement,
)
from openkap.steps.alerts import note_correction
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.totals import add_up_anew, as_corrected, refuse_a_sum
from openkap.steps.watching import keep_prompts

C = TypeVar("C", bound=Clinical)

SIGNED: tuple[type[Clinical], ...] = (Order, Decision)
NOT_HERE: tuple[type[Clinical], ...] = (Confirmation,)
NEWEST_COUNTS: tuple[type[Clinical], ...] = (PreparationPlan, SafetyPlan, TouchAgreement)
_OWN_COLUMNS = {"id", "by_kind", "by_name", "by_person", "recorded_at", "corrects", "withdrawn", "reason"}


@step
def correct(
    *, by: Actor, at: datetime, row: C, reason: str, changes: dict[str, Any], submission: UUID | None = None
) -> C:
    """Add a row that stands in place of `row`, with `changes` to its columns. Give the reason."""
    return replace(by, at, row, reason, changes, withdrawn=False, verb="corrected")


@step
def withdraw(*, by: Actor, at: datetime, row: C, reason: str, submission: UUID | None = None) -> C:
    """Mark `row` as entered in error, with nothing in its place. Give the reason.

    What settled a sign is undone first: the sign itself stands again, and the next dose waits again.
    """
    if isinstance(row, MisuseSign) and row.settled:
        return replace(by, at, row, reason, {"settled": False}, withdrawn=False, verb="stands_again")
    return replace(by, at, row, reason, {}, withdrawn=True, verb="entered_in_error")


def replace(
    by: Actor, at: datetime, row: C, reason: str, changes: dict[str, Any], *, withdrawn: bool, verb: str
) -> C:
    """Add the row that replaces `row`, inside a step; `verb` is what the trail is told."""
    must(by, row.PATHS.kind, Act.SIGN if isinstance(row, SIGNED) else Act.CORRECT, row, at=at)
    if isinstance(row, NOT_HERE):
        raise Refused(
            _("A confirmation is not corrected. Correct the order; it then needs a new confirmation.")
        )
    if isinstance(row, NEWEST_COUNTS):
        raise Refused(
            _("This is not corrected. Write it anew: the newest counts, and this one stays beside it.")
        )
    if not reason.strip():
        raise Refused(_("Say why this is corrected. The reason stays with the record."), field="reason")
    _refuse_second(row)
    if isinstance(row, GivenPart) and not withdrawn:
        changes = as_corrected(row, changes)
    if isinstance(row, Administration):
        refuse_a_sum(row, changes)
    columns = {
        f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in _OWN_COLUMNS
    }
    try:
        with transaction.atomic():
            new = type(row)._base_manager.create(
                **{**columns, **changes},
                **Authored.authored(by),
                recorded_at=at,
                corrects=row,
                withdrawn=withdrawn,
                reason=reason.strip()[:500],
            )
    except IntegrityError:
        _refuse_second(row)
        raise
    if isinstance(new, GivenPart):
        add_up_anew(by, new, at=at)
    if isinstance(new, Reading):
        # What the room would have said of the right number, it says now.
        keep_prompts(by, new.session, at=at)
    if isinstance(row, Response | Score):
        answered = row.id if isinstance(row, Response) else row.response_id
        note_correction(by, answered, at=at, words=reason)
    tell(by, f"{row._meta.model_name}.{verb}", new, at=at)
    return new


def _refuse_second(row: models.Model) -> None:
    first: Any = type(row)._base_manager.filter(corrects=row).first()
    if first is not None:
        when = first.recorded_at.strftime("%H:%M")
        raise Stale(
            _(
                "%(name)s already corrected this at %(when)s UTC. Your words are kept below: "
                "look at theirs, then correct that one if it is still wrong."
            )
            % {"name": first.by_name, "when": when}
        )
