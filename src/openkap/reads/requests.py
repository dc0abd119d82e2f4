"""Requests for an evaluation, as the desk's list and page show them.

Decided here: open ones first, the oldest on top, each with what it waits for. Whom it may be is looked for
among the reader's own patients only, spelling forgiven (`reads.find`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.medicine.screening.selfcheck import NONE, UNSURE, steps
from openkap.permits import Act, Kind, Need, Scope, Subject, decide
from openkap.reads.find import Person, same_person
from openkap.reads.said import ago, stretch
from openkap.records.facts.clock import day, moment
from openkap.records.facts.requests import likely_files
from openkap.records.models import Course, EvaluationRequest, PatientFile, Task
from openkap.records.people import name_key
from openkap.records.scoped import scoped

State = EvaluationRequest.State
SHOWN = 100
STATES = {
    State.NEW: gettext_noop("New"),
    State.CONTACTED: gettext_noop("Contacted"),
    State.OPENED: gettext_noop("Opened"),
    State.CLOSED: gettext_noop("Closed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list. `due` is when an answer is owed; `late` where that time is over."""

    id: UUID
    name: str
    reach: str
    made: str
    state: str
    state_words: str
    due: str
    late: bool
    handled_by: str
    file: UUID | None


@dataclass(frozen=True, slots=True)
class RequestList:
    """`counts` by state, of all requests; `more`: how many are not shown."""

    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    more: int

    @property
    def open(self) -> int:
        return sum(self.counts.get(state, 0) for state in EvaluationRequest.OPEN)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said or done."""

    when: str
    who: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one step of the self-check, and sent along."""

    about: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneRequest:
    """A request in full. `alike`: people here who may be this person."""

    id: UUID
    version: int
    name: str
    born: str
    email: str
    phone: str
    language: str
    words: str
    made: str
    state: str
    state_words: str
    due: str
    late: bool
    answers: tuple[Answer, ...]
    said: tuple[Said, ...]
    alike: tuple[Person, ...]
    file: UUID | None

    @property
    def is_open(self) -> bool:
        return self.state in EvaluationRequest.OPEN


def requests_of(
    scope: Scope, practice: UUID, at: datetime, zone: ZoneInfo, *, state: str = "", asked: str = ""
) -> RequestList:
    """The list of this practice: open ones, or those of one state, or all ("all"). Four queries."""
    rows = scoped(EvaluationRequest.objects.filter(organisation_id=practice), scope)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("id")))
    if state in STATES:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=EvaluationRequest.OPEN)
    newest_first = state in (State.OPENED, State.CLOSED, "all")
    found = list(_ordered(rows, newest_first).select_related("handled_by"))
    words = name_key(asked).split()
    found = [row for row in found if all(word in row.name_key for word in words)]
    shown = found[:SHOWN]
    due = _due(scope, practice, shown)
    files = _files(scope, practice, shown)
    lines = tuple(_line(row, due.get(_what(row)), files, at, zone) for row in shown)
    return RequestList(lines, counts, len(found) - len(shown))


def one_request(scope: Scope, row: EvaluationRequest, at: datetime, zone: ZoneInfo) -> OneRequest:
    """One request with its history and likely matches. Seven queries."""
    due_at = _due(scope, row.organisation_id, [row]).get(_what(row))
    alike: tuple[Person, ...] = ()
    if row.state != State.OPENED:
        also = [file.id for file in likely_files(row)]
        alike = same_person(scope, row.given_name, row.family_name, row.born_on, at, zone, also=also)
    return OneRequest(
        id=row.id,
        version=row.version,
        name=row.name,
        born=day(row.born_on) if row.born_on else _("Not known"),
        email=row.email,
        phone=row.phone,
        language=row.language,
        words=row.words,
        made=moment(row.made_at, zone),
        state=row.state,
        state_words=_(STATES[State(row.state)]),
        due=_due_words(due_at, at, zone),
        late=due_at is not None and due_at <= at,
        answers=answers_in_words(row.answers),
        said=tuple(
            Said(
                moment(note.at, zone),
                _who(note.by_name, note.by_person_id),
                _(STATES[State(note.what)]),
                note.words,
            )
            for note in row.notes.all()
        ),
        alike=alike,
        file=_files(scope, row.organisation_id, [row]).get(row.patient_id) if row.patient_id else None,
    )


