"""What the records say of an actor now: roles under the hat worn, grants received, rooms they sit in.

Decided here: asked afresh for every page, every step and every push of a stream, so that a revoked
grant or an ended membership counts from that moment.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from openkap.permits import Actor, ActorKind, GrantHeld, InRoom, Role, Scope, Standing, scope_of
from openkap.records.compiled import Compiled
from openkap.records.models import CheckIn, Device, Grant, Invitation, Membership, PersonalLink, Session


def _came() -> QuerySet[CheckIn]:
    """Therapists coming into sessions that are under way now."""
    return CheckIn.objects.current().filter(
        part=CheckIn.Part.THERAPIST, act="in", session__state__in=Session.LIVE
    )


# Whether they sit in a room is asked along: hardly ever, and only then is it asked in which.
ROLES_HELD: Compiled[tuple[str, bool]] = Compiled(
    Membership,
    lambda person, practice, at: (
        Membership.objects.filter(Membership.in_force(at), person_id=person, organisation_id=practice)
        .annotate(sits=Exists(_came().filter(person=OuterRef("person"))))
        .values_list("role", "sits")
    ),
)
GRANTS_HELD: Compiled[Grant] = Compiled(
    Grant,
    lambda person, practice, at: Grant.objects.filter(
        Grant.in_force(at), Q(to_person=None) | Q(to_person_id=person), to_organisation_id=practice
    ).order_by(),
)


def standing_of(by: Actor, at: datetime) -> Standing:
    """Roles and grants of a staff member under the hat worn; empty for everyone else."""
    if by.kind is not ActorKind.PERSON or by.as_patient or by.organisation is None or by.person is None:
        return Standing()
    held = ROLES_HELD(person=by.person, practice=by.organisation, at=at)
    roles = frozenset(Role(role) for role, _sits in held)
    if not roles:
        return Standing()
    grants = _grants(by, at) if Role.THERAPIST in roles or Role.PRESCRIBER in roles else ()
    sits = Role.THERAPIST in roles and any(sits for _role, sits in held)
    return Standing(roles, grants, _rooms(by, grants) if sits else ())


def _grants(by: Actor, at: datetime) -> tuple[GrantHeld, ...]:
    assert by.person is not None and by.organisation is not None
    held = GRANTS_HELD(person=by.person, practice=by.organisation, at=at)
    # Put in order here: asked for in the order of ids, SQLite reads every grant there is for it.
    held.sort(key=lambda grant: grant.id)
    return tuple(
        GrantHeld(
            id=grant.id,
            patient=grant.patient_id,
            keeper=grant.organisation_id,
            scopes=frozenset(grant.scopes),
            since=None if grant.from_start else grant.made_at,
        )
        for grant in held
    )


def _rooms(by: Actor, grants: tuple[GrantHeld, ...]) -> tuple[InRoom, ...]:
    """Sessions under way in which this therapist is checked in: their own practice's, or by a grant."""
    assert by.person is not None
    gone = CheckIn.objects.current().filter(
        session=OuterRef("session"), person=OuterRef("person"), part=CheckIn.Part.THERAPIST, act="out"
    )
    rows = (
        _came()
        .filter(person_id=by.person)
        .exclude(Exists(gone.filter(at__gte=OuterRef("at"))))
        .order_by("id")
        .values_list("session_id", "organisation_id", "patient_id")
    )
    lent = {(grant.keeper, grant.patient): grant.id for grant in grants}
    return tuple(
        InRoom(session, keeper, patient, None if keeper == by.organisation else lent[keeper, patient])
        for session, keeper, patient in dict.fromkeys(rows)
        if keeper == by.organisation or (keeper, patient) in lent
    )


def still_stands(by: Actor, at: datetime) -> bool:
    """Whether a link or a device is still what it was when the actor was made."""
    if by.id is None:
        return by.kind not in (ActorKind.DEVICE, ActorKind.LINK)
    if by.kind is ActorKind.DEVICE:
        return Device.objects.filter(id=by.id, revoked_at=None).exists()
    if by.kind is ActorKind.LINK and by.bound is not None and by.bound.purpose == "invite":
        return Invitation.objects.filter(Invitation.open(at), id=by.id).exists()
    if by.kind is ActorKind.LINK:
        return PersonalLink.objects.filter(id=by.id, ended_at=None).exists()
    return True


def scope_now(by: Actor, at: datetime) -> Scope:
    """The Scope of this actor at this moment."""
    return scope_of(by, standing_of(by, at)) if still_stands(by, at) else Scope()
