"""What stands behind a sentence of medicine that is no verdict's finding: its rule, made into one.

Decided here: a prompt of a room, an item of going home and an answer of the call fold open to the same things
as a finding: the rule, what it looked at and when, its sources, how sure they are, and who approved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from openkap.medicine.rules import library
from openkap.medicine.verdict import Finding, Level
from openkap.records.facts.clock import hour


def behind(rule: str, because: str, level: Level, data: Mapping[str, Any], *, action: str = "") -> Finding:
    """The finding that this rule's sentence is. A rule that has left the library has no source here."""
    try:
        row = library().rule(rule)
    except KeyError:
        return Finding(rule, level, because, version="", data=data, action=action)
    return Finding(
        rule=rule,
        level=level,
        because=because,
        version=row.version,
        data=data,
        action=action,
        sources=row.sources,
        status=row.status,
        confidence=row.confidence,
    )


def at_hour(at: datetime | None, zone: Any) -> str:
    """The hour in words, or that it is not known."""
    return hour(at, zone) if at is not None else _("Not known")
