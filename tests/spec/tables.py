"""The law as small tables: how a table is read.

A table is a Markdown file named for its rule (`screening/S06.md`): words first, then one table. Each
line is a test; the same file is a page of the safety manual. A cell that is empty says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

SPEC = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what is given and what must come out, by column."""

    rule: str
    number: int
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.rule}-{self.number}"

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(path: Path) -> list[Line]:
    """The lines of a file's table. Raises `ValueError` where a line has other columns than the head."""
    rows = [row.strip() for row in path.read_text("utf-8").splitlines() if row.startswith("|")]
    if len(rows) < 3:
        raise ValueError(f"{path.name} has no table.")
    head, _, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    for row in body:
        if len(row) != len(head):
            raise ValueError(f"{path.name}: {' | '.join(row)} has {len(row)} cells, not {len(head)}.")
    return [Line(path.stem, n, dict(zip(head, row, strict=True))) for n, row in enumerate(body, start=1)]


@cache
def lines(folder: str) -> tuple[Line, ...]:
    """Every line of every table of one folder."""
    return tuple(line for path in sorted((SPEC / folder).glob("*.md")) for line in read_table(path))


@cache
def tables() -> dict[str, Path]:
    """Every table by the rule or instrument it is named for."""
    return {path.stem: path for path in sorted(SPEC.glob("*/*.md"))}
