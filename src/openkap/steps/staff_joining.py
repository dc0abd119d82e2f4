"""Coming in by an invitation: the link, the code, who one is. Also coming back after a lost second factor.

Decided here: the link and the code together are the permission; either alone tells nothing. Whoever invited
must still be allowed to when it is accepted, so that an invitation outlives nobody's role. Someone who has a
sign-in on this site accepts with it and makes no second one (docs/adr/0030-a-real-site.md). A role that
rests on a license waits for somebody else's look (`steps/licensed.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from openkap.permits import Actor, ActorKind, Bound, Role
from openkap.permits.roles import MAY_GIVE
from openkap.records.links import hash_of
from openkap.records.models import Membership, Person, StaffInvitation, User
from openkap.records.staff import staff_code_of
from openkap.steps.frame import Refused, step, tell
from openkap.steps.licensed import wait_for_a_look, waits_for_a_look
from openkap.steps.new_administrator import ask_about_administrator
from openkap.steps.sign_ins import end_all_of

TRIES = 5


@dataclass(frozen=True, slots=True)
class NewColleague:
    """Who someone is, as they say themselves, and the password they chose."""

    given_name: str
    family_name: str
    title: str
    password: str


def invitation_with(token: str) -> StaffInvitation | None:
    rows = StaffInvitation.objects.select_related("organisation", "person", "by_person")
    return rows.filter(token_hash=hash_of(token)).first()


def guest_of(row: StaffInvitation, *, where: str, person: Person | None = None) -> Actor:
    """Whoever holds this link; `person` where they have signed in."""
    return Actor(
        ActorKind.LINK,
        person.name if person is not None else row.to_name,
        id=row.pk,
        person=person.pk if person is not None else None,
        organisation=row.organisation_id,
        bound=Bound(purpose="staff"),
        where=where,
    )


def show_staff_code(*, by: Actor, at: datetime, invitation: StaffInvitation, code: str) -> bool:
    """Whether the code is right. A wrong one is counted, and the fifth ends the invitation."""
    given = "".join(letter for letter in code.upper() if letter.isalnum())
    if compare_digest(given.encode(), staff_code_of(invitation).encode()):
        return True
    _count_wrong(by=by, at=at, invitation=invitation)
    return False


@step
def _count_wrong(*, by: Actor, at: datetime, invitation: StaffInvitation) -> None:
    row = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    row.wrong_tries += 1
    if row.wrong_tries >= TRIES and row.ended_at is None:
        row.ended_at = at
        tell(by, "staff.invitation_closed_by_wrong_codes", row, at=at)
    row.save(update_fields=["wrong_tries", "ended_at"])


@step
def join_staff(
    *,
    by: Actor,
    at: datetime,
    invitation: StaffInvitation,
    newcomer: NewColleague | None = None,
    person: Person | None = None,
    submission: UUID | None = None,
) -> Person:
    """Work here from now on: as someone new, or as `person` who is signed in with a sign-in of this site."""
    row = _open_one(invitation, at)
    if row.person_id is not None:
        raise Refused(_("This link is for coming back in. Open it again."))
    if newcomer is not None:
        person = _register(row, newcomer)
    assert person is not None, "someone joins"
    if not User.objects.filter(person=person, email=row.to_email).exists():
        raise Refused(
            _("This invitation is for %(email)s. Sign out, then open the link again.")
            % {"email": row.to_email}
        )
    held = Membership.objects.filter(
        Membership.in_force(at), person=person, organisation=row.organisation
    ).values_list("role", flat=True)
    for role in sorted({Role(role) for role in row.roles} - set(held)):
        if waits_for_a_look(role, row.by_kind):
            wait_for_a_look(row, row.organisation, person, role, at=at)
        else:
            Membership.objects.create(person=person, organisation=row.organisation, role=role, since=at)
            if role is Role.ADMINISTRATOR:
                ask_about_administrator(
                    by, row.organisation, person,
                    at=at, given_by=row.by_person_id, name=row.by_name, kind=row.by_kind,
                )  # fmt: skip
    _accept(row, person, at)
    tell(by, "staff.joined", row, at=at)
    return person


@step
def come_back_in(
    *, by: Actor, at: datetime, invitation: StaffInvitation, password: str, submission: UUID | None = None
) -> Person:
    """A new password in place of the old one; a new second factor follows at the sign-in."""
    row = _open_one(invitation, at)
    if row.person is None:
        raise Refused(_("This link is for joining. Open it again."))
    user = User.objects.select_for_update().get(person=row.person)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_all_of(by, row.person.pk, at=at, why="reset")
    _accept(row, row.person, at)
    tell(by, "staff.came_back_in", row, at=at)
    return row.person


def _open_one(invitation: StaffInvitation, at: datetime) -> StaffInvitation:
    """The invitation, held; refused where it does not stand, or whoever made it may not any more."""
    rows = StaffInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    row = rows.get(pk=invitation.pk)
    if row.stands(at) != "sent" or not _inviter_may(row, at):
        raise Refused(_("This invitation can no longer be accepted. Ask for a new one."))
    return row


def _inviter_may(row: StaffInvitation, at: datetime) -> bool:
    if row.by_kind == ActorKind.SYSTEM.value:
        return True
    held = Membership.objects.filter(
        Membership.in_force(at), person=row.by_person_id, organisation=row.organisation_id
    ).values_list("role", flat=True)
    given = frozenset().union(*(MAY_GIVE.get(Role(role), frozenset()) for role in held))
    return bool(given) and {Role(role) for role in row.roles} <= given


def _register(row: StaffInvitation, newcomer: NewColleague) -> Person:
    if User.objects.filter(email=row.to_email).exists():
        raise Refused(_("This address has a sign-in here already. Sign in, then open the link again."))
    person = Person.objects.create(
        given_name=newcomer.given_name,
        family_name=newcomer.family_name,
        title=newcomer.title,
        email=row.to_email,
    )
    User.objects.create_user(row.to_email, newcomer.password, person=person)
    return person


def _accept(row: StaffInvitation, person: Person, at: datetime) -> None:
    row.accepted_at, row.accepted_by = at, person
    row.save(update_fields=["accepted_at", "accepted_by"])
