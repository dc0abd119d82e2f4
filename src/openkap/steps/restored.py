"""What a restore must tell the restored site: that it happened, and to whom it matters.

Decided here (docs/adr/0031-operations.md): what was done after the backup is gone from here, a consent taken
back or a share ended among it, so a person of every practice is asked to go through it. Mail that waited may
have left before: it is held, not sent twice. Nobody stays signed in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from openkap.permits import Act, Actor, Kind, Role, Subject
from openkap.records.base import Authored
from openkap.records.models import Membership, Organisation, SignIn, Upkeep
from openkap.steps.frame import must, step
from openkap.steps.mail import hold_waiting
from openkap.steps.practice_words import for_practice
from openkap.steps.tasks import make_task
from openkap.steps.upkeep import note_upkeep

# Who goes through it, the first of these that a practice has.
ASKED = (Role.MEDICAL_DIRECTOR, Role.PRESCRIBER, Role.THERAPIST, Role.ADMINISTRATOR)


@step
def tell_restored(
    *,
    by: Actor,
    at: datetime,
    id: UUID,
    made_at: datetime,
    file: str,
    size: int,
    details: dict[str, Any],
) -> None:
    """Note the restore under its own id, and the backup it came from; ask each practice to check."""
    must(by, Kind.TRAIL, Act.ADD, Subject(Kind.TRAIL), at=at)
    note_upkeep(
        by=by,
        at=at,
        what=Upkeep.What.RESTORE,
        good=True,
        says=f"From a backup made {made_at:%Y-%m-%d %H:%M} UTC.",
        file=file,
        size=size,
        details=details,
        id=id,
    )
    Upkeep.objects.create(
        **Authored.authored(by),
        what=Upkeep.What.BACKUP,
        at=made_at,
        ended_at=max(made_at, at),
        good=True,
        says="The backup that was restored.",
        file=file,
        size=size,
        details={"fingerprint": details["fingerprint"]},
    )
    hold_waiting(at=at, why="restored")
    SignIn.objects.filter(ended_at=None).update(ended_at=at, ended_why="restored")
    for place in Organisation.objects.order_by("id"):
        _ask_to_check(by, place, id, made_at, at)


def _ask_to_check(by: Actor, place: Organisation, id: UUID, made_at: datetime, at: datetime) -> None:
    held = set(
        Membership.objects.filter(Membership.in_force(at), organisation=place).values_list("role", flat=True)
    )
    role = next((role for role in ASKED if role in held), None)
    if role is None:
        return
    make_task(
        by,
        at=at,
        organisation=place,
        what=f"restored_{id.hex[-12:]}_{place.id.hex[-12:]}",
        text=for_practice(
            "This site was restored from a backup of %(made)s UTC. What was entered after that is not here. "
            "Go through what you know of it: consents taken back, sharing ended, doses given, open alerts."
        )
        % {"made": date_format(made_at, "F j, Y, H:i")},
        due_at=at,
        role=role,
    )
