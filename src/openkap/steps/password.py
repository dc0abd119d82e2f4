"""A new password, chosen by the person whose it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from openkap.permits import Actor
from openkap.records.models import Organisation, User
from openkap.steps.frame import NotPermitted, step, tell
from openkap.steps.mail import post
from openkap.steps.sign_ins import end_all_of


@step
def change_password(*, by: Actor, at: datetime, user: User, password: str, here: UUID | None) -> None:
    """From now on; every other sign-in ends, and a mail says so. `here` is the sign-in that asks."""
    if by.person is None or by.person != user.person_id:
        raise NotPermitted(_("Only the person whose password it is can change it."))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_all_of(by, by.person, at=at, why="password", but=here)
    tell(by, "password.changed", None, at=at, organisation=by.organisation)
    if by.organisation is None:
        return
    place = Organisation.objects.get(pk=by.organisation)
    message = EmailMessage(
        _("Your password was changed"),
        _("Hello %(name)s,\n\nyour password was changed. If it was not you, call %(practice)s now.\n")
        % {"name": by.name, "practice": place.name},
        to=[user.email],
    )
    post(message, at=at, organisation=place, what=f"password_{user.pk.hex}", made_by=by.person)
