"""The keys of a site, apart from its backups: taken out sealed with a passphrase, and put back.

Decided here (docs/adr/0031-operations.md): one file in the form of age, which other programs open too, holds
the site's secret, the key that signs the trail, the journals' and the process notes'. Putting back writes a
key only where none is or, with `--replace`, lays the old one aside; it never throws one away.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from django.conf import settings

from openkap.steps.chain import is_signed_here
from openkap.upkeep.places import CannotDo, to_disk

FORMAT = 1
TRIES, TOO_MUCH_WORK = 20, "xcessive work"
SHORTEST = 12
ELSEWHERE = "signed-with-another-key"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, the file it lies in, and its value where the environment gave it."""

    name: str
    path: Path
    given: str = ""

    def value(self) -> bytes | None:
        if self.given:
            return self.given.encode()
        return self.path.read_bytes() if self.path.exists() else None


def keys_of(folder: Path) -> tuple[Key, ...]:
    """Every key of this site, there or not."""
    secret_file = Path(os.environ.get("OPENKAP_SECRET_KEY_FILE") or folder / "secret_key")
    given = os.environ.get("OPENKAP_SECRET_KEY", "") if not os.environ.get("OPENKAP_SECRET_KEY_FILE") else ""
    return (
        Key("secret", secret_file, given),
        Key("trail", folder / "keys" / "trail"),
        Key("journal", Path(settings.JOURNAL_KEY_FILE)),
        Key("process", Path(settings.PROCESS_KEY_FILE), settings.PROCESS_KEY),
    )


def export(folder: Path, file: Path, passphrase: str, at: datetime) -> list[str]:
    """Write all keys into `file`, sealed. Gives their names. Raises CannotDo."""
    if len(passphrase) < SHORTEST:
        raise CannotDo(f"The passphrase has {len(passphrase)} characters. Take {SHORTEST} or more.")
    if file.exists():
        raise CannotDo(f"{file} is there already. Choose another name; keys are never written over.")
    found = {key.name: value for key in keys_of(folder) if (value := key.value()) is not None}
    body = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "keys": {name: b64encode(value).decode() for name, value in found.items()},
    }
    sealed = pyrage.passphrase.encrypt(json.dumps(body).encode(), passphrase)
    _write(file, sealed)
    return sorted(found)


def bring_in(folder: Path, file: Path, passphrase: str, at: datetime, *, replace: bool) -> list[str]:
    """Put the keys of `file` in their places; a sentence for each. Raises CannotDo; then none was put."""
    wanted = _opened(file, passphrase)
    places = {key.name: key for key in keys_of(folder)}
    if strange := sorted(set(wanted) - set(places)):
        raise CannotDo(f"{file} holds a key that this version does not know: {strange[0]}.")
    others = [
        name
        for name, value in wanted.items()
        if (here := places[name].value()) is not None and here.strip() != value.strip()
    ]
    if others and not replace:
        raise CannotDo(
            f"Other keys are here already: {', '.join(others)}. "
            "To put these in their place and lay those aside, add --replace."
        )
    said = []
    for name, value in wanted.items():
        said.append(_put(places[name], value, at, other=name in others))
        if name == "trail":
            _sort_heads(folder)
    return said


def make_backup_key(file: Path) -> str:
    """A key of its own for backups, written to `file`; gives the recipient that seals for it."""
    if file.exists():
        raise CannotDo(f"{file} is there already. Choose another name; keys are never written over.")
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    _write(file, f"# Opens backups sealed for {recipient}\n{identity}\n".encode())
    return recipient


def _unsealed(file: Path, passphrase: str) -> bytes:
    """age measures this machine first, and refuses work for which it seems too slow: a busy moment passes."""
    sealed = file.read_bytes()
    for _again in range(TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
        except pyrage.DecryptError as error:
            if TOO_MUCH_WORK not in str(error):
                raise
    raise CannotDo(
        f"This machine is too busy or too slow to open {file} now, and the passphrase was not tried. Stop"
        " other programs and run this again, or try another machine."
    )


def _opened(file: Path, passphrase: str) -> dict[str, bytes]:
    try:
        body = json.loads(_unsealed(file, passphrase))
        if body["format"] != FORMAT:
            raise CannotDo(f"{file} is of form {body['format']}, which this version does not know.")
        return {name: b64decode(value) for name, value in body["keys"].items()}
    except OSError as error:
        raise CannotDo(f"{file} cannot be read: {error.strerror}.") from error
    except (pyrage.DecryptError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotDo(f"{file} does not open with this passphrase, or holds no keys.") from error


def _put(key: Key, value: bytes, at: datetime, *, other: bool) -> str:
    if key.given:
        if not other:
            return f"{key.name}: the environment gives the same."
        aside = key.path.with_name(f"{key.path.name}.imported")
        _write(aside, value)
        return f"{key.name}: written to {aside}. The environment gives another; make it name this file."
    if key.path.exists():
        if not other:
            return f"{key.name}: here already."
        aside = key.path.with_name(f"{key.path.name}.replaced-{at:%Y%m%dT%H%M%SZ}")
        key.path.replace(aside)
    _write(key.path, value)
    return f"{key.name}: put in {key.path}."


def _sort_heads(folder: Path) -> None:
    """The heads that this key signed count; those of the key that was here lie beside them."""
    here = folder / "heads"
    beside = here / ELSEWHERE
    if not here.is_dir() or is_signed_here(folder, here):
        return
    signed = beside.is_dir() and is_signed_here(folder, beside)
    waiting = list(beside.glob("*.jsonl")) if signed else []
    kept = here / "signed-before-the-key-was-put-back"
    kept.mkdir(mode=0o700, exist_ok=True)
    for path in here.glob("*.jsonl"):
        path.replace(kept / path.name)
    for path in waiting:
        path.replace(here / path.name)


def _write(path: Path, value: bytes) -> None:
    """Whole or not at all, for this account only."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(value)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(path)
        to_disk(path.absolute().parent)
    except OSError as error:
        raise CannotDo(f"{path} cannot be written: {error.strerror}.") from error
