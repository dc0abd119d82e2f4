"""Letting someone go home: the whole list asked, and who may go ahead where an item is open.

Decided here: an open item that law or label fixed is waited for; any other needs a prescriber's words,
which stay in the room's record and on the discharge. Nobody goes home alone: the escort has a name, and
someone has seen who they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.monitoring import Unusable
from openkap.medicine.monitoring.discharge import Readiness, check
from openkap.medicine.monitoring.instructions import instructions
from openkap.permits import Act, Actor, Kind
from openkap.records.facts.dose import route_of
from openkap.records.facts.home import going_home
from openkap.records.facts.law import rules_of
from openkap.records.models import Session
from openkap.steps.frame import Refused, must
from openkap.steps.room import in_session

# How whoever takes the patient home has shown who they are.
IDENTIFIED = ("photo_id", "known_here", "named_by_patient")


def checklist(session: Session, answers: Mapping[str, Any], at: datetime) -> Readiness:
    """Every item of the route's list, met or not."""
    try:
        return check(going_home(session, answers, at), rules_of(session, at))
    except Unusable as unusable:
        raise Refused(unusable.sentence, field=unusable.field) from None


def refuse_unmet(
    by: Actor,
    session: Session,
    asked: Readiness,
    words: str,
    escort_name: str,
    identified: str,
    *,
    at: datetime,
) -> None:
    """Refuse while anything is open, unless a prescriber says why not. Everything open is named at once."""
    alone = _alone(escort_name.strip(), identified)
    fixed = any(item.fixed for item in asked.open)
    waits = asked.open if fixed or not words.strip() else ()
    each = alone | {item.item: item.because for item in waits}
    if waits:
        why = " ".join([*alone.values(), *(f"{item.rule.title}: {item.because}." for item in waits)])
        says = (
            _("Not yet. %(why)s This cannot be set aside.")
            if fixed
            else _("Not yet. %(why)s A prescriber may let go with a reason.")
        )
        raise Refused(says % {"why": why.replace("..", ".")}, each=each)
    if alone:
        raise Refused(" ".join(alone.values()), each=each)
    if asked.open:
        must(by, Kind.CLINICAL, Act.SIGN, in_session(session, at), at=at)


def _alone(escort_name: str, identified: str) -> dict[str, str]:
    """What is not known of whoever takes them home, by field."""
    if not escort_name:
        says = _("Nobody goes home alone. Write the name of the adult who is here.")
        return {"escort_name": says}
    if identified not in IDENTIFIED:
        return {"identified": _("Say how %(name)s showed who they are.") % {"name": escort_name}}
    return {}


def given_to_take_home(session: Session) -> str:
    """Which text, in which version and language, goes home with them."""
    return instructions(route_of(session), session.patient.language).name
