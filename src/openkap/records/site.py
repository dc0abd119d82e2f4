"""Is this a demonstration site? Asked of the database, where the answer was written at birth."""

from __future__ import annotations

from openkap.records.compiled import Compiled
from openkap.records.models import Site

MARKED: Compiled[tuple[bool]] = Compiled(
    Site, lambda: Site.objects.filter(demonstration=True).values_list("one")
)
_heard = {"demonstration": False}


def is_demonstration() -> bool:
    """True on a demonstration site. A site without a mark is not one."""
    found = bool(MARKED())
    _heard["demonstration"] |= found
    return found


def was_demonstration() -> bool:
    """What this process has heard already, for pages that may ask the database nothing.

    The mark cannot be taken off, so a yes stays true.
    """
    return _heard["demonstration"]


def is_born() -> bool:
    return Site.objects.exists()
