"""A dozen patients made by the steps themselves: what every other patient of a bench is a copy of.

Decided here: rows at scale have the shape that steps give them, because they are copies of rows that steps
made (bench/copies.py). Each original is one way a course may stand: over long ago, or somewhere on its way at
this moment. `SHARES` says how many of a hundred earlier patients are of which kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests import at_step as play
from tests.at_step import Stage
from tests.people import SYSTEM, Cast

from openkap.permits import Role
from openkap.records.models import Course, Location, Organisation, PatientFile, Person, Room
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.ending import end_course
from openkap.steps.measures import answer_form
from openkap.steps.open import open_record
from openkap.steps.people import give_role, register_patient

ROOMS = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Rowan")
READINGS_A_DOSE = 8
BETWEEN_DOSES = timedelta(days=4)
# Of a hundred patients of earlier years. The rest of a site's patients are on their way now.
SHARES = {"six_doses": 10, "two_doses": 25, "not_a_candidate": 30, "evaluation_left": 35}


@dataclass(frozen=True)
class Practice(Cast):
    """The cast of the tests with one more patient, and the room that is theirs."""

    room_name: str = ROOMS[0]

    def room(self, name: str = "") -> Room:
        return super().room(name or self.room_name)


@dataclass(frozen=True, slots=True)
class Original:
    """One patient as steps left them at `at`, and how long that took."""

    kind: str
    patient: Person
    file: PatientFile
    began_at: datetime
    at: datetime


def furnish(people: Cast, therapists: int) -> list[Person]:
    """Eight rooms instead of two, and as many therapists as so many patients would have."""
    house = Location.objects.get(organisation=people.clinic)
    for name in ROOMS:
        Room.objects.get_or_create(location=house, organisation=people.clinic, name=name)
    found = [people["mira"]]
    for number in range(1, therapists):
        person = Person.objects.create(given_name="Therapist", family_name=f"Number {number}", title="LCSW")
        give_role(
            by=SYSTEM,
            at=play.NOW - timedelta(days=9000),
            organisation=people.therapy,
            person=person,
            role=Role.THERAPIST,
        )
        found.append(person)
    return found


def make(people: Cast, kind: str, at: datetime, name: tuple[str, str], room: str = ROOMS[0]) -> Original:
    """Play a new patient up to where `kind` says, beginning at `at`."""
    file = register_patient(
        by=people.by("tamsin"),
        at=at,
        organisation=people.clinic,
        details={
            "given_name": name[0],
            "family_name": name[1],
            "born_on": date(1984, 2, 29),
            "sex": "female",
            "email": "someone@example.org",
            "phone": "+1 555 0100",
        },
    )
    cast = Practice(people.clinic, people.therapy, {**people.persons, "one": file.patient}, room)
    stage = Stage(cast, "one", at)
    KINDS[kind](stage)
    return Original(kind, file.patient, file, at, stage.at)


def _begin(stage: Stage) -> None:
    for step in (
        play.opened,
        play.evaluated,
        play.decided,
        play.measured_before,
        play.consented,
        play.shared,
    ):
        step(stage.fresh())
    for page in ("chart", "evaluation", "chart"):
        open_record(by=stage.people.by("tamsin"), at=stage.at, about=stage.people.file("one"), page=page)


def _dose(stage: Stage, *, home: bool = True) -> None:
    """One dose from booking to the note that follows it."""
    for step in (play.planned, play.ordered, play.drawn, play.confirmed, play.arrived, play.under_way):
        step(stage.fresh())
    for reading in range(READINGS_A_DOSE):
        stage.later(minutes=5)
        play.reading(stage, sbp=124 + reading % 5, hr=70 + reading % 4)
    open_record(by=stage.people.by("jonah"), at=stage.at, about=stage.people.file("one"), page="chart")
    if home:
        play.recovering(stage.fresh())
        play.gone_home(stage.fresh())
        play.integrated(stage.fresh())


def _doses(stage: Stage, count: int) -> None:
    for number in range(count):
        if number:
            # The next dose asks for a weight and answers of its own day, and a PHQ-9 since the last.
            stage.at += BETWEEN_DOSES - timedelta(hours=48)
            answer_form(
                by=stage.people.patient(stage.key),
                at=stage.later(minutes=10),
                course=stage.fresh().course,
                instrument="phq9",
                answers=play.PHQ9_AFTER,
                point=f"after_{stage.dose.ordinal}",
            )
        _dose(stage)


def _over(stage: Stage, verb: str, why: str) -> None:
    stage.fresh()
    end_course(
        by=stage.people.by("tamsin"),
        at=stage.later(hours=1),
        course=Course.objects.get(pk=stage.course.pk),
        verb=verb,
        why=why,
    )


def six_doses(stage: Stage) -> None:
    _begin(stage)
    _doses(stage, 6)
    play.measured_after(stage.fresh())
    _over(stage, "stop", "Six doses are enough, both agree.")


def two_doses(stage: Stage) -> None:
    _begin(stage)
    _doses(stage, 2)
    _over(stage, "stop", "Moved away, and goes on elsewhere.")


def not_a_candidate(stage: Stage) -> None:
    play.opened(stage)
    play.evaluated(stage.fresh())
    decide_candidacy(
        by=stage.people.by("tamsin"),
        at=stage.later(minutes=5),
        course=stage.fresh().course,
        outcome="not_candidate",
        words="Better served by the program they are in.",
    )


def evaluation_left(stage: Stage) -> None:
    play.opened(stage)
    play.evaluated(stage.fresh())


def on_their_way(doses: int) -> Callable[[Stage], None]:
    def so_many_doses(stage: Stage) -> None:
        _begin(stage)
        _doses(stage, doses)

    return so_many_doses


def coming_today(stage: Stage) -> None:
    """Everything is ready; the first dose is an hour away."""
    _begin(stage)
    play.planned(stage.fresh())


def in_the_room(stage: Stage) -> None:
    """The dose runs, and sets of vitals are kept."""
    _begin(stage)
    _dose(stage, home=False)


KINDS: dict[str, Callable[[Stage], None]] = {
    "six_doses": six_doses,
    "two_doses": two_doses,
    "not_a_candidate": not_a_candidate,
    "evaluation_left": evaluation_left,
    "after_no_dose": on_their_way(0),
    "after_one_dose": on_their_way(1),
    "after_three_doses": on_their_way(3),
    "coming_today": coming_today,
    "in_the_room": in_the_room,
}
NOW_ON_THEIR_WAY = ("after_no_dose", "after_one_dose", "after_three_doses")


def organisation_of(original: Original) -> Organisation:
    return original.file.organisation
