"""Adverse events as tests tell them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openkap.steps.adverse import Said


def sick(at: datetime | None, **but: Any) -> Said:
    """Feeling sick, mild and gone, but for what is named."""
    said = {
        "term": "E-NAUSEA", "words": "", "at": at, "ended_at": None, "grade": 1, "ctcae_version": "6.0",
        "serious": (), "related": "related", "action": "none", "outcome": "gone",
    }  # fmt: skip
    return Said(**said | but)
