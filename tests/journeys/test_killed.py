"""The server is killed between its commit and its answer: the same form, sent again, counts once."""

from __future__ import annotations

import http.cookiejar
import re
import socket
import time
import urllib.parse
import urllib.request
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from tests.people import cast
from tests.serving import Site, serve

from openkap.records.models import Event, PersonalLink

SUBMISSION = "0197f000-0000-7000-8000-000000000005"
PATIENCE_S = 30


class Plain:
    """A browser of the plainest kind: cookies, forms, no scripts."""

    def __init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, address: str) -> str:
        with self._opener.open(address, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())

    def post(self, address: str, fields: dict[str, str]) -> str:
        data = urllib.parse.urlencode(fields).encode()
        with self._opener.open(address, data, timeout=PATIENCE_S) as answer:
            return str(answer.read().decode())

    def post_and_never_hear(self, address: str, fields: dict[str, str]) -> socket.socket:
        """Send the form and leave the answer on the line."""
        to, body = urllib.parse.urlsplit(address), urllib.parse.urlencode(fields)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        head = (
            f"POST {to.path} HTTP/1.1\r\nHost: {to.netloc}\r\nCookie: {cookies}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line = socket.create_connection((to.hostname or "", to.port or 80), timeout=PATIENCE_S)
        line.sendall((head + body).encode())
        return line


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def test_killed_between_commit_and_answer(site: Site, own_database: str, tmp_path: Path) -> None:
    people = cast(timezone.now() - timedelta(days=60))
    desk = Plain()
    page = desk.get(site.url("/demo/"))
    desk.post(site.url("/demo/become/odette/"), {"csrfmiddlewaretoken": token(page)})
    page = desk.get(site.url("/desk/?q=alder"))
    typed = {"submission": SUBMISSION, "q": "alder", "csrfmiddlewaretoken": token(page)}
    address = f"/desk/sign-in/{people.file('wren').id}/"

    line = desk.post_and_never_hear(site.url(address), typed)
    until = time.monotonic() + PATIENCE_S
    while not Event.objects.filter(id=SUBMISSION).exists():
        assert time.monotonic() < until, "the form never arrived"
    site.kill()
    line.close()

    with serve(tmp_path, own_database) as again:
        page = desk.post(again.url(address), typed)
    assert "Wren Alderbrook" in page
    assert PersonalLink.objects.count() == 1
    assert Event.objects.filter(verb="link.sent.sign_in").count() == 1
