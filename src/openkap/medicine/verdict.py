"""The one answer every rule gives.

Decided here: how bad an answer can be, how answers combine, and that nothing is lost when they
do. By authority of `docs/adr/0004-verdicts.md`: the worst finding speaks first, and missing data
is never "clear". What each rule says, and on whose word, lives in `library/`, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Level(StrEnum):
    """How much a finding weighs, from nothing to everything."""

    CLEAR = "clear"
    CAUTION = "caution"
    UNKNOWN = "unknown"
    HOLD = "hold"
    STOP = "stop"

    @property
    def weight(self) -> int:
        return _WEIGHT[self]


_WEIGHT = {level: weight for weight, level in enumerate(Level)}


class Status(StrEnum):
    """Who stands behind a number: nobody yet, the clinic's director, or a law or label."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one person or one dose, and why.

    `because` is a sentence a nurse can read; `data` is what the rule looked at; `sources` are keys
    that resolve in `medicine.sources`. `override` names who may go ahead all the same (`None`:
    nobody). `could_be` is the worst this rule might have said: an unknown answer weighs only where
    the rule could have stopped or held.
    """

    rule: str
    level: Level
    because: str
    version: str = "1"
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    action: str = ""
    sources: tuple[str, ...] = ()
    status: Status = Status.PROPOSED
    confidence: str = ""
    override: str | None = None
    could_be: Level = Level.STOP

    @property
    def weighs(self) -> Level:
        """The level this finding adds to a verdict."""
        if self.level is Level.UNKNOWN and self.could_be.weight <= Level.CAUTION.weight:
            return Level.CLEAR
        return self.level


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings, worst first. Adding two verdicts keeps every finding of both."""

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Verdict:
        """Order is worst first, then by rule, so that the order of the input never matters."""
        return cls(
            tuple(sorted(findings, key=lambda f: (-f.weighs.weight, -f.level.weight, f.rule, f.because)))
        )

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict.of((*self.findings, *other.findings))

    @property
    def level(self) -> Level:
        """The worst that any finding weighs; `clear` where nothing was asked."""
        return max((f.weighs for f in self.findings), key=lambda level: level.weight, default=Level.CLEAR)

    @property
    def worst(self) -> Finding | None:
        """The finding to read first."""
        return self.findings[0] if self.findings else None

    @property
    def unknown(self) -> tuple[str, ...]:
        """Rules that lacked their data, whether or not that weighs."""
        return tuple(dict.fromkeys(f.rule for f in self.findings if f.level is Level.UNKNOWN))

    @property
    def speaking(self) -> tuple[Finding, ...]:
        """Findings that say something: all but the clear ones."""
        return tuple(f for f in self.findings if f.level is not Level.CLEAR)

    def at_least(self, level: Level) -> bool:
        return self.level.weight >= level.weight
