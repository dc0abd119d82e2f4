"""What is known since the last dose of a course, for the rows that stand before the next one.

Decided here: which rows answer each question. Today's answer goes before the call on the day after; a PHQ-9
from after the last dose is compared with the last one before it, and with the first of the course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openkap.medicine.course import SinceLastDose
from openkap.medicine.instruments import change, instrument
from openkap.medicine.protocols import Protocol
from openkap.records.models import (
    Administration,
    AdverseEvent,
    Course,
    Decision,
    MisuseSign,
    NextDayCall,
    Result,
    Score,
    Session,
    Window,
)

PHQ9, SINCE_LAST = "phq9", "cssrs_slc"
NO_RISK = ("", "none")
MIND, BLADDER = "N-MIND", "N-BLADDER"
KEPT = ("pdmp", "alt_x_uln", "moca")


def since_of(
    session: Session, at: datetime, plan: Protocol | None, asked: Mapping[str, Mapping[str, Any]]
) -> SinceLastDose | None:
    """None before the first dose of the course. `asked`: today's answers by question. Nine queries."""
    course = session.course
    doses = _doses(course, session, at)
    if not doses:
        return None
    zone, last = ZoneInfo(session.organisation.zone), doses[-1]
    today = at.astimezone(zone).date()
    scores = list(Score.objects.current().filter(course=course, at__lte=at).order_by("at"))
    calls = _calls(course, last.at)
    windows = list(Window.objects.filter(course=course))
    was, now = _phq9(scores, last.at)
    first = next((row.total for row in scores if row.instrument == PHQ9 and row.total is not None), None)
    results = _results(course, at)
    return SinceLastDose(
        doses_given=len(doses),
        integrations_missed=sum(w.closes_at <= at and w.kept_by_id is None for w in windows),
        phq9_was=was,
        phq9_now=now,
        new_suicidal_thoughts=_new_thoughts(scores, last.at, asked),
        mania_or_psychosis=_said("mind", MIND, asked, calls),
        responded=_responded(first, now),
        bladder_doses_ago=0 if _said("bladder", BLADDER, asked, calls) is not None else None,
        bladder_symptoms=_said("bladder", BLADDER, asked, calls),
        maintenance_doses_since_review=_beyond(doses, course, plan),
        severe_event=_serious(last),
        misuse=_misuse(course),
        pdmp_days_ago=_days(results.get("pdmp"), today, zone),
        liver_days_ago=_days(results.get("alt_x_uln"), today, zone),
        liver_doses_ago=_doses_after(doses, results.get("alt_x_uln")),
        thinking_days_ago=_days(results.get("moca"), today, zone),
    )


def _doses(course: Course, session: Session, at: datetime) -> list[Administration]:
    """One row a session, oldest first."""
    rows = Administration.objects.current().filter(session__course=course, at__lte=at)
    rows = rows.exclude(session=session).select_related("session").order_by("at")
    return list({row.session_id: row for row in rows}.values())


def _phq9(scores: Iterable[Score], last: datetime) -> tuple[int | None, int | None]:
    totals = [row for row in scores if row.instrument == PHQ9 and row.total is not None]
    before = [row.total for row in totals if row.at <= last]
    after = [row.total for row in totals if row.at > last]
    return (before[-1] if before else None), (after[-1] if after else None)


def _responded(first: int | None, now: int | None) -> bool | None:
    """The instrument's own word for it, from the first of the course."""
    if first is None or now is None:
        return None
    return change(instrument(PHQ9), first, now).response


def _new_thoughts(
    scores: Iterable[Score], last: datetime, asked: Mapping[str, Mapping[str, Any]]
) -> bool | None:
    """Thoughts that were not there at the last asking before the dose. None: not asked since."""
    bands = [(row.at, row.band) for row in scores if row.instrument.startswith("cssrs")]
    before = [band for at, band in bands if at <= last]
    after = [band for at, band in bands if at > last]
    if "safety" in asked:
        after.append(asked["safety"]["band"])
    if not after:
        return None
    return after[-1] not in NO_RISK and (not before or before[-1] in NO_RISK)


def _calls(course: Course, last: datetime) -> dict[str, bool]:
    """What was answered on the calls since the last dose, the newest of each."""
    rows = NextDayCall.objects.current().filter(session__course=course, reached=True, at__gt=last)
    return {key: value for row in rows.order_by("at") for key, value in row.answers.items()}


def _said(
    question: str, key: str, asked: Mapping[str, Mapping[str, Any]], calls: Mapping[str, bool]
) -> bool | None:
    if question in asked:
        return bool(asked[question]["answer"] == "yes")
    return calls.get(key)


def _results(course: Course, at: datetime) -> dict[str, datetime]:
    """When each kept result was last taken."""
    mine = {"patient_id": course.patient_id, "organisation_id": course.organisation_id}
    rows = Result.objects.current().filter(**mine, key__in=KEPT, confirmed=True, at__lte=at).order_by("at")
    return {row.key: row.at for row in rows}


def _days(taken: datetime | None, today: date, zone: ZoneInfo) -> int | None:
    return None if taken is None else (today - taken.astimezone(zone).date()).days


def _doses_after(doses: Iterable[Administration], taken: datetime | None) -> int:
    return 0 if taken is None else sum(dose.at > taken for dose in doses)


def _beyond(doses: list[Administration], course: Course, plan: Protocol | None) -> int:
    """Doses past the usual number since the last signed decision."""
    if plan is None:
        return 0
    row = Decision.objects.current().filter(course=course).order_by("-at").first()
    later = doses[plan.doses.usual :]
    return sum(row is None or dose.at > row.at for dose in later)


def _serious(last: Administration) -> bool:
    """The dose ended in emergency care, or a serious event of it was written down."""
    if last.session.state == "stopped":
        return True
    return any(row.serious for row in AdverseEvent.objects.current().filter(session=last.session_id))


def _misuse(course: Course) -> tuple[str, ...]:
    """Signs that stand: the flag, or the words of whoever saw it."""
    rows = MisuseSign.objects.current().filter(course=course, settled=False).order_by("at", "id")
    return tuple(dict.fromkeys(row.sign or row.words for row in rows))
