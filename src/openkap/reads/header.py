"""The patient header: who this is, what must not be overlooked, and where in the course they stand.

Decided here: what every staff page of a patient opens with (the design's first principle), and that
"not asked", "not confirmed" and "not shown to you" are three different answers, none of them "none".
All of it comes through the reader's Scope; a bounded number of queries, however long the course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Act, Kind, Need, Scope
from openkap.reads.ribbon import Ribbon, came_from, ended_question, is_unmet, ribbon_of
from openkap.reads.said import number, stretch
from openkap.reads.window import held_in, told_question
from openkap.records.compiled import NOT_ASKED, Compiled, Question
from openkap.records.facts.booking import CALLED_OFF
from openkap.records.facts.clock import day, moment, soon
from openkap.records.models import Allergy, Course, PatientFile, Person, Result, Session, Window
from openkap.records.names import word_of
from openkap.records.people import name_key
from openkap.records.together import answers

WEIGHT_IS_FRESH = timedelta(days=30)
MANY = 200


@dataclass(frozen=True, slots=True)
class SameName:
    """Another person of the same name in the same practice."""

    number: str
    born: str


@dataclass(frozen=True, slots=True)
class Countdown:
    """The window that matters now. `phase`: before, open, kept, late, after."""

    phase: str
    words: str
    detail: str
    window: Window
    session_at: datetime | None


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the top of a patient's page. Words are ready to show, in the reader's language."""

    patient: UUID
    file: UUID | None
    course: UUID | None
    course_here: bool
    number: str
    initials: str
    name: str
    legal_name: str
    pronouns: str
    born: str
    age: int | None
    allergies: str
    allergies_known: bool
    allergic: bool
    weight: str
    same_name: tuple[SameName, ...]
    course_state: str
    keeper: str
    at: str
    ribbon: Ribbon | None
    countdown: Countdown | None

    @property
    def who(self) -> str:
        """41, she/her."""
        age = _("Age not known") if self.age is None else str(self.age)
        return f"{age}, {self.pronouns}" if self.pronouns else age


FILES: Compiled[PatientFile] = Compiled(
    PatientFile,
    lambda patient, practice: PatientFile.objects.select_related("patient", "organisation").filter(
        patient_id=patient, organisation_id=practice
    ),
)
COURSES: Compiled[Course] = Compiled(Course, lambda patient: Course.objects.filter(patient_id=patient))
SESSIONS: Compiled[Session] = Compiled(Session, lambda course: Session.objects.filter(course_id=course))
WINDOWS: Compiled[Window] = Compiled(
    Window, lambda course: Window.objects.filter(course_id=course).order_by("opens_at")
)
ALLERGIES: Compiled[Allergy] = Compiled(
    Allergy, lambda patient: Allergy.objects.current().filter(patient_id=patient)
)
WEIGHTS: Compiled[Result] = Compiled(
    Result,
    lambda patient, at: (
        Result.objects.current()
        .filter(patient_id=patient, key="weight_kg", confirmed=True, at__lte=at)
        .order_by("-at")
    ),
)
# By the index of the words of names: whoever shares the first word of both names.
NAMED_SO: Compiled[PatientFile] = Compiled(
    PatientFile,
    lambda practice, given, called, family: (
        PatientFile.objects.select_related("patient")
        .filter(organisation_id=practice, patient__words__word__word=family)
        .filter(patient__words__word__word__in=[given, called])
    ),
)


