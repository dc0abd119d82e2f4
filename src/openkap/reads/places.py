"""The houses and rooms of a practice."""

from __future__ import annotations

from dataclasses import dataclass

from openkap.permits import Scope
from openkap.records.models import Organisation, Room
from openkap.records.scoped import scoped


@dataclass(frozen=True, slots=True)
class House:
    name: str
    address: str
    rooms: tuple[str, ...]


def places_shown(scope: Scope, organisation: Organisation) -> tuple[House, ...]:
    """Each house with its rooms, by name. One query."""
    rows = scoped(Room.objects.filter(organisation=organisation), scope).select_related("location")
    found: dict[tuple[str, str], list[str]] = {}
    for room in rows.order_by("location__name", "name"):
        found.setdefault((room.location.name, room.location.address), []).append(room.name)
    return tuple(House(name, address, tuple(rooms)) for (name, address), rooms in found.items())
