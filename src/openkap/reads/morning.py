"""What is asked on the morning of a dose, as one page shows it: each question with today's answer.

Decided here: a question that was answered on another day is asked again; who may be named as staying or
within reach are the people of this practice who care for patients.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openkap.medicine.rules import Rule
from openkap.permits import Role
from openkap.records.facts.gate import asked_today, day_bounds, escort_of
from openkap.records.facts.law import rules_at
from openkap.records.facts.preparation import Agreed, touch_of
from openkap.records.models import (
    Administration,
    DayAnswer,
    Escort,
    HistoryAnswer,
    Membership,
    Result,
    Session,
)

CARING = (Role.MONITOR.value, Role.PRESCRIBER.value)
# Who can be within reach beside the one who stays (steps/day.py says why).
NEAR = (*CARING, Role.THERAPIST.value, Role.FRONT_DESK.value)
POTENTIAL, HCG = "childbearing_potential", "hcg"


@dataclass(frozen=True, slots=True)
class Morning:
    """Today's answers by question, and what stands beside them. `test` is today's pregnancy test, and
    `had_a_dose` whether there was a dose before this session's, since which more is asked.
    """

    asked: Mapping[str, DayAnswer]
    escort: Escort | None
    touch: Agreed | None
    touch_today: bool
    test_asked: bool
    test: str
    people: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]
    fasting: Rule
    had_a_dose: bool = False

    @property
    def last_at(self) -> datetime | None:
        """When something was last asked."""
        return max((row.at for row in self.asked.values()), default=None)


def morning(session: Session, at: datetime) -> Morning:
    """Everything for the page. Seven queries."""
    zone = ZoneInfo(session.organisation.zone)
    touch = touch_of(session.course, at)
    start, end = day_bounds(at, zone)
    test = (
        Result.objects.current()
        .filter(
            patient_id=session.patient_id,
            organisation_id=session.organisation_id,
            key=HCG,
            confirmed=True,
            at__gte=start,
            at__lt=end,
        )
        .order_by("-at", "-recorded_at")
        .first()
    )
    possible = (
        HistoryAnswer.objects.current()
        .filter(course=session.course_id, key=POTENTIAL, confirmed=True)
        .order_by("-at")
        .first()
    )
    return Morning(
        asked=asked_today(session, at),
        escort=escort_of(session),
        touch=touch,
        touch_today=touch is not None and touch.is_of_day(at, zone),
        test_asked=possible is None or bool(possible.value),
        test=test.value if test is not None else "",
        people=caring_here(session.organisation_id, at),
        near=caring_here(session.organisation_id, at, NEAR),
        fasting=rules_at(session.organisation_id, at).rule("R-FASTING"),
        had_a_dose=Administration.objects.current()
        .filter(session__course=session.course_id, at__lte=at)
        .exclude(session=session)
        .exists(),
    )


def caring_here(
    organisation: UUID, at: datetime, roles: tuple[str, ...] = CARING
) -> tuple[tuple[str, str], ...]:
    """Who holds one of these roles in this practice at `at`: id and name, by name. One query."""
    return with_role(holders(organisation, at, roles), roles)


def holders(organisation: UUID, at: datetime, roles: Collection[str]) -> list[Membership]:
    """Who holds which of these roles here at `at`. One query."""
    held = Membership.objects.filter(
        Membership.in_force(at), organisation_id=organisation, role__in=list(roles)
    )
    return list(held.select_related("person"))


def with_role(held: Iterable[Membership], roles: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Those of `holders` with one of these roles: id and name, by name."""
    found = {(str(row.person_id), row.person.name) for row in held if row.role in roles}
    return tuple(sorted(found, key=lambda pair: pair[1]))
