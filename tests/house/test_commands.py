"""The two commands: what they say when something is missing, and that one starts and stops a whole site."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import ROOT


@pytest.fixture
def house() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_of_bin", ROOT / "bin" / "house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def up(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENKAP_", "PYTEST_"))}
    kept.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, ROOT / "bin" / "up", *arguments],
        env=kept | {"OPENKAP_DATA": str(tmp_path / "var")} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_port_that_is_no_port_is_refused_in_one_line(tmp_path: Path) -> None:
    command = up(tmp_path, OPENKAP_PORT="eight")
    _, said = command.communicate(timeout=30)
    assert command.returncode == 1
    assert said == "OPENKAP_PORT is 'eight'. It needs a number from 1 to 65535.\n"


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = up(tmp_path, OPENKAP_PORT=str(port))
        _, said = command.communicate(timeout=30)
    assert command.returncode == 1
    assert said.startswith(f"Port {port} is in use.")
    assert said.count("\n") == 1


def test_a_python_without_venv_is_said_in_one_line(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(house.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(house, "UV", tmp_path / "no" / "uv")
    with pytest.raises(house.Missing) as missing:
        house.ensure_environment("requirements.lock")
    assert "apt-get install python3-venv" in str(missing.value)
    assert "\n" not in str(missing.value)


def test_the_installer_itself_comes_with_its_hashes(house: ModuleType) -> None:
    lines = house._lines_for("uv", house.BUILD_LOCK.read_text())
    assert lines.startswith("uv==")
    assert lines.count("--hash=sha256:") > 5
    assert "nodejs" not in lines


def test_what_is_installed_is_not_installed_again(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run: list[tuple[str, ...]] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").touch()
    (tmp_path / "bin" / "openkap").touch()
    monkeypatch.setattr(house, "VENV", tmp_path)
    monkeypatch.setattr(house, "UV", tmp_path / "bin" / "uv")
    monkeypatch.setattr(house, "_uv", lambda *arguments: run.append(arguments))
    house.ensure_environment("requirements.lock")
    once = len(run)
    house.ensure_environment("requirements.lock")
    assert once == 2
    assert len(run) == once


def test_up_makes_a_demonstration_site_serves_it_on_loopback_and_stops(
    tmp_path: Path, free_port: int
) -> None:
    command = up(tmp_path, "--people-only", OPENKAP_PORT=str(free_port))
    try:
        said = until(command, "Ctrl-C")
        assert f"OpenKAP is running at http://localhost:{free_port}/\n" in said
        with urllib.request.urlopen(f"http://localhost:{free_port}/demo/", timeout=60) as page:
            assert "demonstration" in page.read().decode().lower()
        assert (tmp_path / "var" / "openkap.sqlite3").stat().st_size > 0
        assert listens_on(free_port) == {"127.0.0.1"}
    finally:
        command.send_signal(signal.SIGINT)
        _, complained = command.communicate(timeout=60)
    assert command.returncode == 0, complained
    assert "Traceback" not in complained
    assert listens_on(free_port) == set()


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
