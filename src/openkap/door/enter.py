"""Who may open a page at all: a staff member, a patient, a link's holder, anyone.

Decided here: these say which kind of person a page is for; what they find there is the Scope's answer
alone (docs/adr/0005-one-scope.md). A page for others is not there (404), so that nobody learns of it
by trying. A staff member without a second factor reaches only its set-up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from openkap.door.page import actor
from openkap.permits import Actor, ActorKind
from openkap.records.site import is_demonstration

View = TypeVar("View", bound=Callable[..., Any])
Check = Callable[[HttpRequest], HttpResponseBase | None]


def staff(view: View) -> View:
    """For a staff member who wears an organisation's hat and has shown a second factor."""
    return _guarded(view, _staff, "staff")


def patient(view: View) -> View:
    """For a patient who is signed in, on their own behalf."""
    return _guarded(view, _patient, "patient")


def by_link(purpose: str) -> Callable[[View], View]:
    """For whoever redeemed a link of this purpose on this device: `@by_link("consent")`."""

    def decorate(view: View) -> View:
        return _guarded(view, functools.partial(_by_link, purpose), f"link {purpose}")

    return decorate


def anyone(view: View) -> View:
    """For everyone, signed in or not. Said aloud, so that no page is open by oversight."""
    return _guarded(view, lambda request: None, "anyone")


def demonstration_only(view: View) -> View:
    """For everyone, on a demonstration site; elsewhere the page is not there."""
    return _guarded(view, _demonstration, "demonstration")


def is_staff(by: Actor) -> bool:
    return by.kind is ActorKind.PERSON and by.organisation is not None


def is_patient(by: Actor) -> bool:
    return by.kind is ActorKind.PERSON and by.as_patient


def is_nobody(by: Actor) -> bool:
    """Not signed in, no link redeemed, no tablet."""
    return by.kind is ActorKind.LINK and by.bound is None


def _staff(request: HttpRequest) -> HttpResponseBase | None:
    by = actor(request)
    if is_nobody(by):
        return to_sign_in(request, "account_login")
    if not is_staff(by):
        raise Http404
    if not by.strong:
        return HttpResponseRedirect(reverse("mfa_index"))
    return None


def _patient(request: HttpRequest) -> HttpResponseBase | None:
    by = actor(request)
    # Whoever holds a link for one thing is asked who they are before they see the rest.
    if by.kind is ActorKind.LINK:
        return to_sign_in(request, "sign-in-code")
    if not is_patient(by):
        raise Http404
    return None


def _by_link(purpose: str, request: HttpRequest) -> HttpResponseBase | None:
    by = actor(request)
    if is_nobody(by):
        return HttpResponseRedirect(reverse("link-again"))
    if by.kind is not ActorKind.LINK or by.bound is None or by.bound.purpose != purpose:
        raise Http404
    return None


def _demonstration(request: HttpRequest) -> HttpResponseBase | None:
    if not is_demonstration():
        raise Http404
    return None


def to_sign_in(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To the page where one signs in, which leads back here afterwards."""
    back = request.get_full_path() if request.method == "GET" else ""
    return HttpResponseRedirect(reverse(name) + ("?" + urlencode({"next": back}) if back else ""))


def _guarded(view: View, check: Check, for_whom: str) -> View:
    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def run_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            turned = await sync_to_async(check)(request)
            return turned if turned is not None else await view(request, *args, **kwargs)

        run_async.for_whom = for_whom  # type: ignore[attr-defined]
        return run_async  # type: ignore[return-value]

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        turned = check(request)
        return turned if turned is not None else view(request, *args, **kwargs)

    run.for_whom = for_whom  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]
