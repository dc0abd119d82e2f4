"""The evaluation: what was asked and measured, and what an import brought.

Decided here: a fact is added, never overwritten; what an import brought counts only once a person
says so; a form made from an older version of the facts is refused, with what was typed kept
(docs/adr/0010-imports.md). "No to the rest" writes an answer to each question, as if each was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind, Subject
from openkap.records.base import Authored
from openkap.records.clinical import Living
from openkap.records.facts.screening import facts_of
from openkap.records.models import Course, HistoryAnswer, Result, UploadedDocument
from openkap.steps.correct import replace
from openkap.steps.frame import Refused, Stale, must, step, tell

L = TypeVar("L", bound=Living)


@dataclass(frozen=True, slots=True)
class Measured:
    """One result as it was read: `taken_at` is when it was so, `document` the paper it stands on."""

    key: str
    value: str
    unit: str
    taken_at: datetime
    document: UploadedDocument | None = None


@step
def answer_question(
    *, by: Actor, at: datetime, course: Course, key: str, value: bool, submission: UUID | None = None
) -> HistoryAnswer:
    """Keep the answer to one screening question; where an import had prefilled it, that is settled."""
    must(by, Kind.CLINICAL, Act.ADD, _of(course, at), at=at)
    refuse_ended(course)
    waiting = HistoryAnswer.objects.current().filter(course=course, key=key, confirmed=False).first()
    row = HistoryAnswer.objects.create(
        **columns(by, at, course.organisation_id, course.patient_id, at),
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
    refuse_ended(course)
    _refuse_to_come(result, at)
    row = _result(by, at, course, result)
    row.save()
    tell(by, "result.noted", row, at=at)
    return row


def _refuse_to_come(result: Measured, at: datetime) -> None:
    if result.taken_at > at:
        raise Refused(_("This time is still to come. Check the day and the hour."), field=result.key)


def _result(by: Actor, at: datetime, course: Course, result: Measured) -> Result:
    return Result(
        **columns(by, at, course.organisation_id, course.patient_id, result.taken_at),
        key=result.key,
        value=result.value,
        unit=result.unit,
        document=result.document,
    )


@step
def keep_evaluation(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    seen: str | None,
    answers: Mapping[str, bool],
    results: Sequence[Measured],
    no_to: Collection[str] = (),
    submission: UUID | None = None,
) -> int:
    """Keep a piece of the evaluation at once, or none of it. Returns how many entries were new.

    `seen` is the fingerprint of the facts the page was made from; others came since: Stale. `no_to`: keys
    of a group whose rest is answered no, each written as an answer of its own; where a record from
    elsewhere speaks of one, it stays open until it is asked by itself.
    """
    must(by, Kind.CLINICAL, Act.ADD, _of(course, at), at=at)
    refuse_if_changed(course, seen, at)
    refuse_ended(course)
    told = {**_rest(course, at, no_to, answers), **answers}
    for result in results:
        _refuse_to_come(result, at)
    waiting = {row.key: row for row in HistoryAnswer.objects.current().filter(course=course, confirmed=False)}
    HistoryAnswer.objects.bulk_create(
        HistoryAnswer(
            **columns(by, at, course.organisation_id, course.patient_id, at),
            course=course,
            key=key,
            value=value,
            corrects=waiting.get(key),
            reason=_("Asked and answered") if key in waiting else "",
        )
        for key, value in told.items()
    )
    Result.objects.bulk_create(_result(by, at, course, result) for result in results)
    tell(by, "evaluation.kept", course, at=at, patient=course.patient_id)
    return len(told) + len(results)


def _rest(
    course: Course, at: datetime, keys: Collection[str], answers: Mapping[str, bool]
) -> dict[str, bool]:
    """No to each of `keys` that nobody has answered and nothing from elsewhere speaks of."""
    if not keys:
        return {}
    known = facts_of(course, at)
    spoken = {*known.answers, *known.answers_waiting, *known.pointers, *answers}
    return {key: False for key in keys if key not in spoken}


@step
def confirm_fact(*, by: Actor, at: datetime, row: L, submission: UUID | None = None) -> L:
    """A person says that what an import brought is so. From then on it counts."""
    if row.confirmed:
        raise Refused(_("This is already confirmed."))
    changes = {"confirmed": True}
    return replace(by, at, row, _("Confirmed"), changes, withdrawn=False, verb="confirmed")


def refuse_if_changed(course: Course, seen: str | None, at: datetime) -> None:
    """Stale where the facts are no longer those of `seen`. Holds the course's row, so that one is first."""
    held = Course.objects.select_for_update(of=("self",))
    course.refresh_from_db(fields=("state", "ended_at", "ended_why", "version"), from_queryset=held)
    if seen is not None and seen != facts_of(course, at).fingerprint:
        raise changed()


def changed() -> Stale:
    return Stale(
        _(
            "Someone added to this evaluation after you opened it. What you typed is kept below: "
            "look at the answers again, then send it."
        )
    )


def refuse_ended(course: Course) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. Open a new one to go on."))


def _of(course: Course, at: datetime) -> Subject:
    return Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)


def columns(by: Actor, at: datetime, keeper: UUID, patient: UUID, when: datetime) -> dict[str, Any]:
    """The columns that every fact about a patient begins with; `when` is when it was so."""
    return {
        **Authored.authored(by),
        "organisation_id": keeper,
        "patient_id": patient,
        "at": when,
        "recorded_at": at,
    }
