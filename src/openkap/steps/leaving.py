"""Someone leaves a practice: from a moment on, with nothing they held left to nobody.

Decided here: every task, alert, session, on-call hour, proposal and request is given to someone by name, or
back to the list of its role where it need not be one person's; until all are, nobody leaves. From that
moment every page and stream under this practice ends. Drafts and process notes stay their author's. What
patients share with them by name stays the patient's word, and opens nothing (docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.base import Authored
from openkap.records.facts.booking import clashes
from openkap.records.facts.leaving import Held, Item, colleagues_of, held_by
from openkap.records.models import (
    Departure,
    Membership,
    OnCallHours,
    Organisation,
    PatientFile,
    Person,
    Session,
    SessionPart,
    StaffInvitation,
    Task,
    User,
)
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.parting import FIND_THERAPIST
from openkap.steps.sign_ins import end_under
from openkap.steps.staff import (
    end_membership,
    hold_roles,
    is_leaving,
    refuse_escalation,
    refuse_last_administrator,
)
from openkap.steps.tasks import make_task

AHEAD = timedelta(days=366)
SHARED = "list"  # back to the list of its role, or hours that nobody has
FIND_WITHIN = timedelta(days=3)
LEFT_OVER = "left_over_"


@dataclass(frozen=True, slots=True)
class Given:
    """What became of it: how many were given on, and to how many people."""

    items: int
    people: int


@step
def hand_over_work(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    given: Mapping[str, str],
    submission: UUID | None = None,
) -> Given:
    """Give some of what `person` holds to others. `given` is key of an item to a person's id, or `list`."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    held = held_by(person.pk, organisation.pk, at)
    chosen = [item for item in held.items if given.get(item.key)]
    if not chosen:
        raise Refused(_("Choose at least one colleague."), field="work")
    return _give_all(by, organisation, person, chosen, given, at)


@step
def leave_practice(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    from_at: datetime,
    given: Mapping[str, str],
    submission: UUID | None = None,
) -> Departure:
    """This person works here no more from `from_at` on, now or later. Everything held must be in `given`."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    roles = hold_roles(organisation, person, at)
    if not roles or is_leaving(organisation, person):
        raise Refused(_("%(name)s does not work here, or is leaving already.") % {"name": person.name})
    if from_at > at + AHEAD:
        raise Refused(_("This is more than a year away. Check the year."), field="from_at")
    refuse_escalation(by, roles, at)
    if Role.ADMINISTRATOR in roles:
        refuse_last_administrator(organisation, person, at)
    if from_at <= at:
        _refuse_watching(organisation, person)
    held = held_by(person.pk, organisation.pk, at)
    _refuse_left_over(held, given)
    _give_all(by, organisation, person, held.items, given, at)
    _ask_for_therapists(by, person, held, at)
    _end_invitations(by, organisation, person, at)
    moment = max(from_at, at)
    for row in roles.values():
        end_membership(by, row, at=at, until=moment)
    departure = Departure.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        person=person,
        made_at=at,
        from_at=moment,
        roles=sorted(role.value for role in roles),
    )
    tell(by, "staff.left" if moment <= at else "staff.leaves", departure, at=at)
    if moment <= at:
        _end_sign_ins(by, departure, at)
    return departure


@step
def take_back_leaving(
    *, by: Actor, at: datetime, departure: Departure, submission: UUID | None = None
) -> Departure:
    """They stay after all; only before the moment has come. What was given to others stays with them."""
    must(by, Kind.STAFF, Act.ADD, departure, at=at)
    row = Departure.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    found = row.get(pk=departure.pk)
    if found.taken_back_at is not None:
        return found
    if found.done_at is not None or at >= found.from_at:
        raise Refused(_("They have left already. Invite them again."))
    refuse_escalation(by, {Role(role) for role in found.roles}, at)
    Membership.objects.filter(
        person=found.person, organisation=found.organisation, until=found.from_at, role__in=found.roles
    ).update(until=None)
    found.taken_back_at = at
    found.save(update_fields=["taken_back_at"])
    tell(by, "staff.stays", found, at=at)
    return found


@step
def end_departures(*, by: Actor, at: datetime) -> int:
    """One round: whoever's moment has come is signed out here; what came to them meanwhile is not lost."""
    due = Departure.objects.filter(done_at=None, taken_back_at=None, from_at__lte=at)
    rows = list(due.select_related("organisation", "person"))
    for departure in rows:
        _give_back(by, departure, at)
        _end_sign_ins(by, departure, at)
    return len(rows)


def _end_sign_ins(by: Actor, departure: Departure, at: datetime) -> None:
    end_under(by, departure.person_id, departure.organisation_id, at=at, why="left")
    departure.done_at = at
    departure.save(update_fields=["done_at"])


def _give_back(by: Actor, departure: Departure, at: datetime) -> None:
    """Between the day it was said and the day they left, more may have come to them."""
    held = held_by(departure.person_id, departure.organisation_id, at)
    for item in held.items:
        if item.shared:
            _give_one(by, departure.organisation, item, None, at)
    fast = [item for item in held.items if not item.shared]
    for item in fast:
        if item.kind == "alert":
            _own(item.row, None)
    if fast:
        make_task(
            by,
            at=at,
            organisation=departure.organisation,
            what=f"{LEFT_OVER}{departure.pk.hex}"[:40],
            text=_("%(name)s has left. Give what they still lead to someone else: Staff, %(name)s.")
            % {"name": departure.person.name},
            due_at=at,
            role=Role.MEDICAL_DIRECTOR,
        )
    _ask_for_therapists(by, departure.person, held, at)


