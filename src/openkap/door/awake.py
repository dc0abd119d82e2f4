"""Whether whoever opened a stream is still signed in, under the same hat, and neither locked nor idle.

Decided here: asked of the session's own row, since a stream outlives the request that opened it and
other requests, in other processes, lock or end the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings

from openkap.door.idle import is_open
from openkap.door.who import HAT, PERSON
from openkap.permits import Actor

Opened = tuple[str | None, Actor]


def awake(opened: Sequence[Opened], at: datetime) -> list[bool]:
    """Of each, whether its session still wears that hat and has not locked at `at`. One query for all."""
    store = _store()
    rows = store.get_model_class().objects.filter(
        session_key__in={key for key, _by in opened if key}, expire_date__gt=at
    )
    held = {key: _read(data) for key, data in rows.values_list("session_key", "session_data")}
    return [key in held and _is_awake(held[key], by, at) for key, by in opened]


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


@lru_cache(maxsize=4096)
def _read(data: str) -> Mapping[str, Any]:
    """A session as it was written. The same text always says the same, and is seldom another."""
    said: Mapping[str, Any] = _store()().decode(data)
    return said


def _is_awake(session: Mapping[str, Any], by: Actor, at: datetime) -> bool:
    hat = "patient" if by.as_patient else str(by.organisation)
    same = session.get(PERSON) == str(by.person) and session.get(HAT) == hat
    return bool(same and is_open(session, at))
