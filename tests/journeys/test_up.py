"""`bin/up`: one command makes a demonstration site, serves it on this machine only, and stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from tests.house.test_commands import up

from openkap.records.guards import missing
from openkap.records.models import Organisation, Site


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.long
def test_up_begins_with_nothing(tmp_path: Path, free_port: int) -> None:
    started_and_stopped(tmp_path / "var", free_port)
    assert (tmp_path / "var" / "openkap.sqlite3").stat().st_size > 0


def test_up_makes_a_demonstration_site_serves_it_on_loopback_and_stops(
    own_database: str, tmp_path: Path, free_port: int
) -> None:
    """In a folder whose tables are made, all but one guard, so that only `migrate` can have put it back.

    That migrations make every table is asked in integration/test_upgrade.py.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        cursor.execute(f'DROP TRIGGER "{cursor.fetchone()[0]}"')
    assert missing() != []
    connection.close()
    started_and_stopped(tmp_path, free_port)
    assert missing() == []
    assert Site.objects.get().demonstration
    assert Organisation.objects.count() > 1


def started_and_stopped(data: Path, port: int) -> None:
    command = up(data, "--people-only", OPENKAP_PORT=str(port))
    try:
        said = until(command, "Ctrl-C")
        assert f"OpenKAP is running at http://localhost:{port}/\n" in said
        with urllib.request.urlopen(f"http://localhost:{port}/demo/", timeout=60) as page:
            assert "demonstration" in page.read().decode().lower()
        assert listens_on(port) == {"127.0.0.1"}
    finally:
        command.send_signal(signal.SIGINT)
        _, complained = command.communicate(timeout=60)
    assert command.returncode == 0, complained
    assert "Traceback" not in complained
    assert listens_on(port) == set()


def until(command: subprocess.Popen[str], word: str) -> list[str]:
    """What a command says up to the line that holds `word`, or to its end."""
    assert command.stdout is not None
    said = []
    for line in command.stdout:
        said.append(line)
        if word in line:
            break
    return said


def listens_on(port: int) -> set[str]:
    """The local IPv4 addresses on which something listens at `port`, from the kernel's own table."""
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text().splitlines()[1:]:
            local, state = row.split()[1], row.split()[3]
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                plain = socket.inet_ntoa(bytes.fromhex(address)[::-1]) if len(address) == 8 else "IPv6"
                found.add(plain)
    return found
