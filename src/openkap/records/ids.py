"""Identity: every row a person can point at has a UUIDv7 (docs/adr/0003-identifiers.md)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A new identifier; later ones sort after earlier ones, to the millisecond."""
    return compat.uuid7()
