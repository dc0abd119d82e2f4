"""A verdict as it is kept beside the row it was decided on, and read back as it was.

Decided here: what was shown is what is kept, finding by finding, with rule, version and sources, so
that a later change of the library never changes what someone signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openkap.medicine.verdict import Finding, Level, Status, Verdict


def as_kept(verdict: Verdict) -> dict[str, Any]:
    """JSON: `{"level": …, "findings": [{rule, version, level, because, …}]}`."""
    return {"level": verdict.level.value, "findings": [_finding(f) for f in verdict.findings]}


def as_verdict(kept: Mapping[str, Any]) -> Verdict:
    """The verdict that was kept."""
    return Verdict(
        tuple(
            Finding(
                rule=row["rule"],
                level=Level(row["level"]),
                because=row["because"],
                version=row["version"],
                data=row["data"],
                action=row["action"],
                sources=tuple(row["sources"]),
                status=Status(row["status"]),
                confidence=row["confidence"],
                override=row["override"],
                could_be=Level(row["could_be"]),
            )
            for row in kept["findings"]
        )
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "version": finding.version,
        "level": finding.level.value,
        "because": finding.because,
        "action": finding.action,
        "data": {name: _plain(value) for name, value in finding.data.items()},
        "sources": list(finding.sources),
        "status": finding.status.value,
        "confidence": finding.confidence,
        "override": finding.override,
        "could_be": finding.could_be.value,
    }


def _plain(value: Any) -> Any:
    """Decimals, days and times as text: exact, and readable without this program."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(inner) for inner in value]
    return value
