"""Someone asks for an evaluation; the practice answers, opens a file, or closes it with a reason.

Decided here: asking is open to everyone where the practice's page says so, and is nobody's to permit. The
asker learns nothing of who is a patient: a known person and a stranger get the same answer. The same words
again within a week are one request. A likely match is asked of the desk, never merged. Each open request
has a task with a time, so that none is forgotten (docs/adr/0017-front-door.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role
from openkap.records.base import Authored
from openkap.records.facts.requests import likely_files
from openkap.records.models import (
    Course,
    EvaluationRequest,
    Event,
    Membership,
    Organisation,
    PatientFile,
    PublicPage,
    RequestNote,
    Task,
)
from openkap.records.people import name_key
from openkap.steps.course import EVALUATION_TASK, open_course
from openkap.steps.frame import Refused, expect, must, step, tell
from openkap.steps.people import register_patient
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import REQUEST, close_task, make_task

State = EvaluationRequest.State

# How long a practice may take: to answer at all, then to go on. Its own promise, no number of medicine.
ANSWER_WITHIN, GO_ON_WITHIN = timedelta(days=1), timedelta(days=7)
# The same person asking again within this time has asked once.
SAME = timedelta(days=7)
# Floods: requests from one address, and to one practice, within an hour. Far above what people do.
EACH_HOUR, PRACTICE_HOUR = 5, 60
# Whose list a request is on: the first of these roles that someone here holds.
WHOSE = (Role.FRONT_DESK, Role.THERAPIST, Role.PRESCRIBER)
ASKED = "evaluation.asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What someone wrote who asks to be seen. `answers` are those of the self-check they chose to send."""

    given_name: str
    family_name: str
    email: str = ""
    phone: str = ""
    born_on: date | None = None
    language: str = "en"
    words: str = ""
    answers: dict[str, list[str]] = field(default_factory=dict)


class LikelyMatch(Refused):
    """Someone here may be this person. Who opens the file says whether they are the same."""


@step
def ask_for_evaluation(
    *, by: Actor, at: datetime, organisation: Organisation, asked: Asked, submission: UUID | None = None
) -> EvaluationRequest:
    """Keep the request and put it on a list. Raises Refused where nobody is asked here, or far too often."""
    if not PublicPage.objects.filter(organisation=organisation, asks=True).exists():
        raise Refused(_("%(practice)s takes no requests here now. Call them.") % {"practice": organisation})
    if not asked.email and not asked.phone:
        raise Refused(_("Write a mail address or a phone number, so that we can reach you."), field="email")
    if (before := _same(organisation, asked, at)) is not None:
        return _again(by, before, asked, at)
    _refuse_flood(by, organisation, at)
    request = EvaluationRequest.objects.create(
        organisation=organisation,
        given_name=asked.given_name,
        family_name=asked.family_name,
        email=asked.email,
        phone=asked.phone,
        born_on=asked.born_on,
        language=asked.language,
        words=asked.words,
        answers=asked.answers,
        made_at=at,
    )
    tell(by, ASKED, request, at=at)
    _owe(by, request, at, at + ANSWER_WITHIN)
    return request


