"""A role that rests on a license counts once somebody else has looked at that license.

Decided here: a prescriber, a nurse, a therapist or a medical director whom a person lets in holds that role
from the look on, never before; so nobody makes themselves one by a second mailbox. Else is neither who gave
it nor who gets it. What an operator gives by a command waits for nobody. The look itself is
`steps/credentials.look_at_license`.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from openkap.permits import Actor, ActorKind, Role
from openkap.permits.roles import LICENSED, MAY_GIVE
from openkap.records.base import Authored
from openkap.records.models import LicensedRole, Membership, Organisation, Person, StaffInvitation
from openkap.steps.frame import tell


def waits_for_a_look(role: Role, given_by_kind: str) -> bool:
    return role in LICENSED and given_by_kind == ActorKind.PERSON.value


def wait_for_a_look(
    by: Actor | StaffInvitation, organisation: Organisation, person: Person, role: Role, *, at: datetime
) -> LicensedRole:
    """The role waits, inside the step that gives it. An invitation gives in the name of whoever made it."""
    author = (
        Authored.authored(by)
        if isinstance(by, Actor)
        else {"by_kind": by.by_kind, "by_name": by.by_name, "by_person_id": by.by_person_id}
    )
    waiting = waiting_of(organisation, person).filter(role=role.value).first()
    if waiting is not None:
        return waiting
    row = LicensedRole.objects.create(
        **author, organisation=organisation, person=person, role=role.value, made_at=at
    )
    if isinstance(by, Actor):
        tell(by, "role.waits", row, at=at)
    return row


def waiting_of(organisation: Organisation, person: Person) -> QuerySet[LicensedRole]:
    return LicensedRole.objects.filter(
        organisation=organisation, person=person, looked_at=None, ended_at=None
    )


def no_longer(by: Actor, row: LicensedRole, *, at: datetime) -> None:
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    tell(by, "role.no_longer_asked", row, at=at)


def others_who_may_look(row: LicensedRole, at: datetime) -> QuerySet[Person]:
    """Whoever keeps the staff here and neither gave this role nor gets it."""
    keepers = [role.value for role in MAY_GIVE]
    here = Membership.objects.filter(
        Membership.in_force(at), organisation=row.organisation_id, role__in=keepers
    ).exclude(person__in=[id for id in (row.by_person_id, row.person_id) if id is not None])
    return Person.objects.filter(pk__in=here.values("person"))
