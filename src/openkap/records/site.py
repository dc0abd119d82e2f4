"""Is this a demonstration site? Asked of the database, where the answer was written at birth."""

from __future__ import annotations

from openkap.records.models import Site


def is_demonstration() -> bool:
    """True on a demonstration site. A site without a mark is not one."""
    return Site.objects.filter(demonstration=True).exists()


def is_born() -> bool:
    return Site.objects.exists()
