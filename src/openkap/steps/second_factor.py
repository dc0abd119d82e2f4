"""Someone lost their second factor, or their password: two people let them back in.

Decided here: whoever keeps the staff asks for it, and a second person of the same practice shows on the same
screen who they are. From that moment every sign-in of the one concerned ends and the password they had opens
nothing. A link goes to their own mail address, and a code is told to them in person or on a number that was
known before; with both they choose a password, and a second factor at once. Both names stay in the trail
(docs/adr/0030-a-real-site.md).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from openkap.permits import Act, Actor, Kind
from openkap.records.models import KnownBrowser, Organisation, Person, StaffInvitation, User
from openkap.records.standing import standing_of
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.sign_ins import end_all_of
from openkap.steps.staff import (
    hold_roles,
    join_address,
    make_invitation,
    post_invitation,
    refuse_escalation,
)


@step
def let_back_in(
    *,
    by: Actor,
    second: Actor,
    at: datetime,
    organisation: Organisation,
    person: Person,
    words: str,
    submission: UUID | None = None,
) -> tuple[StaffInvitation, str]:
    """Take the old ways in away and send a new one. `words`: how it was made sure that it is them."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    roles = hold_roles(organisation, person, at)
    user = User.objects.filter(person=person).first()
    if not roles or user is None:
        raise Refused(_("%(name)s has no sign-in here.") % {"name": person.name})
    refuse_escalation(by, roles, at)
    _refuse_alone(by, second, person, at)
    if not words.strip():
        raise Refused(_("Say how you made sure that it is them."), field="words")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    KnownBrowser.objects.filter(person=person).delete()
    end_all_of(by, person.pk, at=at, why="reset")
    StaffInvitation.objects.filter(StaffInvitation.open(at), person=person).update(ended_at=at)
    row, token = make_invitation(
        by,
        at=at,
        organisation=organisation,
        name=person.name,
        email=user.email,
        roles=tuple(roles),
        person=person,
        second=second.person,
        words=words,
    )
    tell(by, "second_factor.taken_away", row, at=at)
    tell(second, "second_factor.stood_beside", row, at=at)
    post_invitation(by, row, _message(row, person, token), at=at)
    return row, token


def _refuse_alone(by: Actor, second: Actor, person: Person, at: datetime) -> None:
    if person.pk in (by.person, second.person):
        raise Refused(_("Nobody does this for themselves. Ask two colleagues."), field="email")
    if by.person == second.person or second.organisation != by.organisation:
        raise Refused(_("A second person of this practice shows who they are."), field="email")
    if not standing_of(second, at).roles:
        raise Refused(_("%(name)s does not work here.") % {"name": second.name}, field="email")


def _message(row: StaffInvitation, person: Person, token: str) -> EmailMessage:
    with override(person.language):
        said = {
            "name": person.chosen_name or person.given_name,
            "who": row.by_name,
            "practice": row.organisation.name,
            "address": join_address(token),
        }
        return EmailMessage(
            _("A new way to sign in"),
            _(
                "Hello %(name)s,\n\n%(who)s of %(practice)s took your old password and second factor away, "
                "because you asked for it. Open this link, and type the code that they tell you:\n"
                "%(address)s\n\nIf you did not ask, call %(practice)s now.\n"
            )
            % said,
            to=[row.to_email],
        )
