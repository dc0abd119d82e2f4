"""Stages of a course, for tests that begin in the middle. Made of steps, and of nothing else.

Each function takes the course one stage on, by the persons who would do it, and leaves it at the time it
gives back. `at_step(people, "recovering")` plays all stages up to that one; `route` and `protocol` choose
how the dose is given and by which way of care.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from openkap.demonstration.visit import WELL
from openkap.medicine.protocols import protocol
from openkap.medicine.screening import history
from openkap.records.facts.consent import consent_of
from openkap.records.models import Course, DocumentVersion, Grant, Invitation, Order, PersonalLink, Session
from openkap.steps.candidacy import decide_candidacy
from openkap.steps.consent import library_document, publish_document, sign_consent
from openkap.steps.course import open_course, plan_session
from openkap.steps.day import keep_day
from openkap.steps.dose import end_dose, go_home, keep_reading, start_dose
from openkap.steps.evaluation import Measured, keep_evaluation
from openkap.steps.giving import end_hold, give_part
from openkap.steps.invitations import invite
from openkap.steps.links import send_link
from openkap.steps.measures import answer_form
from openkap.steps.medicines import note_allergy, reconcile
from openkap.steps.notes import hold_integration, summarise_session, write_note
from openkap.steps.order import confirm_order, draw_dose, order_dose
from openkap.steps.sharing import grant
from tests.people import NOW, SYSTEM, Cast
from tests.plain import answered
from tests.played_once import played_once
from tests.routes import ROUTES, Given, protocol_of, sign_route
from tests.ways import enrolled, handed_back, ready_by_its_way, with_therapist

VITALS = {"sbp": 124, "dbp": 78, "hr": 72, "spo2": 98, "rr": 14, "moaas": 5}
ESCORT = {"name": "Lou Alderbrook", "phone": "+1 555 0172", "relation": "brother"}
PHQ9_BEFORE = {"1": 3, "2": 3, "3": 2, "4": 3, "5": 2, "6": 2, "7": 2, "8": 1, "9": 0}
PHQ9_AFTER = {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1, "6": 1, "7": 0, "8": 0, "9": 0}


@dataclass
class Stage:
    """Where the course is: its rows so far, and the time it is now."""

    people: Cast
    key: str = "wren"
    at: datetime = NOW
    course: Course = None  # type: ignore[assignment]
    grant: Grant = None  # type: ignore[assignment]
    dose: Session = None  # type: ignore[assignment]
    order: Order = None  # type: ignore[assignment]
    integration: Session = None  # type: ignore[assignment]
    links: dict[str, tuple[PersonalLink, str]] = field(default_factory=dict)
    route: str = "iv"
    protocol: str = ""

    @property
    def given(self) -> Given:
        """How a dose by this course's route is ordered, prepared and given here."""
        return ROUTES[self.route]

    def later(self, **time: float) -> datetime:
        """Let time pass; gives the new time."""
        self.at += timedelta(**time)
        return self.at

    def fresh(self) -> Stage:
        """Every row as it stands in the database now."""
        for row in (self.course, self.dose, self.integration):
            if row is not None:
                row.refresh_from_db()
        return self


def opened(stage: Stage) -> None:
    by = stage.people.by("tamsin")
    if stage.route != "iv":  # which the demonstration's own director signed, and a real site's has not
        sign_route(stage.people.by("osric"), stage.people.clinic, stage.route, stage.at)
    protocol_id = stage.protocol or protocol_of(stage.route)
    stage.course = open_course(by=by, at=stage.at, file=stage.people.file(stage.key), protocol_id=protocol_id)


EVERYDAY = (
    ("sbp", "122", "mmHg"),
    ("dbp", "78", "mmHg"),
    ("spo2", "98", "%"),
    ("weight_kg", "70", "kg"),
    ("height_cm", "172", "cm"),
    ("alt_x_uln", "0.6", ""),
    ("ast_x_uln", "0.5", ""),
    ("audit", "3", ""),
    ("dast10", "0", ""),
    ("moca", "28", ""),
    ("stop_bang", "1", ""),
    ("cssrs_recent", "none", ""),
)


def history_of(route: str) -> tuple[str, ...]:
    """Every yes-or-no question of this route."""
    return tuple(question.key for system in history(route) for question in system.questions)


HISTORY = history_of("iv")


