"""A visitor of the dosing rooms: someone of the cast, signed in under a hat, as a test client."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client

from openkap.door.who import BEGAN, HAT, PERSON, SEEN, STRONG
from openkap.records.ids import new_id
from tests.people import Cast

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
