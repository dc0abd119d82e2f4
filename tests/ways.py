"""What each way of care adds to the stages of a course: who is named, who comes, what is handed over.

Each function does what this course's way asks at that point, by the persons who would do it, and nothing
where the way does not ask. A hand-over is Mira's, of the other practice; in the room it is Theodora, here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openkap.medicine.protocols import Protocol, protocol
from openkap.steps.hand_over import hand_back, hand_over, read_hand_back, read_hand_over
from openkap.steps.presence import check_in
from openkap.steps.rems import certify_site, enrol_patient
from openkap.steps.ways import name_therapist
from tests.people import CLINIC

if TYPE_CHECKING:
    from tests.at_step import Stage


def plan_of(stage: Stage) -> Protocol:
    return protocol(stage.course.protocol)


def with_therapist(stage: Stage) -> None:
    """Before a dose is planned: the therapist is named, in the house or as the patient shares."""
    if plan_of(stage).therapist_in_room:
        who, place = stage.people["theo"], stage.people.clinic
    elif "hand_over_before" in plan_of(stage).needs:
        who, place = stage.people["mira"], stage.people.therapy
    else:
        return
    name_therapist(by=stage.people.by("tamsin"), at=stage.at, course=stage.course, person=who, place=place)


def ready_by_its_way(stage: Stage) -> None:
    """On the day: the hand-over is written and read, those who must be there have checked in."""
    needs = plan_of(stage).needs
    if "hand_over_before" in needs:
        hand_over(
            by=stage.people.by("mira"),
            at=stage.at,
            session=stage.dose,
            readiness="ready",
            intentions="To look at the letter again, and not be alone with it.",
            concerns="Crowds; the corridor before the room.",
        )
        read_hand_over(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    if "medical_checked_in" in needs:
        check_in(by=stage.people.by("jonah"), at=stage.at, session=stage.dose)
    if "therapist_checked_in" in needs:
        check_in(by=stage.people.by("theo", CLINIC), at=stage.at, session=stage.dose)
    if "prescriber_on_site" in needs:
        check_in(by=stage.people.by("tamsin"), at=stage.at, session=stage.dose)


def handed_back(stage: Stage) -> None:
    """After the dose: what was seen is handed to the therapist, who reads it."""
    if "hand_over_after" not in plan_of(stage).needs:
        return
    hand_back(
        by=stage.people.by("jonah"),
        at=stage.at,
        session=stage.dose,
        seen="Calm. Some tears near the end; spoke of a lake.",
        take_up="The lake.",
    )
    read_hand_back(by=stage.people.by("mira"), at=stage.at, session=stage.dose)


def enrolled(stage: Stage) -> None:
    """The setting is certified and the patient enrolled, as the REMS asks before a first dose."""
    day = stage.at.astimezone(ZoneInfo(stage.people.clinic.zone)).date()
    certify_site(
        by=stage.people.by("osric"),
        at=stage.at,
        organisation=stage.people.clinic,
        certified=True,
        checked_on=day,
        certified_on=day - timedelta(days=200),
        representative="Osric Thornbury",
    )
    enrol_patient(by=stage.people.by("tamsin"), at=stage.at, course=stage.course, enrolled_on=day)
