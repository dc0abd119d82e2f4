"""A recording in a few figures: how many readings, gaps, prompts, and how pressure went.

Decided here: how `M-GAP` and `M-BASELINE` are read. The peak is the highest systolic value with its
own diastolic; back to the start is the first value after it that is near the baseline in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from openkap.medicine.monitoring.line import Line, Sign, Summary
from openkap.medicine.monitoring.reading import Baseline, Reading
from openkap.medicine.rules import Rule


class Trend:
    """Counts as readings pass."""

    def __init__(self, baseline: Baseline, rows: Mapping[str, Rule]) -> None:
        self.baseline, self.gap, self.near = baseline, rows["M-GAP"]["over"], rows["M-BASELINE"]["within"]
        self.readings = 0
        self.lines = dict.fromkeys(Sign, 0)
        self.gaps: list[tuple[Decimal, Decimal]] = []
        self.last_value: Decimal | None = None
        self.peak: Reading | None = None
        self.back_at: Decimal | None = None

    def reading(self, t: Decimal, reading: Reading) -> None:
        self.readings += 1
        if not reading.measured:
            return
        if self.last_value is not None and t - self.last_value > self.gap:
            self.gaps.append((self.last_value, t))
        self.last_value = t

    def pressure(self, t: Decimal, reading: Reading) -> None:
        """A usable pressure with both parts."""
        if self.peak is None or _height(reading) > _height(self.peak):
            self.peak, self.back_at = reading, None
        elif self.back_at is None and self._near(reading) and not self._near(self.peak):
            self.back_at = t

    def count(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.lines[line.level] += 1

    def summary(self, artefacts: int) -> Summary:
        return Summary(
            readings=self.readings,
            artefacts=artefacts,
            gaps=tuple(self.gaps),
            amber=self.lines[Sign.AMBER],
            red=self.lines[Sign.RED],
            due=self.lines[Sign.DUE],
            peak_bp=self.peak.pressure if self.peak else None,
            back_to_baseline_at=self.back_at,
        )

    def _near(self, reading: Reading) -> bool:
        start = self.baseline
        if start.sbp is None or start.dbp is None or reading.sbp is None or reading.dbp is None:
            return False
        return reading.sbp <= start.sbp + self.near and reading.dbp <= start.dbp + self.near


def _height(reading: Reading) -> tuple[Decimal, Decimal]:
    return (reading.sbp or Decimal(0), reading.dbp or Decimal(0))
