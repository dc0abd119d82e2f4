"""What an actor may reach at one moment: a Scope, made of reaches.

Decided here: a Scope is the only thing that decides and the only thing that filters. `decide`
answers for one subject, `records/scoped.py` makes the same Scope a query, and
`tests/integration/test_one_scope.py` holds the two equal (docs/adr/0005-one-scope.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from openkap.permits.actor import Actor, ActorKind, Role
from openkap.permits.need import Act, Kind, Need
from openkap.permits.roles import (
    DEVICE,
    GRANT_ALWAYS,
    GRANT_SCOPES,
    IN_ROOM,
    LINKS,
    OWN_EVENTS,
    OWN_EVENTS_ELSEWHERE,
    OWN_WORDS,
    OWN_WORDS_OF,
    PATIENT,
    ROLES,
    SHOWN_BY_NAME,
    SYSTEM,
    Row,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing asked about: what kind, who keeps it, whom it concerns, since when it is so.

    `house` is the practice that keeps the course, where that is another than `keeper`.
    """

    kind: Kind
    keeper: UUID | None = None
    patient: UUID | None = None
    course: UUID | None = None
    session: UUID | None = None
    room: UUID | None = None
    at: datetime | None = None
    author: UUID | None = None
    house: UUID | None = None


@dataclass(frozen=True, slots=True)
class GrantHeld:
    """A patient's grant in force: which keeper's facts, of which kinds, from when on."""

    id: UUID
    patient: UUID
    keeper: UUID
    scopes: frozenset[str]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class InRoom:
    """A session under way in which this actor is checked in as therapist, and the grant it rests on."""

    session: UUID
    keeper: UUID
    patient: UUID
    grant: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the records say of an actor now: roles under the hat worn, grants received, rooms they are in."""

    roles: frozenset[Role] = frozenset()
    grants: tuple[GrantHeld, ...] = ()
    rooms: tuple[InRoom, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """Acts upon kinds, narrowed by whatever is not None. `grant` names the consent it rests on."""

    allows: tuple[tuple[Kind, frozenset[Act]], ...]
    keeper: UUID | None = None
    patient: UUID | None = None
    course: UUID | None = None
    session: UUID | None = None
    room: UUID | None = None
    author: UUID | None = None
    house: UUID | None = None
    since: datetime | None = None
    grant: UUID | None = None

    def acts_on(self, kind: Kind) -> frozenset[Act]:
        return next((acts for named, acts in self.allows if named is kind), frozenset())

    def covers(self, need: Need, subject: Subject) -> bool:
        return (
            need.act in self.acts_on(need.kind)
            and self.keeper in (None, subject.keeper)
            and self.patient in (None, subject.patient)
            and self.course in (None, subject.course)
            and self.session in (None, subject.session)
            and self.room in (None, subject.room)
            and self.author in (None, subject.author)
            and self.house in (None, subject.house)
            and (self.since is None or (subject.at is not None and subject.at >= self.since))
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """All that one actor may reach, at one moment."""

    reaches: tuple[Reach, ...] = ()

    def allowing(self, need: Need) -> tuple[Reach, ...]:
        return tuple(reach for reach in self.reaches if need.act in reach.acts_on(need.kind))


def scope_of(actor: Actor, standing: Standing) -> Scope:
    """The Scope of this actor, given what the records say of them now."""
    match actor.kind:
        case ActorKind.SYSTEM:
            return Scope((Reach(_allows(SYSTEM), keeper=actor.organisation),))
        case ActorKind.DEVICE:
            room = actor.bound.room if actor.bound else None
            return Scope((Reach(_allows(DEVICE), keeper=actor.organisation, room=room),)) if room else Scope()
        case ActorKind.LINK:
            return _of_link(actor)
        case ActorKind.PERSON if actor.as_patient:
            return Scope((Reach(_allows(PATIENT), patient=actor.person),))
        case _:
            return _of_staff(actor, standing)


def _of_link(actor: Actor) -> Scope:
    bound = actor.bound
    if bound is None or bound.patient is None:
        return Scope()
    row = LINKS.get(bound.purpose, {})
    return Scope((Reach(_allows(row), keeper=actor.organisation, patient=bound.patient),))


def _of_staff(actor: Actor, standing: Standing) -> Scope:
    own = [Reach(_allows(ROLES[role]), keeper=actor.organisation) for role in sorted(standing.roles)]
    if actor.person is not None and standing.roles & OWN_WORDS_OF:
        own.append(Reach(_allows(OWN_WORDS), keeper=actor.organisation, author=actor.person))
        own += _shown(actor, standing)
    if actor.person is not None and Role.THERAPIST in standing.roles:
        own.append(Reach(_allows(OWN_EVENTS), keeper=actor.organisation, author=actor.person))
    see = frozenset({Act.SEE})
    lent = [
        Reach(
            tuple((kind, see) for kind in sorted(_kinds(grant.scopes))),
            keeper=grant.keeper,
            patient=grant.patient,
            grant=grant.id,
        )
        for grant in standing.grants
    ]
    # A name is not dated: "from now on" narrows the facts, not who the person is.
    narrowed = [
        part
        for reach, grant in zip(lent, standing.grants, strict=True)
        for part in _from_now(reach, grant.since)
    ]
    told = _told(actor, standing)
    return Scope((*own, *narrowed, *told, *(_of_room(room) for room in standing.rooms)))


def _of_room(room: InRoom) -> Reach:
    """Who sits in the room sees what it shows, of this session alone and while they are there."""
    return Reach(
        _allows(IN_ROOM), keeper=room.keeper, patient=room.patient, session=room.session, grant=room.grant
    )


def _told(actor: Actor, standing: Standing) -> list[Reach]:
    """What this therapist told another practice of, while its patient shares that course with them."""
    if actor.person is None or Role.THERAPIST not in standing.roles:
        return []
    own = Reach(_allows(OWN_EVENTS_ELSEWHERE), author=actor.person)
    return [
        replace(own, keeper=grant.keeper, patient=grant.patient, grant=grant.id) for grant in standing.grants
    ]


def _shown(actor: Actor, standing: Standing) -> list[Reach]:
    """What a patient showed to this person by name: in a course of their own house, and in another's while
    the patient shares that course with them. When sharing ends, by hand or by date, this ends with it."""
    by_name = Reach(_allows(SHOWN_BY_NAME), keeper=actor.organisation, author=actor.person)
    lent = {(grant.patient, grant.keeper) for grant in standing.grants}
    return [
        replace(by_name, house=actor.organisation),
        *(replace(by_name, patient=patient, house=house) for patient, house in sorted(lent)),
    ]


def _from_now(reach: Reach, since: datetime | None) -> Iterable[Reach]:
    if since is None:
        return (reach,)
    named = tuple(pair for pair in reach.allows if pair[0] in GRANT_ALWAYS)
    dated = tuple(pair for pair in reach.allows if pair[0] not in GRANT_ALWAYS)
    return (replace(reach, allows=named), replace(reach, allows=dated, since=since))


def _kinds(scopes: Iterable[str]) -> frozenset[Kind]:
    return GRANT_ALWAYS.union(*(GRANT_SCOPES.get(scope, frozenset()) for scope in scopes))


def _allows(row: Row) -> tuple[tuple[Kind, frozenset[Act]], ...]:
    return tuple(sorted(row.items()))
