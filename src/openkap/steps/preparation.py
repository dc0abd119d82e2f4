"""Preparation with the patient, and the agreement about touch.

Decided here: what is written for the team is handed over like a letter: the writer's practice keeps its own
and the practice that gives the doses gets a copy (docs/adr/0019-preparation-and-process-notes.md). Touch is
agreed by the patient, told or written; it may be narrowed at any moment, by the patient or by whoever
stands beside them; while a dose may act it is never widened (dossier 6.1, item 12).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.touch import Touch, is_wider
from openkap.permits import Act, Actor, Kind, Need, Subject, decide
from openkap.records.base import Authored
from openkap.records.facts.altered import altered_until
from openkap.records.facts.clock import long_moment
from openkap.records.facts.preparation import touch_of
from openkap.records.models import Course, NoteDraft, PreparationPlan, Session, TouchAgreement
from openkap.records.standing import scope_now
from openkap.steps.drafts import let_go_of_draft
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.notes import refuse_unshared

H = TypeVar("H", PreparationPlan, TouchAgreement)
WORDS_AT_MOST = 6000


@step
def keep_preparation(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    intentions: str = "",
    expectations: str = "",
    comfort: str = "",
    worries: str = "",
    session: Session | None = None,
    submission: UUID | None = None,
) -> PreparationPlan:
    """Keep what the patient hopes for, expects, needs and worries about. The newest counts, none is lost."""
    must(by, Kind.PREPARATION, Act.ADD, _about(by, course, session, at), at=at)
    refuse_unshared(by, course, at)
    _refuse_ended(course)
    words = {
        "intentions": intentions.strip(),
        "expectations": expectations.strip(),
        "comfort": comfort.strip(),
        "worries": worries.strip(),
    }
    if not any(words.values()):
        raise Refused(_("Write a few words in one of the fields."), field="intentions")
    plan = _hand_over(PreparationPlan, by, course, session, at, words)
    let_go_of_draft(by, course, NoteDraft.Page.PREPARATION)
    tell(by, "preparation.kept", plan, at=at)
    return plan


@step
def agree_touch(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    level: str,
    words: str | None = None,
    stop_word: str | None = None,
    holds_for: str | None = None,
    session: Session | None = None,
    submission: UUID | None = None,
) -> TouchAgreement:
    """What touch the patient allows, in their words; said again on the day, it counts for the day.

    What is None stays as it was said before: a level said again in the morning keeps the word that stops it
    and whom it holds for. Raises Refused where it would allow more while a dose may act. What allows less
    goes on as narrowing.
    """
    must(by, Kind.PREPARATION, Act.ADD, _about(by, course, session, at), at=at)
    refuse_unshared(by, course, at)
    _refuse_ended(course)
    wanted = _level(level)
    until = altered_until(course.patient_id, at)
    now = touch_of(course, at)
    if until is not None:
        if is_wider(wanted, now.level if now else Touch.NONE):
            _refuse_wider(course, until)
        return _narrow(by, course, session, at, wanted, words or "")
    _refuse_unseen(by, course, wanted, at)
    agreement = _hand_over(
        TouchAgreement,
        by,
        course,
        session,
        at,
        {
            "level": wanted.value,
            "words": _said(words, now.words if now else "", WORDS_AT_MOST),
            "stop_word": _said(stop_word, now.stop_word if now else "", 60),
            "holds_for": _said(holds_for, now.holds_for if now else "", 200),
        },
    )
    tell(by, "touch.agreed", agreement, at=at)
    return agreement


@step
def narrow_touch(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    level: str = Touch.NONE,
    words: str = "",
    session: Session | None = None,
    submission: UUID | None = None,
) -> TouchAgreement:
    """Allow less from now on: one tap in the room, or a word of the patient's. Nothing stands in its way."""
    must(by, Kind.PREPARATION, Act.ADD, _about(by, course, session, at), at=at)
    refuse_unshared(by, course, at)
    wanted, now = _level(level), touch_of(course, at)
    if is_wider(wanted, now.level if now else Touch.NONE):
        raise Refused(
            _("This would allow more than was agreed. Here it can only become less."), field="level"
        )
    return _narrow(by, course, session, at, wanted, words)


def _narrow(
    by: Actor, course: Course, session: Session | None, at: datetime, level: Touch, words: str
) -> TouchAgreement:
    """Less, in a row of its own. What the patient had said stays beside it: it never allows more."""
    before = touch_of(course, at)
    said = words.strip()
    agreement = _hand_over(
        TouchAgreement,
        by,
        course,
        session,
        at,
        {
            "level": level.value,
            "words": "\n".join(filter(None, (said, before.words if before else "")))[:WORDS_AT_MOST],
            "stop_word": before.stop_word if before else "",
            "holds_for": before.holds_for if before else "",
        },
    )
    tell(by, "touch.narrowed", agreement, at=at)
    return agreement


def _said(new: str | None, before: str, longest: int) -> str:
    """What is said now, or, where nothing was asked, what was said before."""
    return before if new is None else new.strip()[:longest]


def _hand_over(
    model: type[H], by: Actor, course: Course, session: Session | None, at: datetime, words: dict[str, Any]
) -> H:
    """Keep it with the writer's practice, and hand the course's own practice its copy."""
    keeper = _keeper(by, course)
    shared = {"patient_id": course.patient_id, "course": course, "at": at, "recorded_at": at, **words}
    own = model.objects.create(**Authored.authored(by), **shared, organisation_id=keeper, session=session)
    if keeper != course.organisation_id:
        copy = model.objects.create(
            **Authored.authored(by),
            **shared,
            organisation_id=course.organisation_id,
            handed_from=own,
            source="handed_over",
        )
        tell(by, "preparation.handed_over", copy, at=at)
    return own


def _keeper(by: Actor, course: Course) -> UUID:
    """Staff write for their own practice; what a patient says is kept where the doses are given."""
    return by.organisation or course.organisation_id


def _about(by: Actor, course: Course, session: Session | None, at: datetime) -> Subject:
    return Subject(
        Kind.PREPARATION,
        _keeper(by, course),
        course.patient_id,
        course.id,
        session.id if session is not None else None,
        at=at,
    )


def _level(level: str) -> Touch:
    try:
        return Touch(level)
    except ValueError:
        raise Refused(_("Choose what touch is agreed."), field="level") from None


def _refuse_unseen(by: Actor, course: Course, wanted: Touch, at: datetime) -> None:
    """Nobody widens what was said since by someone else and is not shown to them: the page was not of now."""
    now = touch_of(course, at)
    if now is None or not is_wider(wanted, now.level) or now.row.handed_from_id is not None:
        return
    if decide(scope_now(by, at), Need(Kind.PREPARATION), now.row.as_subject()):
        return
    raise Refused(
        _(
            "Not changed. %(place)s holds a newer word that allows less, and it is not shared with you. Ask "
            "%(name)s to write it themselves, or to share preparation with you."
        )
        % {"place": course.organisation.name, "name": course.patient.name},
        field="level",
    )


def _refuse_ended(course: Course) -> None:
    if course.ended_at is not None:
        raise Refused(_("This course has ended. Nothing is prepared for it any more."))


def _refuse_wider(course: Course, until: datetime) -> None:
    raise Refused(
        _(
            "Not changed. While a dose may act, touch can become less and never more. It can be agreed anew "
            "from %(when)s."
        )
        % {"when": long_moment(until, ZoneInfo(course.organisation.zone))},
        field="level",
    )
