"""The two commands: what they say when something is missing. That one starts a site: journeys/test_up.py."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
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


def up(data: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENKAP_", "PYTEST_"))}
    kept.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, ROOT / "bin" / "up", *arguments],
        env=kept | {"OPENKAP_DATA": str(data)} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_port_that_is_no_port_is_refused_in_one_line(tmp_path: Path) -> None:
    command = up(tmp_path / "var", OPENKAP_PORT="eight")
    _, said = command.communicate(timeout=30)
    assert command.returncode == 1
    assert said == "OPENKAP_PORT is 'eight'. It needs a number from 1 to 65535.\n"


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = up(tmp_path / "var", OPENKAP_PORT=str(port))
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
