"""Whoever is made an administrator by a person: told to somebody who had no hand in it.

Decided here: an administrator may let in anyone, so one who was made in secret could make more. The role
counts at once, since a practice must never be without one; a medical director who neither gave nor got it,
else a privacy officer, is asked in a task whether it is right. What an operator gives by a command asks
nobody, and where nobody else is there the trail alone tells of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Actor, ActorKind, Role
from openkap.records.models import Membership, Organisation, Person
from openkap.steps.tasks import make_task

WITHIN = timedelta(days=2)
ASKED = (Role.MEDICAL_DIRECTOR, Role.PRIVACY_OFFICER)


def ask_about_administrator(
    by: Actor,
    organisation: Organisation,
    person: Person,
    *,
    at: datetime,
    given_by: UUID | None,
    name: str,
    kind: str,
) -> None:
    """Put the question on the list of whoever may answer it, inside the step that gives the role."""
    if kind != ActorKind.PERSON.value:
        return
    here = Membership.objects.filter(Membership.in_force(at), organisation=organisation)
    others = here.exclude(person__in=[id for id in (given_by, person.pk) if id is not None])
    role = next((role for role in ASKED if others.filter(role=role.value).exists()), None)
    if role is None:
        return
    make_task(
        by,
        at=at,
        organisation=organisation,
        what=f"admin_{person.pk.hex}",
        text=_(
            "%(who)s made %(name)s an administrator, who may let in others. Say whether that is right. If "
            "not, ask another administrator to take the role back."
        )
        % {"who": name, "name": person.name},
        due_at=at + WITHIN,
        role=role,
    )
