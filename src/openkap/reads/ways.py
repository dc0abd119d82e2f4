"""The ways of care as a choice: what each means for the patient, and what this practice can give of it.

Decided here: the words a patient hears about each way and route stand here, in their language; a way that the
practice cannot give yet is shown with what is missing, never left out, so that nobody takes it for
impossible. Racemic nasal spray and esketamine are told apart in so many words (dossier section 0, row 0.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.protocols import Protocol, Route, protocols
from openkap.permits import Scope
from openkap.records.facts.booking import therapists_of
from openkap.records.facts.clock import moment
from openkap.records.facts.law import law_of
from openkap.records.facts.signing import state_of
from openkap.records.facts.way_change import HEADINGS
from openkap.records.facts.ways import Therapist, certification_of, enrolment_of, therapist_of
from openkap.records.models import (
    Course,
    Enrolment,
    Organisation,
    RouteSigning,
    SiteCertification,
    WayChosen,
)
from openkap.records.scoped import scoped

NAMES = {
    "blended": gettext_noop("With your own therapist"),
    "bracketed": gettext_noop("Therapy before and after"),
    "in_session": gettext_noop("Therapist in the room"),
    "infusion_only": gettext_noop("Infusion alone"),
    "esketamine": gettext_noop("Esketamine by its label"),
}
MEANS = {
    "blended": gettext_noop(
        "The clinic gives the dose. Your own therapist, elsewhere, prepares with you and meets you in the "
        "days after. You choose what they see, and you can stop it."
    ),
    "bracketed": gettext_noop(
        "The dose is a medical visit. You meet your therapist on other days, before and after. Therapist and "
        "clinic tell each other what matters around each dose."
    ),
    "in_session": gettext_noop(
        "Your therapist is in the room with you, from before the dose until you go home. A nurse or doctor "
        "watches over your body. Touch is asked again each time."
    ),
    "infusion_only": gettext_noop(
        "You come for the medicine, and people watch over you. There is no therapy in this plan. Whether "
        "therapy adds to it is promising, and not proven. You can look for it elsewhere at any time."
    ),
    "esketamine": gettext_noop(
        "A nose spray that is approved for some kinds of depression, under a safety program. You are "
        "enrolled in it, a prescriber is in the building, and you stay two hours or more."
    ),
}
ROUTE_MEANS: dict[str, str] = {
    Route.IV: gettext_noop("Through a thin tube in your arm, slowly. It can be stopped at any moment."),
    Route.IM: gettext_noop("An injection into a muscle. It comes on within minutes and runs its course."),
    Route.SUBLINGUAL: gettext_noop(
        "A tablet under your tongue. It comes on slowly. You are told how long to hold it, and what then."
    ),
    Route.ORAL: gettext_noop("Swallowed. It is the slowest to come, and the slowest to go."),
    Route.NASAL_RACEMIC: gettext_noop(
        "A nose spray made by a pharmacy. It is not approved, and it is not esketamine (Spravato)."
    ),
    Route.ESKETAMINE: gettext_noop(
        "A nose spray from a sealed device that you press yourself while a nurse or doctor watches."
    ),
}
HEADS = {
    "stays": gettext_noop("What stays"),
    "called_off": gettext_noop("What is called off"),
    "anew": gettext_noop("What is asked anew"),
    "rules": gettext_noop("Which rules apply now"),
    "told": gettext_noop("Who is told"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way by one route. `lacks`: what this practice is missing for it; empty: it can be given here."""

    id: str
    route: str
    means: str
    lacks: tuple[str, ...]
    doses: int
    current: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way of care with its routes."""

    model: str
    name: str
    means: str
    choices: tuple[Choice, ...]

    @property
    def current(self) -> bool:
        return any(choice.current for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Changed:
    """One choice of the past, as it was told when it was made."""

    id: UUID
    when: str
    who: str
    name: str
    was: str
    words: str
    decided: bool
    told: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Someone:
    """Who may be named as therapist: a person at a place."""

    person: UUID
    place: UUID
    words: str


@dataclass(frozen=True, slots=True)
class WayPage:
    ways: tuple[Way, ...]
    plan: Protocol | None
    name: str
    means: str
    therapist: Therapist | None
    wants_therapist: bool
    someone: tuple[Someone, ...]
    past: tuple[Changed, ...]
    site: SiteCertification | None
    enrolment: Enrolment | None


def plan_name(plan: Protocol) -> str:
    """A way and its route, as people say it: "Therapist in the room, into a muscle"."""
    name = _(NAMES.get(plan.model, plan.name))
    return name if plan.model == plan.route else f"{name}, {_(plan.route.words)}"


@dataclass(frozen=True, slots=True)
class WayWords:
    """A way as its patient reads it. `alone`: without therapy of its own."""

    name: str
    means: str
    route: str
    alone: bool


def way_words(plan: Protocol) -> WayWords:
    """What the patient's own page says of the way their care goes."""
    return WayWords(plan_name(plan), _(MEANS[plan.model]), _(ROUTE_MEANS[plan.route]), not plan.has_therapy)


