"""One file that holds a backup: its manifest first, then the database, the process notes, the trail's heads.

Decided here: a tar, packed with gzip, and sealed with age where a recipient is given. The manifest names
every other file with its length and SHA-256; reading back checks each, takes out no file it does not name
and writes none outside the folder given.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from openkap.upkeep.places import CannotDo

FORMAT = 1
MANIFEST = "manifest.json"
SEALED_MARK = b"age-encryption.org/v1"
BLOCK = 1 << 20
LARGEST_MANIFEST = 4_000_000
SAYS = {
    "files": dict,
    "made_at": str,
    "engine": str,
    "migrations": list,
    "counts": dict,
    "trail": dict,
    "keys": dict,
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is. `body` is JSON: format, made_at, engine, migrations, counts, trail, keys, files."""

    body: dict[str, Any]
    text: bytes

    @property
    def fingerprint(self) -> str:
        """Names this backup: SHA-256 of its manifest, which holds those of all its files."""
        return hashlib.sha256(self.text).hexdigest()

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


def manifest_of(body: dict[str, Any], folder: Path, names: list[str]) -> Manifest:
    """The manifest of these files of a folder, `body` being all it says besides."""
    files = {
        name: {"sha256": sha256(folder / name), "size": (folder / name).stat().st_size} for name in names
    }
    whole = {"format": FORMAT, **body, "files": files}
    return Manifest(whole, json.dumps(whole, indent=1, sort_keys=True).encode())


def write(target: Path, manifest: Manifest, folder: Path, recipient: str) -> None:
    """Write the backup; on disk when this returns. Raises CannotDo for a recipient that is none."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if recipient:
            _sealed(file, manifest, folder, recipient)
        else:
            _packed(file, manifest, folder)
        file.flush()
        os.fsync(file.fileno())


def _packed(file: IO[bytes], manifest: Manifest, folder: Path) -> None:
    # Level 1: three quarters of what the best level saves, in a tenth of its time.
    with (
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(manifest.text), 0o600
        tar.addfile(entry, io.BytesIO(manifest.text))
        for name in manifest["files"]:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = manifest["files"][name]["size"], 0o600
            with (folder / name).open("rb") as source:
                tar.addfile(entry, source)


def _sealed(file: IO[bytes], manifest: Manifest, folder: Path, recipient: str) -> None:
    """Packed in one thread and sealed in this one, so that nothing lies on the disk in clear once more."""
    try:
        to = pyrage.x25519.Recipient.from_str(recipient.strip())
    except pyrage.RecipientError as error:
        raise CannotDo(
            "OPENKAP_BACKUP_RECIPIENT is no age recipient, which begins with age1. "
            "Make one: openkap keys for-backups FILE"
        ) from error
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def pack() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                _packed(pipe, manifest, folder)
        except BaseException as error:  # noqa: BLE001 handed on below, in the thread that waits
            failed.append(error)

    packing = threading.Thread(target=pack)
    packing.start()
    with os.fdopen(reading, "rb") as pipe:
        pyrage.encrypt_io(pipe, file, [to])
    packing.join()
    if failed:
        raise failed[0]


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SEALED_MARK)) == SEALED_MARK


def opened(path: Path, key_file: str, folder: Path) -> Path:
    """The backup in clear: itself, or unsealed into `folder` with the identity in `key_file`."""
    if not is_sealed(path):
        return path
    if not key_file:
        raise CannotDo("This backup is sealed. Name the file of its key: --key FILE.")
    clear = folder / "opened"
    identities = _identities(key_file)
    try:
        with path.open("rb") as sealed, clear.open("wb") as file:
            pyrage.decrypt_io(sealed, file, identities)
    except pyrage.DecryptError as error:
        raise CannotDo(f"The key in {key_file} does not open this backup, or it is damaged.") from error
    except OSError as error:
        why = f" ({error.strerror})" if error.strerror else ""
        raise CannotDo(f"This backup could not be opened: it is damaged, or the disk failed{why}.") from error
    return clear


def _identities(key_file: str) -> list[Any]:
    """The keys in a file; other files have none."""
    try:
        lines = [line for line in Path(key_file).read_text().split() if line.startswith("AGE-SECRET-KEY-")]
        return [pyrage.x25519.Identity.from_str(line) for line in lines]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise CannotDo(f"{key_file} holds no key, so it does not open this backup.") from error


def read_manifest(path: Path) -> Manifest:
    """The manifest of a backup in clear. Raises CannotDo where this is no backup that can be read."""
    try:
        with tarfile.open(path, "r|gz") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
                raise CannotDo(f"{path.name} is no backup of OpenKAP.")
            source = tar.extractfile(first)
            text = source.read() if source is not None else b""
            body = json.loads(text)
            found = Manifest(body, text)
            if body["format"] != FORMAT:
                raise CannotDo(f"{path.name} is of form {body['format']}, which this version does not know.")
            if not all(isinstance(body[name], kind) for name, kind in SAYS.items()) or not all(
                each.keys() == {"sha256", "size"} for each in body["files"].values()
            ):
                raise CannotDo(f"{path.name} is damaged: its manifest does not say what it has to.")
            return found
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotDo(f"{path.name} is no backup of OpenKAP, or it is damaged.") from error


def take_out(path: Path, manifest: Manifest, folder: Path | None) -> None:
    """Check every file against the manifest, and write it into `folder` where one is given.

    Raises CannotDo naming the first that is missing, strange or not what was written.
    """
    wanted: dict[str, Any] = dict(manifest["files"])
    try:
        with tarfile.open(path, "r|gz") as tar:
            for entry in tar:
                if entry.name == MANIFEST:
                    continue
                said = wanted.pop(entry.name, None)
                source = tar.extractfile(entry)
                if said is None or source is None:
                    raise CannotDo(f"The backup holds {entry.name}, which its manifest does not name.")
                _copy(entry.name, source, said, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise CannotDo("The backup is damaged: it cannot be read to its end.") from error
    if wanted:
        raise CannotDo(f"The backup is damaged: {', '.join(sorted(wanted))} is missing.")


def _copy(name: str, source: IO[bytes], said: dict[str, Any], folder: Path | None) -> None:
    digest, size = hashlib.sha256(), 0
    target = None
    if folder is not None:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise CannotDo(f"The backup holds {name}, which would be written elsewhere.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    try:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            if target is not None:
                target.write(block)
    finally:
        if target is not None:
            target.flush()
            os.fsync(target.fileno())
            target.close()
    if digest.hexdigest() != said["sha256"] or size != said["size"]:
        raise CannotDo(f"The backup is damaged: {name} is not what was written.")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
