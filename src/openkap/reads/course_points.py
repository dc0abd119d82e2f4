"""The points of one course at which a form can be filled in, and which of them is now.

Decided here: the codes under which an answer is kept, and how they read as the points of the library (SCR,
PREP, PRE, DOSE, POST, D+1, INT, EOC, MNT).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openkap.medicine.protocols import UnknownProtocol, months_of, protocol
from openkap.permits import Scope
from openkap.reads.outcome_chart import point_words
from openkap.records.models import Course, Session
from openkap.records.scoped import scoped

ENDED = ("done", "stopped")
BEGUN = (*Session.LIVE, *ENDED)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """`code` is what an answer is kept under ("before_2"); `now`: where the course is."""

    code: str
    words: str
    now: bool


def course_points(scope: Scope, course: Course, at: datetime) -> tuple[CoursePoint, ...]:
    """Every point this course has come to, and the next ones. One query."""
    doses = scoped(
        Session.objects.filter(course=course, phase=Session.Phase.DOSING).exclude(
            state__in=("cancelled", "no_show")
        ),
        scope,
    )
    rows = list(doses.order_by("planned_from").values_list("state", "planned_from"))
    states = [state for state, _planned in rows]
    soon = any(state not in ENDED and planned - DAY <= at for state, planned in rows)
    begun = sum(state in BEGUN for state in states)
    codes = ["before", "prep"]
    for number in range(1, max(begun, 1) + 1):
        codes += [f"{kind}_{number}" for kind in ("before", "during", "post", "after", "visit")]
    codes += [f"before_{begun + 1}"] if begun else []
    codes += ["after", "end_of_acute", *(f"month_{month}" for month in _months(course))]
    here = _now(course.state, states, begun, soon=soon)
    return tuple(CoursePoint(code, point_words(code), code == here) for code in codes)


def _months(course: Course) -> tuple[int, ...]:
    try:
        return months_of(protocol(course.protocol))
    except UnknownProtocol:
        return ()


def _now(state: str, doses: Sequence[str], begun: int, *, soon: bool) -> str:
    """Where most forms belong that are filled in now."""
    if any(each in Session.LIVE for each in doses):
        return f"post_{begun}"
    if soon:
        return f"before_{begun + 1}"
    if state == "follow_up":
        return "end_of_acute"
    return f"after_{begun}" if begun else "before"
