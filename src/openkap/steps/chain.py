"""Linking events into their chains, and writing the heads outside the database.

Decided here: one chainer at a time (a lock in the database decides), in commit order, within two
seconds of the event; no other writer ever waits for a hash (docs/adr/0007-trail.md).
"""

from __future__ import annotations

import contextlib
import json
import os
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from openkap.records.chain import BEGINNING, Head, chain_of, hash_after
from openkap.records.models import ChainLink, Event

CHAINER_LOCK = 7_110_201
AT_ONCE = 500


def link_events(*, at: datetime, folder: Path) -> int:
    """Chain the events that are not yet; write the new heads. Returns how many were linked."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAINER_LOCK])
        waiting = list(Event.objects.filter(link=None).order_by("seq")[:AT_ONCE])
        heads = {chain: _head(chain) for chain in {chain_of(event) for event in waiting}}
        links = []
        for event in waiting:
            chain = chain_of(event)
            last = heads[chain]
            heads[chain] = Head(chain, last.place + 1, hash_after(last.hash, event))
            links.append(ChainLink(event=event, **asdict(heads[chain])))
        ChainLink.objects.bulk_create(links)
    for head in heads.values():
        _write_head(folder, head, at)
    return len(links)


def _head(chain: str) -> Head:
    last = ChainLink.objects.filter(chain=chain).order_by("-place").first()
    return Head(chain, last.place, last.hash) if last else Head(chain, 0, BEGINNING)


def _write_head(folder: Path, head: Head, at: datetime) -> None:
    """One signed line, on disk before the next pass: what a cut tail is seen by."""
    body = {**asdict(head), "at": at.isoformat()}
    signed = {**body, "signature": b64encode(_key(folder).sign(_bytes(body))).decode()}
    path = folder / "heads" / f"{head.chain or 'site'}.jsonl"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(signed) + "\n")
        file.flush()
        os.fsync(file.fileno())


class UnsignedHead(Exception):
    """A line of the heads was not written with this site's key."""


def read_heads(folder: Path) -> dict[str, list[Head]]:
    """All heads ever written, by chain. Raises UnsignedHead naming file and line."""
    known: dict[str, list[Head]] = {}
    public = _key(folder).public_key()
    for path in sorted((folder / "heads").glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            body = json.loads(line)
            signature = b64decode(body.pop("signature"))
            try:
                public.verify(signature, _bytes(body))
            except InvalidSignature:
                raise UnsignedHead(f"{path.name}, line {number}: not signed with this site's key.") from None
            known.setdefault(body["chain"], []).append(Head(body["chain"], body["place"], body["hash"]))
    return known


def _bytes(body: dict[str, object]) -> bytes:
    return json.dumps(body, sort_keys=True).encode()


def _key(folder: Path) -> Ed25519PrivateKey:
    """This site's signing key, made once, kept in the data folder's `keys`, never in the database."""
    path = folder / "keys" / "trail"
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_name(f"trail.{os.getpid()}")
        fresh.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
        fresh.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
