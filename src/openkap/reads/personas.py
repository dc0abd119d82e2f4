"""The people of a demonstration site, by the key of the cast."""

from __future__ import annotations

from openkap.records.models import Person


def persona_person(key: str) -> Person | None:
    """The person that the demonstration made for this key; None where there is none."""
    return Person.objects.filter(email=f"{key}@example.org").first()
