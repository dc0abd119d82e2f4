"""The call on the day after a dose: reached or not, how they are, and who looks at what was found.

Decided here: a call that reached nobody is a fact too, and makes the next try a task with a clock; after
the rule's number of tries a prescriber has it. A call that reached them is done when everything was
asked; an answer that needs someone is a task with an owner and a clock from that second (`medicine`
`next_day`, rules `N-*`). The suicide screener is kept as the instrument it is, with its own alerts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.course import next_day
from openkap.medicine.instruments import instrument
from openkap.medicine.instruments.scoring import asked
from openkap.permits import Act, Actor, Kind, Role
from openkap.records.facts.dose import dose_now
from openkap.records.facts.law import rules_at
from openkap.records.models import NextDayCall, Session, Task
from openkap.steps.alerts import due_by, owner_of
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.measures import answer_form
from openkap.steps.room import authored_in, held, in_session
from openkap.steps.tasks import close_task, make_task

TASK, ESCALATED, POINT = "next_day_call", "next_day_unreached", "next_day"


@step
def keep_call(
    *,
    by: Actor,
    at: datetime,
    session: Session,
    reached: bool,
    answers: Mapping[str, bool | None] | None = None,
    safety: Mapping[str, int | None] | None = None,
    words: str = "",
    submission: UUID | None = None,
) -> NextDayCall:
    """Write down one try to call. `answers` by rule id; `safety` are the screener's, by its items.

    Raises Refused naming the first question that was not asked.
    """
    must(by, Kind.CLINICAL, Act.ADD, in_session(session, at), at=at)
    session = held(session)
    dose = dose_now(session)
    if dose is None or dose.ended_at is None:
        raise Refused(_("The dose of this session has not ended. The call comes the day after it."))
    if not reached:
        return _not_reached(by, session, words, at=at)
    said = {key: value for key, value in (answers or {}).items() if value is not None}
    _refuse_gaps(said, safety or {})
    found = next_day.findings(said)
    call = NextDayCall.objects.create(
        **authored_in(by, session, at),
        session=session,
        reached=True,
        answers=said,
        findings=[finding.as_json() for finding in found],
        words=words.strip()[:2000],
    )
    _settle(by, session, _("Reached. %(words)s") % {"words": words.strip()[:200]}, at=at)
    tell(by, "call.reached", call, at=at)
    for finding in found:
        if finding.alert:
            _open(by, session, finding, at=at)
    answer_form(by=by, at=at, course=session.course, instrument=screener(), answers=safety or {}, point=POINT)
    return call


def screener() -> str:
    """The instrument that is asked on the call."""
    return str(next_day.call_rule().words["instrument"])


def _not_reached(by: Actor, session: Session, words: str, *, at: datetime) -> NextDayCall:
    call = NextDayCall.objects.create(
        **authored_in(by, session, at), session=session, reached=False, words=words.strip()[:2000]
    )
    tries = NextDayCall.objects.current().filter(session=session, reached=False).count()
    _settle(by, session, _("Not reached, try %(n)s.") % {"n": tries}, at=at)
    tell(by, "call.not_reached", call, at=at)
    rules = rules_at(session.organisation_id, at)
    told = next_day.gives_up(tries, rules)
    action = next_day.call_rule(rules).words["action"].format(tries=tries)
    make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=ESCALATED if told else TASK,
        text=action if told else _("Call again: nobody was reached after the dose."),
        due_at=at if told else next_day.call_again(at, rules),
        role=Role.PRESCRIBER if told else Role.MONITOR,
        course=session.course,
        session=session,
        owner=owner_of(session.course, at) if told else None,
    )
    return call


def _refuse_gaps(said: Mapping[str, bool], safety: Mapping[str, int | None]) -> None:
    """Everything is asked; what the screener itself skips need not be."""
    for gap in next_day.unanswered(said):
        raise Refused(_("Not asked yet: %(what)s") % {"what": gap.words}, field=gap.key)
    form = instrument(screener())
    for item in asked(form, safety):
        if safety.get(item) is None:
            raise Refused(
                _("Question %(n)s about suicide was not asked yet.") % {"n": item}, field=f"s_{item}"
            )


def _open(by: Actor, session: Session, finding: next_day.Finding, *, at: datetime) -> Task:
    """Its text says what to do, not what was answered: lists are read by many."""
    return make_task(
        by,
        at=at,
        organisation=session.organisation,
        what=f"call_{finding.rule}",
        text=_("The call after the dose: %(name)s. %(action)s")
        % {"name": session.patient.name, "action": finding.action},
        due_at=due_by(session.course, finding.alert, at),
        role=Role.PRESCRIBER,
        course=session.course,
        session=session,
        owner=owner_of(session.course, at),
    )


def _settle(by: Actor, session: Session, outcome: str, *, at: datetime) -> None:
    """What waited for this call is done."""
    waiting: Any = Task.objects.select_for_update(of=("self",)).filter(
        session=session, what__in=(TASK, ESCALATED), done_at=None
    )
    for task in waiting:
        close_task(by, task, at=at, outcome=outcome.strip())
