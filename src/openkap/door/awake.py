"""Whether whoever opened a stream is still signed in, under the same hat, and neither locked nor idle.

Decided here: asked of the session's own row, since a stream outlives the request that opened it and
other requests, in other processes, lock or end the session.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings

from openkap.door.idle import is_open
from openkap.door.who import HAT, PERSON
from openkap.permits import Actor


def is_awake(session_key: str | None, by: Actor, at: datetime) -> bool:
    """True while this session still wears `by`'s hat and has not locked at `at`."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    hat = "patient" if by.as_patient else str(by.organisation)
    same = store.get(PERSON) == str(by.person) and store.get(HAT) == hat
    return bool(same and is_open(store, at))
