"""Recordings as a cell of a table writes them: "0 s 97, 1..20 s 92"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from openkap.medicine.monitoring import Baseline, Line, Reading, Summary, watch

PIECE = re.compile(r"(-?\d+)(?:\.\.(\d+)(?: by (\d+))?)? (s|min) (\S+)(?: \((.+)\))?")
COLUMN = {"sedation": "moaas"}


def readings(signal: str, cell: str, also: str = "") -> list[Reading]:
    """One value a second in a stretch ("1..20 s 92"), or every so many ("0..5 by 5 min 92")."""
    rows: dict[int, dict[str, Any]] = {}
    for name, text in [(signal, cell), *(_named(part) for part in filter(None, also.split(";")))]:
        for piece in text.split(","):
            _fill(rows, name, piece.strip())
    return [Reading.read({"t_seconds": t} | row) for t, row in rows.items()]


def said(
    signal: str, cell: str, also: str = "", baseline: str = "", route: str = "iv"
) -> list[Line | Summary]:
    start = Baseline.parse(baseline) if baseline else None
    return list(watch(readings(signal, cell, also), route or "iv", start))


def written(lines: list[Line]) -> str:
    """ "15 s amber, 90 s resolved"; whole minutes as minutes."""
    return ", ".join(f"{_when(line.t_seconds)} {line.level}" for line in lines) or "nothing"


def _when(seconds: Decimal) -> str:
    return f"{int(seconds) // 60} min" if seconds % 60 == 0 and seconds else f"{int(seconds)} s"


def _named(text: str) -> tuple[str, str]:
    name, _, rest = text.strip().partition(" ")
    return name, rest


def _fill(rows: dict[int, dict[str, Any]], signal: str, piece: str) -> None:
    found = PIECE.fullmatch(piece)
    if not found:
        raise ValueError(f"{piece!r} is no reading.")
    first, last, by, unit, value, more = found.groups()
    scale = 60 if unit == "min" else 1
    start, end = int(first) * scale, int(last or first) * scale
    for t in range(start, end + 1, int(by) * scale if by else 1):
        row = rows.setdefault(t, {})
        row.update(_values(signal, value))
        if more:
            row.update(_more(more))


def _values(signal: str, value: str) -> dict[str, Any]:
    if signal != "bp":
        return {COLUMN.get(signal, signal): None if value == "blank" else value}
    parts = value.split("/")
    return dict(zip(("sbp", "dbp", "map"), parts, strict=False))


def _more(text: str) -> dict[str, Any]:
    if text == "on oxygen":
        return {"on_oxygen": True}
    if text == "distressed":
        return {"distressed": True}
    return {"symptoms": [text.replace(" ", "_")]}
