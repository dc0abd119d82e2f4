"""A course, step by step, as the persons of a practice would take it.

Decided here: each verb does what one person does at one time, through the steps that their page calls, and
leaves the course at the time it gives back. Nothing is written past a step. Numbers come from
`demonstration.people`, `.doses`, `.scores` and `.vitals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openkap.demonstration.hours import hours_from, is_free
from openkap.demonstration.house import TEAMS, House, Team, patient
from openkap.demonstration.people import Patient
from openkap.demonstration.scores import MOODS, answers
from openkap.medicine.protocols import Protocol, protocol
from openkap.medicine.screening import history
from openkap.permits import Actor
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, Grant, Order, Organisation, PatientFile, Person, Session
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.cast import THERAPY
from openkap.steps.consent import sign_consent
from openkap.steps.course import open_course
from openkap.steps.evaluation import Measured, keep_evaluation, note_result
from openkap.steps.links import send_link
from openkap.steps.measures import answer_form
from openkap.steps.medicines import note_allergy, reconcile
from openkap.steps.notes import write_note
from openkap.steps.people import register_patient
from openkap.steps.preparation import keep_preparation
from openkap.steps.rems import enrol_patient
from openkap.steps.sharing import grant
from openkap.steps.small_things import agree_small_thing
from openkap.steps.understanding import answer_questions
from openkap.steps.visits import plan_preparation
from openkap.steps.ways import name_therapist

EVERYDAY = (
    ("sbp", "122", "mmHg"),
    ("dbp", "78", "mmHg"),
    ("hr", "72", "/min"),
    ("spo2", "98", "%"),
    ("alt_x_uln", "0.6", ""),
    ("ast_x_uln", "0.5", ""),
    ("audit", "3", ""),
    ("dast10", "0", ""),
    ("moca", "28", ""),
    ("stop_bang", "1", ""),
    ("cssrs_recent", "none", ""),
    ("interview", "Held, 80 minutes", ""),
    ("mini", "Major depressive episode, recurrent", ""),
    ("pdmp", "checked, as told", ""),
    ("uds", "Negative", ""),
)
# What a patient reads later is written in their language.
PURPOSE = {"en": "Therapy around each dose", "es": "La terapia alrededor de cada dosis"}
HELPS = {
    "en": "Write down three things that help when it gets hard.",
    "es": "Anotar tres cosas que ayudan cuando se pone difícil.",
}
SHOWN = ("schedule", "session_summaries", "measures")
WEIGHED_FOR = timedelta(days=25)
FEW = timedelta(minutes=5)


@dataclass
class Play:
    """One patient's course so far, and the time it is in it."""

    who: Patient
    house: House
    at: datetime
    file: PatientFile = None  # type: ignore[assignment]
    course: Course = None  # type: ignore[assignment]
    shared: Grant | None = None
    dose: Session = None  # type: ignore[assignment]
    integration: Session | None = None
    weighed_at: datetime | None = None
    order: Order = None  # type: ignore[assignment]
    number: int = 0

    @property
    def team(self) -> Team:
        return TEAMS[self.who.at]

    @property
    def plan(self) -> Protocol:
        return protocol(self.who.protocol)

    @property
    def place(self) -> Organisation:
        return self.house.places[self.who.at]

    @property
    def person(self) -> Person:
        return self.file.patient

    @property
    def themselves(self) -> Actor:
        return patient(self.person)

    @property
    def prescriber(self) -> Actor:
        return self.house.by(self.team.prescriber, self.who.at)

    @property
    def nurse_key(self) -> str:
        return self.who.nurse or self.team.nurse

    @property
    def nurse(self) -> Actor:
        return self.house.by(self.nurse_key, self.who.at)

    @property
    def second(self) -> Actor:
        return self.house.by(self.team.second, self.who.at)

    @property
    def desk(self) -> Actor:
        return self.house.by(self.team.desk, self.who.at)

    @property
    def healer(self) -> tuple[str, str] | None:
        """Who does the therapy, by key, and where: outside, in the house, or nobody."""
        if self.who.therapist:
            return self.who.therapist, THERAPY
        return (self.team.in_house, self.who.at) if self.plan.has_therapy else None

    @property
    def therapist(self) -> Actor | None:
        return self.house.by(*self.healer) if self.healer else None

    def go_to(self, at: datetime) -> datetime:
        """Let time pass until `at`; a course never goes back."""
        self.at = max(self.at, at)
        return self.at

    def later(self, step: timedelta = FEW) -> datetime:
        self.at += step
        return self.at


def begun(play: Play) -> None:
    """The desk opens a file, the prescriber a course."""
    who = play.who
    known = PatientFile.objects.filter(
        organisation=play.place, patient__given_name=who.given, patient__family_name=who.family,
        patient__born_on=who.born,
    ).select_related("patient", "organisation")  # fmt: skip
    play.file = known.first() or register_patient(
        by=play.desk,
        at=play.at,
        organisation=play.place,
        details={
            "given_name": who.given,
            "family_name": who.family,
            "born_on": who.born,
            "sex": who.sex,
            "email": f"{who.key}@example.org",
            "phone": f"+1 555 01{40 + len(who.key):02d}",
            "language": who.language,
        },
    )
    play.course = open_course(by=play.prescriber, at=play.later(), file=play.file, protocol_id=who.protocol)


