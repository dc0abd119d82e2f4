"""A clinic as `openkap setup` leaves it, with the people who work there and two patients who wait for a dose.

Decided here: what others did on the days before is set by their steps. The director's own desk is opened in
the browser, on the cast's own Tuesday, and every code is that of the app at the site's time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Page
from tests.at_step import STAGES, Stage, arrived_alone, reading
from tests.browser import Browsing
from tests.integration.door_visitors import PASSWORD
from tests.journeys.moved_site import set_clock
from tests.journeys.test_real_site import found
from tests.people import NOW, SYSTEM, Cast, press
from tests.plain import answered
from tests.serving import Site

from openkap.commands import rules
from openkap.permits import Role
from openkap.records.facts.consent import consent_of
from openkap.records.facts.understood import understood_of
from openkap.records.models import Organisation, Person
from openkap.steps.cast import CAST, CLINIC
from openkap.steps.consent import sign_consent
from openkap.steps.course import plan_session
from openkap.steps.demonstration import acting_for, add_persona, found_practice, publish_consent
from openkap.steps.demonstration_papers import have_papers
from openkap.steps.order import confirm_order
from openkap.steps.people import give_role
from openkap.steps.places import add_room
from openkap.steps.rule_changes import sign_change

FOUNDED = NOW - timedelta(days=3)
STAFF, PATIENTS = ("tamsin", "jonah", "odette"), ("wren", "noor")
BEFORE_THE_DAY = ("opened", "evaluated", "decided")
DIRECTOR, HERE = "ada@larkmoor.example", "Larkmoor House"
WAY = "infusion_only_iv"
LASTS_S = 30


def founded() -> tuple[Cast, str]:
    """The site of `openkap setup` with a nurse, a doctor and a desk; the key of the director's app."""
    with time_machine.travel(FOUNDED):
        secret = found()
    here = Organisation.objects.get()
    ada = Person.objects.get(email=DIRECTOR)
    told = {"by": SYSTEM, "at": FOUNDED, "organisation": here}
    give_role(**told, person=ada, role=Role.PRESCRIBER)
    have_papers(SYSTEM, ada, here, [Role.PRESCRIBER], at=FOUNDED)
    for room in ("Alder", "Birch"):
        add_room(**told, house="Main house", address="", name=room)
    persons = {
        one.key: add_persona(by=SYSTEM, at=FOUNDED, persona=one, places={CLINIC: here})
        for one in CAST
        if one.key in STAFF + PATIENTS
    }
    publish_consent(SYSTEM, here, ("iv",), at=FOUNDED)
    return Cast(clinic=here, therapy=here, persons=persons), secret


def consented_yesterday(people: Cast, key: str) -> Stage:
    """Candidate, and consent signed, on the day before the dose."""
    stage = Stage(people, key, NOW - timedelta(days=1), protocol=WAY)
    for name in BEFORE_THE_DAY:
        STAGES[name](stage.fresh())
    patient, shown = people.patient(key), consent_of(stage.course, stage.at).version
    assert shown is not None
    answered(patient, stage.course, shown, stage.at)
    sign_consent(
        by=patient,
        at=stage.later(minutes=10),
        course=stage.course,
        document=shown,
        sha256=shown.sha256,
        typed_name=people[key].legal_name,
        known_by="link and birth date",
    )
    return stage


def waits(stage: Stage, room: str, **vitals: int) -> None:
    """It is the day: booked into a room, asked what is asked on the morning, and measured."""
    stage.at = NOW
    stage.dose = plan_session(
        by=stage.people.by("odette"),
        at=NOW,
        course=stage.course,
        organisation=stage.people.clinic,
        phase="dosing",
        planned_from=NOW + timedelta(hours=1),
        minutes=120,
        room=stage.people.room(room),
        lead=stage.people["jonah"],
    )
    arrived_alone(stage)
    stage.later(minutes=6)
    reading(stage, **vitals)


def right_answer(stage: Stage, at: datetime) -> str:
    """The right answer to the one question about the new text that is asked: the rest was answered before."""
    shown = consent_of(stage.course, at).version
    assert shown is not None
    (asked,) = (each for each in understood_of(stage.course, shown, at).questions if each.is_open)
    return asked.choices[asked.right]


def prepared(stage: Stage, at: datetime) -> None:
    """What the director ordered is drawn up by the nurse, and checked by the other doctor."""
    stage.at, stage.order = at, stage.dose.orders.get()
    STAGES["drawn"](stage)
    by, label = stage.people.by("tamsin"), stage.given.label
    confirm_order(by=by, at=stage.later(minutes=1), order=stage.order, label=label)


def other_clinics_rules(at: datetime, file: Path) -> None:
    """Another clinic's director lowered the most into a vein; the command writes its rules into `file`."""
    place = found_practice(
        by=SYSTEM,
        at=at,
        name="Quiet Harbor",
        what="clinic",
        phone="+1 555 0134",
        slug="harbor",
        words="By sea.",
    )
    osric = next(one for one in CAST if one.key == "osric")
    director = add_persona(by=SYSTEM, at=at, persona=osric, places={CLINIC: place})
    sign_change(
        by=acting_for(director, place),
        at=at,
        organisation=place,
        rule="D-IV-MAX",
        values={"limit": Decimal("0.8")},
        reason="We give no more than that in one session.",
    )
    operator(at, "--organisation", place.name, "--export", str(file))


def operator(at: datetime, *arguments: str) -> None:
    """`openkap rules …` at the site's time."""
    with time_machine.travel(at):
        assert rules.run(list(arguments)) == 0


@dataclass
class Desk:
    """The director's window, and the site's clock."""

    site: Site
    browse: Browsing
    secret: str
    page: Page
    offset: timedelta = field(default_factory=timedelta)

    @property
    def now(self) -> datetime:
        return timezone.now() + self.offset

    def move_to(self, at: datetime) -> None:
        self.offset = at - timezone.now()
        set_clock(self.site.data, self.offset)

    def code(self) -> str:
        """A code counts once: the site's clock goes on to the first second of the next."""
        turn = int(self.now.timestamp()) // LASTS_S + 1
        self.move_to(datetime.fromtimestamp(turn * LASTS_S + 1, UTC))
        return format_hotp_value(hotp_value(self.secret, turn))

    def sign_in(self) -> None:
        self.page.goto("/sign-in/")
        self.page.get_by_label("Mail address").fill(DIRECTOR)
        self.page.get_by_label("Password").fill(PASSWORD)
        press(self.page, self.page.get_by_role("button", name="Sign in", exact=True))
        self.page.locator("input[name=code]").first.fill(self.code())
        press(self.page, self.page.locator("form:has(input[name=code]) button[type=submit]").first)

    def show_again(self, button: str) -> None:
        """Password and code once more, for one signature."""
        self.page.get_by_label("Your password").fill(PASSWORD)
        self.page.get_by_label("Your code").fill(self.code())
        self.press(button)

    def press(self, name: str, role: str = "button") -> None:
        press(self.page, self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