def header_of(scope: Scope, about: PatientFile | Course, at: datetime, zone: ZoneInfo) -> Header:
    """The header of this file's or this course's patient, as far as `scope` sees them.

    `about` must already have been found within Scope. At most three queries.
    """
    file, course = _file_and_course(scope, about)
    person = file.patient if file is not None else about.patient
    found_allergies, weights, alike, windows, own, told, ends = answers(
        *_of_person(scope, person, at),
        _named_so(scope, file) if file is not None else NOT_ASKED,
        *_of_course(scope, course, at),
    )
    sessions = _visits(course, windows, own, told)
    allergies, known, allergic = _allergy_words(scope, found_allergies)
    return Header(
        patient=person.id,
        file=file.id if file is not None else None,
        course=course.id if course is not None else None,
        course_here=course is not None and course.organisation_id == about.organisation_id,
        number=file.number if file is not None else "",
        initials=f"{(person.chosen_name or person.given_name)[:1]}{person.family_name[:1]}".upper(),
        name=person.name,
        legal_name=person.legal_name if person.legal_name != person.name else "",
        pronouns=person.pronouns,
        born=born_words(person.born_on),
        age=person.age_on(at.astimezone(zone).date()),
        allergies=allergies,
        allergies_known=known,
        allergic=allergic,
        weight=_weight(weights, at, zone),
        same_name=_same_name(person, alike),
        course_state=state_words(course.state, course.protocol) if course is not None else "",
        keeper=about.organisation.name,
        at=moment(at, zone),
        ribbon=ribbon_of(course, sessions, windows, at, zone, came_from(ends))
        if course is not None
        else None,
        countdown=countdown_of(sessions, windows, at, zone),
    )


def _file_and_course(scope: Scope, about: PatientFile | Course) -> tuple[PatientFile | None, Course | None]:
    """The file at this practice and the course that matters: the open one, else the last."""
    if isinstance(about, Course):
        own = FILES.within(scope, patient=about.patient_id, practice=about.organisation_id)
        return next(iter(own), None), about
    courses = COURSES.within(scope, patient=about.patient_id)
    # An open course before an ended one, one's own practice's before another's.
    found = sorted(
        courses,
        key=lambda c: (c.ended_at is None, c.organisation_id == about.organisation_id, c.opened_at),
        reverse=True,
    )
    return about, found[0] if found else None


def _of_person(scope: Scope, person: Person, at: datetime) -> tuple[Question[Any], ...]:
    """Their allergies, and what they weighed last."""
    return (
        ALLERGIES.question_within(scope, patient=person.id),
        WEIGHTS.question_within(scope, patient=person.id, at=at),
    )


def _of_course(scope: Scope, course: Course | None, at: datetime) -> tuple[Question[Any], ...]:
    """Its windows, its sessions, those whose dates are told, and how it ended."""
    if course is None:
        return (NOT_ASKED,) * 4
    return (
        WINDOWS.question_within(scope, course=course.id),
        SESSIONS.question_within(scope, course=course.id),
        told_question(course, at),
        ended_question(scope, course),
    )


def _visits(
    course: Course | None, windows: Sequence[Window], own: Sequence[Session], told: Sequence[Session]
) -> Sequence[Session]:
    if course is None:
        return ()
    # What is held in a window one may see belongs to it, whichever practice holds it (reads.window).
    seen = {row.id: row for row in (*own, *held_in(course, windows, told))}
    return sorted(seen.values(), key=lambda session: (session.planned_from, session.id))


def allergies_of(scope: Scope, person: Person) -> tuple[str, bool, bool]:
    """The words, whether they can be leaned on, and whether they name one. One query."""
    return _allergy_words(scope, ALLERGIES.within(scope, patient=person.id))


def _allergy_words(scope: Scope, rows: Sequence[Allergy]) -> tuple[str, bool, bool]:
    # Who only sits in the room sees that session, and no list of allergies.
    if all(reach.session is not None for reach in scope.allowing(Need(Kind.CLINICAL, Act.SEE))):
        return _("Allergies are not shared with you"), False, False
    sure = [row for row in rows if row.confirmed]
    waiting = len(rows) - len(sure)
    named = [row.text for row in sure if row.active and not row.none_known]
    if named:
        words = _("Allergies: %(list)s") % {"list": ", ".join(named)}
    elif sure:
        words = _("No known allergies")
    else:
        words = _("Allergies not asked")
    if waiting:
        words += ". " + ngettext(
            "%(n)s from an import is not confirmed", "%(n)s from an import are not confirmed", waiting
        ) % {"n": waiting}
    return words, bool(sure), bool(named)


def _weight(weights: Sequence[Result], at: datetime, zone: ZoneInfo) -> str:
    if not weights:
        return ""
    last = weights[0]
    kg = _("%(kg)s kg") % {"kg": number(last.value)}
    if at - last.at <= WEIGHT_IS_FRESH:
        return kg
    return _("%(kg)s on %(day)s") % {"kg": kg, "day": day(last.at.astimezone(zone).date())}


