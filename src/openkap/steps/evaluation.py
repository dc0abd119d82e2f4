"""The evaluation: what was asked and measured, what an import brought, and what was decided on it.

Decided here: a fact is added, never overwritten; what an import brought counts only once a person
says so; a form made from an older version of the facts is refused, with what was typed kept; a
decision stores the verdict exactly as it was shown (docs/adr/0010-imports.md, 0004-verdicts.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import COURSE, allowed
from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.clinical import Living
from openkap.records.facts.screening import evaluate, facts_of
from openkap.records.models import Allergy, Course, Decision, HistoryAnswer, Medication, PatientFile, Result
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.overrule import refuse_unready, verdict_as_shown

L = TypeVar("L", bound=Living)


@dataclass(frozen=True, slots=True)
class Measured:
    """One result as it was read: `taken_at` is when it was so."""

    key: str
    value: str
    unit: str
    taken_at: datetime


@step
def answer_question(
    *, by: Actor, at: datetime, course: Course, key: str, value: bool, submission: UUID | None = None
) -> HistoryAnswer:
    """Keep the answer to one screening question; where an import had prefilled it, that is settled."""
    must(by, Kind.CLINICAL, Act.ADD, _of(course, at), at=at)
    _refuse_ended(course)
    waiting = HistoryAnswer.objects.current().filter(course=course, key=key, confirmed=False).first()
    row = HistoryAnswer.objects.create(
        **_columns(by, at, course.organisation_id, course.patient_id, at),
        course=course,
        key=key,
        value=value,
        corrects=waiting,
        reason=_("Asked and answered") if waiting is not None else "",
    )
    tell(by, "evaluation.answered", row, at=at)
    return row


@step
def note_result(
    *, by: Actor, at: datetime, course: Course, result: Measured, submission: UUID | None = None
) -> Result:
    """Keep one dated result: a measurement, a pregnancy test, a screening result."""
    must(by, Kind.CLINICAL, Act.ADD, _of(course, at), at=at)
    _refuse_ended(course)
    if result.taken_at > at:
        raise Refused(_("This time is still to come. Check the day and the hour."), field=result.key)
    row = Result.objects.create(
        **_columns(by, at, course.organisation_id, course.patient_id, result.taken_at),
        key=result.key,
        value=result.value,
        unit=result.unit,
    )
    tell(by, "result.noted", row, at=at)
    return row


@step
def keep_evaluation(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    seen: str | None,
    answers: Mapping[str, bool],
    results: Sequence[Measured],
    submission: UUID | None = None,
) -> int:
    """Keep a whole page of answers and results at once, or none of it. Returns how many were new.

    `seen` is the fingerprint of the facts the page was made from; others came since: Stale.
    """
    must(by, Kind.CLINICAL, Act.ADD, _of(course, at), at=at)
    refuse_if_changed(course, seen, at)
    for key, value in answers.items():
        answer_question(by=by, at=at, course=course, key=key, value=value)
    for result in results:
        note_result(by=by, at=at, course=course, result=result)
    tell(by, "evaluation.kept", course, at=at, patient=course.patient_id)
    return len(answers) + len(results)


@step
def note_allergy(
    *,
    by: Actor,
    at: datetime,
    file: PatientFile,
    text: str = "",
    none_known: bool = False,
    submission: UUID | None = None,
) -> Allergy:
    """Keep an allergy, or that there is none known: either way it was asked."""
    must(by, Kind.CLINICAL, Act.ADD, _of_file(file, at), at=at)
    if not none_known and not text.strip():
        raise Refused(_("Say what the allergy is to, or that none is known."), field="text")
    known = Allergy.objects.current().filter(
        patient_id=file.patient_id, organisation_id=file.organisation_id, confirmed=True, none_known=False
    )
    if none_known and known.exists():
        raise Refused(
            _("An allergy is on the list. Mark it entered in error first, if it is not one."),
            field="none_known",
        )
    row = Allergy.objects.create(
        **_columns(by, at, file.organisation_id, file.patient_id, at),
        text="" if none_known else text.strip()[:300],
        none_known=none_known,
    )
    tell(by, "allergy.noted", row, at=at)
    return row


@step
def note_medicine(
    *, by: Actor, at: datetime, file: PatientFile, text: str, submission: UUID | None = None
) -> Medication:
    """Keep a medicine that the patient takes now, as they call it."""
    must(by, Kind.CLINICAL, Act.ADD, _of_file(file, at), at=at)
    if not text.strip():
        raise Refused(_("Say which medicine, with its dose if it is known."), field="text")
    row = Medication.objects.create(
        **_columns(by, at, file.organisation_id, file.patient_id, at), text=text.strip()[:300]
    )
    tell(by, "medicine.noted", row, at=at)
    return row


@step
def confirm_fact(*, by: Actor, at: datetime, row: L, submission: UUID | None = None) -> L:
    """A person says that what an import brought is so. From then on it counts."""
    if row.confirmed:
        raise Refused(_("This is already confirmed."))
    changes = {"confirmed": True}
    return replace(by, at, row, _("Confirmed"), changes, withdrawn=False, verb="confirmed")


@step
def decide_candidacy(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    outcome: str,
    words: str,
    seen: str | None = None,
    overrides: Mapping[str, str] | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Sign what was decided, on the verdict as it stands. `words`: the plan, or why not.

    `seen` is `Evaluated.seen` of the page; `overrides` give a reason for each rule that is overruled.
    """
    must(by, Kind.CLINICAL, Act.SIGN, _of(course, at), at=at)
    refuse_if_changed(course, None, at)
    _refuse_ended(course)
    now = evaluate(course, at)
    if seen is not None and seen != now.seen:
        raise _changed()
    outcome = Decision.Outcome(outcome)
    reasons = {rule: why.strip() for rule, why in (overrides or {}).items() if why.strip()}
    if outcome is Decision.Outcome.CANDIDATE:
        refuse_unready(by, at, now.screened.verdict, reasons)
    elif not words.strip():
        raise Refused(_("Say why, and what would change it. The patient may read this."), field="words")
    decision = Decision.objects.create(
        **_columns(by, at, course.organisation_id, course.patient_id, at),
        course=course,
        outcome=outcome,
        level=now.screened.verdict.level,
        verdict=verdict_as_shown(now, reasons if outcome is Decision.Outcome.CANDIDATE else {}),
        words=words.strip(),
    )
    _move(course, outcome, at)
    tell(by, f"decision.{outcome}", decision, at=at)
    return decision


