"""How a session is named at the top of a room's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.dosing.products import product_of
from openkap.reads.header import born_words
from openkap.reads.room import course_length
from openkap.records.facts.dose import route_of
from openkap.records.models import Session


def title_of(session: Session) -> dict[str, Any]:
    """Who, which dose of how many, in which room, for the room layout's header."""
    dose = _("Dose %(n)s of %(all)s") % {"n": session.ordinal, "all": course_length(session.course)}
    room = session.room.name if session.room is not None else _("No room")
    facts = f"{room}, {dose}"
    named = {
        "person": session.patient.name,
        "facts": facts,
        "born": born_words(session.patient.born_on),
        "product": product_of(route_of(session)),
    }
    return {"room": named, "dose_words": dose}
