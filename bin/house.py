"""What bin/up, bin/install and bin/test share: the environment in .venv, and the words for what is missing.

Decided here: how the environment is made. Only the Python of the machine is needed; every package comes from
a lock with its hash, and a lock that was already installed is not installed again.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
BUILD_LOCK = ROOT / "requirements-build.lock"
UI = "src/openkap/ui"
BUILT_FROM = (
    "package-lock.json",
    "hatch_build.py",
    "pyproject.toml",
    f"{UI}/build.mjs",
    f"{UI}/icons.txt",
    f"{UI}/app-icons.mjs",
    f"{UI}/mark.svg",
    f"{UI}/styles",
    f"{UI}/scripts",
    f"{UI}/locale",
)


WITHOUT_PANGO = (
    "Pango is missing, so PDF files cannot be made. "
    "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
)


class Missing(Exception):
    """Something this machine lacks; the message is one line a person can act on."""


def ensure_environment(lock: str) -> None:
    """Make .venv hold what `lock` names and this source tree, doing only what changed. Raises Missing."""
    if not UV.exists():
        _make_venv()
    path = ROOT / lock
    if not _already(path.stem, wanted := _hash([path])):
        _uv("pip", "install", "--quiet", "--require-hashes", "--requirement", str(path))
        _remember(path.stem, wanted)
    sources = _hash([ROOT / name for name in BUILT_FROM])
    if not _already("source", sources) or not (VENV / "bin" / "openkap").exists():
        constraint = ["--build-constraint", str(BUILD_LOCK)]
        _uv("pip", "install", "--quiet", "--no-deps", *constraint, "--editable", str(ROOT))
        _remember("source", sources)


def pango_is_missing() -> bool:
    """Whether PDF files cannot be made here."""
    probe = "import ctypes.util, sys; sys.exit(0 if ctypes.util.find_library('pango-1.0') else 1)"
    return subprocess.run([PYTHON, "-c", probe], check=False).returncode != 0


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Missing(
            "Python's venv module is missing. On Debian: apt-get install python3-venv. Then run this again."
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True
    )
    if made.returncode:
        last = (made.stderr or made.stdout).strip().splitlines()[-1:]
        raise Missing(f"The environment {VENV} could not be made. {' '.join(last)}")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
        only_uv.write(_lines_for("uv", BUILD_LOCK.read_text()))
        only_uv.flush()
        _run(
            [
                str(PYTHON),
                "-m",
                "pip",
                "install",
                "-qq",
                "--require-hashes",
                "--no-deps",
                "-r",
                only_uv.name,
            ]
        )


def _lines_for(package: str, lock: str) -> str:
    found = re.search(rf"^{package}==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    if not found:
        raise Missing(f"{BUILD_LOCK.name} does not name {package}. Run bin/lock.")
    return found.group()


def _uv(*arguments: str) -> None:
    _run([str(UV), *arguments, "--python", str(PYTHON)])


def _run(command: list[str]) -> None:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment)
    if done.returncode:
        raise Missing(f"This did not work: {' '.join(command)}. The lines above say why.")


def _hash(paths: list[Path]) -> str:
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(file for file in files if file.is_file() and file.suffix != ".mo"):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _already(name: str, wanted: str) -> bool:
    note = VENV / f".openkap-{name}"
    return note.exists() and note.read_text() == wanted


def _remember(name: str, wanted: str) -> None:
    (VENV / f".openkap-{name}").write_text(wanted)
