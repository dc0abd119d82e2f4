"""Someone signed in who asks the real server for pages, over one connection kept open."""

from __future__ import annotations

import http.client
import time
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from tests.people import Cast

from openkap.door.who import BEGAN, HAT, PERSON, SEEN, STRONG

PATIENCE_S = 60


def sign_in(people: Cast, key: str) -> str:
    """A session of this person in the store, seen just now; gives its key."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now().isoformat()
    store.update({PERSON: str(people[key].id), HAT: str(people.by(key).organisation), STRONG: True})
    store.update({SEEN: now, BEGAN: now})
    store.create()
    return str(store.session_key)


class Visitor:
    """One browser, as far as a server can tell: its cookies and its connection."""

    def __init__(self, address: str, session: str) -> None:
        self.connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE_S)
        self.cookies = {"sessionid": session}
        self.bytes = 0

    def get(self, path: str) -> float:
        """Milliseconds from asking to the last byte. Anything but a page is an error."""
        return self._ask("GET", path, None, (200,))

    def post(self, path: str, said: dict[str, str]) -> float:
        """The same for a form; it leads to another page."""
        return self._ask("POST", path, urlencode(said), (302, 303, 204))

    def _ask(self, method: str, path: str, body: str | None, wanted: tuple[int, ...]) -> float:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"X-CSRFToken": self.cookies.get("csrftoken", "")}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status not in wanted:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.bytes = len(page)
        return took
