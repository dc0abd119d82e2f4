"""One part of a month on paper: a small table, and what must be said beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LEAST = 10  # of so many or more a share is said


@dataclass(frozen=True, slots=True)
class Part:
    """`head` names the columns, `rows` are cells in words; `notes` are sentences, also where it is empty."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    empty: str = ""

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Each column, and whether whatever stands in it is a bare number: those stand under one another."""
        by_column = tuple(zip(*self.rows, strict=True)) or ((),) * len(self.head)
        counted = (bool(cells) and all(not cell or cell.isdecimal() for cell in cells) for cells in by_column)
        return tuple(zip(self.head, counted, strict=True))

    @property
    def lines(self) -> tuple[tuple[tuple[str, bool], ...], ...]:
        """The rows, each cell with whether its column is of numbers."""
        counted = [number for _name, number in self.columns]
        return tuple(tuple(zip(row, counted, strict=True)) for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.key,
            "title": self.title,
            "columns": list(self.head),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes or ((self.empty,) if not self.rows and self.empty else ())),
        }


def share(count: int, of: int) -> str:
    """3 of 8; 12 of 40 (30%): no percent of fewer than ten, and nothing of nobody."""
    if not of:
        return _("Not known: nobody to count")
    said = _("%(n)s of %(of)s") % {"n": count, "of": of}
    return f"{said} ({round(100 * count / of)}%)" if of >= LEAST else said