def _refuse_watching(organisation: Organisation, person: Person) -> None:
    """Nobody hands a dose on for them: someone takes over, in the room, under their own name."""
    live = SessionPart.objects.filter(person=person, out_at=None, session__organisation=organisation)
    if live.exists():
        raise Refused(
            _("%(name)s watches over a dose now. Someone takes over in the room first.")
            % {"name": person.name},
            field="from_at",
        )


def _refuse_left_over(held: Held, given: Mapping[str, str]) -> None:
    left = [item for item in held.items if not given.get(item.key)]
    if left:
        raise Refused(
            ngettext(
                "%(n)s thing would be left to nobody. Choose who has it from now on.",
                "%(n)s things would be left to nobody. Choose who has each from now on.",
                len(left),
            )
            % {"n": len(left)},
            field="work",
        )


def _give_all(
    by: Actor,
    organisation: Organisation,
    person: Person,
    items: list[Item] | tuple[Item, ...],
    given: Mapping[str, str],
    at: datetime,
) -> Given:
    colleagues = colleagues_of(organisation.pk, at, person.pk)
    to: set[UUID] = set()
    for item in items:
        said = given[item.key]
        receiver = None if said == SHARED and item.shared else _receiver(item, said, colleagues)
        _give_one(by, organisation, item, receiver, at)
        to |= {receiver} if receiver is not None else set()
    return Given(len(items), len(to))


def _receiver(item: Item, said: str, colleagues: Mapping[UUID, tuple[str, frozenset[Role]]]) -> UUID:
    found = next((key for key in colleagues if str(key) == said), None)
    if found is None:
        raise Refused(_("Choose a colleague who works here."), field="work")
    name, roles = colleagues[found]
    if not roles & item.able:
        raise Refused(
            _("%(name)s cannot have this: their role does not do it.") % {"name": name}, field="work"
        )
    return found


def _give_one(by: Actor, organisation: Organisation, item: Item, to: UUID | None, at: datetime) -> None:
    """One thing goes on; each is told to the trail by itself."""
    if item.kind in ("task", "alert", "proposal"):
        _own(item.row, to)
    elif item.kind == "request":
        item.row.handled_by_id = to
        item.row.save(update_fields=["handled_by"])
    elif item.kind == "session":
        _lead(item.row, to)
    else:
        _answer(by, organisation, item.row, to, at)
    tell(by, f"{item.kind}.given_on", item.row, at=at, organisation=organisation.pk)


def _own(row: Task, to: UUID | None) -> None:
    row.owner_id = to
    row.save(update_fields=["owner"])


def _lead(session: Session, to: UUID | None) -> None:
    assert to is not None, "a session is led by someone"
    taken = clashes(
        organisation=session.organisation_id,
        course=session.course,
        starts=session.planned_from,
        ends=session.planned_to,
        lead=to,
        besides=list(Session.objects.filter(course=session.course).values_list("pk", flat=True)),
    )
    if any(clash.field == "lead" for clash in taken):
        colleague = Person.objects.get(pk=to)
        raise Refused(
            _("%(name)s is with someone else during one of these sessions. Choose another, or move it first.")
            % {"name": colleague.name},
            field="work",
        )
    session.lead_id = to
    session.version += 1
    session.save(update_fields=["lead", "version"])


def _answer(by: Actor, organisation: Organisation, row: OnCallHours, to: UUID | None, at: datetime) -> None:
    """The line ends today by the practice's own clock; the same hours of a colleague begin with it."""
    today = at.astimezone(ZoneInfo(organisation.zone)).date()
    until, row.until = row.until, max(today, row.since)
    row.save(update_fields=["until"])
    if to is not None:
        OnCallHours.objects.create(
            organisation=organisation,
            person_id=to,
            weekday=row.weekday,
            starts=row.starts,
            ends=row.ends,
            since=max(today, row.since),
            until=until,
            made_at=at,
            made_by_id=by.person,
        )


def _ask_for_therapists(by: Actor, person: Person, held: Held, at: datetime) -> None:
    """The practice that keeps a course finds another therapist: who it is, is the patient's to say."""
    for course in held.therapy_of:
        make_task(
            by,
            at=at,
            organisation=course.organisation,
            what=FIND_THERAPIST,
            text=_("%(who)s leaves. Find another therapist for file %(file)s, with the patient.")
            % {"who": person.name, "file": _number(course.patient_id, course.organisation_id)},
            due_at=at + FIND_WITHIN,
            role=Role.FRONT_DESK,
            course=course,
        )


def _number(patient: UUID, organisation: UUID) -> str:
    found = PatientFile.objects.filter(patient_id=patient, organisation_id=organisation).first()
    return found.number if found is not None else _("not known")


def _end_invitations(by: Actor, organisation: Organisation, person: Person, at: datetime) -> None:
    """Those they sent, and any to themselves that still lies in their mail."""
    theirs = Q(by_person=person) | Q(to_email__in=User.objects.filter(person=person).values("email"))
    for row in StaffInvitation.objects.filter(StaffInvitation.open(at), theirs, organisation=organisation):
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        tell(by, "staff.invitation_ended", row, at=at)
