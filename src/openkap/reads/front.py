"""What anyone may read of an organisation: who it is, who works there, how it works, whom to call.

Decided here: only organisations that have a public page are there, and of those only what the page is for:
no patient, no number of patients. Whom to call in a crisis is `records.facts.crisis`
(docs/adr/0017-front-door.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.protocols import protocol
from openkap.permits import Role
from openkap.records.facts.crisis import Crisis, crisis_said
from openkap.records.models import Location, Membership, Organisation, PublicPage

ROLE_WORDS = {
    Role.PRESCRIBER: gettext_noop("Prescriber"),
    Role.THERAPIST: gettext_noop("Therapist"),
    Role.MONITOR: gettext_noop("Watches over the dose"),
    Role.MEDICAL_DIRECTOR: gettext_noop("Medical director"),
}
USUAL = "blended_iv"
COUNTRIES = {"US": gettext_noop("the United States")}


@dataclass(frozen=True, slots=True)
class Here:
    """Someone who works here, as patients know them."""

    name: str
    title: str
    roles: str


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual course, as its protocol plans it."""

    evaluation_minutes: int
    preparation: int
    doses: int


@dataclass(frozen=True, slots=True)
class Front:
    """A public page. `organisation` is the row that a request is made to."""

    organisation: Organisation
    slug: str
    words: str
    offers: tuple[str, ...]
    hours: tuple[str, ...]
    asks: bool
    gives_doses: bool
    people: tuple[Here, ...]
    places: tuple[str, ...]
    country: str
    crisis: Crisis
    usual: Usual

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def phone(self) -> str:
        return self.organisation.phone


@dataclass(frozen=True, slots=True)
class Listed:
    """One line where several organisations share a site."""

    slug: str
    name: str
    gives_doses: bool
    words: str


def fronts() -> tuple[Listed, ...]:
    """Every organisation with a public page, by name. One query."""
    rows = PublicPage.objects.select_related("organisation").order_by("organisation__name")
    return tuple(Listed(row.slug, row.organisation.name, _doses(row.organisation), row.words) for row in rows)


def front_of(slug: str, at: datetime) -> Front | None:
    """The page at this address; None where there is none. Three queries."""
    row = PublicPage.objects.select_related("organisation").filter(slug=slug).first()
    if row is None:
        return None
    here = row.organisation
    places = Location.objects.filter(organisation=here).exclude(address="").values_list("address", flat=True)
    return Front(
        organisation=here,
        slug=row.slug,
        words=row.words,
        offers=lines(row.offers),
        hours=lines(row.hours),
        asks=row.asks,
        gives_doses=_doses(here),
        people=_people(here, at),
        places=tuple(places),
        country=_(COUNTRIES.get(here.country, "")) if here.country in COUNTRIES else here.country,
        crisis=crisis_said(row.crisis_number, row.crisis_words, here.country),
        usual=_usual(),
    )


def lines(text: str) -> tuple[str, ...]:
    """What was written a line each."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _doses(organisation: Organisation) -> bool:
    return organisation.what != Organisation.What.THERAPY


def _people(here: Organisation, at: datetime) -> tuple[Here, ...]:
    rows = Membership.objects.filter(
        Membership.in_force(at), organisation=here, role__in=[role.value for role in ROLE_WORDS]
    ).select_related("person")
    held: dict[tuple[str, str], list[Role]] = {}
    for row in rows.order_by("person__family_name", "person__given_name", "person_id"):
        held.setdefault((row.person.name, row.person.title), []).append(Role(row.role))
    return tuple(
        Here(name, title, ", ".join(_(words) for role, words in ROLE_WORDS.items() if role in roles))
        for (name, title), roles in held.items()
    )


def _usual() -> Usual:
    plan = protocol(USUAL)
    return Usual(
        plan.minutes["evaluation"],
        plan.preparation.usual,
        plan.doses.usual,
    )
