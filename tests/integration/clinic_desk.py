"""What the tests of the clinic desk share: a browser at the time of a stage, and counting questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openkap.permits import Scope
from openkap.records.standing import scope_now
from tests.integration.door_visitors import Visitor
from tests.people import Cast

ZONE = ZoneInfo("America/New_York")
T = TypeVar("T")


@contextmanager
def visiting(key: str, at: datetime) -> Iterator[Visitor]:
    """This persona's browser, with the clock standing at `at`."""
    with time_machine.travel(at, tick=False):
        yield Visitor().become(key)


def reach(people: Cast, key: str, at: datetime) -> Scope:
    return scope_now(people.by(key), at)


def asked(work: Callable[[], T]) -> tuple[T, int]:
    """What `work` gives, and how many questions it put to the database."""
    with CaptureQueriesContext(connection) as queries:
        done = work()
    return done, len(queries)


def form_in(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`, so that a test sends what a browser would."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found, f"no form to {action} on this page"
    hidden = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', found[1])
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}