@dataclass(frozen=True, slots=True)
class SentAlong:
    """What was answered with the request of a course. `request` is None where it is not the reader's."""

    request: UUID | None
    answers: tuple[Answer, ...]


def sent_along(scope: Scope, course: Course, at: datetime) -> SentAlong | None:
    """The answers that came with the request, for whoever evaluates; None where there was none. One query.

    Given to be evaluated by: with the course they are clinical facts of it, confirmed by nobody.
    """
    about = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    if not decide(scope, Need(Kind.CLINICAL, Act.SEE), about):
        return None
    row = EvaluationRequest.objects.filter(course=course).order_by("made_at").first()
    if row is None:
        return None
    opens = decide(scope, Need(Kind.REQUESTS, Act.SEE), row.as_subject())
    return SentAlong(row.id if opens else None, answers_in_words(row.answers))


def answers_in_words(answers: Mapping[str, list[str]]) -> tuple[Answer, ...]:
    """Answers of the self-check as the person read them."""
    found = []
    for step in steps():
        chosen = answers.get(step.key, [])
        words = [_(option.words) for option in step.options if option.key in chosen]
        words += [_("None of these")] if NONE in chosen else []
        words += [_("Not sure")] if UNSURE in chosen else []
        if words:
            found.append(Answer(_(step.about), tuple(words)))
    return tuple(found)


def _ordered(rows: QuerySet[EvaluationRequest], newest_first: bool) -> QuerySet[EvaluationRequest]:
    return rows.order_by("-made_at", "id") if newest_first else rows.order_by("made_at", "id")


def _line(
    row: EvaluationRequest,
    due_at: datetime | None,
    files: Mapping[UUID, UUID],
    at: datetime,
    zone: ZoneInfo,
) -> Line:
    return Line(
        id=row.id,
        name=row.name,
        reach=", ".join(each for each in (row.phone, row.email) if each),
        made=ago(row.made_at, at),
        state=row.state,
        state_words=_(STATES[State(row.state)]),
        due=_due_words(due_at, at, zone),
        late=due_at is not None and due_at <= at,
        handled_by=row.handled_by.name if row.handled_by is not None else "",
        file=files.get(row.patient_id) if row.patient_id else None,
    )


def _due(scope: Scope, practice: UUID, rows: list[EvaluationRequest]) -> dict[str, datetime]:
    tasks = scoped(
        Task.objects.filter(organisation_id=practice, done_at=None, what__in=[_what(row) for row in rows]),
        scope,
    )
    return dict(tasks.values_list("what", "due_at"))


def _files(scope: Scope, practice: UUID, rows: list[EvaluationRequest]) -> dict[UUID, UUID]:
    patients = [row.patient_id for row in rows if row.patient_id]
    if not patients:
        return {}
    files = scoped(PatientFile.objects.filter(organisation_id=practice, patient_id__in=patients), scope)
    return dict(files.values_list("patient_id", "id"))


def _what(row: EvaluationRequest) -> str:
    """The code of its task, as `steps.requests` makes it."""
    return f"request_{row.id.hex}"


def _who(name: str, person: UUID | None) -> str:
    return name if person is not None else _("The person themselves")


def _due_words(due_at: datetime | None, at: datetime, zone: ZoneInfo) -> str:
    if due_at is None:
        return ""
    if due_at <= at:
        return _("Was due %(ago)s") % {"ago": ago(due_at, at)}
    left = due_at - at
    if left.days < 2:
        return _("Within %(time)s") % {"time": stretch(left)}
    return _("By %(when)s") % {"when": moment(due_at, zone)}


def waiting(scope: Scope, practice: UUID) -> int:
    """How many requests are open in this practice. One query."""
    rows = EvaluationRequest.objects.filter(organisation_id=practice, state__in=EvaluationRequest.OPEN)
    return scoped(rows, scope).count()
