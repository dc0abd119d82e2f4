"""The safety plan: written by the patient, or by someone of the team with them; never overwritten.

Decided here: whoever may add to it writes a version; the newest counts. The same words again, or a look
through that changes nothing, is a review and has its date. Who began from an older version is told, and keeps
what they typed. It can be written at any hour, also under a dose: nothing in it gives anything away. A task
that waits for the plan is done when someone of the team wrote it with the patient, not by the patient alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.base import Authored
from openkap.records.facts.safety_plan import about_plan, newest_plan
from openkap.records.models import Course, SafetyPlan
from openkap.steps.frame import Refused, Stale, must, step, tell
from openkap.steps.safety_path import after_plan

LONGEST = 2000


@step
def write_plan(
    *,
    by: Actor,
    at: datetime,
    course: Course,
    words: Mapping[str, str],
    made_from: UUID | None = None,
    submission: UUID | None = None,
) -> SafetyPlan:
    """Keep the six steps (`SafetyPlan.STEPS`) as typed. `made_from`: the version the writer began from.

    Raises Refused where nothing is written or a step is too long; Stale where a newer version came first.
    """
    must(by, Kind.SAFETY_PLAN, Act.ADD, about_plan(course, at), at=at)
    newest = newest_plan(course, hold=True)
    said = {name: words.get(name, "").replace("\r\n", "\n").strip() for name in SafetyPlan.STEPS}
    if newest is not None and newest.id != made_from:
        raise Stale(
            _(
                "This plan was changed since you opened it. Your words stand below, and are not kept yet. "
                "Look at the plan as it is now, then keep yours."
            )
        )
    if not any(said.values()):
        raise Refused(_("Nothing is written yet. One line is enough."), field=SafetyPlan.STEPS[0])
    for name, typed in said.items():
        if len(typed) > LONGEST:
            raise Refused(
                _("This step is %(n)s characters long. At most %(most)s can be kept.")
                % {"n": len(typed), "most": LONGEST},
                field=name,
            )
    same = newest is not None and all(getattr(newest, name) == said[name] for name in SafetyPlan.STEPS)
    return _kept(by, course, said, SafetyPlan.Act.REVIEWED if same else SafetyPlan.Act.WRITTEN, at)


@step
def review_plan(*, by: Actor, at: datetime, course: Course, submission: UUID | None = None) -> SafetyPlan:
    """Gone through, and left as it is: the date of that stands on the plan."""
    must(by, Kind.SAFETY_PLAN, Act.ADD, about_plan(course, at), at=at)
    newest = newest_plan(course, hold=True)
    if newest is None:
        raise Refused(_("There is no safety plan yet. Write one first."))
    said = {name: getattr(newest, name) for name in SafetyPlan.STEPS}
    return _kept(by, course, said, SafetyPlan.Act.REVIEWED, at)


def _kept(
    by: Actor, course: Course, said: Mapping[str, str], act: SafetyPlan.Act, at: datetime
) -> SafetyPlan:
    columns: dict[str, Any] = {**Authored.authored(by), **said}
    plan = SafetyPlan.objects.create(
        **columns,
        course=course,
        organisation_id=course.organisation_id,
        patient_id=course.patient_id,
        act=act,
        at=at,
        recorded_at=at,
    )
    tell(by, f"safety_plan.{act.value}", plan, at=at)
    if not by.as_patient:
        after_plan(by, course, at=at)
    return plan