@step
def contact_request(
    *,
    by: Actor,
    at: datetime,
    request: EvaluationRequest,
    words: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> EvaluationRequest:
    """Say what was done. One that was closed is taken up again; one that was opened is a patient's now."""
    must(by, Kind.REQUESTS, Act.ADD, request, at=at)
    _hold(request, version)
    if not words.strip():
        raise Refused(_("Say what was done, in a few words."), field="words")
    _settle(by, request, State.CONTACTED, words, at)
    _owe(by, request, at, at + GO_ON_WITHIN)
    return request


@step
def close_request(
    *,
    by: Actor,
    at: datetime,
    request: EvaluationRequest,
    reason: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> EvaluationRequest:
    """Nothing comes of it, and why."""
    must(by, Kind.REQUESTS, Act.ADD, request, at=at)
    _hold(request, version)
    if request.state == State.CLOSED:
        raise Refused(_("This request is already closed."))
    if not reason.strip():
        raise Refused(_("Say why nothing comes of it."), field="reason")
    _settle(by, request, State.CLOSED, reason, at)
    return request


@step
def open_from_request(
    *,
    by: Actor,
    at: datetime,
    request: EvaluationRequest,
    protocol_id: str,
    same_as: PatientFile | None = None,
    is_new: bool = False,
    version: int | None = None,
    submission: UUID | None = None,
) -> EvaluationRequest:
    """Open a patient file and a course. `same_as` is their file here; `is_new` says they are someone else.

    Raises LikelyMatch where neither is said and someone here may be this person. An open course of the
    same person here is gone on with: nothing is opened twice.
    """
    must(by, Kind.REQUESTS, Act.ADD, request, at=at)
    _hold(request, version)
    file = same_as or _new_file(by, request, is_new, at)
    if file.organisation_id != request.organisation_id:
        raise Refused(_("This file is another practice's. Choose one of yours."))
    request.patient_id = file.patient_id
    request.course = _course_for(by, file, protocol_id, at)
    _settle(by, request, State.OPENED, _("File %(number)s") % {"number": file.number}, at)
    make_task(
        by,
        at=at,
        organisation=request.organisation,
        what=EVALUATION_TASK,
        text=_("Plan the evaluation of %(name)s.") % {"name": request.name},
        due_at=at + GO_ON_WITHIN,
        role=_whose(request, at),
        course=request.course,
    )
    return request


def _new_file(by: Actor, request: EvaluationRequest, is_new: bool, at: datetime) -> PatientFile:
    if not is_new and (likely := likely_files(request)):
        numbers = ", ".join(file.number for file in likely)
        raise LikelyMatch(
            _("Someone here may be the same person: file %(numbers)s. Say whether they are.")
            % {"numbers": numbers},
            field="whose",
        )
    return register_patient(
        by=by,
        at=at,
        organisation=request.organisation,
        details={
            "given_name": request.given_name,
            "family_name": request.family_name,
            "born_on": request.born_on,
            "email": request.email,
            "phone": request.phone,
            "language": request.language,
        },
    )


def _course_for(by: Actor, file: PatientFile, protocol_id: str, at: datetime) -> Course:
    going = Course.objects.filter(
        patient_id=file.patient_id, organisation_id=file.organisation_id, ended_at=None
    ).first()
    return going or open_course(by=by, at=at, file=file, protocol_id=protocol_id)


def _same(organisation: Organisation, asked: Asked, at: datetime) -> EvaluationRequest | None:
    """The open request of the same name and the same way to reach them, if there is one."""
    rows = EvaluationRequest.objects.filter(
        organisation=organisation,
        state__in=EvaluationRequest.OPEN,
        made_at__gt=at - SAME,
        email__iexact=asked.email,
        phone=asked.phone,
    )
    key = name_key(f"{asked.given_name} {asked.family_name}")
    return next((row for row in rows if row.name_key == key and row.born_on == asked.born_on), None)


def _again(by: Actor, before: EvaluationRequest, asked: Asked, at: datetime) -> EvaluationRequest:
    """Sent twice is once; what was newly said is added, so that nothing is lost."""
    said = set(before.notes.values_list("words", flat=True)) | {before.words, ""}
    if asked.words not in said:
        if before.notes.filter(at__gt=at - timedelta(hours=1)).count() >= EACH_HOUR:
            raise _too_many(organisation=before.organisation)
        _note(by, before, before.state, asked.words, at)
    if asked.answers and asked.answers != before.answers:
        before.answers = before.answers | asked.answers
        before.save(update_fields=["answers"])
    tell(by, "evaluation.asked_again", before, at=at)
    return before


def _refuse_flood(by: Actor, organisation: Organisation, at: datetime) -> None:
    recent = Event.objects.filter(verb=ASKED, at__gt=at - timedelta(hours=1))
    here = recent.filter(organisation=organisation).count()
    if recent.filter(where=by.where).count() >= EACH_HOUR or here >= PRACTICE_HOUR:
        raise _too_many(organisation)


def _too_many(organisation: Organisation) -> Refused:
    call = _("Call %(phone)s instead.") % {"phone": organisation.phone} if organisation.phone else ""
    return Refused(
        _("Many requests came from here within the hour. Try again in an hour. %(call)s") % {"call": call}
    )


def _hold(request: EvaluationRequest, version: int | None) -> None:
    """The request as it is now, held until this step is done. One that was opened is a patient's file now."""
    expect(request, version, words=_("request"))
    request.refresh_from_db(fields=["state", "patient", "course"])
    if request.state == State.OPENED:
        raise Refused(_("A file was already opened from this request."))


def _settle(by: Actor, request: EvaluationRequest, state: State, words: str, at: datetime) -> None:
    """The request moves on, with a line of what was said; its task is done."""
    request.state, request.handled_by_id = state, by.person
    request.save()
    _note(by, request, state, words, at)
    for task in Task.objects.filter(what=_what(request), done_at=None):
        close_task(by, task, at=at, outcome=words.strip()[:300])
    tell(by, f"request.{state}", request, at=at, patient=request.patient_id)


def _note(by: Actor, request: EvaluationRequest, what: str, words: str, at: datetime) -> None:
    RequestNote.objects.create(
        **Authored.authored(by),
        request=request,
        organisation_id=request.organisation_id,
        at=at,
        what=what,
        words=words.strip()[:1000],
    )


def _what(request: EvaluationRequest) -> str:
    return f"{REQUEST}{request.id.hex}"


def _owe(by: Actor, request: EvaluationRequest, at: datetime, due_at: datetime) -> None:
    asks = for_practice("%(name)s asked for an evaluation. Call or write back.")
    goes_on = for_practice("Go on with the request of %(name)s.")
    make_task(
        by,
        at=at,
        organisation=request.organisation,
        what=_what(request),
        text=(asks if request.state == State.NEW else goes_on) % {"name": request.name},
        due_at=due_at,
        role=_whose(request, at),
    )


def _whose(request: EvaluationRequest, at: datetime) -> Role:
    """On whose list it is: the front desk's, or where there is none, that of whoever does its work."""
    here = Membership.objects.filter(Membership.in_force(at), organisation_id=request.organisation_id)
    held = set(here.values_list("role", flat=True))
    return next((role for role in WHOSE if role in held), Role.FRONT_DESK)
