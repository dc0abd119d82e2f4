"""The one thing to do next for a patient, as far as the reader may see.

Decided here: the order in which a course asks for things. It suggests a button; the steps and the gate
decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.medicine.protocols import UnknownProtocol, protocol
from openkap.permits import Kind
from openkap.reads.ribbon import COMING
from openkap.records.models import Course, Session


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do now: `what` is a short code the page turns into a button."""

    what: str
    words: str
    session: UUID | None = None


def next_of(
    course: Course | None,
    sees: frozenset[Kind],
    signed: bool,
    shared: bool,
    scores: Sequence[Any],
    sessions: Sequence[Session],
    ordered: frozenset[UUID],
) -> Next | None:
    """What stands in the way of going on, first things first, as far as the reader sees. Decides nothing."""
    if course is None:
        return Next("open", _("Open a course"))
    if course.ended_at is not None:
        return None
    if course.state in ("evaluation", "not_now"):
        return Next("evaluate", _("Go on with the evaluation"))
    if Kind.CONSENT in sees and not signed:
        return Next("consent", _("Send the consent to sign"))
    points = {score.response.point for score in scores}
    if Kind.MEASURES in sees and "before" not in points:
        return Next("before", _("Send the PHQ-9 before the first dose"))
    doses = [s for s in sessions if s.phase == Session.Phase.DOSING and s.state != "cancelled"]
    if not doses:
        return Next("plan", _("Plan the dosing session"))
    if Kind.SHARING in sees and not shared and _works_with_outside(course):
        return Next("share", _("Ask the patient to share with their therapist"))
    return _next_of_doses(doses, sees, points, ordered)


def _works_with_outside(course: Course) -> bool:
    """Whether this way of care rests on a therapist elsewhere, so that the patient is asked to share."""
    try:
        return "release_of_information" in protocol(course.protocol).needs
    except UnknownProtocol:
        return False


def _next_of_doses(
    doses: Sequence[Session], sees: frozenset[Kind], points: set[str], ordered: frozenset[UUID]
) -> Next | None:
    coming = [s for s in doses if s.state in COMING]
    if coming and Kind.CLINICAL in sees:
        if coming[0].id not in ordered:
            return Next("order", _("Order the dose"), coming[0].id)
        return Next("dose", _("Go to the dosing session"), coming[0].id)
    if not coming and Kind.MEASURES in sees and "after" not in points:
        return Next("after", _("Send the PHQ-9 after the doses"))
    return None
