"""Sealing words so that a copy of the database alone cannot be read: the journal's, the process notes'.

Decided here: AES-256-GCM with a fresh nonce for every text. What a text is about is bound in with it, so
that a sealed text moved to another row does not open. A key is 32 bytes in a file of its own, readable by
the server's user only, made once where there is none; each kind of words has its own key (SAFETY.md says
what somebody who holds both the database and a key could do).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
FORM = b"\x01"


class Unreadable(Exception):
    """Sealed with another key, about another thing, or damaged. The words are kept, and stay shut."""


def seal(key: bytes, words: bytes, about: str) -> bytes:
    """`words` under `key`, bound to `about`, as in `journal 0198…`: form byte, nonce, sealed text."""
    nonce = os.urandom(NONCE_BYTES)
    return FORM + nonce + AESGCM(key).encrypt(nonce, words, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """The words again. Raises Unreadable."""
    whole = bytes(sealed)
    if whole[:1] != FORM:
        raise Unreadable("sealed in a form that this version does not know")
    nonce, rest = whole[1 : 1 + NONCE_BYTES], whole[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, rest, about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("sealed with another key, or about another thing") from error


def fingerprint(key: bytes) -> str:
    """Which key it was, without telling the key: 16 hex digits."""
    return hashlib.sha256(b"openkap key " + key).hexdigest()[:16]


def key_in(path: Path) -> bytes:
    """The key of this file; made there, whole or not at all, where there is none. Raises Unreadable."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(os.urandom(KEY_BYTES)).decode())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # of two processes that start at once, the first one's key counts
        fresh.unlink()
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} holds no key that can be read") from error
    if len(key) != KEY_BYTES:
        raise Unreadable(f"{path} holds {len(key)} bytes; a key has {KEY_BYTES}")
    return key
