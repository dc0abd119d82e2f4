"""How allauth fits this house: staff are invited, never sign themselves up, and wear a hat once in.

Decided here: a sign-in is strong when a second factor was asked for in it; without one it leads to its
set-up and nowhere else. The hat is the one last worn in this browser, else the first by name.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from openkap.door.hats import hat_named, hats_of
from openkap.door.page import actor, now
from openkap.door.who import BEGAN, HAT, KEPT, LINK, LOCKED, PERSON, SEEN, SIGN_IN, STRONG, empty, wear
from openkap.steps.arrive import arrive

HAT_COOKIE = "openkap_hat"
FRESH_S = 300
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Staff(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """The end of a complete sign-in: password, and the second factor where one is set up."""
        strong = is_mfa_enabled(user, SECOND_FACTORS)
        if request.session.get(PERSON) != str(user.person_id):
            for key in (PERSON, HAT, STRONG, LINK, LOCKED, KEPT, BEGAN, SEEN, SIGN_IN):
                request.session.pop(key, None)
        super().login(request, user)
        hats = hats_of(user.person_id, now())
        if not hats:
            return
        worn = hat_named(hats, request.COOKIES.get(HAT_COOKIE)) or hats[0]
        wear(request, user.person, worn.key, strong=strong, at=now())
        arrive(by=actor(request), at=now(), how="password")

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        empty(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The package counts failed tries by name alone, which would let anyone keep a nurse out from outside.
        return (
            f"{super()._get_login_attempts_cache_key(request, **credentials)} {self.get_client_ip(request)}"
        )

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        """Changing how one signs in asks for the password again, unless it was given just before."""
        known = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in known), default=0.0)
        return now().timestamp() - last > FRESH_S

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")


class Factors(DefaultMFAAdapter):
    """Keys of authenticator apps and recovery codes lie encrypted in the database, under the site's key."""

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(12)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), b"second factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        kept = base64.b64decode(encrypted_text)
        return _cipher().decrypt(kept[:12], kept[12:], b"second factor").decode()


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("openkap.second-factor", settings.SECRET_KEY, algorithm="sha256").digest())


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name someone tries to sign in with, as failed tries are counted."""
    given = credentials or {}
    tried = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(tried).replace("\0", "").strip().lower()  # which no database keeps


@receiver([signals.authenticator_added, signals.authenticator_removed])
def strength_changed(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """Setting up a second factor opens the rest of the house at once; removing the last closes it."""
    if request.session.get(PERSON) == str(user.person_id):
        request.session[STRONG] = is_mfa_enabled(user, SECOND_FACTORS)