def evaluated(play: Play, *, left_open: bool = False) -> None:
    """Everything that is asked has its answer; or some of it, where the evaluation is still under way."""
    keys = [question.key for system in history(play.who.route) for question in system.questions]
    body = (("weight_kg", str(play.who.weight), "kg"), ("height_cm", str(play.who.height), "cm"))
    results = (*EVERYDAY, *body)
    at = play.later()
    keep_evaluation(
        by=play.prescriber,
        at=at,
        course=play.course,
        seen=None,
        answers={},
        no_to=keys[: len(keys) // 2] if left_open else keys,
        results=[Measured(key, value, unit, at) for key, value, unit in results[: 3 if left_open else None]],
    )
    play.weighed_at = at
    if not left_open:
        note_allergy(by=play.prescriber, at=at, file=play.file, none_known=True)
        reconcile(by=play.prescriber, at=at, file=play.file)


def decided(play: Play, outcome: str = "candidate", words: str = "", **more: Any) -> None:
    """A prescriber signs; an esketamine patient is enrolled with it."""
    decide_candidacy(
        by=play.prescriber,
        at=play.later(),
        course=play.course,
        outcome=outcome,
        words=words or "Six doses at most; stop and rethink after the fourth.",
        **more,
    )
    play.course.refresh_from_db()
    if outcome == "candidate" and "patient_enrolled" in play.plan.needs:
        day = play.at.astimezone(play.house.zone).date()
        enrol_patient(by=play.prescriber, at=play.at, course=play.course, enrolled_on=day)


def measured(play: Play, turn: int, point: str, *, safety: int = 0) -> None:
    """The patient answers the forms of this point; `turn` is the place in their line of scores."""
    mood = MOODS[play.who.mood]
    for form in ("phq9", "gad7"):
        answer_form(
            by=play.themselves,
            at=play.later(),
            course=play.course,
            instrument=form,
            answers=answers(form, mood.at(form, turn, play.who.own), safety, play.who.own),
            point=point,
            language=play.who.language,
        )


def asked_to_consent(play: Play) -> None:
    """The desk sends the text to read and sign."""
    send_link(
        by=play.desk, at=play.later(), organisation=play.place, patient=play.person, purpose="consent",
        course=play.course,
    )  # fmt: skip


def consented(play: Play) -> None:
    """The patient reads the text in their own language, answers its questions and signs it."""
    shown = consent_of(play.course, play.at, play.who.language).version
    assert shown is not None
    at = play.later(timedelta(hours=5))
    answer_questions(
        by=play.themselves,
        at=at,
        course=play.course,
        document=shown,
        sha256=shown.sha256,
        answers={question["id"]: question["right"] for question in shown.questions},
    )
    sign_consent(
        by=play.themselves,
        at=at,
        course=play.course,
        document=shown,
        sha256=shown.sha256,
        typed_name=play.person.legal_name,
        known_by="signed in",
    )


def shown_to_therapist(play: Play) -> None:
    """The patient lets their therapist outside see the course; who does the therapy is written down."""
    if play.healer is None:
        return
    key, where = play.healer
    if where == THERAPY:
        play.shared = grant(
            by=play.themselves,
            at=play.later(),
            course=play.course,
            to_organisation=play.house.places[THERAPY],
            to_person=play.house.persons[key],
            scopes=SHOWN,
            purpose=PURPOSE[play.who.language],
            until=play.house.now + timedelta(days=200),
        )
    if play.plan.therapist_in_room or "hand_over_before" in play.plan.needs:
        name_therapist(
            by=play.prescriber, at=play.later(), course=play.course, person=play.house.persons[key],
            place=play.house.places[where],
        )  # fmt: skip


def met(play: Play, when: datetime) -> Session:
    """A preparation with the therapist is planned for `when`."""
    assert play.healer is not None and play.therapist is not None
    who, day = play.house.persons[play.healer[0]].id, when.astimezone(play.house.zone)
    hours = (day.replace(hour=hour) for hour in hours_from(day.hour))
    when = next((hour for hour in hours if is_free(hour, 50, lead=who, patient=play.person.id)), when)
    return plan_preparation(
        by=play.therapist,
        at=play.later(),
        course=play.course,
        organisation=play.house.places[play.healer[1]],
        planned_from=when,
        minutes=50,
    )


def prepared(play: Play, when: datetime) -> None:
    """The preparation is held: hopes and worries are written down, and its note."""
    session = met(play, when)
    assert play.therapist is not None
    play.go_to(session.planned_to)
    keep_preparation(
        by=play.therapist,
        at=play.at,
        course=play.course,
        session=session,
        intentions="To look at what was left unsaid, and not to run.",
        expectations="To float. To be a little afraid at the start.",
        comfort="The gray blanket; no talking unless asked.",
        worries="That nothing happens; that too much happens.",
    )
    write_note(
        by=play.therapist, at=play.later(), session=session,
        focus="What to expect in the room, and a word for stopping.",
        agreed=HELPS["en"],
    )  # fmt: skip
    agree_small_thing(by=play.therapist, at=play.later(), session=session, text=HELPS[play.who.language])


def weighed(play: Play) -> None:
    """A weight that is old is taken anew."""
    if play.weighed_at is None or play.at - play.weighed_at > WEIGHED_FOR:
        result = Measured("weight_kg", str(play.who.weight), "kg", play.at)
        note_result(by=play.nurse, at=play.at, course=play.course, result=result)
        play.weighed_at = play.at
