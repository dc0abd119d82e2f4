"""Who works here: invited, given other roles, and the rules that hold whoever does it.

Decided here: whoever keeps the staff gives and takes only the roles that theirs allow
(`permits.roles.MAY_GIVE`), and gives none to themselves. A practice is never left without an
administrator. An invitation opens by its link and a code that the inviter tells; five wrong codes end it
(docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.forms import ValidationError
from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, ActorKind, Kind, Role
from openkap.permits.roles import MAY_GIVE
from openkap.records.base import Authored
from openkap.records.facts.leaving import held_by
from openkap.records.links import hash_of
from openkap.records.models import Departure, Membership, Organisation, Person, StaffInvitation
from openkap.records.standing import standing_of
from openkap.records.words import one_line
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.licensed import no_longer, wait_for_a_look, waiting_of, waits_for_a_look
from openkap.steps.mail import post
from openkap.steps.new_administrator import ask_about_administrator

TOKEN_BYTES = 32


def givable(by: Actor, at: datetime) -> frozenset[Role]:
    """The roles that `by` may give and take here now. A command gives any."""
    if by.kind is ActorKind.SYSTEM:
        return frozenset(Role)
    held = standing_of(by, at).roles
    return frozenset().union(*(MAY_GIVE.get(role, frozenset()) for role in held))


@step
def invite_staff(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    name: str,
    email: str,
    roles: Collection[str],
    submission: UUID | None = None,
) -> tuple[StaffInvitation, str]:
    """Ask someone to work here. Returns the invitation and its secret; the mail is on its way."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    wanted = _roles(roles)
    refuse_escalation(by, wanted, at)
    email = _mail_address(email)
    if not name.strip():
        raise Refused(_("Write their name."), field="name")
    if _works_here(email, organisation, at):
        raise Refused(_("Someone with this address works here already. Change their roles."), field="email")
    StaffInvitation.objects.filter(
        StaffInvitation.open(at), organisation=organisation, to_email=email, person=None
    ).update(ended_at=at)
    row, token = make_invitation(by, at=at, organisation=organisation, name=name, email=email, roles=wanted)
    tell(by, "staff.invited", row, at=at)
    post_invitation(by, row, _message(row, token), at=at)
    return row, token


@step
def invite_staff_again(
    *, by: Actor, at: datetime, invitation: StaffInvitation, submission: UUID | None = None
) -> tuple[StaffInvitation, str]:
    """The same once more, with a new link and a new code; the old ones stop."""
    must(by, Kind.STAFF, Act.ADD, invitation, at=at)
    old = StaffInvitation.objects.select_for_update(of=("self",)).select_related("organisation")
    row = old.get(pk=invitation.pk)
    if row.accepted_at is not None or row.person_id is not None:
        raise Refused(_("This invitation was accepted already."))
    row.ended_at = row.ended_at or at
    row.save(update_fields=["ended_at"])
    return invite_staff(
        by=by, at=at, organisation=row.organisation, name=row.to_name, email=row.to_email, roles=row.roles
    )


@step
def end_staff_invitation(
    *, by: Actor, at: datetime, invitation: StaffInvitation, submission: UUID | None = None
) -> None:
    """Take it back: its link opens nothing from now on."""
    must(by, Kind.STAFF, Act.ADD, invitation, at=at)
    row = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at is not None:
        raise Refused(_("This invitation was accepted already. Open the person to change their roles."))
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        tell(by, "staff.invitation_ended", row, at=at)


