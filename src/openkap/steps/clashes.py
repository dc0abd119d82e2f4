"""What speaks against a time: the room, the lead or the patient is taken, or doses are too close.

Decided here: nobody and nothing is booked twice, and the refusal says what stands there. Spacing is
medicine's (`medicine.planning`): stop is refused, anything less wants a reason, which the prescriber
finds on their list before they order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.verdict import Finding, Level, Verdict
from openkap.permits import Actor
from openkap.records.facts.booking import Clash, clashes
from openkap.records.facts.clock import hour
from openkap.records.models import Course, Organisation, Room, Session
from openkap.steps.frame import Refused

AHEAD = timedelta(days=731)


def refuse_time(course: Course, planned_from: datetime, at: datetime, field: str = "planned_from") -> None:
    """Only a time to come, in a course that goes on, in a year that can be meant."""
    if course.ended_at is not None:
        raise Refused(_("This course has ended. Nothing is booked in it."))
    if planned_from <= at:
        raise Refused(_("This time has passed. Choose a later one."), field=field)
    if planned_from > at + AHEAD:
        raise Refused(_("This is more than two years away. Check the year."), field=field)


def refuse_clash(
    by: Actor,
    *,
    organisation: Organisation,
    course: Course,
    starts: datetime,
    ends: datetime,
    room: Room | None = None,
    lead: UUID | None = None,
    besides: Collection[UUID] = (),
    field: str = "",
) -> None:
    """Refuse where the room, the lead or the patient is taken. `field`: all of it is about this field."""
    found = clashes(
        organisation=organisation.id,
        course=course,
        starts=starts,
        ends=ends,
        room=room.id if room is not None else None,
        lead=lead,
        besides=besides,
    )
    if not found:
        return
    said = " ".join(_said(by, clash, organisation) for clash in found)
    raise Refused(
        _("%(why)s Choose another time.") % {"why": said}, field=field or found[0].field, hint="clash"
    )


def _said(by: Actor, clash: Clash, organisation: Organisation) -> str:
    zone, other = ZoneInfo(organisation.zone), clash.other
    when = {"from": hour(other.planned_from, zone), "to": hour(other.planned_to, zone)}
    if clash.field == "room" and other.room is not None:
        return _("%(room)s is taken from %(from)s to %(to)s.") % {**when, "room": other.room.name}
    if clash.field == "lead" and other.lead is not None:
        # Where else someone works, and with whom, is that practice's.
        if by.organisation == other.organisation_id:
            return _("%(who)s is with someone from %(from)s to %(to)s.") % {**when, "who": other.lead.name}
        return _("%(who)s is not free then.") % {"who": other.lead.name}
    return _("%(who)s already has a session from %(from)s to %(to)s.") % {**when, "who": other.patient.name}


def refuse_spacing(verdict: Verdict, words: str) -> None:
    """Too close is refused; close wants a reason, and so does what the last dose still owes."""
    speaking = [f for f in verdict.speaking if f.weighs is not Level.CLEAR]
    if not speaking:
        return
    fixed = [f for f in speaking if f.rule == "D-SPACING" and f.level is Level.STOP]
    if fixed:
        raise Refused(told(fixed), field="planned_from", hint="spacing")
    if not words.strip():
        raise Refused(
            _("%(why)s Say why it is booked all the same. The prescriber reads it before the order.")
            % {"why": told(speaking)},
            field="words",
            hint="spacing",
        )


def told(findings: Iterable[Finding]) -> str:
    """Each sentence with what to do, the rule it comes from, and where that rule comes from."""
    return " ".join(
        f"{f.because} {f.action} ({f.rule}: {', '.join(f.sources)})".replace("  ", " ") for f in findings
    )


def ends_at(starts: datetime, minutes: int) -> datetime:
    """Raises Refused for a session of no time, or of more than a day's."""
    if minutes <= 0:
        raise Refused(_("A session needs some time. Say how many minutes."), field="minutes")
    if minutes > 600:
        raise Refused(_("More than 600 minutes cannot be one session. Did you mean 60?"), field="minutes")
    return starts + timedelta(minutes=minutes)


def length_of(session: Session) -> timedelta:
    return session.planned_to - session.planned_from
