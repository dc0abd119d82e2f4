"""The birth of a demonstration site: two invented practices and a few people, made through steps.

Decided here: what a site is, is written at birth and never changed; a demonstration site says so on
every page and binds the loopback address only (docs/adr/0012-demonstration.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from itertools import product

from openkap.medicine.protocols.route_set import route_set
from openkap.permits import Actor, ActorKind
from openkap.records.models import Agreement, Location, Organisation, Person, PublicPage, Room, Site
from openkap.steps.cast import ASKING, CAST, CLINIC, PAGES, THERAPY, Persona
from openkap.steps.consent import library_document, publish_document
from openkap.steps.demonstration_papers import have_papers
from openkap.steps.frame import Refused, step, tell
from openkap.steps.on_call import add_on_call
from openkap.steps.people import give_role, open_file
from openkap.steps.requests import Asked, ask_for_evaluation
from openkap.steps.signing import sign_route_set

ROOMS = ("Alder", "Birch")
# Who answers day and night, by weekday: without them no form that asks of safety could go out.
ON_CALL = ((CLINIC, "tamsin", range(5)), (CLINIC, "osric", range(5, 7)), (THERAPY, "mira", range(7)))
DIRECTOR, SIGNED_ROUTES = "osric", ("iv",)
LANGUAGES = ("en", "es")


@step
def begin_demonstration(*, by: Actor, at: datetime, founded: datetime | None = None) -> None:
    """Mark this site as a demonstration, once, before anyone is in it.

    `founded` is since when the practices have been there, absent: since now. Those who ask do so now.
    """
    if Site.objects.exists() or Person.objects.exists():
        raise Refused(
            "This site already holds people. A demonstration site can only be made from an empty one."
        )
    Site.objects.create(demonstration=True, born_at=at)
    since = founded or at
    people = found_practices(by=by, at=since)
    sign_rules(people[DIRECTOR], Organisation.objects.get(name=CLINIC), SIGNED_ROUTES, at=since)
    publish_consent(by, Organisation.objects.get(name=CLINIC), SIGNED_ROUTES, at=since)
    _ask(at)
    tell(by, "site.born", None, at=at)


def publish_consent(by: Actor, clinic: Organisation, routes: Iterable[str], *, at: datetime) -> None:
    """The library's own text of each route, and of what is agreed apart, in both languages."""
    names = [*(f"consent.{route}" for route in routes), *(f"agree.{what}" for what in Agreement.What)]
    for name, language in product(names, LANGUAGES):
        text = library_document(name, language)
        publish_document(
            by=by,
            at=at,
            organisation=clinic,
            document=text.id,
            title=text.title,
            text=text.text,
            language=text.language,
            elements=text.elements,
            questions=text.questions,
        )


def _ask(at: datetime) -> None:
    """A few people ask for an evaluation, as strangers do."""
    for one in ASKING:
        ask_for_evaluation(
            by=Actor(ActorKind.LINK, "nobody", where="demonstration"),
            at=at,
            organisation=Organisation.objects.get(name=one.place),
            asked=Asked(
                given_name=one.given,
                family_name=one.family,
                email=one.email,
                phone=one.phone,
                born_on=one.born_on,
                words=one.words,
                answers={key: list(values) for key, values in one.answers},
            ),
        )


def sign_rules(director: Person, clinic: Organisation, routes: Iterable[str], *, at: datetime) -> None:
    """The clinic's medical director signs the rules of the routes it gives, as they would on their page."""
    by = acting_for(director, clinic)
    for route in routes:
        sign_route_set(
            by=by,
            at=at,
            organisation=clinic,
            route=route,
            fingerprint=route_set(route).fingerprint,
            words="Read through for the demonstration. The people and the practice are invented.",
        )


def acting_for(person: Person, place: Organisation) -> Actor:
    """This person as staff of this practice, with a second factor."""
    return Actor(
        ActorKind.PERSON,
        person.name,
        id=person.id,
        person=person.id,
        organisation=place.id,
        where="demonstration",
        strong=True,
    )


@step
def found_practices(*, by: Actor, at: datetime) -> dict[str, Person]:
    """The two practices with their people; returns everyone by their key."""
    clinic = Organisation.objects.create(name=CLINIC, what=Organisation.What.CLINIC, phone="+1 555 0100")
    therapy = Organisation.objects.create(name=THERAPY, what=Organisation.What.THERAPY, phone="+1 555 0134")
    house = Location.objects.create(organisation=clinic, name="Main house", address="12 Larkmoor Lane")
    for name in ROOMS:
        Room.objects.create(location=house, organisation=clinic, name=name)
    places = {CLINIC: clinic, THERAPY: therapy}
    for name, (slug, words) in PAGES.items():
        PublicPage.objects.create(organisation=places[name], slug=slug, words=words)
    people = {persona.key: add_persona(by=by, at=at, persona=persona, places=places) for persona in CAST}
    for name, key, days in ON_CALL:
        add_on_call(
            by=by,
            at=at,
            organisation=places[name],
            person=people[key],
            weekdays=list(days),
            starts=time(),
            ends=time(),
        )
    return people


@step
def found_practice(
    *, by: Actor, at: datetime, name: str, what: str, phone: str, slug: str, words: str
) -> Organisation:
    """One more practice of a demonstration, with the page that the public reads."""
    place = Organisation.objects.create(name=name, what=what, phone=phone)
    PublicPage.objects.create(organisation=place, slug=slug, words=words)
    tell(by, "practice.founded", place, at=at, organisation=place.id)
    return place


@step
def add_persona(*, by: Actor, at: datetime, persona: Persona, places: dict[str, Organisation]) -> Person:
    """Someone of the cast, with their roles and files."""
    person = Person.objects.create(
        given_name=persona.given,
        family_name=persona.family,
        chosen_name=persona.chosen,
        pronouns=persona.pronouns,
        title=persona.title,
        born_on=persona.born_on,
        sex=persona.sex,
        email=f"{persona.key}@example.org",
        phone="+1 555 0199",
    )
    for place, roles in persona.places:
        for role in roles:
            give_role(by=by, at=at, organisation=places[place], person=person, role=role)
    for place, roles in persona.places:
        have_papers(by, person, places[place], roles, at=at)
    for place in persona.patient_of:
        open_file(by=by, at=at, organisation=places[place], patient=person)
    return person


def person_keyed(key: str) -> Person:
    """A person of the cast, by key."""
    persona = next(p for p in CAST if p.key == key)
    same = Person.objects.filter(
        given_name=persona.given, family_name=persona.family, born_on=persona.born_on
    )
    return same.order_by("id")[0]
