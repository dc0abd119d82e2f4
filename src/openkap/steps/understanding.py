"""Whether what is signed was plain: the signer's answers, and a clinician who goes through it with them.

Decided here: an answer is kept whether right or wrong; a question never blocks for ever: after a second wrong
try a clinician is asked to go through it, and says so under their own name (dossier 6.1: a comprehension item
for each element; 6.2: who explained it, interpreter, guardian, witness). Only a clinician explains. A
guardian is named where the patient is a minor, or where a clinician says why somebody else signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.facts.consent import consent_of
from openkap.records.facts.understood import Asked, is_minor, understood_of
from openkap.records.models import ConsentAnswer, ConsentTalk, Course, DocumentVersion, Task
from openkap.records.standing import standing_of
from openkap.records.words import one_line
from openkap.steps.consent import refuse_wrong_time, version_shown
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.practice_words import for_practice
from openkap.steps.room import a_person
from openkap.steps.tasks import close_task, make_task

EXPLAINS = frozenset({Role.PRESCRIBER, Role.MONITOR, Role.THERAPIST, Role.MEDICAL_DIRECTOR})
TALK = "consent_talk"
# Proposed: whoever waits for a talk waits a day; no source states it.
TALK_WITHIN = timedelta(days=1)
HOWS = tuple(ConsentTalk.How)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Who else was there: an interpreter, a guardian who signs, a witness. Blank: nobody."""

    interpreter: str = ""
    interpreter_language: str = ""
    interpreter_how: str = ""
    guardian: str = ""
    guardian_relation: str = ""
    guardian_why: str = ""
    witness: str = ""


@step
def answer_questions(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    document: str | DocumentVersion,
    sha256: str,
    answers: Mapping[str, int],
    submission: UUID | None = None,
) -> tuple[Asked, ...]:
    """Keep what the signer chose, question id to number of the choice; returns how each stands now.

    What is settled, or waits for a clinician, is not asked any more. Raises as signing does.
    """
    must(by, Kind.CONSENT, Act.SIGN, _subject(course), at=at)
    version = version_shown(course, document, sha256)
    refuse_wrong_time(course, at)
    asked = {question.id: question for question in understood_of(course, version, at).questions}
    for id, choice in answers.items():
        question = asked.get(id)
        if question is None or not 0 <= choice < len(question.choices):
            raise Refused(_("Choose one of the answers that stand there."), field="choice")
        if question.is_open:
            _keep(by, course, version, question, choice, at)
    now = understood_of(course, version, at)
    if now.to_talk:
        make_task(
            by,
            at=at,
            organisation=course.organisation,
            what=TALK,
            text=for_practice("Go through the consent with %(name)s: they have questions, and wait to sign.")
            % {"name": course.patient.name},
            due_at=at + TALK_WITHIN,
            role=Role.PRESCRIBER,
            course=course,
        )
    return now.questions


@step
def go_through_consent(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    how: str,
    beside: Beside | None = None,
    submission: UUID | None = None,
) -> ConsentTalk:
    """A clinician went through the text of now with the patient: every question that was not yet settled."""
    must(by, Kind.CONSENT, Act.ADD, _subject(course), at=at)
    a_person(by)
    if not standing_of(by, at).roles & EXPLAINS:
        raise Refused(_("A clinician goes through the text with the patient, and writes it down here."))
    version = consent_of(course, at, course.patient.language).version
    if version is None:
        raise Refused(_("Nothing is published to go through."))
    if course.ended_at is not None:
        raise Refused(_("This course has ended. There is nothing to sign."))
    if how not in HOWS:
        raise Refused(_("Say how you went through it."), field="how")
    said = _checked(course, beside or Beside(), at)
    talk = ConsentTalk.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        document=version,
        how=how,
        questions=[q.id for q in understood_of(course, version, at).questions if not q.is_settled],
        at=at,
        recorded_at=at,
        **said,
    )
    tell(by, "consent.explained", talk, at=at)
    for task in Task.objects.select_for_update().filter(course=course, what=TALK, done_at=None):
        close_task(by, task, at=at, outcome=for_practice("Gone through with them."))
    return talk


def _keep(
    by: Actor, course: Course, version: DocumentVersion, question: Asked, choice: int, at: datetime
) -> None:
    row = ConsentAnswer.objects.create(
        **Authored.authored(by),
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        course=course,
        document=version,
        question=question.id,
        choice=choice,
        right=choice == question.right,
        at=at,
        recorded_at=at,
    )
    tell(by, "consent.answered", row, at=at)


def _checked(course: Course, beside: Beside, at: datetime) -> dict[str, str]:
    """What stands beside the talk, each in one line. Raises Refused where a part is missing."""
    interpreter, language = one_line(beside.interpreter)[:200], one_line(beside.interpreter_language)[:60]
    if interpreter and not language:
        raise Refused(_("Say into which language it was interpreted."), field="interpreter_language")
    if interpreter and beside.interpreter_how not in HOWS:
        raise Refused(_("Say how the interpreter was there."), field="interpreter_how")
    guardian, relation = one_line(beside.guardian)[:200], one_line(beside.guardian_relation)[:80]
    why = one_line(beside.guardian_why)[:300]
    if guardian and not relation:
        raise Refused(_("Say who the guardian is to the patient."), field="guardian_relation")
    if guardian and not why and not is_minor(course, at):
        raise Refused(
            _("Say why a guardian signs: the patient is an adult by the birth date known here."),
            field="guardian_why",
        )
    return {
        "interpreter": interpreter,
        "interpreter_language": language if interpreter else "",
        "interpreter_how": beside.interpreter_how if interpreter else "",
        "guardian": guardian,
        "guardian_relation": relation if guardian else "",
        "guardian_why": why if guardian else "",
        "witness": one_line(beside.witness)[:200],
    }


def _subject(course: Course) -> Subject:
    return Subject(Kind.CONSENT, course.organisation_id, course.patient_id, course.id)