def evaluated(stage: Stage) -> None:
    """Every question of the route has its answer, taken today; the verdict is clear."""
    by, at, file = stage.people.by("tamsin"), stage.later(minutes=5), stage.people.file(stage.key)
    keep_evaluation(
        by=by,
        at=at,
        course=stage.course,
        seen=None,
        answers={},
        no_to=history_of(stage.route),
        results=[Measured(key, value, unit, at) for key, value, unit in EVERYDAY],
    )
    note_allergy(by=by, at=at, file=file, none_known=True)
    reconcile(by=by, at=at, file=file)


def decided(stage: Stage) -> None:
    decide_candidacy(
        by=stage.people.by("tamsin"),
        at=stage.later(minutes=5),
        course=stage.course,
        outcome="candidate",
        words="Six doses over three weeks; stop and rethink after dose four.",
    )
    if stage.route == "esketamine":
        enrolled(stage)


def measured_before(stage: Stage) -> None:
    _measure(stage, "before", PHQ9_BEFORE)


def consented(stage: Stage) -> None:
    """The clinic has published its text; the patient has signed it through a link."""
    _publish(stage)
    stage.links["consent"] = send_link(
        by=stage.people.by("tamsin"),
        at=stage.at,
        organisation=stage.people.clinic,
        patient=stage.people[stage.key],
        purpose="consent",
        course=stage.course,
    )
    shown = consent_of(stage.course, stage.at).version
    assert shown is not None
    answered(stage.people.patient(stage.key), stage.course, shown, stage.at)
    sign_consent(
        by=stage.people.patient(stage.key),
        at=stage.later(minutes=10),
        course=stage.course,
        document=shown,
        sha256=shown.sha256,
        typed_name=stage.people[stage.key].legal_name,
        known_by="link and birth date",
    )


def shared(stage: Stage) -> None:
    """The patient lets Mira of the other practice see schedule, summaries and measures."""
    if not protocol(stage.course.protocol).has_therapy:
        return
    stage.grant = grant(
        by=stage.people.patient(stage.key),
        at=stage.later(minutes=5),
        course=stage.course,
        to_organisation=stage.people.therapy,
        to_person=stage.people["mira"],
        scopes=["schedule", "session_summaries", "measures"],
        purpose="Therapy around each dose",
        until=stage.at + timedelta(days=200),
    )


def invite_someone(stage: Stage) -> tuple[Invitation, str]:
    """The patient asks a therapist who is not on this site yet."""
    return invite(
        by=stage.people.patient(stage.key),
        at=stage.at,
        course=stage.course,
        to_name="Ivo Castellan-Brede",
        to_email="ivo@cedarlane.example",
        scopes=["schedule", "session_summaries"],
        purpose="To plan therapy around my doses",
        until=stage.at + timedelta(days=180),
    )


def planned(stage: Stage) -> None:
    with_therapist(stage)
    stage.dose = plan_session(
        by=stage.people.by("odette"),
        at=stage.at,
        course=stage.course,
        organisation=stage.people.clinic,
        phase="dosing",
        planned_from=stage.at + timedelta(hours=1),
        minutes=120,
        room=stage.people.room(),
        lead=stage.people["jonah"],
    )


def ordered(stage: Stage) -> None:
    stage.order = order_dose(
        by=stage.people.by("tamsin"),
        at=stage.later(minutes=20),
        session=stage.dose,
        words=stage.given.words,
        **stage.given.wanted,
    )


def drawn(stage: Stage) -> None:
    """The nurse draws up what is ordered."""
    draw_dose(
        by=stage.people.by("jonah"),
        at=stage.later(minutes=2),
        order=stage.order,
        **stage.given.hand,
    )


def confirmed(stage: Stage) -> None:
    """Someone who neither signed nor drew it."""
    confirm_order(
        by=stage.people.by("osric"),
        at=stage.later(minutes=3),
        order=stage.order,
        label=stage.given.label,
    )


def arrived(stage: Stage) -> None:
    """The morning, and what this way of care asks for before a dose."""
    arrived_alone(stage)
    ready_by_its_way(stage)


def arrived_alone(stage: Stage) -> None:
    """What is asked on the morning is answered, the escort is named, and the first set is kept."""
    keep_day(
        by=stage.people.by("jonah"),
        at=stage.at,
        session=stage.dose,
        answers=morning(stage),
        escort=ESCORT,
        touch="none",
    )
    reading(stage)


def morning(stage: Stage) -> dict[str, dict[str, Any]]:
    """Every question of the day with an everyday answer."""
    return {
        "identity": {"answer": "yes"},
        "safety": {"band": "none"},
        "health": {"answer": "no"},
        "medicines": {"answer": "yes"},
        "meal": {
            "ate_at": stage.at - timedelta(hours=12),
            "kind": "light",
            "drank_at": stage.at - timedelta(hours=4),
        },
        "taken": {"answer": "none"},
        **{key: {"answer": "no"} for key in ("mind", "bladder")},
        "kit": {"answer": "yes"},
        "staff": {"monitor": stage.people["jonah"].id, "second": stage.people["tamsin"].id},
    }


