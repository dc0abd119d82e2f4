"""Standing in for someone on call, and handing over: for these hours another person answers in their place.

Decided here: whoever keeps the staff makes a cover for anyone, and everyone for their own hours. A cover that
begins now is a hand-over: what the person has open of alerts goes to whoever stands in, who is told and has
the time once more. A cover is ended, never deleted; nothing about a patient is in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course.follow_up import goes_on_again
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.law import rules_at
from openkap.records.models import OnCallCover, Organisation, Person, Task
from openkap.steps.alerts import tell_owner
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.on_call import treats_here


@step
def cover_on_call(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    covered_by: Person,
    until: datetime,
    since: datetime | None = None,
    submission: UUID | None = None,
) -> OnCallCover:
    """`covered_by` answers in place of `person` from `since` (absent: now) up to `until`."""
    _ask(by, organisation, person, at)
    starts = max(since or at, at)
    if until <= starts:
        raise Refused(_("The end lies before the beginning. Check both."), field="until")
    if person.id == covered_by.id:
        raise Refused(_("Nobody stands in for themselves. Choose someone else."), field="covered_by")
    for one, field in ((person, "person"), (covered_by, "covered_by")):
        if not treats_here(one, organisation, at):
            raise Refused(
                _("%(name)s does not treat anyone here. On call are prescribers, nurses and therapists.")
                % {"name": one.name},
                field=field,
            )
    overlapping = OnCallCover.objects.select_for_update().filter(
        organisation=organisation, person=person, since__lt=until, until__gt=starts
    )
    if overlapping.exists():
        raise Refused(_("Someone stands in for these hours already. End that first."), field="since")
    row = OnCallCover.objects.create(
        organisation=organisation,
        person=person,
        covered_by=covered_by,
        since=starts,
        until=until,
        made_at=at,
        made_by_id=by.person,
    )
    tell(by, "on_call.covered", row, at=at)
    if starts <= at:
        _hand_over(by, organisation, person, covered_by, at)
    return row


@step
def end_cover(*, by: Actor, at: datetime, row: OnCallCover, submission: UUID | None = None) -> OnCallCover:
    """From now on the list counts again as it stands. What was handed over stays where it is."""
    row = (
        OnCallCover.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=row.pk)
    )
    _ask(by, row.organisation, row.person, at)
    if row.until <= at:
        raise Refused(_("This has already ended."))
    row.until = max(at, row.since)
    row.save(update_fields=["until"])
    tell(by, "on_call.cover_ended", row, at=at)
    return row


def _ask(by: Actor, organisation: Organisation, person: Person, at: datetime) -> None:
    """One's own hours are one's own to hand over; anyone else's are the staff keeper's."""
    own = by.person == person.id
    kind = Kind.TASKS if own else Kind.STAFF
    must(by, kind, Act.ADD, Subject(kind, organisation.id), at=at)


def _hand_over(
    by: Actor, organisation: Organisation, person: Person, covered_by: Person, at: datetime
) -> None:
    waiting: Any = (
        Task.objects.select_for_update(of=("self",))
        .filter(organisation=organisation, owner=person, done_at=None)
        .exclude(level="")
        .select_related("organisation")
        .order_by("id")
    )
    for task in waiting:
        task.owner = covered_by
        task.goes_on_at = at + goes_on_again(task.level, rules_at(task.organisation_id, at))
        task.save(update_fields=["owner", "goes_on_at"])
        tell(by, "alert.given_on", task, at=at)
        tell_owner(task, covered_by, at)
