"""Who acts. A person, a link, a device or the system itself: never "the user".

Decided here: an actor wears one hat at a time (an organisation with its roles there, or "patient"),
so that every row and every line of the trail can say as whom something was done
(docs/adr/0005-one-scope.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    LINK = "link"
    DEVICE = "device"
    SYSTEM = "system"


class Role(StrEnum):
    """What a person is in an organisation. `patient` is nobody's role: it is a hat of its own."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    MONITOR = "monitor"
    FRONT_DESK = "front_desk"
    MEDICAL_DIRECTOR = "medical_director"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a link or a device is tied to, and nothing beside it."""

    patient: UUID | None = None
    course: UUID | None = None
    session: UUID | None = None
    room: UUID | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who does something.

    `person` is the human being where one is known. `organisation` is the hat: on whose behalf the
    person acts; `None` with `as_patient` means for themselves. `where` is the address or command it
    came from, for the trail. `strong` says that a second factor was shown in this sign-in.
    """

    kind: ActorKind
    name: str
    id: UUID | None = None
    person: UUID | None = None
    organisation: UUID | None = None
    as_patient: bool = False
    bound: Bound | None = None
    where: str = ""
    strong: bool = False

    @classmethod
    def system(cls, name: str, *, organisation: UUID | None = None, person: UUID | None = None) -> Actor:
        """The watch or a command; `person` is whoever answers for it."""
        return cls(ActorKind.SYSTEM, name, organisation=organisation, person=person, where=name, strong=True)
