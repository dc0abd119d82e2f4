"""The key of the process notes: from the environment, or a file of its own that only this account may read.

Decided here: 32 bytes, apart from the site's other keys. `OPENKAP_PROCESS_KEY` gives it in base64,
`OPENKAP_PROCESS_KEY_FILE` names a file that holds it; without either, it is made on first use as
`process.key` in the data folder, which a demonstration may do and `openkap check` refuses on a real site:
whoever copies that folder would copy the key with the notes. A key that is missing while notes exist is never
made anew: that would close them for good and look like an empty page.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
import stat
from pathlib import Path

BYTES = 32


class NoKey(Exception):
    """The key cannot be used; says why, without showing any of it."""


def key_of(given: str, file: Path, *, may_make: bool) -> bytes:
    """The key, made where it may be. Raises NoKey with a sentence."""
    if given:
        return _decoded(given, "OPENKAP_PROCESS_KEY")
    if not file.exists():
        if not may_make:
            raise NoKey(f"The key of the process notes is missing: {file} is not there.")
        _make(file)
    try:
        return _decoded(file.read_text("ascii"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"The key of the process notes in {file} cannot be read.") from error


def fault_of(given: str, file: Path, data: Path, *, needed: bool, real: bool) -> str:
    """What is wrong with the key, in a sentence that says what to do; empty is how it should be.

    `needed`: notes were written already. `real`: this is no demonstration.
    """
    if given:
        return _fault_of_text(given, "OPENKAP_PROCESS_KEY")
    if not file.exists():
        if needed:
            return (
                f"The key of the process notes is missing: put {file} back. Without it nobody can read them"
            )
        return _beside(file, data) if real else ""
    mode = file.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"Others can read the key of the process notes. Run: chmod 600 {file}"
    try:
        text = file.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return f"The key of the process notes in {file} cannot be read by this account"
    return _fault_of_text(text, str(file)) or (_beside(file, data) if real else "")


def _beside(file: Path, data: Path) -> str:
    if not file.resolve().is_relative_to(data.resolve()):
        return ""
    return (
        "The key of the process notes lies in the data folder, where a backup takes both. "
        "Set OPENKAP_PROCESS_KEY_FILE to a file elsewhere, and move the key there"
    )


def _fault_of_text(text: str, where: str) -> str:
    try:
        _decoded(text, where)
    except NoKey as fault:
        return str(fault).rstrip(".")
    return ""


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != BYTES:
        raise NoKey(f"{where} does not hold a key: it takes {BYTES} random bytes in base64.")
    return key


def _make(file: Path) -> None:
    """Written whole or not at all: two processes may start at once."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(base64.b64encode(secrets.token_bytes(BYTES)).decode() + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(fresh, file)
    fresh.unlink()
