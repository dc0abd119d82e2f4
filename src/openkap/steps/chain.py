"""Linking events into their chains, and writing the heads outside the database.

Decided here: one chainer at a time (a lock in the database decides), in commit order, within two
seconds of the event; no other writer ever waits for a hash (docs/adr/0007-trail.md). A restore writes its
own signed line into each chain's heads: from it on, what the heads before it knew beyond the backup is told
as lost to the restore and not as cut (docs/adr/0031-operations.md).
"""

from __future__ import annotations

import contextlib
import json
import os
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction

from openkap.records.chain import BEGINNING, Head, chain_of, hash_after
from openkap.records.models import ChainLink, Event

CHAINER_LOCK = 7_110_201
AT_ONCE = 500


# How long a number may be given out before its event is there: longer than any transaction of ours.
COMMITS_WITHIN = timedelta(minutes=10)


class Linked:
    """What one chainer knows to be linked already, so that it does not read the whole trail every second.

    An event may commit after one of a higher number, so a number counts as passed only some time later.
    Whoever begins anew begins with the whole trail.
    """

    def __init__(self) -> None:
        self.up_to = 0
        self._marks: deque[tuple[datetime, int]] = deque()

    def all_up_to(self, seq: int, at: datetime) -> None:
        """At `at`, every event that was there up to `seq` was linked."""
        if not self._marks or at - self._marks[-1][0] >= COMMITS_WITHIN / 10:
            self._marks.append((at, seq))
        while self._marks and at - self._marks[0][0] >= COMMITS_WITHIN:
            self.up_to = max(self.up_to, self._marks.popleft()[1])


def link_events(*, at: datetime, folder: Path, linked: Linked | None = None) -> int:
    """Chain the events that are not yet; write the new heads. Returns how many were linked.

    Where nothing waits, no writer is held up. `linked` is what a chainer that goes round keeps.
    """
    since = linked.up_to if linked is not None else 0
    newest = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if not Event.objects.filter(seq__gt=since, link=None).exists():
        if linked is not None:
            linked.all_up_to(newest, at)
        return 0
    return _link(at, folder, since)


def _link(at: datetime, folder: Path, since: int) -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAINER_LOCK])
        waiting = list(Event.objects.filter(seq__gt=since, link=None).order_by("seq")[:AT_ONCE])
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


def _write_head(folder: Path, head: Head, at: datetime, restored: dict[str, object] | None = None) -> None:
    """One signed line, on disk before the next pass: what a cut tail is seen by."""
    body = {**asdict(head), "at": at.isoformat(), **({"restored": restored} if restored else {})}
    signed = {**body, "signature": b64encode(_key(folder).sign(_bytes(body))).decode()}
    path = folder / "heads" / f"{head.chain or 'site'}.jsonl"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(signed) + "\n")
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Restored:
    """A chain was set back by a restore: to `place`, from `lost_to`, which the heads had known."""

    id: str
    chain: str
    place: int
    lost_to: int
    at: str
    made_at: str


def write_restored(folder: Path, id: str, made_at: str, lost: dict[str, int], at: datetime) -> None:
    """Say in the heads of every chain, once, where it now ends and what a restore took from it.

    Call when the restored database is in place and its restore is told in it. `lost` is the furthest place
    that the heads knew before.
    """
    said = {(one.id, one.chain) for one in read_restores(folder)}
    places = _ends()
    for chain in sorted({*places, *lost}):
        if (id, chain) in said:
            continue
        head = places.get(chain) or Head(chain, 0, BEGINNING)
        told: dict[str, object] = {"id": id, "made_at": made_at, "lost_to": lost.get(chain, 0)}
        _write_head(folder, head, at, {**told, "anew": not _agrees(folder, chain, head)})


def _ends() -> dict[str, Head]:
    chains = ChainLink.objects.order_by("chain").values_list("chain", flat=True).distinct()
    return {chain: _head(chain) for chain in chains}


def _agrees(folder: Path, chain: str, end: Head) -> bool:
    """Whether the heads up to here are of the same history; those of another site's are not."""
    known = {head.place: head.hash for head in read_heads(folder).get(chain, ()) if head.place <= end.place}
    here = ChainLink.objects.filter(chain=chain, place__in=known).values_list("place", "hash")
    return dict(here) == known


class UnsignedHead(Exception):
    """A line of the heads was not written with this site's key."""


def read_heads(folder: Path) -> dict[str, list[Head]]:
    """All heads that still count, by chain. Raises UnsignedHead naming file and line.

    After a restore those beyond its backup count no more, nor any of another history.
    """
    known: dict[str, list[Head]] = {}
    for body in _lines(folder):
        head = Head(body["chain"], body["place"], body["hash"])
        before = known.setdefault(head.chain, [])
        if told := body.get("restored"):
            known[head.chain] = before = [] if told["anew"] else [h for h in before if h.place <= head.place]
        if head.place:
            before.append(head)
    return {chain: heads for chain, heads in known.items() if heads}


def read_restores(folder: Path) -> list[Restored]:
    """Every restore that the heads tell of, a chain each. Raises UnsignedHead."""
    return [
        Restored(t["id"], body["chain"], body["place"], t["lost_to"], body["at"], t["made_at"])
        for body in _lines(folder)
        if (t := body.get("restored"))
    ]


def is_signed_here(folder: Path, heads: Path) -> bool:
    """Whether every line of the heads in the folder `heads` was signed with this site's key."""
    try:
        list(_lines_in(heads, _key(folder).public_key()))
    except (UnsignedHead, ValueError, KeyError):
        return False
    return True


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    return _lines_in(folder / "heads", _key(folder).public_key())


def _lines_in(heads: Path, public: Ed25519PublicKey) -> Iterator[dict[str, Any]]:
    for path in sorted(heads.glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            body = json.loads(line)
            signature = b64decode(body.pop("signature"))
            try:
                public.verify(signature, _bytes(body))
            except InvalidSignature:
                raise UnsignedHead(f"{path.name}, line {number}: not signed with this site's key.") from None
            yield body


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
