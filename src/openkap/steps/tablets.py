"""Tablets on the walls of rooms: a browser becomes one, and stops being one.

Decided here: a tablet is known by a secret kept in its browser, of which only the hash is stored; it
shows its room and writes nothing. Taken back, it shows nothing from that moment.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.links import hash_of
from openkap.records.models import Device, Room
from openkap.steps.frame import Refused, must, step, tell
from openkap.steps.room import a_person


@step
def enrol_tablet(
    *, by: Actor, at: datetime, room: Room, name: str, submission: UUID | None = None
) -> tuple[Device, str]:
    """Make a browser the tablet of this room. The secret is given once, to be kept in it."""
    must(by, Kind.STAFF, Act.ENROL, room, at=at)
    if not name.strip():
        raise Refused(_("Give the tablet a name, as it is written on it."), field="name")
    secret = secrets.token_urlsafe(32)
    device = Device.objects.create(
        room=room,
        organisation_id=room.organisation_id,
        name=name.strip()[:100],
        token_hash=hash_of(secret),
        enrolled_by_id=a_person(by),
        enrolled_at=at,
    )
    tell(by, "tablet.enrolled", device, at=at)
    return device, secret


@step
def revoke_tablet(*, by: Actor, at: datetime, device: Device, submission: UUID | None = None) -> Device:
    """Take a tablet back. Its page goes dark within seconds; doing it twice is the same as once."""
    must(by, Kind.STAFF, Act.ENROL, device, at=at)
    if device.revoked_at is None:
        device.revoked_at = at
        device.save(update_fields=["revoked_at"])
        tell(by, "tablet.revoked", device, at=at)
    return device
