"""The practice itself: the number patients call, whether consents have a witness, and its houses and rooms.

Decided here: whoever keeps the staff keeps these too. A witness is asked for from the next signature on; what
was signed before stays signed. A room is added, and never taken away: what was done
in it stays where it was done.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openkap.permits import Act, Actor, Kind
from openkap.records.models import Location, Organisation, Room
from openkap.records.words import one_line
from openkap.steps.frame import Refused, must, step, tell


@step
def change_practice(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    name: str,
    phone: str,
    submission: UUID | None = None,
) -> Organisation:
    """Its name, and the number that patients read on every page for help."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    name = one_line(name)
    if not name:
        raise Refused(_("A practice needs a name."), field="name")
    if Organisation.objects.filter(name__iexact=name).exclude(pk=row.pk).exists():
        raise Refused(_("Another practice of this name is here already."), field="name")
    if sum(each.isdigit() for each in phone) < 5:
        raise Refused(_("Write the number as it is dialed, as in +1 212 555 0100."), field="phone")
    row.name, row.phone = name[:200], phone.strip()[:40]
    row.save(update_fields=["name", "phone"])
    tell(by, "practice.changed", row, at=at, organisation=row.pk)
    return row


@step
def ask_for_witness(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    wanted: bool,
    submission: UUID | None = None,
) -> Organisation:
    """Whether a witness is named before a consent can be signed here. Asked for already: nothing is done."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.consent_witness != wanted:
        row.consent_witness = wanted
        row.save(update_fields=["consent_witness"])
        told = "practice.witness_asked" if wanted else "practice.witness_not_asked"
        tell(by, told, row, at=at, organisation=row.pk)
    return row


@step
def add_room(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    house: str,
    address: str,
    name: str,
    submission: UUID | None = None,
) -> Room:
    """A room in a house of this practice; the house is made with its first room."""
    must(by, Kind.STAFF, Act.ADD, organisation, at=at)
    if not name.strip() or not house.strip():
        field = "room" if house.strip() else "house"
        raise Refused(_("Name the house and the room, as their own signs do."), field=field)
    where = Location.objects.filter(organisation=organisation, name__iexact=house.strip()).first()
    if where is None:
        where = Location.objects.create(
            organisation=organisation, name=house.strip()[:100], address=address.strip()[:300]
        )
    if Room.objects.filter(location=where, name__iexact=name.strip()).exists():
        raise Refused(_("There is a room of this name in this house already."), field="room")
    row = Room.objects.create(location=where, organisation=organisation, name=name.strip()[:100])
    tell(by, "room.added", row, at=at)
    return row
