"""Where a course stands, as its patient is told: under way, not now, not for them, taken back, ended.

Decided here: which of these it is, from what is recorded; the words are the patient's desk's. What a
clinician wrote to the patient about a "not now" or a "no" is shown as they wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openkap.records.facts.consent import Consent
from openkap.records.models import Course, CourseEnd, Decision, Declined

WAITING = ("evaluation", "not_now")
ENDED = ("not_candidate", "declined", "stopped", "transferred", "done", "died")


@dataclass(frozen=True, slots=True)
class Standing:
    """`what`: evaluation, not_now, not_candidate, declined, stopped, transferred, done, died, taken_back,
    said_no, or "" where the course goes its way. `words` is what was written to the patient."""

    what: str = ""
    at: datetime | None = None
    words: str = ""
    look_again_on: date | None = None

    @property
    def is_end(self) -> bool:
        return self.what in ENDED


def standing_of_course(course: Course, consent: Consent | None) -> Standing:
    """At most two queries. `course` must already be within the reader's Scope."""
    if course.state == "evaluation":
        return Standing("evaluation")
    if course.state in ("not_now", "not_candidate"):
        decision = Decision.objects.current().filter(course=course).order_by("-at", "-recorded_at").first()
        if decision is None:
            return Standing(course.state)
        return Standing(
            course.state, decision.at, decision.for_patient or decision.words, decision.look_again_on
        )
    if course.ended_at is not None:
        end = CourseEnd.objects.current().filter(course=course).order_by("-at").first()
        what = course.state if course.state in ENDED else "stopped"
        return Standing(what, end.at if end is not None else course.ended_at)
    return _of_consent(course, consent)


def _of_consent(course: Course, consent: Consent | None) -> Standing:
    if consent is None or consent.state == "signed":
        return Standing()
    if consent.taken_back_at is not None:
        return Standing("taken_back", consent.taken_back_at)
    no = Declined.objects.current().filter(course=course, document=consent.version).order_by("-at").first()
    return Standing("said_no", no.at) if no is not None else Standing()
