"""The safety plan as it stands, and who may look at it.

Decided here: one question decides (`decide` upon `Kind.SAFETY_PLAN`): the patient; in the practice that keeps
the course, those who treat; elsewhere only whom the patient lets see it by a grant that says so. The names
on the patient's own page are read off the same tables.
"""

from __future__ import annotations

from datetime import datetime

from openkap.permits import Act, Kind, Subject
from openkap.permits.roles import GRANT_SCOPES, ROLES
from openkap.records.models import Course, Grant, Membership, SafetyPlan

SEEN_BY = tuple(role.value for role, row in ROLES.items() if Act.SEE in row.get(Kind.SAFETY_PLAN, ()))
OPENED_BY = frozenset(name for name, kinds in GRANT_SCOPES.items() if Kind.SAFETY_PLAN in kinds)


def about_plan(course: Course, at: datetime) -> Subject:
    """What permission is asked about, also before there is a plan."""
    return Subject(Kind.SAFETY_PLAN, course.organisation_id, course.patient_id, course.id, at=at)


def newest_plan(course: Course, *, hold: bool = False) -> SafetyPlan | None:
    """The version that counts. `hold`: nobody writes another before this transaction ends."""
    rows = SafetyPlan.objects.filter(course=course).order_by("-recorded_at", "-id")
    found: SafetyPlan | None = (rows.select_for_update(of=("self",)) if hold else rows).first()
    return found


def who_may_read(course: Course, at: datetime) -> tuple[str, ...]:
    """Everyone of the team who may look at this plan now, by name; a practice where a grant names no person.

    Two queries.
    """
    here = Membership.objects.filter(
        Membership.in_force(at), organisation_id=course.organisation_id, role__in=SEEN_BY
    ).select_related("person")
    grants = Grant.objects.filter(
        Grant.in_force(at), patient_id=course.patient_id, organisation_id=course.organisation_id
    ).select_related("to_person", "to_organisation")
    lent = [grant for grant in grants if OPENED_BY & set(grant.scopes)]
    names = sorted({member.person.name for member in here})
    names += sorted({(one.to_person or one.to_organisation).name for one in lent})
    return tuple(dict.fromkeys(names))
