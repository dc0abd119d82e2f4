"""One site with four patients, made of steps: what the samples of all addresses are opened on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from openkap.permits import Role, Scope
from openkap.records.models import Person, Session
from openkap.steps.adverse import note_event
from openkap.steps.bedside import set_timer
from openkap.steps.booking import plan_dose_with_window
from openkap.steps.course import open_course
from openkap.steps.cover import cover_on_call
from openkap.steps.documents import take_document
from openkap.steps.journal import share_entry, write_entry
from openkap.steps.leaving import leave_practice
from openkap.steps.measures import answer_form
from openkap.steps.misuse import note_misuse
from openkap.steps.people import give_role
from openkap.steps.safety_plan import write_plan
from openkap.steps.sharing import revoke
from openkap.steps.small_things import add_small_thing
from openkap.steps.staff import change_roles, invite_staff
from tests.at_step import (
    Stage,
    arrived,
    at_step,
    confirmed,
    drawn,
    invite_someone,
    ordered,
    planned,
    under_way,
    watched,
)
from tests.harm import sick
from tests.people import Cast, cast

PATIENTS = ("wren", "noor", "ana_a", "pell")


@dataclass
class Scene:
    """One site with four patients: shared with Mira, once shared, never shared, and hers alone.

    Wren has a whole course behind her and a second dose under way now; everything is at the real time.
    """

    people: Cast
    at: datetime
    stages: dict[str, Stage] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    done: int = 0

    def one(self, rows: Any, key: str) -> Any:
        """A row of this patient, or None where they have none."""
        return rows.filter(patient=self.people[key]).order_by("pk").first()

    def session(self, key: str, phase: str, **such: Any) -> Session | None:
        """The last one that began or should have; where there is none, the one ahead."""
        found = Session.objects.filter(patient=self.people[key], phase=phase, **such).order_by("planned_from")
        return found.filter(planned_from__lte=self.at).last() or found.last()


def stage(at: datetime | None = None) -> Scene:
    """Make the scene. Times are real: pages ask the clock."""
    at = at or timezone.now()
    scene = Scene(cast(at - timedelta(days=60)), at)
    people = scene.people
    scene.stages["wren"] = at_step(people, "measured_after", key="wren", at=at - timedelta(days=6))
    invite_someone(scene.stages["wren"])
    _own_words(scene.stages["wren"])
    _second_dose(scene.stages["wren"], at)
    _what_went_wrong(scene.stages["wren"])
    _third_dose(scene.stages["wren"], at)
    _a_hard_day(scene.stages["wren"], at)
    take_document(
        by=people.by("tamsin"),
        at=at - timedelta(days=6),
        file=people.file("wren"),
        what="letter",
        of=at - timedelta(days=9),
        file_name="letter.txt",
        content=b"The heart is well.",
    )
    once = scene.stages["noor"] = at_step(people, "shared", key="noor", at=at - timedelta(days=3))
    revoke(by=people.patient("noor"), at=once.later(hours=1), grant=once.grant)
    scene.stages["ana_a"] = at_step(people, "decided", key="ana_a", at=at - timedelta(days=2))
    open_course(by=people.by("mira"), at=at, file=people.file("pell"), protocol_id="blended_iv")
    _comings_and_goings(people, at)
    return scene


def _comings_and_goings(people: Cast, now: datetime) -> None:
    """Somebody is asked to work at the clinic, and somebody leaves it next month."""
    priya, clinic = people.by("priya"), people.clinic
    invite_staff(
        by=priya, at=now, organisation=clinic, name="Ilse Farrow", email="ilse@example.org", roles=["monitor"]
    )
    # Odette, who keeps the desk, is let in as a therapist too: it waits for somebody else's look.
    wanted = [Role.FRONT_DESK.value, Role.THERAPIST.value]
    change_roles(by=priya, at=now, organisation=clinic, person=people["odette"], roles=wanted)
    goes = Person.objects.create(given_name="Corin", family_name="Vale")
    give_role(by=priya, at=now - timedelta(days=50), organisation=clinic, person=goes, role=Role.FRONT_DESK)
    leave_practice(
        by=priya, at=now, organisation=clinic, person=goes, from_at=now + timedelta(days=30), given={}
    )


def _own_words(stage: Stage) -> None:
    """A journal entry shown to Mira, and a small thing of Wren's own."""
    people, wren = stage.people, stage.people.patient("wren")
    entry = write_entry(by=wren, at=stage.at, course=stage.course, words="The lake again. A heron.")
    share_entry(by=wren, at=stage.at, entry=entry, to_organisation=people.therapy, to_person=people["mira"])
    add_small_thing(by=wren, at=stage.at, course=stage.course, text="Walk to the river")
    steps = {
        "alone": "Walk to the river",
        "people": "Lupe 555 014 2277",
    }
    write_plan(by=wren, at=stage.at, course=stage.course, words=steps)


def _a_hard_day(stage: Stage, now: datetime) -> None:
    """An answer that somebody must look at today; and Osric answers for Tamsin tonight."""
    people, answers = stage.people, {**dict.fromkeys("12345678", 1), "9": 1}
    answer_form(
        by=people.patient("wren"),
        at=now,
        course=stage.course,
        instrument="phq9",
        answers=answers,
        point="asked",
    )
    cover_on_call(
        by=people.by("osric"),
        at=now,
        organisation=people.clinic,
        person=people["tamsin"],
        covered_by=people["osric"],
        since=now + timedelta(hours=1),
        until=now + timedelta(hours=12),
    )


def _second_dose(stage: Stage, now: datetime) -> None:
    stage.at = now - timedelta(minutes=75)
    for play in (planned, ordered, drawn, confirmed, arrived, under_way, watched):
        play(stage.fresh())
    nurse = stage.people.by("jonah")
    set_timer(by=nurse, at=now, session=stage.fresh().dose, name="Look at the drip", minutes=20)


def _what_went_wrong(stage: Stage) -> None:
    """Feeling sick during this dose, and a sign of misuse that somebody saw."""
    note_event(
        by=stage.people.by("jonah"), at=stage.at, session=stage.fresh().dose, said=sick(stage.dose.started_at)
    )
    note_misuse(by=stage.people.by("tamsin"), at=stage.at, course=stage.course, sign="early_refill")


def _third_dose(stage: Stage, now: datetime) -> None:
    """Booked for next week; Mira has not yet said yes to the session held for it."""
    plan_dose_with_window(
        by=stage.people.by("odette"),
        at=now,
        course=stage.course,
        planned_from=now + timedelta(days=6),
        minutes=120,
        room=stage.people.room("Birch"),
    )