@step
def change_roles(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    roles: Collection[str],
    submission: UUID | None = None,
) -> tuple[Role, ...]:
    """From now on this person holds exactly these roles here. Returns them, as they stand: one that rests on
    a license is held once somebody else has looked at it."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    wanted = _roles(roles)
    held = hold_roles(organisation, person, at)
    added, taken = wanted - set(held), set(held) - wanted
    refuse_escalation(by, added | taken, at)
    if added and by.person == person.pk:
        raise Refused(_("Nobody gives a role to themselves. Another administrator can."), field="roles")
    if added:
        refuse_leaving(organisation, person)
    if Role.ADMINISTRATOR in taken:
        refuse_last_administrator(organisation, person, at)
    _refuse_left_behind(organisation, person, wanted, at)
    waiting = {Role(row.role): row for row in waiting_of(organisation, person)}
    for role, asked in waiting.items():
        if role not in wanted:
            no_longer(by, asked, at=at)
    for role in sorted(added - set(waiting)):
        if waits_for_a_look(role, by.kind.value):
            wait_for_a_look(by, organisation, person, role, at=at)
            continue
        row = Membership.objects.create(person=person, organisation=organisation, role=role.value, since=at)
        tell(by, "role.given", row, at=at)
        if role is Role.ADMINISTRATOR:
            ask_about_administrator(
                by, organisation, person, at=at, given_by=by.person, name=by.name, kind=by.kind.value
            )
    for role in sorted(taken):
        end_membership(by, held[role], at=at, until=at)
    return tuple(sorted(wanted & set(hold_roles(organisation, person, at))))


def end_membership(by: Actor, row: Membership, *, at: datetime, until: datetime) -> None:
    """The row stays: what was done under it was rightly done. One that only now began never was in force."""
    row.until = max(until, row.since + timedelta(microseconds=1))
    row.save(update_fields=["until"])
    tell(by, "role.ended", row, at=at)


def hold_roles(organisation: Organisation, person: Person, at: datetime) -> dict[Role, Membership]:
    """The roles held now, under lock, so that two hands do not give and take at once."""
    Organisation.objects.select_for_update().only("id").get(pk=organisation.pk)
    rows = Membership.objects.filter(Membership.in_force(at), person=person, organisation=organisation)
    return {Role(row.role): row for row in rows}


def refuse_escalation(by: Actor, roles: Iterable[Role], at: datetime) -> None:
    """Refuse where one of these is not theirs to give or take."""
    beyond = sorted(set(roles) - givable(by, at))
    if beyond:
        raise Refused(
            _("Your role does not give or take this one: %(role)s. An administrator can.")
            % {"role": _(beyond[0].replace("_", " "))},
            field="roles",
        )


def is_leaving(organisation: Organisation, person: Person) -> bool:
    """Whether it is said from when on they work here no more, and that moment has not been dealt with."""
    rows = Departure.objects.filter(organisation=organisation, person=person, done_at=None)
    return rows.filter(taken_back_at=None).exists()


def refuse_leaving(organisation: Organisation, person: Person) -> None:
    """A role given meanwhile would have no end, and outlive their last day."""
    if is_leaving(organisation, person):
        raise Refused(
            _("%(name)s is leaving. Say first that they stay, then give them the role.")
            % {"name": person.name},
            field="roles",
        )


def refuse_last_administrator(organisation: Organisation, person: Person, at: datetime) -> None:
    """Somebody must always be able to let others in."""
    if not other_administrators(organisation, person, at):
        raise Refused(
            _(
                "%(name)s is the only administrator here. Make someone else administrator first, "
                "and let them sign in once."
            )
            % {"name": person.name},
            field="roles",
        )


def other_administrators(organisation: Organisation, person: Person, at: datetime) -> int:
    """How many others hold that role now, without an end in sight."""
    rows = Membership.objects.filter(
        organisation=organisation,
        role=Role.ADMINISTRATOR.value,
        since__lte=at,
        until=None,
    )
    return rows.exclude(person=person).values("person").distinct().count()


def make_invitation(
    by: Actor,
    *,
    at: datetime,
    organisation: Organisation,
    name: str,
    email: str,
    roles: Collection[Role],
    person: Person | None = None,
    second: UUID | None = None,
    words: str = "",
) -> tuple[StaffInvitation, str]:
    """The row and its secret, inside the step that has permission for it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = StaffInvitation.objects.create(
        **Authored.authored(by),
        organisation=organisation,
        person=person,
        to_name=one_line(name)[:200],
        to_email=email,
        roles=sorted(role.value for role in roles),
        made_at=at,
        expires_at=at + timedelta(days=StaffInvitation.LIFE_DAYS),
        token_hash=hash_of(token),
        second_id=second,
        words=words.strip()[:300],
    )
    return row, token


def post_invitation(by: Actor, row: StaffInvitation, message: EmailMessage, *, at: datetime) -> None:
    """Put its message on its way; one that could not be sent is a task for the desk."""
    post(
        message,
        at=at,
        organisation=row.organisation,
        what=f"invited_{row.pk.hex}",
        made_by=by.person,
        until=row.expires_at,
    )


def join_address(token: str) -> str:
    """The whole address, as it stands in the mail."""
    return f"{settings.CSRF_TRUSTED_ORIGINS[0]}/staff/join/{token}/"


def _message(row: StaffInvitation, token: str) -> EmailMessage:
    said = {
        "name": row.to_name,
        "who": row.by_name,
        "practice": row.organisation.name,
        "address": join_address(token),
        "days": row.LIFE_DAYS,
    }
    return EmailMessage(
        _("An invitation from %(practice)s") % said,
        _(
            "Hello %(name)s,\n\n%(who)s asks you to work with %(practice)s. Open this link, and type the "
            "code that %(who)s tells you:\n%(address)s\n\nIt works for %(days)s days. If this is not for "
            "you, delete it: without the code it opens nothing.\n"
        )
        % said,
        to=[row.to_email],
    )


def _roles(given: Collection[str]) -> frozenset[Role]:
    if not given:
        raise Refused(_("Choose at least one role."), field="roles")
    if unknown := [role for role in given if role not in list(Role)]:
        raise Refused(_("There is no role %(role)s.") % {"role": unknown[0]}, field="roles")
    return frozenset(Role(role) for role in given)


def _mail_address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("%(text)s is not a mail address.") % {"text": text}, field="email") from None
    return email


def _works_here(email: str, organisation: Organisation, at: datetime) -> bool:
    return Membership.objects.filter(
        Membership.in_force(at), organisation=organisation, person__user__email=email
    ).exists()


def _refuse_left_behind(
    organisation: Organisation, person: Person, wanted: frozenset[Role], at: datetime
) -> None:
    """What only a role that goes could do must be somebody else's first."""
    left = [item for item in held_by(person.pk, organisation.pk, at).items if not item.able & wanted]
    if left:
        raise Refused(
            _("%(name)s still holds work that these roles cannot do (%(n)s). Give it to someone first.")
            % {"name": person.name, "n": len(left)},
            field="roles",
        )