def under_way(stage: Stage) -> None:
    """The pump is started, or the first part is given."""
    start_dose(by=stage.people.by("jonah"), at=stage.later(minutes=5), session=stage.dose, **stage.given.part)


def watched(stage: Stage) -> None:
    """The other parts are given, and sets kept to minute 40."""
    began, given = stage.at, stage.given
    for _part in range(1, given.parts):
        give_part(
            by=stage.people.by("jonah"),
            at=stage.later(minutes=given.rest),
            session=stage.dose,
            **given.part,
        )
    for turn in range(1, 5):
        stage.at = began + timedelta(minutes=10 * turn)
        reading(stage)
        if turn == 1 and stage.route == "sublingual":
            end_hold(
                by=stage.people.by("jonah"),
                at=stage.at,
                part=stage.dose.given_parts.get(),
                after_hold=given.wanted["after_hold"],
            )


def recovering(stage: Stage) -> None:
    end_dose(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)


def gone_home(stage: Stage) -> None:
    stage.later(minutes=stage.given.stays)
    reading(stage, cadss6=0)
    if protocol(stage.course.protocol).integrates and not _is_held(stage):
        _hold(stage)
    go_home(
        by=stage.people.by("jonah"),
        at=stage.at,
        session=stage.dose,
        answers=WELL if stage.route in ("iv", "im", "sublingual", "oral") else WELL | {"resolved": True},
        escort_name="Lou Alderbrook",
        identified="photo_id",
    )
    stage.fresh()
    summarise_session(
        by=stage.people.by("jonah"),
        at=stage.later(minutes=5),
        session=stage.dose,
        text=stage.given.said,
    )
    handed_back(stage)


def integrated(stage: Stage) -> None:
    if stage.integration is None:
        return
    stage.at = stage.integration.planned_to
    write_note(
        by=stage.people.by("mira"),
        at=stage.at,
        session=stage.integration,
        focus="The lake, and the far shore.",
        agreed="Call her brother by Sunday.",
    )


def measured_after(stage: Stage) -> None:
    stage.later(hours=20)
    _measure(stage, "after", PHQ9_AFTER)


STAGES: dict[str, Callable[[Stage], None]] = {
    function.__name__: function
    for function in (
        opened,
        evaluated,
        decided,
        measured_before,
        consented,
        shared,
        planned,
        ordered,
        drawn,
        confirmed,
        arrived,
        under_way,
        watched,
        recovering,
        gone_home,
        integrated,
        measured_after,
    )
}


def at_step(
    people: Cast,
    name: str,
    *,
    key: str = "wren",
    at: datetime = NOW,
    route: str = "iv",
    protocol: str = "",
) -> Stage:
    """Play every stage up to and including `name`, by this route and way of care."""
    begun = Stage(people, key, at, route=route, protocol=protocol)
    return played_once((name, key, at, route, protocol), lambda: _played(begun, name), people).fresh()


def _played(stage: Stage, name: str) -> Stage:
    for each, play in STAGES.items():
        play(stage.fresh())
        if each == name:
            return stage
    raise KeyError(name)


def reading(stage: Stage, **values: Any) -> None:
    """The nurse keeps a set: everyday values, but for those given."""
    keep_reading(by=stage.people.by("jonah"), at=stage.at, session=stage.dose, values={**VITALS, **values})


def _measure(stage: Stage, point: str, answers: dict[str, int]) -> None:
    answer_form(
        by=stage.people.patient(stage.key),
        at=stage.later(minutes=10),
        course=stage.course,
        instrument="phq9",
        answers=answers,
        point=point,
    )


def _publish(stage: Stage) -> DocumentVersion:
    text = library_document(f"consent.{stage.route}")
    return publish_document(
        by=SYSTEM,
        at=stage.at,
        organisation=stage.people.clinic,
        document=text.id,
        title=text.title,
        text=text.text,
        language=text.language,
    )


def _is_held(stage: Stage) -> bool:
    """Whether integration after this dose was booked with it."""
    return stage.integration is not None and stage.integration.planned_from > stage.at


def _hold(stage: Stage) -> None:
    stage.integration = hold_integration(
        by=stage.people.by("mira"),
        at=stage.at,
        course=stage.course,
        organisation=stage.people.therapy,
        planned_from=stage.at + timedelta(hours=46),
        minutes=60,
    )
