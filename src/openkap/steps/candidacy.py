"""The decision on an evaluation: a candidate, not now, or not a candidate; signed.

Decided here: a decision stores the verdict exactly as it was shown (docs/adr/0004-verdicts.md). One that
ends the way says so to the patient too, with what would change it; "not now" has a day to look again,
which is a task of whoever signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openkap.medicine.course import COURSE, allowed
from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.facts.ending import draft_for_patient
from openkap.records.facts.screening import Evaluated, evaluate
from openkap.records.models import Course, Decision, Person, Task
from openkap.steps.evaluation import changed, columns, refuse_ended, refuse_if_changed
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.overrule import refuse_unready, verdict_as_shown
from openkap.steps.standing import refuse_ended_paper
from openkap.steps.tasks import close_task, make_task
from openkap.steps.ways import EVALUATE

LOOK_AGAIN = "look_again"


@step
def decide_candidacy(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    outcome: str,
    words: str,
    for_patient: str | None = None,
    look_again_on: date | None = None,
    seen: str | None = None,
    overrides: Mapping[str, str] | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Sign what was decided, on the verdict as it stands. `words`: the plan, or why not.

    `for_patient`: what ends it and what would change it, in words for them (absent: the draft from the
    findings). `look_again_on`: the day a "not now" comes back as a task. `seen` is `Evaluated.seen` of the
    page; `overrides` give a reason for each rule that is overruled.
    """
    subject = Subject(Kind.CLINICAL, course.organisation_id, course.patient_id, course.id, at=at)
    must(by, Kind.CLINICAL, Act.SIGN, subject, at=at)
    refuse_ended_paper(by, "decide", course.organisation, at=at)
    refuse_if_changed(course, None, at)
    refuse_ended(course)
    now = evaluate(course, at)
    if seen is not None and seen != now.seen:
        raise changed()
    outcome = Decision.Outcome(outcome)
    reasons = {rule: why.strip() for rule, why in (overrides or {}).items() if why.strip()}
    goes_ahead = outcome is Decision.Outcome.CANDIDATE
    if goes_ahead:
        _refuse_waiting(now)
        refuse_unready(by, at, now.screened.verdict, reasons)
    if for_patient is None:
        for_patient = draft_for_patient(now, course.patient.language)
    told = "" if goes_ahead else for_patient.strip()
    if not goes_ahead:
        _refuse_wordless(words, told)
    again = look_again_on if outcome is Decision.Outcome.NOT_NOW else None
    if outcome is Decision.Outcome.NOT_NOW:
        _refuse_day(again, at, course)
    decision = Decision.objects.create(
        **columns(by, at, course.organisation_id, course.patient_id, at),
        course=course,
        outcome=outcome,
        level=now.screened.verdict.level,
        verdict=verdict_as_shown(now, reasons if goes_ahead else {}),
        words=words.strip(),
        for_patient=told,
        look_again_on=again,
    )
    if again is not None:
        _task(by, at, course, again)
    for asked in Task.objects.filter(course=course, what=EVALUATE, done_at=None):
        close_task(by, asked, at=at, outcome=_("A decision was signed."))
    _move(course, outcome, at)
    tell(by, f"decision.{outcome}", decision, at=at)
    return decision


def _refuse_waiting(now: Evaluated) -> None:
    """What an import says is taken now is asked before anyone is a candidate: it is not known, not fine."""
    if now.facts.lists.waiting:
        raise Refused(
            ngettext(
                "%(n)s line from an import waits in the lists. Say first whether it is so.",
                "%(n)s lines from an import wait in the lists. Say first whether they are so.",
                now.facts.lists.waiting,
            )
            % {"n": now.facts.lists.waiting}
        )


def _refuse_wordless(words: str, told: str) -> None:
    if not words.strip():
        raise Refused(_("Say why, and what would change it. This stays in the chart."), field="words")
    if not told:
        raise Refused(
            _("Say it in words for the patient too: why, and what would change it."), field="for_patient"
        )


def _refuse_day(again: date | None, at: datetime, course: Course) -> None:
    today = at.astimezone(ZoneInfo(course.organisation.zone)).date()
    if again is None:
        raise Refused(_("Say on which day you look again. It becomes a task."), field="look_again_on")
    if again <= today:
        raise Refused(_("The day to look again is past or today. Choose a later one."), field="look_again_on")


def _task(by: Actor, at: datetime, course: Course, on: date) -> None:
    """The day to look again is on the prescribers' list, owned by whoever signed. The latest day counts."""
    for old in Task.objects.filter(course=course, what=LOOK_AGAIN, done_at=None):
        close_task(by, old, at=at, outcome=_("Decided again"))
    make_task(
        by,
        at=at,
        organisation=course.organisation,
        what=LOOK_AGAIN,
        text=_("Look again: the decision was “not now”"),
        due_at=datetime.combine(on, time(9), tzinfo=ZoneInfo(course.organisation.zone)),
        role=Role.PRESCRIBER,
        course=course,
        owner=Person.objects.filter(pk=by.person).first() if by.person else None,
    )


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
