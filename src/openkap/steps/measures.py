"""Answering a form: kept at each tap, scored by medicine, and a person set to look where it must be.

Decided here: an answer is never refused for being late or partial; it is kept and marked, and still
alerts. An alert is a task with an owner's role and a clock from its first second. A worrying answer to
a safety question sends the form at once with what was answered: it stops asking. A form that was filled in on
paper is kept with the time of the paper, and alerts where that is not too long ago (`A-PAPER`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openkap.medicine.course.alerts import raises_safety, still_alerts
from openkap.medicine.instruments import Alert, BadAnswer, UnknownInstrument, instrument, score_entered
from openkap.medicine.instruments import Score as Scored
from openkap.medicine.instruments import score as score_form
from openkap.medicine.instruments.instrument import Instrument, Value
from openkap.medicine.instruments.scoring import SEXES, UNANSWERED, asked
from openkap.permits import Act, Actor, ActorKind, Kind, Subject
from openkap.records.base import Authored
from openkap.records.compiled import Compiled
from openkap.records.facts.law import rules_at
from openkap.records.models import Answer, Course, Draft, Organisation, Response, Score, Session, Task
from openkap.steps.alerts import open_alert
from openkap.steps.follow_up import close_shorter
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.safety_path import after_answers


@dataclass(frozen=True, slots=True)
class Answered:
    """A form as kept. `tasks` are the alerts' own; `worrying`: a person must look before it goes on."""

    response: Response
    score: Score
    alerts: tuple[Alert, ...]
    tasks: tuple[Task, ...]

    @property
    def worrying(self) -> bool:
        return any(is_worrying(alert) for alert in self.alerts)


def is_worrying(alert: Alert) -> bool:
    """An alert upon an answered safety question: same day or sooner (L2, L3), never a mere gap."""
    return alert.level >= "L2"


@step
def answer_form(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    instrument: str,
    answers: Mapping[str, Value | None],
    point: str,
    late: bool = False,
    language: str = "en",
    source: str = "person",
    filled_at: datetime | None = None,
    submission: UUID | None = None,
) -> Answered:
    """Keep a filled form with its answers and score. `point` is the course point: before, after.

    `source` says how it was answered: "person" by whoever acts, "in_room" asked there and tapped by staff,
    "paper" filled in on paper at `filled_at` and entered now.

    Raises Refused naming the item where an answer is not one the form has, or nothing was answered.
    """
    form, so = _form(instrument), _filled(course, filled_at, at)
    keeper = _may_add(by, course, at)
    answers = _still_asked(form, answers)
    scored = _score(form, answers, _before(course, form.id, so))
    if all(value is None for value in answers.values()):
        raise Refused(_("Nothing was answered yet. Answer one question, or come back later."))
    heading = _Heading(course, form, point, so, source, late, language)
    return _keep(by, heading, scored, answers, keeper=keeper, at=at)


@step
def enter_total(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    instrument: str,
    total: Value | None,
    point: str,
    subtotals: Mapping[str, Value] | None = None,
    items: Mapping[str, Value] | None = None,
    filled_at: datetime | None = None,
    submission: UUID | None = None,
) -> Answered:
    """Keep a total worked out elsewhere, as it was told, with its subtotals and its safety items.

    It alerts like any other. Without its safety items there is no total. Raises Refused naming what is not
    one of this form, or where no number was given at all.
    """
    form, so = _form(instrument), _filled(course, filled_at, at)
    keeper = _may_add(by, course, at)
    if total is None and not subtotals and not items:
        raise Refused(_("No number was given. Write the total as it stands on the paper."), field="total")
    try:
        scored = score_entered(form, total, subtotals, items, _before(course, form.id, so))
    except BadAnswer as bad:
        raise Refused(str(bad), field=bad.field) from None
    heading = _Heading(course, form, point, so, "paper")
    return _keep(by, heading, scored, items or {}, keeper=keeper, at=at)


@dataclass(frozen=True, slots=True)
class _Heading:
    """What stands at the head of a form: of which course, at which point, filled in when and how."""

    course: Course
    form: Instrument
    point: str
    so: datetime
    source: str
    late: bool = False
    language: str = "en"


def _keep(
    by: Actor,
    heading: _Heading,
    scored: Scored,
    answers: Mapping[str, Value | None],
    *,
    keeper: UUID,
    at: datetime,
) -> Answered:
    """The rows of a form, and a task for each of its alerts, inside a step."""
    course, form = heading.course, heading.form
    columns: dict[str, Any] = {
        **Authored.authored(by),
        "organisation_id": keeper,
        "patient_id": course.patient_id,
        "course": course,
        "instrument": form.id,
        "at": heading.so,
        "recorded_at": at,
        "source": heading.source,
    }
    response = Response.objects.create(
        **columns, version=form.version, point=heading.point, late=heading.late, language=heading.language
    )
    Answer.objects.bulk_create(
        Answer(response=response, item=item, value=value)
        for item, value in answers.items()
        if value is not None
    )
    score = Score.objects.create(
        **columns,
        response=response,
        total=scored.total,
        band=scored.band or "",
        complete=scored.complete,
        entered=scored.entered,
        subscales=dict(scored.subscales),
        flags=dict(scored.flags),
        alerts=[_kept(alert) for alert in scored.alerts],
    )
    Draft.objects.filter(course=course, instrument=form.id, point=heading.point, response=None).update(
        response=response, changed_at=at
    )
    tasks: tuple[Task, ...] = ()
    if still_alerts(heading.so, at, rules_at(course.organisation_id, at)):
        asked_by = Organisation.objects.get(id=keeper)
        tasks = tuple(
            open_alert(by, course, alert, at=at, keeper=asked_by, response=response)
            for alert in scored.alerts
        )
        after_answers(by, course, scored, at=at)
    if scored.total is not None:
        close_shorter(by, course, form.id, answered_at=heading.so, at=at)
    tell(by, "form.answered", response, at=at)
    return Answered(response, score, scored.alerts, tasks)


