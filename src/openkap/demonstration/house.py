"""The three practices of a demonstration, ready for care: their people, rooms, rules, texts and hours.

Decided here: everything is made by the steps that a real practice takes, by whoever would take them, some
months before the day the site is made. A clinic with outside therapists and a therapy practice are made at
the birth of the site (`steps.demonstration`); the psychiatric practice joins them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from openkap.demonstration.hours import working_day
from openkap.permits import Actor, ActorKind, Role
from openkap.records.models import Organisation, Person, Room
from openkap.steps.cast import CAST, CLINIC, THERAPY, Persona
from openkap.steps.demonstration import (
    acting_for,
    add_persona,
    begin_demonstration,
    found_practice,
    publish_consent,
    sign_rules,
)
from openkap.steps.on_call import add_on_call
from openkap.steps.places import add_room
from openkap.steps.rems import certify_site

PSYCHIATRY = "Saltmarsh Psychiatry"
FOUNDED = timedelta(days=270)
SYSTEM = Actor.system("demonstration")

MORE: tuple[Persona, ...] = (
    Persona(
        "ilse",
        "Ilse",
        "Marchbanks",
        "PA-C, LCSW",
        ((PSYCHIATRY, (Role.PRESCRIBER, Role.THERAPIST)),),
    ),
    Persona(
        "cosima",
        "Cosima",
        "Vanterpool",
        "Dr",
        ((PSYCHIATRY, (Role.MEDICAL_DIRECTOR, Role.PRESCRIBER)),),
    ),
    Persona("bram", "Bram", "Tolliver", "RN", ((PSYCHIATRY, (Role.MONITOR,)),)),
    Persona("hettie", "Hettie", "Crane", "", ((PSYCHIATRY, (Role.FRONT_DESK, Role.ADMINISTRATOR)),)),
    Persona("tove", "Tove", "Aldous", "RN", ((PSYCHIATRY, (Role.MONITOR,)),)),
    Persona("lowell", "Lowell", "Pike", "RN", ((PSYCHIATRY, (Role.MONITOR,)),)),
    Persona("mabel", "Mabel", "Okoro", "RN", ((CLINIC, (Role.MONITOR,)),)),
    Persona("roswitha", "Roswitha", "Lang", "RN", ((CLINIC, (Role.MONITOR,)),)),
    Persona("sunniva", "Sunniva", "Halloran", "LPC", ((THERAPY, (Role.THERAPIST,)),)),
    Persona("emeka", "Emeka", "Dunmore", "LMFT", ((THERAPY, (Role.THERAPIST,)),)),
)
EVERYONE = (*CAST, *MORE)


class Team(NamedTuple):
    """Who does what in a practice that gives doses, by key."""

    prescriber: str
    nurse: str
    second: str
    desk: str
    within_reach: str
    in_house: str


TEAMS = {
    CLINIC: Team("tamsin", "jonah", "osric", "odette", "tamsin", "theo"),
    PSYCHIATRY: Team("ilse", "bram", "cosima", "hettie", "cosima", "ilse"),
}
ROUTES = {
    CLINIC: ("iv", "im", "sublingual", "oral"),
    PSYCHIATRY: ("im", "sublingual", "oral", "nasal_racemic", "esketamine"),
}
ROOMS = {
    CLINIC: ("Main house", "12 Larkmoor Lane", ("Cedar", "Dogwood", "Elder", "Fir")),
    PSYCHIATRY: (
        "The old school",
        "3 Saltmarsh Road",
        ("Front room", "Garden room", "Library", "Porch", "Quiet room", "Sun room"),
    ),
}


@dataclass(frozen=True, slots=True)
class House:
    """The practices by name and everyone by key; `now` is the moment that everything leads up to."""

    places: dict[str, Organisation]
    persons: dict[str, Person]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.places[CLINIC].zone)

    def by(self, key: str, place: str) -> Actor:
        """This member of staff, under the hat of this practice."""
        return acting_for(self.persons[key], self.places[place])

    def clock(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """An hour on the practices' clock, on the working day that lies so many days before today."""
        today = self.now.astimezone(self.zone).date()
        day = working_day(today - timedelta(days=days_ago), today)
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)


def patient(person: Person) -> Actor:
    """Someone on their own behalf."""
    return Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        as_patient=True,
        where="demonstration",
        strong=True,
    )


def build(*, by: Actor, at: datetime) -> None:
    """Make the three practices in an empty site. Raises Refused where it holds anyone."""
    since = at - FOUNDED
    begin_demonstration(by=by, at=at, founded=since)
    found_practice(
        by=by,
        at=since,
        name=PSYCHIATRY,
        what=Organisation.What.BOTH,
        phone="+1 555 0118",
        slug="saltmarsh",
        words="One clinician evaluates you, gives the medicine and works with you on what it brings up.",
    )
    places = {place.name: place for place in Organisation.objects.all()}
    for persona in MORE:
        add_persona(by=by, at=since, persona=persona, places=places)
    house = house_as_it_is(at)
    for name, (where, address, rooms) in ROOMS.items():
        for room in rooms:
            add_room(by=by, at=since, organisation=places[name], house=where, address=address, name=room)
    _sign(house, since)
    for name, key in ((PSYCHIATRY, "ilse"), (PSYCHIATRY, "cosima")):
        days = list(range(5)) if key == "ilse" else [5, 6]
        add_on_call(
            by=by, at=since, organisation=places[name], person=house.persons[key], weekdays=days,
            starts=time(), ends=time(),
        )  # fmt: skip


def _sign(house: House, since: datetime) -> None:
    """Each director signs the rules of every route given there; each text stands in both languages."""
    for name, routes in ROUTES.items():
        place, director = house.places[name], house.persons[TEAMS[name].second]
        new = [route for route in routes if (name, route) != (CLINIC, "iv")]
        sign_rules(director, place, new, at=since)
        publish_consent(SYSTEM, place, new, at=since)
    certify_site(
        by=house.by("cosima", PSYCHIATRY),
        at=since,
        organisation=house.places[PSYCHIATRY],
        certified=True,
        checked_on=house.clock(270, 9).date(),
        certified_on=house.clock(400, 9).date(),
        representative="Cosima Vanterpool",
    )


def house_as_it_is(at: datetime) -> House:
    """The practices and people of a demonstration site that was begun at `at`."""
    wanted = {(p.given, p.family, p.born_on): p.key for p in EVERYONE}
    known = Person.objects.filter(family_name__in=[p.family for p in EVERYONE]).order_by("-id")
    persons = {
        wanted[name]: person
        for person in known
        if (name := (person.given_name, person.family_name, person.born_on)) in wanted
    }
    return House({place.name: place for place in Organisation.objects.all()}, persons, at)


def rooms_of(house: House, place: str) -> dict[str, Room]:
    """The rooms of a practice, by name."""
    return {room.name: room for room in Room.objects.filter(organisation=house.places[place])}
