"""Who comes in: turns a session, a link or a tablet's cookie into an Actor, once a request.

Decided here: the session holds which hat is worn (`hat`: an organisation's id, or "patient"); the
roles under it are asked afresh from the records. Nobody is an actor without a person, a link or a
device: anonymous requests have `request.actor` of kind LINK with no Scope.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openkap.permits import Actor, ActorKind, Bound
from openkap.records.links import hash_of
from openkap.records.models import Device, Person

DEVICE_COOKIE = "openkap_tablet"
PERSON, HAT, STRONG = "person", "hat", "strong"


class Who:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    where = request.META.get("REMOTE_ADDR", "")
    session = request.session
    person_id, hat = session.get(PERSON), session.get(HAT)
    if person_id and hat:
        person = Person.objects.get(id=person_id)
        return Actor(
            ActorKind.PERSON,
            person.name,
            id=person.id,
            person=person.id,
            organisation=None if hat == "patient" else UUID(hat),
            as_patient=hat == "patient",
            where=where,
            strong=bool(session.get(STRONG)),
        )
    token = request.COOKIES.get(DEVICE_COOKIE)
    if token:
        device = Device.objects.filter(token_hash=hash_of(token), revoked_at=None).first()
        if device is not None:
            return Actor(
                ActorKind.DEVICE,
                device.name,
                id=device.id,
                organisation=device.organisation_id,
                bound=Bound(room=device.room_id),
                where=where,
            )
    return Actor(ActorKind.LINK, "nobody", where=where)


def wear(request: HttpRequest, person: Person, hat: str, *, strong: bool) -> None:
    """Sign this person in under a hat: an organisation's id, or "patient". The session key changes."""
    request.session.cycle_key()
    request.session[PERSON] = str(person.id)
    request.session[HAT] = hat
    request.session[STRONG] = strong
    request.actor = actor_of(request)  # type: ignore[attr-defined]
