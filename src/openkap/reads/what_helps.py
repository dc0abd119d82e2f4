"""What a patient says helps: the small things on their list, and what they named for comfort.

Decided here: only the patient's own words, and what was agreed with them in a session; only what the reader's
Scope holds, with whose record it stands in where it is another practice's. What was taken off the list undone
is not said to help.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from openkap.permits import Kind, Need, Scope, Subject, decide
from openkap.records.models import Course, PreparationPlan, SmallThing
from openkap.records.scoped import scoped

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Helps:
    """`things` are text and whether it was done; `comfort` is from the last preparation that named it.

    `empty` says why nothing stands here, where nothing does.
    """

    name: str
    things: tuple[tuple[str, bool], ...]
    comfort: str
    empty: str


def helps_of(scope: Scope, course: Course, at: datetime) -> Helps:
    """Within `scope`. Two queries."""
    rows = scoped(SmallThing.objects.filter(_stands(course), course=course, made_at__lte=at), scope)
    things = [(row.text, row.ticked_at is not None) for row in rows.order_by("-made_at", "-id")[:SHOWN]]
    plans = scoped(PreparationPlan.objects.current().filter(course=course, at__lte=at), scope)
    comfort = plans.exclude(comfort="").order_by("-at", "-id").values_list("comfort", flat=True).first() or ""
    person = course.patient
    empty = "" if things or comfort else _why_empty(scope, course, at)
    return Helps(person.chosen_name or person.given_name, tuple(things), comfort, empty)


def _stands(course: Course) -> Q:
    """On the list, done, or on it until the course ended."""
    until_the_end = Q(ended_at__gte=course.ended_at) if course.ended_at is not None else Q(pk__in=())
    return Q(ended_at=None) | ~Q(ticked_at=None) & Q(ticked_at__lte=F("ended_at")) | until_the_end


def _why_empty(scope: Scope, course: Course, at: datetime) -> str:
    def sees(keeper: UUID) -> bool:
        subject = Subject(Kind.PREPARATION, keeper, course.patient_id, course.id, at=at)
        return bool(decide(scope, Need(Kind.PREPARATION), subject))

    if not sees(course.organisation_id):
        return _("Not for this reader.")
    return _(
        "Nothing is shared with this practice yet. What is named for comfort in preparation stands here."
    )
