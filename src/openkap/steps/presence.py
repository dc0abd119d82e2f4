"""Who is in the room of a dose: each checks in from their own sign-in, once for all that they are.

Decided here: which parts somebody takes follows from what they are and what this way of care asks; a person
who is prescriber and therapist checks in once for both. The therapist is the one named for the course, or,
where nobody is, a therapist of this practice. Whoever goes while a dose acts is seen to go, in the room and
on record; whoever watches over the session goes only once somebody else does
(docs/adr/0028-ways-of-care.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course import SESSION
from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.ways import here_today, plan_of, therapist_of
from openkap.records.models import CheckIn, Session, SessionPart
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import a_person, authored_in, held, must_be_in, note
from openkap.steps.standing import refuse_ended_paper

Part = CheckIn.Part
MEDICAL_ROLES = frozenset({Role.PRESCRIBER, Role.MONITOR})
# Each part, and the word of a protocol's `needs` that asks for it.
ASKED_BY: dict[str, str] = {
    Part.MEDICAL: "medical_checked_in",
    Part.THERAPIST: "therapist_checked_in",
    Part.PRESCRIBER: "prescriber_on_site",
}
BEFORE_AND_DURING = (*SESSION.comes_from("start"), *Session.LIVE)
# How far from its time a visit may be checked in for, whatever the date.
NEAR = timedelta(hours=6)


def parts_for(by: Actor, session: Session, at: datetime) -> tuple[str, ...]:
    """Which parts this person takes in this session, of those that its way of care asks for."""
    plan = plan_of(session.course)
    asked = [part for part, need in ASKED_BY.items() if plan is not None and need in plan.needs]
    if not asked or by.person is None:
        return ()
    roles = standing_of(by, at).roles
    here = by.organisation == session.organisation_id
    may = set()
    if here and roles & MEDICAL_ROLES:
        may.add(Part.MEDICAL)
    if here and Role.PRESCRIBER in roles:
        may.add(Part.PRESCRIBER)
    named = therapist_of(session.course, at)
    if named is not None and named.person is not None:
        if named.person.id == by.person and Role.THERAPIST in roles:
            may.add(Part.THERAPIST)
    elif Role.THERAPIST in roles and (named.place.id == by.organisation if named is not None else here):
        may.add(Part.THERAPIST)
    return tuple(part for part in asked if part in may)


@step
def check_in(
    *, by: Actor, at: datetime, session: Session, submission: UUID | None = None
) -> tuple[CheckIn, ...]:
    """I am here, for every part that is mine. Sent twice it is once."""
    must(by, Kind.SCHEDULE, Act.SEE, session, at=at)
    who = a_person(by)
    session = held(session)
    must_be_in(session, BEFORE_AND_DURING)
    _refuse_other_day(session, at)
    parts = parts_for(by, session, at)
    if not parts:
        raise Refused(_not_yours(session, at))
    there = {one.part for one in here_today(session, at) if one.person == who and one.until is None}
    if Part.PRESCRIBER in parts:
        refuse_ended_paper(by, "on_site", session.organisation, at=at)
    rows = tuple(_row(by, session, part, CheckIn.Act.CAME, at) for part in parts if part not in there)
    if rows and session.state in Session.LIVE:
        note(by, session, "came_in", at=at, words=_said(by, parts))
    for row in rows[:1]:
        tell(by, "room.checked_in", row, at=at)
    return rows


@step
def check_out(
    *, by: Actor, at: datetime, session: Session, words: str = "", submission: UUID | None = None
) -> tuple[CheckIn, ...]:
    """I go. While a dose acts, everyone in the room sees it. `words`: why, where somebody says."""
    must(by, Kind.SCHEDULE, Act.SEE, session, at=at)
    who = a_person(by)
    session = held(session)
    must_be_in(session, BEFORE_AND_DURING)
    there = [one.part for one in here_today(session, at) if one.person == who and one.until is None]
    if not there:
        raise Refused(_("You are not checked in here."))
    watches = SessionPart.objects.filter(session=session, person_id=who, role="monitor", out_at=None)
    if session.state in Session.LIVE and watches.exists():
        raise Refused(_("You watch over this session. Somebody takes over first; then you can go."))
    rows = tuple(_row(by, session, part, CheckIn.Act.WENT, at, words) for part in there)
    if session.state in Session.LIVE:
        note(by, session, "went_out", at=at, words=f"{_said(by, there)} {words.strip()}".strip())
    tell(by, "room.checked_out", rows[0], at=at)
    return rows


def come_along(by: Actor, session: Session, *, at: datetime) -> None:
    """Whoever starts a dose or takes over the watch is in the room by that, inside that step."""
    for part in parts_for(by, session, at):
        there = {one.part for one in here_today(session, at) if one.person == by.person and one.until is None}
        if part == Part.MEDICAL and part not in there:
            _row(by, session, part, CheckIn.Act.CAME, at)


def _row(by: Actor, session: Session, part: str, act: str, at: datetime, words: str = "") -> CheckIn:
    return CheckIn.objects.create(
        **authored_in(by, session, at),
        session=session,
        person_id=a_person(by),
        part=part,
        act=act,
        words=words.strip()[:300],
    )


def _said(by: Actor, parts: tuple[str, ...] | list[str]) -> str:
    """Mira Fennimore-Hale, therapist."""
    names = {
        Part.MEDICAL: _("medical clinician"),
        Part.THERAPIST: _("therapist"),
        Part.PRESCRIBER: _("prescriber"),
    }
    return f"{by.name}, {', '.join(names[Part(part)] for part in parts)}."


def _refuse_other_day(session: Session, at: datetime) -> None:
    zone = ZoneInfo(session.organisation.zone)
    today, planned = at.astimezone(zone).date(), session.planned_from.astimezone(zone).date()
    # A visit a little past midnight is checked in for on the evening before.
    near = abs(session.planned_from - at) <= NEAR
    if session.state not in Session.LIVE and today != planned and not near:
        raise Refused(_("This dose is on another day. Check in on the day itself."))


def _not_yours(session: Session, at: datetime) -> str:
    plan = plan_of(session.course)
    if plan is None or not set(plan.needs) & set(ASKED_BY.values()):
        return _("This way of care asks nobody to check in.")
    named = therapist_of(session.course, at)
    if named is not None and "therapist_checked_in" in plan.needs:
        return _("Here the clinicians of this practice check in, and %(name)s as therapist.") % {
            "name": named.name
        }
    return _("Here the clinicians of this practice check in.")
