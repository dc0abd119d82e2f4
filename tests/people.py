"""The people of the tests: the demonstration's own cast, each as an Actor under a hat.

`cast(at)` founds both practices through the same steps a demonstration site is born by, so that a test
and a newcomer meet the same persons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page

from openkap.permits import Actor, ActorKind, Bound
from openkap.records.models import Course, Organisation, PatientFile, Person, Room
from openkap.steps.cast import CAST, CLINIC, THERAPY
from openkap.steps.demonstration import acting_for, begin_demonstration, found_practices, person_keyed
from tests.played_once import on_new_ground, played_once

# A Tuesday morning at Larkmoor Clinic, well away from both DST changes.
NOW = datetime(2027, 3, 9, 14, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)

SYSTEM = Actor.system("tests")


@dataclass(frozen=True)
class Cast:
    """Both practices and everyone in them."""

    clinic: Organisation
    therapy: Organisation
    persons: dict[str, Person]

    def __getitem__(self, key: str) -> Person:
        return self.persons[key]

    def by(self, key: str, at_place: str | None = None, *, where: str = "test") -> Actor:
        """This person as staff: at their first place, or at the one named."""
        place = self.therapy if (at_place or _first_place(key)) == THERAPY else self.clinic
        return replace(acting_for(self.persons[key], place), where=where)

    def patient(self, key: str) -> Actor:
        """This person as the patient they are."""
        person = self.persons[key]
        return Actor(
            ActorKind.PERSON, person.name, id=person.id, person=person.id, as_patient=True, where="test"
        )

    def link(self, key: str, course: Course, purpose: str, link_id: object) -> Actor:
        """The holder of a link sent to this person."""
        person = self.persons[key]
        return Actor(
            ActorKind.LINK,
            person.name,
            id=link_id,  # type: ignore[arg-type]
            person=person.id,
            organisation=course.organisation_id,
            bound=Bound(patient=person.id, course=course.id, purpose=purpose),
            where="test",
        )

    def file(self, key: str) -> PatientFile:
        """This person's file at the first practice that has one."""
        return PatientFile.objects.filter(patient=self.persons[key]).order_by("opened_at", "id")[0]

    def room(self, name: str = "Alder") -> Room:
        return Room.objects.get(organisation=self.clinic, name=name)


def _first_place(key: str) -> str:
    return next(persona for persona in CAST if persona.key == key).places[0][0]


def cast(at: datetime = LONG_AGO, *, demonstration: bool = True) -> Cast:
    """Found both practices. `demonstration=False` leaves the site unmarked, as a real one."""
    on_new_ground()
    return played_once(("cast", at, demonstration), lambda: _founded(at, demonstration))


def _founded(at: datetime, demonstration: bool) -> Cast:
    if demonstration:
        begin_demonstration(by=SYSTEM, at=at)
    else:
        found_practices(by=SYSTEM, at=at)
    return known_cast()


def known_cast() -> Cast:
    """The cast of a site that already has it."""
    return Cast(
        clinic=Organisation.objects.get(name=CLINIC),
        therapy=Organisation.objects.get(name=THERAPY),
        persons={persona.key: person_keyed(persona.key) for persona in CAST},
    )


def sign_in(page: Page, key: str) -> None:
    """In a browser: press this person's button on the demonstration's own page."""
    page.goto("/demo/")
    press(page, page.locator(f'form[action="/demo/become/{key}/"] button').first)


def press(page: Page, button: Locator) -> None:
    """Press a button that leads to another page, and be there before anything else is done.

    What is waited for is another document, whole: a browser may give up one navigation for the next (a page
    that refreshed itself as it was left), and then only the document that comes in the end counts.
    """
    page.evaluate("document.documentElement.dataset.left = 'yes'")
    button.click()
    page.locator("html:not([data-left])").wait_for(state="attached")
    page.wait_for_load_state("load")