def name_of(protocol_id: str) -> str:
    """The same of a protocol by its id; the id itself where no library file has it any more."""
    plan = next((one for one in protocols() if one.id == protocol_id), None)
    return plan_name(plan) if plan is not None else protocol_id


def ways_of(scope: Scope, course: Course, at: datetime, zone: ZoneInfo) -> WayPage:
    """The page of a course's way. `course` is within Scope already. About ten queries."""
    plan = next((one for one in protocols() if one.id == course.protocol), None)
    missing = _missing(course.organisation, at)
    return WayPage(
        ways=tuple(_way(model, plans, course, missing) for model, plans in _by_model().items()),
        plan=plan,
        name=plan_name(plan) if plan is not None else course.protocol,
        means=_(MEANS[plan.model]) if plan is not None else "",
        therapist=therapist_of(course, at),
        wants_therapist=plan is not None and plan.has_therapy,
        someone=_someone(scope, course, at),
        past=tuple(past_ways(scope, course, zone)),
        site=certification_of(course.organisation_id, at) if _is_esketamine(course) else None,
        enrolment=enrolment_of(course.patient_id, course.organisation_id, at)
        if _is_esketamine(course)
        else None,
    )


def past_ways(scope: Scope, course: Course, zone: ZoneInfo) -> list[Changed]:
    """Every choice of this course's way, the newest first. One query."""
    rows = scoped(WayChosen.objects.current().filter(course=course), scope)
    plans = {plan.id: plan_name(plan) for plan in protocols()}
    return [
        Changed(
            id=row.id,
            when=moment(row.at, zone),
            who=row.by_name,
            name=plans.get(row.protocol, row.protocol),
            was=plans.get(row.before, row.before),
            words=row.words,
            decided=row.decided,
            told=told_lines(row.told),
        )
        for row in rows.order_by("-at", "-recorded_at", "-id")
    ]


def told_lines(told: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What follows from a change, by heading, in the order in which it is asked."""
    return tuple((_(HEADS[key]), tuple(told[key])) for key in HEADINGS if told.get(key))


def _is_esketamine(course: Course) -> bool:
    return course.route == Route.ESKETAMINE


def _by_model() -> dict[str, list[Protocol]]:
    """In the order in which they are told, whatever order the library's files have."""
    return {model: [plan for plan in protocols() if plan.model == model] for model in NAMES}


def _way(model: str, plans: list[Protocol], course: Course, missing: Missing) -> Way:
    return Way(
        model,
        _(NAMES[model]),
        _(MEANS[model]),
        tuple(
            Choice(
                plan.id,
                _(plan.route.words).capitalize(),
                _(ROUTE_MEANS[plan.route]),
                tuple(missing.of(plan)),
                plan.doses.usual,
                plan.id == course.protocol,
            )
            for plan in plans
        ),
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """What this practice has not signed, route to how it stands, and who is there."""

    unsigned: Mapping[str, str]
    therapists: bool
    certified: bool

    def of(self, plan: Protocol) -> list[str]:
        lacks = []
        if plan.route in self.unsigned:
            lacks.append(self.unsigned[plan.route])
        if plan.therapist_in_room and not self.therapists:
            lacks.append(_("No therapist works here yet. One from elsewhere must be named."))
        if "hcs_certified" in plan.needs and not self.certified:
            lacks.append(_("This setting is not on record as certified for esketamine."))
        return lacks


def _missing(organisation: Organisation, at: datetime) -> Missing:
    newest: dict[str, RouteSigning] = {}
    for row in RouteSigning.objects.filter(organisation=organisation).order_by("at", "id"):
        row.organisation = organisation
        newest[row.route] = row
    site = certification_of(organisation.id, at)
    law = law_of(organisation.id)
    stand = [state_of(route, newest.get(route), law) for route in Route]
    return Missing(
        unsigned={one.route: one.says for one in stand if not one.stands},
        therapists=therapists_of(organisation, at).exists(),
        certified=site is not None and site.act == SiteCertification.Act.CERTIFIED,
    )


def _someone(scope: Scope, course: Course, at: datetime) -> tuple[Someone, ...]:
    """Therapists of this practice, and whoever the patient has let in from elsewhere."""
    here = [
        Someone(person.id, course.organisation_id, person.name)
        for person in therapists_of(course.organisation, at)
    ]
    parts = course.participations.filter(until=None, person__isnull=False).exclude(
        organisation_id=course.organisation_id
    )
    away = [
        Someone(part.person.id, part.organisation_id, f"{part.person.name}, {part.organisation.name}")
        for part in parts.select_related("person", "organisation")
        if part.person is not None
    ]
    return (*away, *here)
