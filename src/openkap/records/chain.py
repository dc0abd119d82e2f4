"""How events are chained, and how a chain is proved.

Decided here: an event's hash covers the hash before it and every column of the event, so that an
edit, a removal or a new order shows at the first row it touches. A chain alone cannot see its own
tail cut: signed heads are written outside the database for that (docs/adr/0007-trail.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from openkap.records.models import ChainLink, Event

BEGINNING = "0" * 64
COLUMNS = (
    "id",
    "at",
    "verb",
    "outcome",
    "by_kind",
    "by_name",
    "by_person_id",
    "organisation_id",
    "by_organisation_id",
    "patient_id",
    "session",
    "subject",
    "where",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row of a chain that is not what it was: `kind` is edited, missing, reordered or cut."""

    chain: str
    place: int
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's last place and hash, as written outside the database."""

    chain: str
    place: int
    hash: str


def chain_of(event: Event) -> str:
    """Which chain an event belongs to: its organisation's, or the site's own (blank)."""
    return str(event.organisation_id or "")


def hash_after(before: str, event: Event) -> str:
    """The hash of `event` in a chain whose last hash is `before`."""
    body = json.dumps({name: _plain(getattr(event, name)) for name in COLUMNS}, sort_keys=True)
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)


def first_faults(links: Iterable[ChainLink], heads: dict[str, list[Head]]) -> Iterator[Fault]:
    """The first fault of each chain, from its links in order of chain and place, with their events."""
    reached: dict[str, ChainLink] = {}
    broken: set[str] = set()
    expected = {chain: {head.place: head.hash for head in known} for chain, known in heads.items()}
    for link in links:
        if link.chain in broken:
            continue
        last = reached.get(link.chain)
        fault = _fault_at(link, last, expected.get(link.chain, {}))
        if fault is not None:
            broken.add(link.chain)
            yield fault
        reached[link.chain] = link
    for chain, known in sorted(heads.items()):
        if chain not in broken and (fault := _cut(chain, reached.get(chain), known)) is not None:
            yield fault


def _fault_at(link: ChainLink, last: ChainLink | None, expected: dict[int, str]) -> Fault | None:
    place = last.place + 1 if last else 1
    if link.place != place:
        return Fault(link.chain, place, "missing", f"Place {place} is not there; place {link.place} follows.")
    if chain_of(link.event) != link.chain:
        says = f"Event {link.event.seq} belongs to another organisation now."
        return Fault(link.chain, place, "edited", says)
    if hash_after(last.hash if last else BEGINNING, link.event) != link.hash:
        return _changed(link, last)
    known = expected.get(place)
    if known is not None and known != link.hash:
        says = f"Event {link.event.seq}: the chain was made again after its head was written."
        return Fault(link.chain, place, "edited", says)
    return None


def _changed(link: ChainLink, last: ChainLink | None) -> Fault:
    """Tell an order that was changed from words that were changed."""
    before = last.hash if last else BEGINNING
    others = ChainLink.objects.filter(chain=link.chain).exclude(pk=link.pk).select_related("event")
    for other in others.iterator():
        if hash_after(before, other.event) in (link.hash, other.hash):
            says = f"Event {other.event.seq} stood here, not event {link.event.seq}."
            return Fault(link.chain, link.place, "reordered", says)
    says = f"Event {link.event.seq} is not what was chained, or one before it is gone."
    return Fault(link.chain, link.place, "edited", says)


def untold(restores: Iterable[Any]) -> Iterator[Fault]:
    """A fault for each restore that the heads tell of and the trail does not: made up, or cut off again.

    One that a later restore took back itself, from a backup made before it, is told by that later one.
    """
    known = list(restores)
    for one in {each.id: each for each in known}.values():
        began = datetime.fromisoformat(one.at)
        if any(each.at > one.at and datetime.fromisoformat(each.made_at) < began for each in known):
            continue
        if not Event.objects.filter(verb="site.restored", subject=f"upkeep {one.id}").exists():
            says = f"The heads tell of the restore {one.id}; the trail does not."
            yield Fault("", 1, "cut", says)


def _cut(chain: str, last: ChainLink | None, known: list[Head]) -> Fault | None:
    furthest = max(known, key=lambda head: head.place)
    have = last.place if last else 0
    if furthest.place <= have:
        return None
    return Fault(chain, have + 1, "cut", f"{furthest.place} places were written; {have} are there.")
