"""The people of a demonstration site, and the pages about them that a newcomer is led to.

Decided here: known by what no page of the site changes, the legal name and the birth date; a mail
address written anew leaves the persona's button working. A page whose thing is gone by now is left for the
person's own first page.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from openkap.records.models import Course, PatientFile, Person, Session

PLAIN = {
    "board": "rooms-board",
    "rules": "lead-rules",
    "overrides": "lead-overrides",
    "oversight": "lead-oversight",
    "changes": "lead-law-history",
    "evidence": "lead-evidence",
    "standing": "lead-standing",
    "trail": "lead-trail",
    "certification": "lead-certification",
    "staff": "lead-staff",
    "tablets": "rooms-tablets",
    "day": "desk-find",
    "requests": "desk-requests",
    "find": "desk-find",
    "calendar": "calendar",
    "proposals": "calendar-proposals",
    "today": "practice-today",
    "windows": "practice-windows",
}
# One page among many of its kind.
ONE = {"second": ("lead-rule", "C-PDMP")}
OF_SESSION = {
    "session": "rooms-session",
    "morning": "rooms-morning",
    "home": "rooms-home",
    "team": "team-dose",
}
OF_COURSE = {"evaluation": "care-evaluation", "consent": "care-consent"}
OF_FILE = {"chart": "care-patient", "person": "practice-person", "process": "practice-process"}


def persona_person(given: str, family: str, born_on: date | None) -> Person | None:
    """The person that the demonstration made by this name; None where there is none."""
    same = Person.objects.filter(given_name=given, family_name=family, born_on=born_on)
    return same.order_by("id").first()


def spot_of(
    spot: str, patient: Person | None, keeper: UUID | None
) -> tuple[str, tuple[UUID | str, ...]] | None:
    """The address of this page and what it is about; `keeper` is the practice of whoever opens it."""
    if spot in PLAIN:
        return PLAIN[spot], ()
    if spot in ONE:
        return ONE[spot][0], ONE[spot][1:]
    if spot.startswith("me-"):
        return spot, ()
    if patient is None:
        return None
    if spot in OF_SESSION:
        doses = Session.objects.filter(patient=patient, phase=Session.Phase.DOSING).order_by("planned_from")
        last = doses.last()
        return (OF_SESSION[spot], (last.id,)) if last is not None else None
    if spot in OF_COURSE:
        course = Course.objects.filter(patient=patient).order_by("opened_at").last()
        return (OF_COURSE[spot], (course.id,)) if course is not None else None
    file = PatientFile.objects.filter(patient=patient, organisation=keeper).first()
    return (OF_FILE[spot], (file.id,)) if file is not None else None
