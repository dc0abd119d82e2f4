"""As whom a person may act: one hat an organisation with their roles there, and "patient".

Decided here: a hat is worn by choice, one at a time, and shown on every page; the roles under it are
the records' answer at that moment (docs/adr/0005-one-scope.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from openkap.permits import Role
from openkap.records.compiled import Compiled
from openkap.records.models import Membership, PatientFile
from openkap.records.together import answers

PATIENT_HAT = "patient"

ROLE_WORDS: dict[Role, str] = {
    Role.THERAPIST: gettext_noop("Therapist"),
    Role.PRESCRIBER: gettext_noop("Prescriber"),
    Role.MONITOR: gettext_noop("Monitor"),
    Role.FRONT_DESK: gettext_noop("Front desk"),
    Role.MEDICAL_DIRECTOR: gettext_noop("Medical director"),
    Role.PRIVACY_OFFICER: gettext_noop("Privacy officer"),
    Role.ADMINISTRATOR: gettext_noop("Administrator"),
}


@dataclass(frozen=True, slots=True)
class Hat:
    """`key` is an organisation's id or "patient"; `place` and `role_words` are for people."""

    key: str
    place: str
    roles: frozenset[Role] = frozenset()

    @property
    def role_words(self) -> str:
        if self.key == PATIENT_HAT:
            return _("Patient")
        return ", ".join(_(ROLE_WORDS[role]) for role in ROLE_WORDS if role in self.roles)


ROLES_ANYWHERE: Compiled[tuple[UUID, str, str]] = Compiled(
    Membership,
    lambda person, at: (
        Membership.objects.filter(Membership.in_force(at), person_id=person)
        .order_by("organisation__name")
        .values_list("organisation_id", "organisation__name", "role")
    ),
)
HAS_A_FILE: Compiled[tuple[UUID]] = Compiled(
    PatientFile, lambda person: PatientFile.objects.filter(patient_id=person).values_list("pk")[:1]
)


def hats_of(person: UUID, at: datetime) -> tuple[Hat, ...]:
    """Every hat this person may wear at `at`, organisations by name, "patient" last. One query."""
    roles: dict[tuple[str, str], set[Role]] = {}
    held_anywhere, files = answers(
        ROLES_ANYWHERE.question(person=person, at=at), HAS_A_FILE.question(person=person)
    )
    for keeper, name, role in held_anywhere:
        roles.setdefault((str(keeper), name), set()).add(Role(role))
    hats = [Hat(key, name, frozenset(held)) for (key, name), held in roles.items()]
    if files:
        hats.append(Hat(PATIENT_HAT, _("Yourself")))
    return tuple(hats)


def hat_named(hats: tuple[Hat, ...], key: str | None) -> Hat | None:
    return next((hat for hat in hats if hat.key == key), None)
