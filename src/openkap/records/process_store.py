"""Where process notes lie: a SQLite file of their own, every word sealed, apart from the records.

Decided here: no model and no migration, so that no dump, search, list, export, trail or feed can meet them;
the same file beside PostgreSQL. AES-256-GCM with a nonce of its own for each text; author, practice, patient
and note are bound into it, so that a row put elsewhere does not open. Even whose notes they are is not
written: a shelf is named by a keyed hash. Texts are padded, notes are only added (a trigger refuses the
rest), and drafts are overwritten in place (docs/adr/0019-preparation-and-process-notes.md).
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from openkap.records.ids import new_id
from openkap.records.process_key import NoKey, fault_of, key_of

NONCE, PADDED_TO = 12, 512
PROOF = b"openkap process notes"
TABLES = """
CREATE TABLE IF NOT EXISTS proof (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS note (id TEXT PRIMARY KEY, shelf BLOB NOT NULL, sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS note_shelf ON note (shelf);
CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, shelf BLOB NOT NULL, sealed BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS note_no_update BEFORE UPDATE ON note
  BEGIN SELECT RAISE(ABORT, 'process notes are only added'); END;
CREATE TRIGGER IF NOT EXISTS note_no_delete BEFORE DELETE ON note
  BEGIN SELECT RAISE(ABORT, 'process notes are only added'); END;
"""


class StoreClosed(Exception):
    """The store cannot be used now. Says why in a sentence without any content."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose notes about whom: one author, in one practice, about one patient."""

    author: UUID
    organisation: UUID
    patient: UUID

    @property
    def words(self) -> bytes:
        return f"{self.author}|{self.organisation}|{self.patient}".encode()


@dataclass(frozen=True, slots=True)
class Kept:
    """One note as written. `corrects` names the one it stands in place of, `reason` why."""

    id: UUID
    words: str
    written_at: datetime
    session: UUID | None = None
    corrects: UUID | None = None
    reason: str = ""


def add(shelf: Shelf, note: Kept) -> Kept:
    """Add a note. The same note again is the same note; another text under its id is a note of its own."""
    with _open() as (rows, key):
        found = rows.execute("SELECT sealed FROM note WHERE id = ?", (str(note.id),)).fetchone()
        if found is not None:
            first = _unsealed(key, shelf, "note", note.id, found[0])
            if first is not None and first.words == note.words:
                return first
            note = Kept(new_id(), note.words, note.written_at, note.session, note.corrects, note.reason)
        sealed = _sealed(key, shelf, "note", note)
        rows.execute("INSERT INTO note VALUES (?, ?, ?)", (str(note.id), _named(key, shelf), sealed))
    return note


def notes_on(shelf: Shelf) -> tuple[Kept, ...]:
    """Every note of this shelf, oldest first. Raises StoreClosed where one does not open."""
    if not _path().exists():
        return ()
    with _open() as (rows, key):
        found = rows.execute("SELECT id, sealed FROM note WHERE shelf = ?", (_named(key, shelf),)).fetchall()
        kept = [_unsealed(key, shelf, "note", UUID(name), sealed) for name, sealed in found]
    if None in kept:
        raise StoreClosed("A process note does not open with this key, or was changed on the disk.")
    return tuple(sorted((note for note in kept if note), key=lambda note: (note.written_at, note.id)))


def keep_draft(shelf: Shelf, words: str, at: datetime, session: UUID | None = None) -> None:
    """What stands in the form now, in place of what stood there; nothing: the draft is gone."""
    if not words.strip() and not _path().exists():
        return
    with _open() as (rows, key):
        name = _draft_of(key, shelf)
        if not words.strip():
            rows.execute("DELETE FROM draft WHERE id = ?", (str(name),))
            return
        sealed = _sealed(key, shelf, "draft", Kept(name, words, at, session))
        rows.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (str(name), _named(key, shelf), sealed))


def draft_on(shelf: Shelf) -> Kept | None:
    """What was typed and not kept yet, if anything."""
    if not _path().exists():
        return None
    with _open() as (rows, key):
        name = _draft_of(key, shelf)
        found = rows.execute("SELECT sealed FROM draft WHERE id = ?", (str(name),)).fetchone()
        return _unsealed(key, shelf, "draft", name, found[0]) if found is not None else None


def fault(*, real: bool) -> str:
    """What is wrong with the key or the store; empty is how it should be. For `openkap check`."""
    given, file = settings.PROCESS_KEY, settings.PROCESS_KEY_FILE
    wrong = fault_of(given, file, settings.DATA_DIR, needed=_path().exists(), real=real)
    if wrong or not _path().exists():
        return wrong
    try:
        with _open():
            return ""
    except StoreClosed as closed:
        return str(closed).rstrip(".")


@contextlib.contextmanager
def _open() -> Iterator[tuple[sqlite3.Connection, bytes]]:
    """The store and its key, made on first use. Everything inside is one transaction."""
    path = _path()
    try:
        key = key_of(settings.PROCESS_KEY, settings.PROCESS_KEY_FILE, may_make=not path.exists())
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        rows = sqlite3.connect(path, timeout=10, isolation_level="IMMEDIATE")
    except NoKey as missing:
        raise StoreClosed(str(missing)) from missing
    except (OSError, sqlite3.Error) as error:
        raise StoreClosed("The store of the process notes cannot be opened.") from error
    try:
        rows.execute("PRAGMA secure_delete = ON")
        rows.execute("PRAGMA synchronous = FULL")
        rows.executescript(TABLES)
        _prove(rows, key)
        with rows:
            yield rows, key
    except sqlite3.Error as error:
        raise StoreClosed("The store of the process notes cannot be read or written now.") from error
    finally:
        rows.close()


def _prove(rows: sqlite3.Connection, key: bytes) -> None:
    """Whether this key is the one the store was begun with, before anything is sealed with another."""
    found = rows.execute("SELECT sealed FROM proof").fetchone()
    if found is None:
        nonce = secrets.token_bytes(NONCE)
        with rows:
            sealed = nonce + _cipher(key).encrypt(nonce, PROOF, PROOF)
            rows.execute("INSERT OR IGNORE INTO proof VALUES (1, ?)", (sealed,))
        return
    try:
        _cipher(key).decrypt(found[0][:NONCE], found[0][NONCE:], PROOF)
    except InvalidTag:
        raise StoreClosed("The key does not open the process notes. Put the right key back.") from None


def _sealed(key: bytes, shelf: Shelf, table: str, note: Kept) -> bytes:
    text = json.dumps(
        {
            "words": note.words,
            "written_at": note.written_at.isoformat(),
            "session": str(note.session or ""),
            "corrects": str(note.corrects or ""),
            "reason": note.reason,
        }
    ).encode()
    text += b" " * (-len(text) % PADDED_TO)
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(key).encrypt(nonce, text, _bound(shelf, table, note.id))


def _unsealed(key: bytes, shelf: Shelf, table: str, name: UUID, sealed: bytes) -> Kept | None:
    """The note, or None where it does not open for this author, patient and id."""
    try:
        text = _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], _bound(shelf, table, name))
    except InvalidTag:
        return None
    data = json.loads(text)
    return Kept(
        name,
        data["words"],
        datetime.fromisoformat(data["written_at"]),
        UUID(data["session"]) if data["session"] else None,
        UUID(data["corrects"]) if data["corrects"] else None,
        data["reason"],
    )


def _bound(shelf: Shelf, table: str, name: UUID) -> bytes:
    return shelf.words + f"|{table}|{name}".encode()


def _named(key: bytes, shelf: Shelf) -> bytes:
    return hmac.digest(_part(key, b"shelf"), shelf.words, sha256)


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_part(key, b"seal"))


def _part(key: bytes, what: bytes) -> bytes:
    """A key for one purpose, of the one that is kept."""
    return hmac.digest(key, b"openkap process " + what, sha256)


def _draft_of(key: bytes, shelf: Shelf) -> UUID:
    return UUID(bytes=_named(key, shelf)[:16])


def _path() -> Path:
    path: Path = settings.PROCESS_STORE
    return path
