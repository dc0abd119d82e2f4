"""Personal links: what was sent to someone's phone or mail, opened by a button.

Decided here: a GET changes nothing, since mail scanners open links; the POST redeems. The page says who
it is from and not for whom. One that does not open says in words why, and what to do: it is never an
error. The page sends no referrer, so its form is held to be ours by its token alone
(docs/adr/0016-sessions-and-links.md).
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openkap.door import nav
from openkap.door.bound import hold
from openkap.door.context import acting
from openkap.door.enter import anyone
from openkap.door.forms import AskForSignIn, BirthDate, SignInCode
from openkap.door.from_here import is_from_here
from openkap.door.language import chosen_here, speak
from openkap.door.page import actor, attempt, now
from openkap.door.session import way_back
from openkap.door.trouble import bad_csrf
from openkap.door.who import BROWSER_COOKIE, link_actor, remember_browser, wear
from openkap.records.links import hash_of
from openkap.records.models import PersonalLink
from openkap.records.site import is_demonstration
from openkap.steps import redeem
from openkap.steps.arrive import arrive
from openkap.steps.links import link_address
from openkap.steps.redeem import Stands

Purpose = PersonalLink.Purpose

# Where each purpose goes once redeemed, and what its button and page say.
PAGES = {Purpose.CONSENT: "link-consent", Purpose.MEASURE: "link-measure"}
ASKS = {
    Purpose.SIGN_IN: gettext_lazy("Sign in on this phone or computer."),
    Purpose.CONSENT: gettext_lazy("Something to read, and to sign if you agree."),
    Purpose.MEASURE: gettext_lazy("A few questions. About three minutes."),
}
GONE = {
    Stands.EXPIRED: gettext_lazy("Its time is over."),
    Stands.USED: gettext_lazy("It was already used. Each works once."),
    Stands.ELSEWHERE: gettext_lazy(
        "It was already opened on another phone or computer. If that was not you, tell the practice."
    ),
    Stands.ENDED: gettext_lazy(
        "It was closed, because it was opened with dates that did not fit, or a newer one was sent."
    ),
    Stands.UNKNOWN: gettext_lazy(
        "It is not one of ours, or a part of it is missing. Copy the whole link from the message."
    ),
}


@csrf_exempt  # held to be ours by `is_from_here`: without a referrer, browsers send no origin either
@ensure_csrf_cookie
@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say who this is from, with one button; the button opens it."""
    found = redeem.link_with(token)
    if found is not None and not chosen_here(request):
        speak(request, found.patient.language)
    browser = browser_hash(request)
    here = redeem.stands(found, browser, now())
    if request.method == "POST" and not is_from_here(request):
        return bad_csrf(request)
    if found is None or not here.opens:
        return _gone(request, found, here)
    asks = redeem.asks_birth_date(found.patient, browser)
    posted = request.POST if request.method == "POST" else None
    form = BirthDate(posted) if asks else forms.Form(posted)
    if request.method == "POST" and form.is_valid():
        opened = _open(request, found, form)
        if opened is not None:
            return opened
        here = redeem.stands(found, browser, now())
        if not here.opens:
            return _gone(request, found, here)
    words = {
        "link": found,
        "asks": ASKS[Purpose(found.purpose)],
        "form": form,
        "asks_birth_date": asks,
        "late": here is Stands.LATE,
        "ends_session_of": "" if acting(request).nobody else acting(request).name,
    }
    return render(request, "door/link.html", words, status=422 if form.errors else 200)


def _open(request: HttpRequest, found: PersonalLink, form: forms.Form) -> HttpResponse | None:
    """Redeem, and become whom the link makes of this browser; None where it was refused."""
    secret = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
    by = link_actor(found, where=actor(request).where)
    asked = isinstance(form, BirthDate)
    done = attempt(
        form,
        lambda: redeem.redeem(
            by=by, at=now(), link=found, browser=hash_of(secret), born_on=form.cleaned_data.get("born_on")
        ),
    )
    if done is False:
        return None
    return _enter(request, found, secret, how="link", late=done is Stands.LATE, asked=asked)


def _enter(
    request: HttpRequest,
    found: PersonalLink,
    secret: str,
    *,
    how: str,
    late: bool = False,
    asked: bool = False,
) -> HttpResponse:
    request._browser = secret  # type: ignore[attr-defined]
    if found.purpose == Purpose.SIGN_IN:
        wear(request, found.patient, "patient", strong=False, at=now(), how=how)
        arrive(by=actor(request), at=now(), how=how)
        response = HttpResponseRedirect(way_back(request))
    else:
        hold(request, found, at=now(), late=late, known_by="link and birth date" if asked else "link")
        response = HttpResponseRedirect(nav.address(PAGES[Purpose(found.purpose)]) or "/")
    remember_browser(response, secret)
    return response


def _gone(request: HttpRequest, found: PersonalLink | None, here: Stands) -> HttpResponse:
    """Why it does not open, and a button that asks the practice for another."""
    asked = False
    can_ask = found is not None and found.purpose != Purpose.SIGN_IN
    if request.method == "POST" and found is not None and can_ask and "ask" in request.POST:
        redeem.ask_for_new(by=link_actor(found, where=actor(request).where), at=now(), link=found)
        asked = True
    words: dict[str, Any] = {
        "why": GONE.get(here, ""),
        "practice": found.organisation if found is not None else None,
        "is_sign_in": found is not None and found.purpose == Purpose.SIGN_IN,
        "can_ask": can_ask,
        "asked": asked,
    }
    status = 200 if asked else 404 if here is Stands.UNKNOWN else 410
    return render(request, "door/link_gone.html", words, status=status)


@anyone
@require_GET
def again(request: HttpRequest) -> HttpResponse:
    """Where someone lands whose link-bound session has ended."""
    return render(request, "door/link_again.html")


@anyone
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the short code of a sign-in message."""
    form = SignInCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        secret = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
        found = attempt(
            form,
            lambda: redeem.sign_in_with_code(
                by=actor(request),
                at=now(),
                contact=form.cleaned_data["contact"],
                code=form.cleaned_data["code"],
                browser=hash_of(secret),
                born_on=form.cleaned_data["born_on"],
            ),
        )
        if isinstance(found, PersonalLink):
            return _enter(request, found, secret, how="code")
    words = {
        "form": form,
        "ask": AskForSignIn(),
        "next": way_back(request, "/"),
        "sent": request.GET.get("sent"),
    }
    return render(request, "door/code.html", words, status=422 if form.errors else 200)


@anyone
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Send a sign-in to this address, if anyone is known by it; the answer is the same either way."""
    form = AskForSignIn(request.POST)
    if not form.is_valid():
        words = {"form": SignInCode(), "ask": form, "next": way_back(request, "/")}
        return render(request, "door/code.html", words, status=422)
    tokens = redeem.ask_sign_in(by=actor(request), at=now(), contact=form.cleaned_data["contact"])
    if is_demonstration() and tokens:
        words = {"addresses": [link_address(token) for token in tokens]}
        return render(request, "door/sent.html", words)
    query = urlencode({"sent": "1", "next": way_back(request, "/")})
    return HttpResponseRedirect(reverse("sign-in-code") + "?" + query)


def browser_hash(request: HttpRequest) -> str:
    """The hash by which this browser is known; "" where it has never been used here."""
    secret = request.COOKIES.get(BROWSER_COOKIE)
    return hash_of(secret) if secret else ""
