"""From a worrying answer about suicide to the screener, the safety plan, a call and a review.

Decided here: an answer about suicide that alerts makes the C-SSRS screener a task of the same day; the level
of the screener's own alert says when a safety plan is due; an alert about suicide that was closed is followed
by a call. Each task is closed by what it asks for, or by an outcome from its list (`medicine.course.alerts`,
rows `A-*`). The tasks are the practice's that keeps the course. After a death nobody is asked any of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from openkap.medicine.course import alerts as rules
from openkap.medicine.instruments import Alert
from openkap.medicine.instruments import Score as Scored
from openkap.medicine.verdict import Status
from openkap.permits import Actor, Role
from openkap.records.facts.law import rules_at
from openkap.records.models import Course, Session, Task
from openkap.steps.alerts import due_by, open_alert, owner_of
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import close_task, make_task

ANSWERED, WRITTEN = "answered", "written"


def after_answers(by: Actor, course: Course, scored: Scored, *, at: datetime) -> None:
    """What a form's answers ask for next, inside the step that keeps them."""
    if course.state == "died":
        return
    worries = rules.raises_safety(scored.instrument, (alert.rule for alert in scored.alerts))
    if not rules.is_screener(scored.instrument):
        if worries:
            _ask_screener(by, course, at)
        return
    if scored.complete:
        _settle(by, course, (rules.SCREENER,), for_practice("Asked and answered."), ANSWERED, at=at)
    elif worries:
        _ask_screener(by, course, at)  # it stopped asking: someone asks the rest
    when = rules.plan_by(_worst(scored.alerts, scored.instrument))
    if when:
        _ask_plan(by, course, when, at)


def after_closing(by: Actor, task: Task, chosen: rules.Outcome, *, at: datetime) -> None:
    """What an outcome asks for next, inside the step that closes its task."""
    course = task.course
    if course is None or course.state == "died" or task.organisation_id != course.organisation_id:
        return
    if task.what == rules.CALL and chosen.key == rules.worse_outcome():
        open_alert(by, course, _worse(), at=at)
    elif chosen.calls:
        due = at + rules.call_after(rules_at(course.organisation_id, at))
        words = for_practice("Call %(name)s, and ask how they are since the alert was closed.")
        _make(by, course, rules.CALL, words, due, at)


def after_plan(by: Actor, course: Course, *, at: datetime) -> None:
    """Someone wrote the plan with the patient, or went through it: what waited for it is done."""
    done = for_practice("Written, or gone through, with the patient.")
    if rules.PLAN in _settle(by, course, (rules.PLAN, rules.REVIEW), done, WRITTEN, at=at):
        words = for_practice("Go through the safety plan with %(name)s again.")
        _make(by, course, rules.REVIEW, words, _next_visit(course, at), at)


def _ask_screener(by: Actor, course: Course, at: datetime) -> None:
    words = for_practice("Ask %(name)s the C-SSRS screener today.")
    _make(by, course, rules.SCREENER, words, due_by(course, "L2", at), at)


def _ask_plan(by: Actor, course: Course, when: str, at: datetime) -> None:
    due = due_by(course, "L2", at) if when == "same_day" else _next_visit(course, at)
    words = for_practice("Write the safety plan with %(name)s, or go through it.")
    task = _make(by, course, rules.PLAN, words, due, at)
    if due < task.due_at:
        task.due_at = due
        task.save(update_fields=["due_at"])


def _make(by: Actor, course: Course, what: str, words: str, due: datetime, at: datetime) -> Task:
    return make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=what,
        text=words % {"name": course.patient.name},
        due_at=due,
        role=Role.PRESCRIBER,
        course=course,
        owner=owner_of(course, max(due, at) if what == rules.CALL else at),
    )


def _settle(
    by: Actor, course: Course, whats: Iterable[str], outcome: str, key: str, *, at: datetime
) -> set[str]:
    """Close what waited for this. Gives the codes of what was closed."""
    waiting: Any = Task.objects.select_for_update(of=("self",)).filter(
        course=course, what__in=tuple(whats), done_at=None
    )
    return {close_task(by, task, at=at, outcome=outcome, key=key).what for task in waiting}


def _worst(alerts: Iterable[Alert], form: str) -> str:
    """The highest level among the alerts about suicide; blank where there is none."""
    return max((one.level for one in alerts if rules.raises_safety(form, (one.rule,))), default="")


def _next_visit(course: Course, at: datetime) -> datetime:
    """The next planned session of this course; where none is planned, some days from now (`A-PLAN`)."""
    ahead = Session.objects.filter(course=course, state="planned", planned_from__gt=at)
    first = ahead.order_by("planned_from").first()
    by_then = at + rules.review_after(rules_at(course.organisation_id, at))
    return min(first.planned_from, by_then) if first is not None else by_then


def _worse() -> Alert:
    """The alert that a call opens where it finds someone worse."""
    rule = rules.call_rule()
    return Alert(
        rule=rules.WORSE,
        level=rule.words["level"],
        because=rule.words["because"],
        action=rule.words["action"],
        sources=rule.sources,
        status=Status(rule.status),
        confidence=rule.confidence,
    )
