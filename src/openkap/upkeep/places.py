"""Where backups lie, what they are called, which stay, and whether there is room for one.

Decided here: a backup is written beside its name and takes the name only when it is whole and read back;
of those that the site named itself the newest `OPENKAP_BACKUP_KEEP` of each kind stay, a file that somebody
named is never removed, and nothing is removed before the new one stands.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ENDING, SEALED_ENDING, PART = ".backup", ".backup.age", ".part"
NAMED = re.compile(r"openkap-(\d{8}T\d{6}Z)(-before-[a-z]+)?\.backup(\.age)?")
SPARE = 50_000_000


class CannotDo(Exception):
    """It cannot be done, and nothing was changed; says why in a sentence that may stand on a screen."""


def name_of(at: datetime, *, why: str = "", sealed: bool = False) -> str:
    """As in `openkap-20261122T030000Z.backup`, or `…-before-migration.backup.age`."""
    before = f"-before-{why}" if why else ""
    return f"openkap-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{before}{SEALED_ENDING if sealed else ENDING}"


def own_backups(folder: Path) -> list[Path]:
    """Backups of this folder that the site named, newest first."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if NAMED.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest(folder: Path) -> Path:
    """The newest backup of this folder. Raises CannotDo where there is none."""
    found = own_backups(folder)
    if not found:
        raise CannotDo(f"No backup lies in {folder}. Make one: openkap backup")
    return found[0]


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Remove what is beyond the newest `keep` of each kind, and leftovers of backups that did not end."""
    kinds: dict[str, list[Path]] = {}
    for path in own_backups(folder):
        match = NAMED.fullmatch(path.name)
        kinds.setdefault((match[2] if match else None) or "", []).append(path)
    gone = [path for paths in kinds.values() for path in paths[keep:]]
    gone += [path for path in folder.glob(f".openkap-*{PART}") if path.is_file()]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def refuse_without_room(folder: Path, needed: int) -> None:
    """Raises CannotDo where fewer than `needed` bytes and some to spare are free."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise CannotDo(
            f"The disk of {folder} has {in_words(free)} free; this needs about {in_words(needed + SPARE)}. "
            "Make room, or choose another folder with --to."
        )


def in_words(size: float) -> str:
    """Bytes as a person says them: 1.5 GB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("bytes", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def to_disk(path: Path) -> None:
    """Make sure that a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone(folder: Path, name: str, otherwise: str, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock `name` of a data folder. Raises CannotDo, in the words given, where another holds it."""
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotDo(otherwise) from None
        yield
    finally:
        os.close(descriptor)
