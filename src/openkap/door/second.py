"""A second person shows who they are on somebody else's screen, for one act.

Decided here: they give their own password and a code of their own second factor, and nothing of the first
person's session changes: no one is signed out, and what was on the page stays. It opens nothing else and
is over with that one sending. Failed tries count as they do at sign-in, and close the name here too. On a
demonstration site the personas have neither, so that they are chosen by name (docs/adr/0021-gate.md).
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openkap.door.page import actor
from openkap.permits import Actor, ActorKind
from openkap.records.models import Person, User
from openkap.records.site import is_demonstration

BY_CODE, BY_PERSONA = "second_sign_in", "demonstration"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class NotShown(Exception):
    """They did not show who they are; the sentence is for the page, and tells nobody which part was wrong."""


def second_person(request: HttpRequest, *, email: str, password: str, code: str) -> Actor:
    """Whoever shows their own password and second factor, under the hat of this screen. Raises NotShown."""
    email = email.strip().lower()
    if not AxesProxyHandler.is_allowed(request, {"email": email}):
        raise NotShown(_("Too many tries. This name is closed here for 15 minutes. Use your own device."))
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User) or not _shows_factor(user, code.strip()):
        if isinstance(user, User):
            user_login_failed.send(sender=User, credentials={"email": email}, request=request)
        raise NotShown(_("The mail address, the password or the code is not right. Try again."))
    # What counts failed tries starts again from none; nobody is signed in by it.
    user_logged_in.send(sender=User, request=request, user=user)
    return _under_this_hat(request, user.person)


def second_persona(request: HttpRequest, person: str) -> Actor:
    """On a demonstration site: somebody chosen by name. Raises NotShown."""
    found = Person.objects.filter(id=person).first() if is_demonstration() and person else None
    if found is None:
        raise NotShown(_("Choose who checks it."))
    return _under_this_hat(request, found)


def shows_own_factor(request: HttpRequest, *, password: str, code: str) -> None:
    """Whoever is signed in shows both again, for one signature. Raises NotShown.

    A demonstration's personas have neither; being one of them is all there is.
    """
    if is_demonstration():
        return
    own = actor(request).person
    user = User.objects.filter(person_id=own).first() if own is not None else None
    shown = second_person(request, email=user.email if user else "", password=password, code=code)
    if shown.person != actor(request).person:
        raise NotShown(_("This is for the person who is signed in here."))


def _shows_factor(user: User, code: str) -> bool:
    if not code:
        return False
    return any(
        authenticator.wrap().validate_code(code)
        for authenticator in Authenticator.objects.filter(user=user, type__in=FACTORS)
    )


def _under_this_hat(request: HttpRequest, person: Person) -> Actor:
    by = actor(request)
    return Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        organisation=by.organisation,
        where=by.where,
        strong=True,
    )
