"""Settling a row of the oversight page: looked at, and nothing to do, or to be done as a task.

Decided here: words always stand with it; the row itself is not touched. A task goes to whoever said so, due
in a week, in their words and about no patient, since others read that list. Looking again is another row.
Several rows of a list may be settled with the same words when nothing is to be done; what happened to one
person or was decided about one (`ONE_BY_ONE`) is settled row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Credential,
    Decision,
    Discharge,
    Event,
    GoAhead,
    MisuseSign,
    Order,
    Organisation,
    OversightLook,
    Person,
    RuleChange,
    Task,
    Upkeep,
)
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.tasks import make_task

WITHIN = timedelta(days=7)
LONGEST = 300
# Lists in which every row is about one person's harm, danger or decision: each gets words of its own.
ONE_BY_ONE = frozenset({"events", "overrides", "alerts", "plans", "signs"})
# Of which rows each list is made.
MADE_OF: dict[str, tuple[type[Model], ...]] = {
    "events": (AdverseEvent,),
    "overrides": (Decision, GoAhead, Order),
    "alerts": (Task,),
    "plans": (Task,),
    "signs": (MisuseSign,),
    "home": (Discharge,),
    "second": (Administration,),
    "notes": (Task,),
    "tasks": (Task,),
    "rules": (RuleChange, Administration),
    "access": (Event,),
    "standing": (Credential,),
}


@step
def settle_row(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    what: str,
    subject: UUID,
    act: str,
    words: str,
    submission: UUID | None = None,
) -> OversightLook:
    """Say what comes of one row of the list `what`. `act` is nothing or to_do."""
    must(by, Kind.OVERSIGHT, Act.ADD, Subject(Kind.OVERSIGHT, organisation.id), at=at)
    _refuse_unknown(by, organisation, what, subject, at)
    if act not in OversightLook.Act.values:
        raise Refused(_("Say whether something is to be done."), field="act")
    if not words.strip():
        raise Refused(_("Say it in a few words: what you saw, or what is to be done."), field="words")
    if len(words) > LONGEST:
        raise Refused(_("Say it in at most %(n)s characters.") % {"n": LONGEST}, field="words")
    row = OversightLook.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        what=what,
        subject=subject,
        act=act,
        words=words.strip(),
        task=_task(by, organisation, subject, words, at) if act == OversightLook.Act.TO_DO else None,
        at=at,
    )
    tell(by, "oversight.looked", row, at=at)
    return row


@step
def settle_rows(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    what: str,
    subjects: Sequence[UUID],
    words: str,
    submission: UUID | None = None,
) -> list[OversightLook]:
    """Say once of several rows that nothing is to be done. All of them or none; a row twice is once."""
    must(by, Kind.OVERSIGHT, Act.ADD, Subject(Kind.OVERSIGHT, organisation.id), at=at)
    if what in ONE_BY_ONE:
        raise Refused(_("Rows of this list are settled one by one: each is about one person."))
    if not subjects:
        raise Refused(_("Tick the rows that you looked at."), field="subjects")
    nothing = OversightLook.Act.NOTHING.value
    return [
        settle_row(
            by=by, at=at, organisation=organisation, what=what, subject=subject, act=nothing, words=words
        )
        for subject in dict.fromkeys(subjects)
    ]


def _refuse_unknown(by: Actor, organisation: Organisation, what: str, subject: UUID, at: datetime) -> None:
    """A row of another practice, of no list, or of a kind that they may not see, is not there."""
    for model in MADE_OF.get(what, ()):
        rows: QuerySet[Any] = model._base_manager.filter(organisation=organisation)
        found = rows.filter(**{"id" if model is Event else "pk": subject}).first()
        if found is not None:
            must(by, found.PATHS.kind, Act.SEE, found, at=at)
            return
    if what == "site" and Upkeep.objects.filter(pk=subject).exists():
        must(by, Kind.STAFF, Act.SEE, Subject(Kind.STAFF, organisation.id), at=at)
        return
    raise Refused(_("This row is not there any more. Open the list again."))


def _task(by: Actor, organisation: Organisation, subject: UUID, words: str, at: datetime) -> Task:
    return make_task(
        by,
        at=at,
        organisation=organisation,
        what=f"look_{subject.hex}",
        text=_("From oversight: %(words)s") % {"words": words.strip()},
        due_at=at + WITHIN,
        role=Role.MEDICAL_DIRECTOR,
        owner=Person.objects.get(pk=by.person) if by.person is not None else None,
    )
