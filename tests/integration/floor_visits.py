"""A visitor of the dosing rooms: someone of the cast, signed in under a hat, as a test client."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import time_machine
from django.test import Client

from openkap.door.who import BEGAN, HAT, PERSON, SEEN, STRONG
from openkap.records.ids import new_id
from tests.at_step import Stage, at_step
from tests.people import Cast, cast

QUIET = {"headers": {"X-OpenKAP-Background": "1"}}


def visitor(people: Cast, key: str, at: datetime) -> Client:
    """This person's browser, at their first place, having just signed in with a second factor."""
    client = Client()
    session = client.session
    session[PERSON] = str(people[key].id)
    session[HAT] = str(people.by(key).organisation)
    session[STRONG] = True
    session[SEEN] = session[BEGAN] = at.isoformat()
    session.save()
    return client


def sent(**fields: Any) -> dict[str, Any]:
    """A form's fields with an id of their own."""
    return {"submission": str(new_id()), **fields}


def stage_at(name: str, traveller: time_machine.Traveller) -> Stage:
    """A course played to this stage, and the clock at its time."""
    stage = at_step(cast(), name)
    traveller.move_to(stage.at)
    return stage


def page_of(stage: Stage, tail: str = "") -> str:
    """The address of this dose's room, or of a page below it."""
    return f"/rooms/sessions/{stage.dose.id}/{tail}"


def body(client: Client, address: str, **more: object) -> str:
    """What the page says; anything but a page is a failure."""
    response = client.get(address, **more)  # type: ignore[arg-type]
    assert response.status_code == 200, response.status_code
    return response.content.decode()
