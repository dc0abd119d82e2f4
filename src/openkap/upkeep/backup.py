"""Making a backup: a copy of one moment, checked, packed, read back, and only then given its name.

Decided here (docs/adr/0031-operations.md): what goes in is listed by name, never a whole folder, so that no
key can slip in. Process notes go in as they lie, sealed; so do journals. The row that says a backup was made
is written after it, and so is not in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

import openkap
from openkap.records.process_key import NoKey, key_of
from openkap.records.secret import fingerprint
from openkap.upkeep import archive, databases
from openkap.upkeep.databases import Say
from openkap.upkeep.places import CannotDo, alone, name_of, refuse_without_room, thin_out, to_disk

PROCESS = "process.sqlite3"
HEADS = "heads"
BUSY = "Another backup is being made. Wait until it is done."


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    size: int
    fingerprint: str
    counts: dict[str, int]
    removed: int


def make_backup(
    folder: Path, *, at: datetime, say: Say, to: Path | None = None, file: Path | None = None, why: str = ""
) -> Made:
    """Back the site up into `file`, or under a name of its own into `to` (absent: the site's backup folder).

    `why` names what it precedes ("migration"). Raises CannotDo; then nothing stands under the name.
    """
    target = _target(at, to, file, why)
    try:
        return _made(folder, target, at, say, named=file is not None)
    except OSError as error:
        raise CannotDo(
            f"The backup could not be written to {target.parent}: {error.strerror or error}. Nothing was left"
            " there, and the backups before it stay. Make room, or choose another folder with --to."
        ) from error


def _made(folder: Path, target: Path, at: datetime, say: Say, *, named: bool) -> Made:
    with alone(folder, "backup", BUSY), _workplace(folder) as work:
        needed = databases.size_now() + _size(Path(settings.PROCESS_STORE))
        refuse_without_room(work, needed)
        refuse_without_room(target.parent, needed)
        manifest = _gather(folder, work, at, say)
        part = target.with_name(f".{target.name}.part")
        try:
            say("Packing")
            archive.write(part, manifest, work, settings.BACKUP_RECIPIENT)
            say("Reading it back")
            _read_back(part, manifest)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        to_disk(target.parent)
    removed = [] if named else thin_out(target.parent, settings.BACKUP_KEEP)
    return Made(target, target.stat().st_size, manifest.fingerprint, manifest["counts"], len(removed))


def _target(at: datetime, to: Path | None, file: Path | None, why: str) -> Path:
    if file is not None and not file.is_dir():
        if not file.absolute().parent.is_dir():
            raise CannotDo(f"The folder of {file} is not there.")
        return file.absolute()
    place = Path(file or to or settings.BACKUP_FOLDER).absolute()
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotDo(f"The folder {place} cannot be made: {error.strerror}.") from error
    return place / name_of(at, why=why, sealed=bool(settings.BACKUP_RECIPIENT))


@contextlib.contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A closed folder in the data folder; what a killed backup left there goes first."""
    for left in folder.glob("backing-up-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="backing-up-", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _gather(folder: Path, work: Path, at: datetime, say: Say) -> archive.Manifest:
    """Copy everything that goes in, the database first; the manifest of it."""
    heads = _copy_heads(folder, work)
    name, stands = databases.copy_out(work, say)
    names = [name, *heads]
    store = Path(settings.PROCESS_STORE)
    if store.exists():
        try:
            databases.copy_sqlite_file(store, work / PROCESS, say)
        except sqlite3.DatabaseError as error:
            raise CannotDo(f"The store of the process notes cannot be copied ({error}).") from error
        names.append(PROCESS)
    body = {
        "openkap": openkap.__version__,
        "made_at": at.isoformat(),
        "engine": databases.engine(),
        "keys": key_fingerprints(folder),
        **stands,
    }
    return archive.manifest_of(body, work, names)


def _copy_heads(folder: Path, work: Path) -> list[str]:
    """The trail's heads, before the database: what they name is then in the copy or not yet in them."""
    names = []
    for path in sorted((folder / HEADS).glob("*.jsonl")):
        (work / HEADS).mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(path, work / HEADS / path.name)
        names.append(f"{HEADS}/{path.name}")
    return names


def key_fingerprints(folder: Path) -> dict[str, str]:
    """Which keys this site uses, told by 16 hex digits each; a key that is not there is left out."""
    known: dict[str, str] = {"secret": secret_fingerprint()}
    for name, path in (("trail", folder / "keys" / "trail"), ("journal", Path(settings.JOURNAL_KEY_FILE))):
        if path.exists():
            known[name] = fingerprint(path.read_bytes().strip())
    with contextlib.suppress(NoKey):
        file = Path(settings.PROCESS_KEY_FILE)
        if settings.PROCESS_KEY or file.exists():
            known["process"] = fingerprint(key_of(settings.PROCESS_KEY, file, may_make=False))
    return known


def secret_fingerprint() -> str:
    """The same for the site's secret, which a person may have chosen: slow on purpose, to guess at."""
    return hashlib.scrypt(
        settings.SECRET_KEY.encode(), salt=b"openkap secret", n=2**14, r=8, p=1, dklen=8
    ).hex()


def _read_back(part: Path, manifest: archive.Manifest) -> None:
    """What is sealed can be opened elsewhere only; what is in clear is read to its end and compared."""
    if archive.is_sealed(part):
        return
    found = archive.read_manifest(part)
    if found.text != manifest.text:
        raise CannotDo("The backup could not be read back as it was written.")
    archive.take_out(part, found, None)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def details_of(made: Made) -> dict[str, Any]:
    """What the row of a backup keeps of it."""
    return {"fingerprint": made.fingerprint, "folder": str(made.path.parent)}