VERBS = {"candidate": "accept", "not_now": "wait", "not_candidate": "refuse"}


def _move(course: Course, outcome: str, at: datetime) -> None:
    """Take the course where the decision leads, by its own table; decided again, it is looked at again."""
    verb = VERBS[outcome]
    after = allowed(COURSE, course.state, verb)
    if not after and verb != "accept":
        again = allowed(COURSE, course.state, "look_again")
        after = allowed(COURSE, str(again), verb) if again else again
    if after:
        course.state = str(after)
    elif verb != "accept" or course.state == "evaluation":
        raise Refused(str(after))
    if course.state in COURSE.ended:
        course.ended_at, course.ended_why = at, _("Not a candidate")
    course.version += 1
    course.save(update_fields=["state", "ended_at", "ended_why", "version"])


def refuse_if_changed(course: Course, seen: str | None, at: datetime) -> None:
    """Stale where the facts are no longer those of `seen`. Holds the course's row, so that one is first."""
    held = Course.objects.select_for_update(of=("self",))
    course.refresh_from_db(fields=("state", "ended_at", "ended_why", "version"), from_queryset=held)
    if seen is not None and seen != facts_of(course, at).fingerprint:
        raise _changed()


def _changed() -> Stale:
    return Stale(
        _(
            "Someone added to this evaluation after you opened it. What you typed is kept below: "
            "look at the answers again, then send it."
        )
    )


def _refuse_ended(course: Course) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. Open a new one to go on."))


def _of(course: Course, at: datetime) -> Subject:
    return Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)


def _of_file(file: PatientFile, at: datetime) -> Subject:
    return Subject(Kind.CLINICAL, file.organisation_id, file.patient_id, at=at)


def _columns(by: Actor, at: datetime, keeper: UUID, patient: UUID, when: datetime) -> dict[str, Any]:
    return {
        **Authored.authored(by),
        "organisation_id": keeper,
        "patient_id": patient,
        "at": when,
        "recorded_at": at,
    }
