"""The staff of a practice as whoever keeps it sees them: roles, second factor, invitations, who leaves when.

Decided here: work that someone holds is told by kind, time and file number; who is treated is not told to
whoever only keeps the staff.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Role, Scope
from openkap.records.facts.clock import day, moment
from openkap.records.facts.leaving import Held, Item, colleagues_of, held_by
from openkap.records.models import Departure, LicensedRole, Membership, Organisation, Person, StaffInvitation
from openkap.records.scoped import scoped
from openkap.records.staff import staff_code_of

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
KINDS = {
    "alert": gettext_noop("Alert"),
    "task": gettext_noop("Task"),
    "session": gettext_noop("Session"),
    "on_call": gettext_noop("On call"),
    "proposal": gettext_noop("A time to answer"),
    "request": gettext_noop("A request for an evaluation"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """`roles` as they read, `held` as they are; `leaves` in words where a day is set; `looked`: who looked at
    the license behind a role, and when."""

    person: UUID
    name: str
    title: str
    email: str
    roles: tuple[str, ...]
    held: frozenset[Role]
    past: tuple[str, ...]
    since: str
    factor: bool
    signs_in: bool
    leaves: str = ""
    departure: UUID | None = None
    looked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invited:
    """`stands`: sent, accepted, ended or expired. `code` is told by mouth, never sent."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    stands: str
    by: str
    until: str
    code: str
    comes_back: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A role that waits for a look at the license."""

    id: UUID
    person: UUID
    name: str
    title: str
    role: str
    by: str
    since: str


@dataclass(frozen=True, slots=True)
class StaffShown:
    waiting: tuple[Waiting, ...]
    here: tuple[Member, ...]
    gone: tuple[Member, ...]
    invited: tuple[Invited, ...]
    administrators: int


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One thing held, and who could have it: (id, name) of colleagues; `shared`: or the list of its role."""

    key: str
    kind: str
    what: str
    when: str
    number: str
    able: tuple[tuple[str, str], ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class WorkShown:
    lines: tuple[WorkLine, ...]
    colleagues: tuple[tuple[str, str], ...]
    drafts: int
    shares: int
    therapy_of: int


def staff_shown(scope: Scope, organisation: Organisation, at: datetime, zone: ZoneInfo) -> StaffShown:
    """Everyone who works or worked here, and who is asked to. Six queries."""
    rows = scoped(Membership.objects.filter(organisation=organisation), scope)
    held: dict[UUID, list[Membership]] = {}
    for row in rows.select_related("person", "person__user").order_by("since", "id"):
        held.setdefault(row.person_id, []).append(row)
    safe = set(
        Authenticator.objects.filter(user__person__in=list(held), type__in=FACTORS).values_list(
            "user__person", flat=True
        )
    )
    leaving = {
        row.person_id: row
        for row in scoped(
            Departure.objects.filter(organisation=organisation, done_at=None, taken_back_at=None), scope
        )
    }
    licensed = list(
        scoped(LicensedRole.objects.filter(organisation=organisation, ended_at=None), scope).select_related(
            "person", "looked_by"
        )
    )
    members = [_member(found, at, zone, safe, leaving, licensed) for found in held.values()]
    members.sort(key=lambda each: each.name)
    here = tuple(each for each in members if each.held)
    return StaffShown(
        tuple(_waiting(row, zone) for row in licensed if row.looked_at is None),
        here,
        tuple(each for each in members if not each.held),
        _invitations(scope, organisation, at, zone),
        sum(Role.ADMINISTRATOR in each.held for each in here),
    )


def member_shown(
    scope: Scope, organisation: Organisation, person: UUID, at: datetime, zone: ZoneInfo
) -> Member | None:
    """One of them; None for whoever never worked here."""
    shown = staff_shown(scope, organisation, at, zone)
    return next((each for each in (*shown.here, *shown.gone) if each.person == person), None)


def invitation_shown(
    scope: Scope, organisation: Organisation, invitation: UUID, at: datetime, zone: ZoneInfo
) -> Invited | None:
    return next((each for each in _invitations(scope, organisation, at, zone) if each.id == invitation), None)


def work_shown(organisation: Organisation, person: Person, at: datetime, zone: ZoneInfo) -> WorkShown:
    """What this person holds here, with who could have each. The page's own permit stands for it."""
    held: Held = held_by(person.pk, organisation.pk, at)
    colleagues = colleagues_of(organisation.pk, at, person.pk)
    return WorkShown(
        tuple(_line(item, colleagues, zone) for item in held.items),
        tuple((str(key), name) for key, (name, _roles) in colleagues.items()),
        held.drafts,
        held.shares,
        len(held.therapy_of),
    )


def role_words(roles: frozenset[Role] | set[Role]) -> tuple[str, ...]:
    return tuple(_(role.value.replace("_", " ")) for role in Role if role in roles)


def _member(
    rows: list[Membership],
    at: datetime,
    zone: ZoneInfo,
    safe: set[UUID],
    leaving: dict[UUID, Departure],
    licensed: list[LicensedRole],
) -> Member:
    now = [m for m in rows if m.since <= at and (m.until is None or at < m.until)]
    past = [m for m in rows if m.until is not None and m.until <= at]
    person = rows[0].person
    goes = leaving.get(person.pk)
    user = getattr(person, "user", None)
    return Member(
        person=person.pk,
        name=person.name,
        title=person.title,
        email=user.email if user is not None else person.email,
        roles=role_words({Role(m.role) for m in now}),
        held=frozenset(Role(m.role) for m in now),
        past=role_words({Role(m.role) for m in past}),
        since=day((now or rows)[0].since.astimezone(zone).date()),
        factor=person.pk in safe,
        signs_in=user is not None,
        leaves=moment(goes.from_at, zone) if goes is not None else "",
        departure=goes.pk if goes is not None else None,
        looked=tuple(_looked(row, zone) for row in licensed if row.person_id == person.pk and row.looked_at),
    )


def _waiting(row: LicensedRole, zone: ZoneInfo) -> Waiting:
    since = day(row.made_at.astimezone(zone).date())
    role = role_words({Role(row.role)})[0]
    return Waiting(row.pk, row.person_id, row.person.name, row.person.title, role, row.by_name, since)


def _looked(row: LicensedRole, zone: ZoneInfo) -> str:
    """Prescriber: license looked at by Osric Thanewell, March 3, 2027."""
    assert row.looked_at is not None and row.looked_by is not None
    said = {
        "role": role_words({Role(row.role)})[0].capitalize(),
        "who": row.looked_by.name,
        "day": day(row.looked_at.astimezone(zone).date()),
    }
    if row.alone:
        return _("%(role)s: license looked at by %(who)s alone, who gave the role, %(day)s") % said
    return _("%(role)s: license looked at by %(who)s, %(day)s") % said


def _invitations(
    scope: Scope, organisation: Organisation, at: datetime, zone: ZoneInfo
) -> tuple[Invited, ...]:
    """Open ones, and those that ran out and were never accepted; what was taken back is in the trail."""
    rows = scoped(
        StaffInvitation.objects.filter(organisation=organisation, accepted_at=None, ended_at=None), scope
    )
    return tuple(
        Invited(
            id=row.pk,
            name=row.to_name,
            email=row.to_email,
            roles=role_words({Role(role) for role in row.roles}),
            stands=row.stands(at),
            by=row.by_name,
            until=day(row.expires_at.astimezone(zone).date()),
            code=staff_code_of(row) if row.stands(at) == "sent" else "",
            comes_back=row.person_id is not None,
        )
        for row in rows[:200]
    )


def _line(item: Item, colleagues: dict[UUID, tuple[str, frozenset[Role]]], zone: ZoneInfo) -> WorkLine:
    return WorkLine(
        key=item.key,
        kind=_(KINDS[item.kind]),
        what=_hours(item) if item.kind == "on_call" else _(item.what.replace("_", " ")).capitalize(),
        when=moment(item.at, zone) if item.at is not None else "",
        number=item.number,
        able=tuple((str(key), name) for key, (name, roles) in colleagues.items() if roles & item.able),
        shared=item.shared,
    )


def _hours(item: Item) -> str:
    row = item.row
    said = {
        "day": WEEKDAYS[row.weekday],
        "from": time_format(row.starts, "H:i"),
        "to": time_format(row.ends, "H:i"),
    }
    if row.starts == row.ends and not row.starts.hour:
        return _("%(day)s, all day") % said
    return _("%(day)s, %(from)s to %(to)s") % said
