"""A course for Wren at Larkmoor, and a dose in it: the least that sharing, forms and consent need."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from openkap.records.base import Authored
from openkap.records.models import Administration, Confirmation, Course, Order, Participation, Session
from openkap.steps.sharing import grant
from tests.people import NOW, Cast


def course_of(people: Cast, key: str = "wren", *, opened_at: datetime = NOW - timedelta(days=20)) -> Course:
    course = Course.objects.create(
        patient=people[key],
        organisation=people.clinic,
        protocol="blended_iv",
        protocol_version="1",
        model="blended",
        route="iv",
        state="preparation",
        opened_at=opened_at,
    )
    Participation.objects.create(
        course=course, organisation=people.clinic, part=Participation.Part.MEDICINE, since=opened_at
    )
    return course


def shared_course(people: Cast) -> Course:
    """Wren's course, of which she lets Mira at Quiet Harbor see the dates, for longer than any test takes."""
    course = course_of(people)
    grant(
        by=people.patient("wren"),
        at=NOW - timedelta(days=10),
        course=course,
        to_organisation=people.therapy,
        to_person=people["mira"],
        scopes=("schedule",),
        purpose="",
        until=NOW + timedelta(days=200),
    )
    return course


def dose_given(people: Cast, course: Course, at: datetime, *, given: bool = True) -> Session:
    """A dose confirmed at `at`, planned for the hour after it, and given unless told otherwise."""
    session = Session.objects.create(
        course=course,
        patient_id=course.patient_id,
        organisation=people.clinic,
        phase="dosing",
        planned_from=at,
        planned_to=at + timedelta(hours=2),
        room=people.room(),
        state="under_way" if given else "planned",
        started_at=at if given else None,
    )
    kept = {
        "organisation": people.clinic,
        "patient_id": course.patient_id,
        "session": session,
        "at": at,
        "recorded_at": at,
    }
    order = Order.objects.create(
        **kept,
        **Authored.authored(people.by("tamsin")),
        route="iv",
        mg=Decimal("35.00"),
        level="clear",
        verdict={},
    )
    Confirmation.objects.create(**kept, **Authored.authored(people.by("jonah")), order=order)
    if given:
        Administration.objects.create(
            **kept,
            **Authored.authored(people.by("jonah")),
            order=order,
            mg=Decimal("35.00"),
            given_by=people["jonah"],
        )
    return session
