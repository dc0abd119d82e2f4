"""Browsers for the tests of the door: a client that knows the cast, and the codes of an authenticator app."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from openkap.records.models import Person, User

PASSWORD = "the heron stands in the reeds"


class Visitor(Client):
    """A browser. `page` is the text of the last answer."""

    page: str = ""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        self.page = "" if response.streaming else response.content.decode(errors="replace")
        return response

    def become(self, key: str, **data: str) -> Visitor:
        """Press a persona's button on a demonstration site."""
        answer = self.post(f"/demo/become/{key}/", data)
        assert answer.status_code == 302, answer.status_code
        return self

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page just seen."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"no hidden field {name} on this page"
        return found[1]


def account(person: Person, *, password: str = PASSWORD) -> User:
    """A way to sign in for this person."""
    return User.objects.create_user(person.email, password, person=person)


def app_for(user: User) -> str:
    """An authenticator app set up for this user; gives its key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def codes_for(user: User) -> list[str]:
    return list(RecoveryCodes.activate(user).get_unused_codes())


def digits(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or `ahead` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))