def _named_so(scope: Scope, file: PatientFile) -> Question[PatientFile]:
    person = file.patient
    given, family = word_of(person.given_name), word_of(person.family_name)
    called = word_of(person.chosen_name) or given
    return NAMED_SO.question_within(
        scope, practice=file.organisation_id, given=given, called=called, family=family
    )


def _same_name(person: Person, near: Sequence[PatientFile]) -> tuple[SameName, ...]:
    alike = {
        other.id: other
        for other in near
        if other.patient_id != person.id and _names(person) & _names(other.patient)
    }
    return tuple(SameName(o.number, _born(o.patient.born_on)) for o in list(alike.values())[:MANY])


def _names(person: Person) -> set[str]:
    """The names someone goes by, without case or accents; in another script as they are written."""
    return {name_key(name) or name.casefold() for name in (person.legal_name, person.name)}


def born_words(on: date | None) -> str:
    return _("Born %(day)s") % {"day": day(on)} if on else _("Birth date not known")


def _born(on: date | None) -> str:
    return _("born %(day)s") % {"day": day(on)} if on else _("birth date not known")


def countdown_of(
    sessions: Sequence[Session], windows: Sequence[Window], at: datetime, zone: ZoneInfo
) -> Countdown | None:
    """The open window, else the next to open, else the last one, in words."""
    current = [w for w in windows if at < w.closes_at] or list(windows[-1:])
    if not current:
        return None
    window = current[0]
    inside = [
        s.planned_from
        for s in sessions
        if s.phase == Session.Phase.INTEGRATION
        and s.state not in CALLED_OFF
        and window.opens_at <= s.planned_from < window.closes_at
    ]
    held_for = min(inside, default=None)
    phase, words = _phase(window, sessions, at, zone)
    detail = ""
    if held_for is not None and phase in ("before", "open"):
        detail = _("Integration is planned for %(when)s") % {"when": moment(held_for, zone)}
    elif phase in ("before", "open", "late"):
        detail = _("No integration session is planned in it")
    return Countdown(phase, words, detail, window, held_for)


def _phase(window: Window, sessions: Sequence[Session], at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    if window.kept_by_id is not None:
        return "kept", _("Integration was held in the window")
    if at < window.opens_at:
        return "before", _("Opens %(when)s") % {"when": soon(window.opens_at, zone)}
    if at < window.closes_at:
        words = _("%(time)s left") % {"time": stretch(window.closes_at - at)}
        return ("late" if is_unmet(window, sessions, at) else "open"), words
    return "after", _("Closed %(when)s, no session") % {"when": moment(window.closes_at, zone)}


STATES_ALONE = {
    "preparation": gettext_noop("Before the first dose"),
    "dosing": gettext_noop("In its doses"),
    "integration": gettext_noop("After its doses"),
}
STATES = {
    "evaluation": gettext_noop("In evaluation"),
    "preparation": gettext_noop("In preparation"),
    "dosing": gettext_noop("Dosing and integration"),
    "integration": gettext_noop("Continued integration"),
    "follow_up": gettext_noop("In follow-up"),
    "done": gettext_noop("Course completed"),
    "stopped": gettext_noop("Course stopped"),
    "transferred": gettext_noop("Moved to another practice"),
    "died": gettext_noop("Died"),
    "declined": gettext_noop("Ended: the patient declined"),
    "not_now": gettext_noop("Waiting: not now"),
    "not_candidate": gettext_noop("Ended: not a candidate"),
}


def state_words(state: str, protocol_id: str = "") -> str:
    """A course's state as a person says it; by a way without therapy only what applies is named."""
    if state in STATES_ALONE and protocol_id and _without_therapy(protocol_id):
        return _(STATES_ALONE[state])
    return _(STATES[state]) if state in STATES else state.replace("_", " ").capitalize()


def _without_therapy(protocol_id: str) -> bool:
    try:
        return not protocol(protocol_id).has_therapy
    except UnknownProtocol:
        return False
