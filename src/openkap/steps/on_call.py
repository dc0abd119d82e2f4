"""The on-call list: who answers when, added and ended; nothing goes out that nobody would answer.

Decided here: whoever may change the staff changes the list. A form with a question about safety is sent
only where someone is on call for every hour in which it can be answered in time
(knowledge/clinical.md 9.1): otherwise it is refused, and the words say who can mend that.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.follow_up import may_ask_of_safety
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.facts.clock import long_moment
from openkap.records.facts.on_call import ON_CALL, uncovered
from openkap.records.models import Membership, OnCallHours, Organisation, Person
from openkap.steps.frame import Refused, must, step, tell

WEEK = range(7)


@step
def add_on_call(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    weekdays: list[int],
    starts: time,
    ends: time,
    since: date | None = None,
    until: date | None = None,
    submission: UUID | None = None,
) -> list[OnCallHours]:
    """This person answers on these weekdays (0 is Monday) from `starts` to `ends`, by the clock there.

    `ends` at or before `starts` is on the next day: 00:00 to 00:00 is the whole day.
    """
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF, organisation.id), at=at)
    if not weekdays or any(day not in WEEK for day in weekdays):
        raise Refused(_("Choose at least one day of the week."), field="weekdays")
    if not treats_here(person, organisation, at):
        raise Refused(
            _("%(name)s does not treat anyone here. On call are prescribers, nurses and therapists.")
            % {"name": person.name},
            field="person",
        )
    first = since or at.astimezone(ZoneInfo(organisation.zone)).date()
    if until is not None and until <= first:
        raise Refused(_("The last day lies before the first. Check both."), field="until")
    rows = [
        OnCallHours(
            organisation=organisation,
            person=person,
            weekday=day,
            starts=starts,
            ends=ends,
            since=first,
            until=until,
            made_at=at,
            made_by_id=by.person,
        )
        for day in sorted(set(weekdays))
        if not _stands(organisation, person, day, starts, ends, first)
    ]
    for row in OnCallHours.objects.bulk_create(rows):
        tell(by, "on_call.added", row, at=at)
    return rows


@step
def end_on_call(*, by: Actor, at: datetime, row: OnCallHours, submission: UUID | None = None) -> OnCallHours:
    """From today on, by the practice's own day, this line counts no more; it stays to be read."""
    must(by, Kind.STAFF, Act.ADD, Subject(Kind.STAFF, row.organisation_id), at=at)
    row = OnCallHours.objects.select_for_update().select_related("organisation").get(pk=row.pk)
    today = at.astimezone(ZoneInfo(row.organisation.zone)).date()
    if row.until is not None and row.until <= today:
        raise Refused(_("This line has already ended."))
    row.until = max(today, row.since)
    row.save(update_fields=["until"])
    tell(by, "on_call.ended", row, at=at)
    return row


def refuse_uncovered(organisation: Organisation, instrument: str, starts: datetime, ends: datetime) -> None:
    """Refuse where this form may ask of safety and nobody is on call for some of its hours."""
    if not may_ask_of_safety(instrument):
        return
    left = uncovered(organisation, starts, ends)
    if not left:
        return
    since, until = left[0]
    raise Refused(
        _(
            "This form asks about safety, and nobody is on call at %(practice)s from %(since)s to %(until)s. "
            "The medical director or an administrator adds hours to the on-call list; until then, ask in "
            "person or by phone."
        )
        % {
            "practice": organisation.name,
            "since": long_moment(since, ZoneInfo(organisation.zone)),
            "until": long_moment(until, ZoneInfo(organisation.zone)),
        },
        field="on_call",
    )


def treats_here(person: Person, organisation: Organisation, at: datetime) -> bool:
    """Whether this person may be on the list of this practice."""
    return Membership.objects.filter(
        Membership.in_force(at),
        person=person,
        organisation=organisation,
        role__in=[role.value for role in ON_CALL],
    ).exists()


def _stands(
    organisation: Organisation, person: Person, weekday: int, starts: time, ends: time, first: date
) -> bool:
    """The same hours of the same person, not yet over: saying it twice is saying it once."""
    return OnCallHours.objects.filter(
        OnCallHours.in_force(first),
        organisation=organisation,
        person=person,
        weekday=weekday,
        starts=starts,
        ends=ends,
    ).exists()
