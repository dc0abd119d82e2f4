"""A full disk, a cut file, a lost write lock: words, nothing saved by halves, and the same form goes later.

SQLite, the database of one laptop, and real commits; the page is asked for as a browser would.
"""

from __future__ import annotations

import fcntl
import html
import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from tests.integration.door_visitors import Visitor
from tests.people import NOW, Cast, cast

from openkap.records.models import Event, PersonalLink
from openkap.records.sqlite.lock import lock_beside

# Bytes a file may grow to on the disk that is full: one page of the journal, and not the second.
ROOM_LEFT = 8192
SUBMISSION = "0197f000-0000-7000-8000-000000000003"


@pytest.fixture
def people(own_database: str) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast()


@pytest.fixture
def odette(people: Cast) -> Visitor:
    visitor = Visitor().become("odette")
    visitor.raise_request_exception = False
    return visitor


def file_address(people: Cast) -> str:
    return f"/desk/sign-in/{people.file('wren').id}/"


def send(odette: Visitor, address: str) -> int:
    return odette.post(address, {"submission": SUBMISSION, "q": "alder"}).status_code


def kept(page: str) -> dict[str, str]:
    found = re.findall(r'<textarea name="([^"]+)" hidden>(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in found}


def sent() -> tuple[int, int]:
    return PersonalLink.objects.count(), Event.objects.filter(id=SUBMISSION).count()


def test_a_full_disk(people: Cast, odette: Visitor) -> None:
    """The system itself refuses to make the journal longer, in the middle of the commit."""
    address = file_address(people)
    before = sent()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_LEFT, hard))
    try:
        status = send(odette, address)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status == 503
    assert "Nothing was saved" in odette.page
    assert kept(odette.page) == {"submission": SUBMISSION, "q": "alder"}
    assert sent() == before == (0, 0)
    assert send(odette, address) == 200
    assert send(odette, address) == 302
    assert sent() == (1, 1)


def test_a_lost_write_lock(people: Cast, odette: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process holds the folder's lock and does not let go."""
    address = file_address(people)
    name = str(connection.settings_dict["NAME"])
    lock = lock_beside(name)
    assert lock is not None
    monkeypatch.setattr(lock, "patience_s", 0.05)
    with Path(f"{name}.lock").open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert send(odette, address) == 503
        assert "Nothing was saved" in odette.page
        assert odette.get("/desk/?q=alder").status_code == 200  # reading goes on
    assert sent() == (0, 0)
    assert send(odette, address) == 200
    assert sent() == (1, 1)


def test_a_cut_database_file(people: Cast, odette: Visitor) -> None:
    address = file_address(people)
    name = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    whole = name.read_bytes()
    name.write_bytes(whole[: len(whole) // 3])
    try:
        assert send(odette, address) == 503
        assert kept(odette.page) == {"submission": SUBMISSION, "q": "alder"}
        assert odette.get("/health/ready").status_code == 503
    finally:
        connection.close()
        for beside in ("-wal", "-shm"):
            name.with_name(name.name + beside).unlink(missing_ok=True)
        name.write_bytes(whole)
    assert send(odette, address) == 200
    assert sent() == (1, 1)


def test_a_file_that_is_no_database(people: Cast, odette: Visitor) -> None:
    name = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    whole = name.read_bytes()
    name.write_bytes(b"This was a database once. " * 4000)
    try:
        answer = odette.get("/desk/?q=alder")
        assert answer.status_code == 503
        assert 'href="/desk/?q=alder"' in odette.page
    finally:
        connection.close()
        name.write_bytes(whole)
    assert odette.get("/desk/?q=alder").status_code == 200
