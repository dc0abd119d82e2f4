"""What a monitor says: one line a thing, as `openkap monitor` promises.

Decided here: the shape. A line is a prompt (`amber`, `red`), its end (`resolved`), a value that
cannot be (`artefact`) or something not done in time (`due`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Sign(StrEnum):
    """From quiet to loud; only amber and red ask for anyone."""

    RESOLVED = "resolved"
    ARTEFACT = "artefact"
    DUE = "due"
    AMBER = "amber"
    RED = "red"

    @property
    def weight(self) -> int:
        return _WEIGHT[self]


_WEIGHT = {sign: weight for weight, sign in enumerate(Sign)}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said at one moment. `t_seconds` counts from the start of the dose."""

    t_seconds: Decimal
    level: Sign
    signal: str
    value: str
    rule: str
    because: str
    action: str = ""

    def as_json(self) -> dict[str, Any]:
        """In the order and with the keys of the contract."""
        return {
            "t_seconds": plain_number(self.t_seconds),
            "level": str(self.level),
            "signal": self.signal,
            "value": self.value,
            "rule": self.rule,
            "because": self.because,
            "action": self.action,
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole recording in a few figures. `artefacts` counts values, `prompts` counts lines."""

    readings: int
    artefacts: int
    gaps: tuple[tuple[Decimal, Decimal], ...]
    amber: int
    red: int
    due: int
    peak_bp: str | None
    back_to_baseline_at: Decimal | None

    def as_json(self) -> dict[str, Any]:
        back = self.back_to_baseline_at
        return {
            "summary": {
                "readings": self.readings,
                "artefacts": self.artefacts,
                "gaps": [[plain_number(a), plain_number(b)] for a, b in self.gaps],
                "prompts": {"amber": self.amber, "red": self.red},
                "due": self.due,
                "peak_bp": self.peak_bp,
                "back_to_baseline_at": None if back is None else plain_number(back),
            }
        }


def plain_number(value: Decimal) -> int | float:
    """A JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
