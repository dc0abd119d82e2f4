"""What was prepared and which touch is agreed, as far as the reader sees: the newest, and what came before.

Decided here: the words of each level of touch, which every page takes from here. A copy that was handed to
another practice is not shown beside the original it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openkap.medicine.course.touch import Touch
from openkap.permits import Kind, Need, Scope, Subject, decide
from openkap.records.models import Course, PreparationPlan, Session, TouchAgreement
from openkap.records.scoped import scoped

TOUCH_WORDS = {
    Touch.NONE: gettext_lazy("No touch"),
    Touch.HAND: gettext_lazy("A hand to hold, when asked for"),
    Touch.HAND_OR_SHOULDER: gettext_lazy("A hand, or a hand on the shoulder, asked first"),
}
TOUCH_NOTES = {
    Touch.NONE: gettext_lazy("Care that keeps you safe, such as the blood pressure cuff, is told first."),
    Touch.HAND: gettext_lazy("Only the hand, only when you reach for it or say so."),
    Touch.HAND_OR_SHOULDER: gettext_lazy("Each time someone asks, and waits for yes."),
}
EARLIER_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """One preparation, as written. `by` wrote it at `at`."""

    intentions: str
    expectations: str
    comfort: str
    worries: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TouchShown:
    """One agreement. `told_to` is empty where the patient wrote it themselves."""

    level: Touch
    level_words: str
    words: str
    stop_word: str
    holds_for: str
    told_to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Prepared:
    """The newest first. `sessions` are the preparations of the reader's own practice, oldest first.

    `theirs` is a row that another practice keeps, where one is shown: an opening that is told. `whole`:
    what the practice that gives the doses keeps is shown too; else a newer word may stand there, unseen.
    """

    plan: Plan | None
    earlier: tuple[Plan, ...]
    touch: TouchShown | None
    touch_before: tuple[TouchShown, ...]
    sessions: tuple[Session, ...]
    theirs: PreparationPlan | TouchAgreement | None
    whole: bool

    @property
    def held(self) -> int:
        return sum(session.state == "done" for session in self.sessions)


def prepared(
    scope: Scope,
    course: Course,
    at: datetime,
    *,
    practice: UUID,
    seen: Iterable[Session] | None = None,
) -> Prepared:
    """What this reader sees of the course's preparation. Three queries; two where `seen` are its sessions."""
    rows = [*_newest(PreparationPlan, scope, course, at), *_newest(TouchAgreement, scope, course, at)]
    plans = [_plan(row) for row in rows if isinstance(row, PreparationPlan)]
    touches = [_touch(row) for row in rows if isinstance(row, TouchAgreement)]
    if seen is None:
        seen = scoped(Session.objects.filter(course=course), scope).order_by("planned_from")
    sessions = [s for s in seen if s.phase == Session.Phase.PREPARATION and s.organisation_id == practice]
    about = Subject(Kind.PREPARATION, course.organisation_id, course.patient_id, course.id, at=at)
    return Prepared(
        plan=plans[0] if plans else None,
        earlier=tuple(plans[1:]),
        touch=touches[0] if touches else None,
        touch_before=tuple(touches[1:]),
        sessions=tuple(sessions),
        theirs=next((row for row in rows if row.organisation_id != practice), None),
        whole=bool(decide(scope, Need(Kind.PREPARATION), about)),
    )


def _newest(model: type[Any], scope: Scope, course: Course, at: datetime) -> QuerySet[Any]:
    seen = scoped(model.objects.current().filter(course=course, at__lte=at), scope)
    originals = seen.exclude(handed_from__in=seen.values("pk"))
    newest: QuerySet[Any] = originals.order_by("-at", "-recorded_at", "-id")[: EARLIER_AT_MOST + 1]
    return newest


def _plan(row: PreparationPlan) -> Plan:
    return Plan(row.intentions, row.expectations, row.comfort, row.worries, row.by_name, row.at)


def _touch(row: TouchAgreement) -> TouchShown:
    level = Touch(row.level)
    return TouchShown(
        level=level,
        level_words=str(TOUCH_WORDS[level]),
        words=row.words,
        stop_word=row.stop_word,
        holds_for=row.holds_for,
        told_to="" if row.by_person_id == row.patient_id else row.by_name,
        at=row.at,
    )


def plan_words(row: Any) -> str:
    """A preparation in lines, as a paper shows it."""
    parts = (
        (_("Hopes"), row.intentions),
        (_("Expects"), row.expectations),
        (_("What helps"), row.comfort),
        (_("Worries"), row.worries),
    )
    return "\n".join(f"{name}: {text}" for name, text in parts if text.strip())


def touch_words(row: Any) -> str:
    """An agreement about touch in one line."""
    stop = _("Stop word: %(word)s.") % {"word": row.stop_word} if row.stop_word else ""
    level = f"{TOUCH_WORDS[Touch(row.level)]}."
    return " ".join(part for part in (level, row.words, stop) if part)
