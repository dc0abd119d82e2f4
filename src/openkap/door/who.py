"""Who comes in: turns a session, a link or a tablet's cookie into an Actor, once a request.

Decided here: the session holds which hat is worn (`hat`: an organisation's id, or "patient"); the
roles under it are asked afresh from the records. Nobody is an actor without a person, a link or a
device: anonymous requests have `request.actor` of kind LINK with no Scope, and so has a locked session.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from openkap.door.device_words import device_words
from openkap.permits import Actor, ActorKind, Bound
from openkap.reads.staff_standing import own_ended
from openkap.records.compiled import Compiled
from openkap.records.links import hash_of
from openkap.records.models import Device, Organisation, Person, PersonalLink, SignIn
from openkap.steps.sign_ins import begin_sign_in

DEVICE_COOKIE = "openkap_tablet"
# What a session of ours holds. `seen` and `began` are times in ISO 8601; `locked` is true or absent.
PERSON, HAT, STRONG, LINK = "person", "hat", "strong", "link"
SEEN, BEGAN, LOCKED, KEPT = "seen", "began", "locked", "kept"
SIGN_IN = "sign_in"
# By which a browser is known again. It says nothing of who uses it; only its hash is kept.
BROWSER_COOKIE = "openkap_browser"
LONG_S = 400 * 24 * 3600


PERSONS: Compiled[Person] = Compiled(Person, lambda person: Person.objects.filter(pk=person))
SIGNED_IN: Compiled[Person] = Compiled(
    Person,
    lambda person, sign_in: Person.objects.filter(pk=person, sign_ins__id=sign_in, sign_ins__ended_at=None),
)


class Who:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if (secret := getattr(request, "_browser", None)) is not None:
            remember_browser(response, secret)
        return response


def remember_browser(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        BROWSER_COOKIE,
        secret,
        max_age=LONG_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def nobody(request: HttpRequest) -> Actor:
    return Actor(ActorKind.LINK, "nobody", where=_where(request))


def actor_of(request: HttpRequest) -> Actor:
    session = request.session
    if session.get(LOCKED):
        return nobody(request)
    if session.get(PERSON) and session.get(HAT):
        return _person(request, session[PERSON], session[HAT]) or nobody(request)
    if session.get(LINK):
        return _link(request, session[LINK]) or nobody(request)
    token = request.COOKIES.get(DEVICE_COOKIE)
    return (_device(request, token) if token else None) or nobody(request)


def unlocked(request: HttpRequest) -> Actor | None:
    """Whose session this is, locked or not; for keeping what they typed, never for showing anything."""
    session = request.session
    return (
        _person(request, session[PERSON], session[HAT]) if session.get(PERSON) and session.get(HAT) else None
    )


def _person(request: HttpRequest, person_id: str, hat: str) -> Actor | None:
    if sign_in := request.session.get(SIGN_IN):
        # Its sessions go with it; one that was being made at that very moment opens nothing either.
        people = SIGNED_IN(person=UUID(person_id), sign_in=UUID(str(sign_in)))
    else:
        people = PERSONS(person=UUID(person_id))
    person = next(iter(people), None)
    if person is None:
        return None
    request._language = person.language  # type: ignore[attr-defined]
    return Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        organisation=None if hat == "patient" else UUID(hat),
        as_patient=hat == "patient",
        where=_where(request),
        strong=bool(request.session.get(STRONG)),
    )


def _link(request: HttpRequest, link_id: str) -> Actor | None:
    link = PersonalLink.objects.select_related("patient").filter(id=link_id).first()
    if link is None:
        return None
    request._language = link.patient.language  # type: ignore[attr-defined]
    return link_actor(link, where=_where(request))


def link_actor(link: PersonalLink, *, where: str) -> Actor:
    """The holder of a redeemed link: its person, bound to its patient, course and purpose."""
    return Actor(
        ActorKind.LINK,
        link.patient.name,
        id=link.id,
        person=link.patient_id,
        organisation=link.organisation_id,
        bound=Bound(patient=link.patient_id, course=link.course_id, purpose=link.purpose),
        where=where,
    )


def _device(request: HttpRequest, token: str) -> Actor | None:
    device = Device.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
    if device is None:
        return None
    return Actor(
        ActorKind.DEVICE,
        device.name,
        id=device.id,
        organisation=device.organisation_id,
        bound=Bound(room=device.room_id),
        where=_where(request),
    )


def wear(
    request: HttpRequest, person: Person, hat: str, *, strong: bool, at: datetime, how: str = "password"
) -> None:
    """Sign this person in under a hat: an organisation's id, or "patient". The session key changes.

    Another person's session is emptied first; one's own keeps what it held while it was locked, and goes on
    as the same sign-in. `how` says by what a new one came to be.
    """
    if request.session.get(PERSON) not in (None, str(person.id)) or request.session.get(LINK):
        empty(request)
    request.session.cycle_key()
    request.session.update({PERSON: str(person.id), HAT: hat, STRONG: strong, SEEN: at.isoformat()})
    request.session.setdefault(BEGAN, at.isoformat())
    request.session.pop(LOCKED, None)
    request.actor = actor_of(request)  # type: ignore[attr-defined]
    if not _goes_on(request, person):
        _begin(request, how, at)


def _goes_on(request: HttpRequest, person: Person) -> bool:
    """Whether this browser's sign-in of this person still stands: a hat changed, or a lock was opened."""
    known = request.session.get(SIGN_IN)
    return known is not None and SignIn.objects.filter(pk=known, person=person, ended_at=None).exists()


def _begin(request: HttpRequest, how: str, at: datetime) -> None:
    session = request.session
    session.pop(SIGN_IN, None)
    by = actor_of(request)
    secret = getattr(request, "_browser", None) or request.COOKIES.get(BROWSER_COOKIE)
    request._browser = secret = secret or secrets.token_urlsafe(32)  # type: ignore[attr-defined]
    row = begin_sign_in(
        by=by,
        at=at,
        how=how,
        device=device_words(request.headers.get("User-Agent", "")),
        browser=hash_of(secret),
        remember=by.strong or by.as_patient,
    )
    session[SIGN_IN] = str(row.pk)
    request.actor = actor_of(request)  # type: ignore[attr-defined]
    _tell_what_ended(request, by, at)


def _tell_what_ended(request: HttpRequest, by: Actor, at: datetime) -> None:
    """At sign-in: what of one's own licenses and certificates has ended here, and what that holds."""
    staff = by.organisation is not None and not by.as_patient
    here = Organisation.objects.filter(pk=by.organisation).first() if staff else None  # type: ignore[misc]
    if here is None or by.person is None or not hasattr(request, "_messages"):
        return
    for _level, words in own_ended(here.pk, by.person, at, ZoneInfo(here.zone)):
        messages.warning(request, words)


def hold_link(request: HttpRequest, link: PersonalLink, *, at: datetime) -> None:
    """Whoever was signed in here is not any more: this browser now holds a patient's link."""
    empty(request)
    request.session.update({LINK: str(link.id), SEEN: at.isoformat(), BEGAN: at.isoformat()})
    request.actor = link_actor(link, where=_where(request))  # type: ignore[attr-defined]


def empty(request: HttpRequest) -> None:
    """Forget everything this session held, the signed-in user with it."""
    request.session.flush()
    request.user = AnonymousUser()
    request.actor = nobody(request)  # type: ignore[attr-defined]
    for kept in ("_scope", "_organisation", "_hats"):
        if hasattr(request, kept):
            delattr(request, kept)


def _where(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
