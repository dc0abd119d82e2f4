"""Which page of a person a reader is led to: the therapist's own, or the chart."""

from __future__ import annotations

from collections.abc import Set

from openkap.permits import Role

CHART_READERS = frozenset({Role.PRESCRIBER, Role.MONITOR, Role.FRONT_DESK, Role.MEDICAL_DIRECTOR})


def person_page(roles: Set[Role]) -> str:
    """The name of the address; whoever treats and reads no chart here has a page made for that."""
    return "practice-person" if Role.THERAPIST in roles and not roles & CHART_READERS else "care-patient"