@step
def keep_answer(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    instrument: str,
    item: str,
    value: Value | None,
    point: str,
    late: bool = False,
    language: str = "en",
    submission: UUID | None = None,
) -> Answered | None:
    """Keep one tap. Gives the sent form where the tap was worrying: then nothing more is asked."""
    keeper = _may_add(by, course, at)
    form = _form(instrument)
    # The row is locked, so that taps on two devices are both kept.
    draft, _new = Draft.objects.select_for_update().get_or_create(
        course=course,
        instrument=form.id,
        point=point,
        response=None,
        defaults={
            "patient_id": course.patient_id,
            "organisation_id": keeper,
            "begun_at": at,
            "changed_at": at,
        },
    )
    answers = {**draft.answers, item: value}
    scored = _score(form, answers, _before(course, form.id, at))
    draft.answers, draft.changed_at = answers, at
    draft.save(update_fields=["answers", "changed_at"])
    worries = [alert for alert in scored.alerts if is_worrying(alert)]
    if item not in form.safety or not raises_safety(form.id, (alert.rule for alert in worries)):
        # A form that is never sent is seen all the same: what it says so far alerts from here.
        said = [alert for alert in scored.alerts if alert.rule != UNANSWERED]
        asked_by = Organisation.objects.get(id=keeper) if said else None
        for alert in said:
            open_alert(by, course, alert, at=at, keeper=asked_by)
        return None
    return answer_form(
        by=by,
        at=at,
        course=course,
        instrument=form.id,
        answers=answers,
        point=point,
        late=late,
        language=language,
    )


def _may_add(by: Actor, course: Course, at: datetime) -> UUID:
    """Who keeps it: the practice whose link was opened, else the course's own, whoever fills it in."""
    asked_by = by.organisation if by.kind is ActorKind.LINK else None
    keeper = asked_by or course.organisation_id
    must(by, Kind.MEASURES, Act.ADD, Subject(Kind.MEASURES, keeper, course.patient_id, course.id), at=at)
    return keeper


def _filled(course: Course, filled_at: datetime | None, at: datetime) -> datetime:
    if filled_at is not None and filled_at > at:
        raise Refused(_("This time has not come yet. When was the paper filled in?"), field="filled_at")
    born = course.patient.born_on
    if filled_at is not None and born is not None and filled_at.date() < born:
        raise Refused(
            _("This is before the patient was born. Check the year on the paper."), field="filled_at"
        )
    return filled_at or at


def _form(name: str) -> Instrument:
    try:
        return instrument(name)
    except UnknownInstrument:
        raise Refused(_("There is no form %(name)s here.") % {"name": name}) from None


def _still_asked(form: Instrument, answers: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Without what a later answer left out: gone back to "never", how often is no answer any more.

    What was said of safety is never dropped, whatever else was said.
    """
    wanted = {*asked(form, answers), *form.optional, *form.safety}
    return {item: value for item, value in answers.items() if item in wanted or item not in form.questions}


def _score(form: Instrument, answers: Mapping[str, Value | None], context: Mapping[str, Any]) -> Scored:
    try:
        return score_form(form, answers, context)
    except BadAnswer as bad:
        raise Refused(str(bad), field=bad.field) from None


# Asked for by every form that is sent and every tap of one.
EARLIER: Compiled[Score] = Compiled(
    Score,
    lambda course, form, so: (
        Score.objects.current()
        .filter(course_id=course, instrument=form, at__lte=so)
        .order_by("at", "id")
        .select_related("response")
    ),
)
COME: Compiled[tuple[datetime]] = Compiled(
    Session,
    lambda patient: Session.objects.filter(
        patient_id=patient, phase=Session.Phase.DOSING, state__in=("arrived", "ready", *Session.LIVE)
    ).values_list("planned_from"),
)


def _before(course: Course, form: str, so: datetime) -> dict[str, Any]:
    """What earlier forms of this course said: the last one's answers and total, the first one's total.

    And whether the patient was on site for a dose at `so`.
    """
    known: dict[str, Any] = {"on_site_for_dosing": _on_site(course, so)}
    if course.patient.sex in SEXES:
        known["sex"] = course.patient.sex
    before = EARLIER(course=course.pk, form=form, so=so)
    if not before:
        return known
    totals = [score.total for score in before if score.total is not None]
    return known | {
        "previous_answers": dict(before[-1].response.answers.values_list("item", "value")),
        "previous_total": totals[-1] if totals else None,
        "baseline_total": totals[0] if totals else None,
    }


def _on_site(course: Course, at: datetime) -> bool:
    """Whether this patient has come for a dose that is not over, on the practice's day of `at`."""
    zone = ZoneInfo(course.organisation.zone)
    today = at.astimezone(zone).date()
    return any(day.astimezone(zone).date() == today for (day,) in COME(patient=course.patient_id))


def _kept(alert: Alert) -> dict[str, Any]:
    return {
        "rule": alert.rule,
        "level": alert.level,
        "because": alert.because,
        "action": alert.action,
        "sources": list(alert.sources),
        "status": alert.status.value,
    }
