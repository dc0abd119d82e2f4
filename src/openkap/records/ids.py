"""Identity: every row a person can point at has a UUIDv7 (docs/adr/0003-identifiers.md)."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A new identifier; later ones sort after earlier ones, to the millisecond."""
    return compat.uuid7()


@lru_cache(20_000)
def id_of(text: str) -> UUID:
    """The id that is written so. The same few stand in every row of a page, and are made once."""
    return UUID(text)
