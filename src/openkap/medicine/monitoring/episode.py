"""One signal's prompts over time: it opens, it may rise, it closes.

Decided here: how `M-EPISODE` is read. A prompt opens once its values have lasted, at once where
samples are far apart; it closes after a stretch safely inside, or for a cuff at the next value
inside. Missing or impossible values neither open nor close anything.
"""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from openkap.medicine.monitoring.line import Sign
from openkap.medicine.monitoring.reading import Reading
from openkap.medicine.monitoring.signals import Condition
from openkap.medicine.rules import Rule

ZERO = Decimal(0)


class Track:
    """How long one condition has held, and whether it is met."""

    __slots__ = ("condition", "highs", "since")

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.since: Decimal | None = None
        self.highs: deque[Decimal] = deque()

    def sample(self, t: Decimal, reading: Reading, wait: Decimal) -> bool:
        """True where the row is met by this value."""
        condition = self.condition
        if not condition.over(reading):
            self.since = None
            self.highs.clear()
            return False
        if self.since is None:
            self.since = t
        if condition.twice is not None:
            return self._twice(t, *condition.twice)
        return t - self.since >= (wait if condition.lasts is None else condition.lasts)

    def _twice(self, t: Decimal, least: Decimal, most: Decimal) -> bool:
        """A value as high, long enough before this one, with none lower between."""
        while self.highs and t - self.highs[0] > most:
            self.highs.popleft()
        met = bool(self.highs) and t - self.highs[0] >= least
        self.highs.append(t)
        return met

    def waited(self, t: Decimal, wait: Decimal) -> bool:
        """True where the last value was over and nothing newer came: it stands until replaced."""
        condition = self.condition
        if self.since is None or condition.lasts is not None or condition.twice is not None:
            return False
        return t - self.since >= wait


class Episode:
    """The prompt of one signal. `level` is None while nothing is open."""

    __slots__ = (
        "at_once",
        "calm_since",
        "closes_after",
        "inside_since",
        "level",
        "opens_after",
        "rule",
        "shown",
        "tracks",
    )

    def __init__(self, conditions: tuple[Condition, ...], timing: Rule, at_once: bool) -> None:
        """`at_once`: a scale that is read once in a while; every value counts by itself."""
        self.tracks = [Track(condition) for condition in conditions]
        self.opens_after, self.closes_after = timing["opens_after"], timing["closes_after"]
        self.at_once = at_once
        self.level: Sign | None = None
        self.rule: Rule | None = None
        self.shown: Reading | None = None
        self.inside_since: Decimal | None = None
        self.calm_since: Decimal | None = None

    def sample(self, t: Decimal, reading: Reading, dense: bool, cuff: bool = False) -> Condition | None:
        """Take a value; returns the condition that opens or raises the prompt, if one does.

        `dense` says that values come closely; a lone or cuff value speaks at once.
        """
        wait = self.opens_after if dense and not self.at_once else ZERO
        met = [track.condition for track in self.tracks if track.sample(t, reading, wait)]
        self.shown = reading
        if self.level is Sign.RED:
            self._fall(t, reading, cuff or self.at_once)
        return self._raise(met) if met else None

    def tick(self, t: Decimal) -> Condition | None:
        """Time passed without a value of this signal: one that stood alone long enough speaks."""
        met = [track.condition for track in self.tracks if track.waited(t, self.opens_after)]
        return self._raise(met) if met else None

    def force(self, rule: Rule, level: Sign) -> bool:
        """Open or raise by a rule that is no limit (no breaths). True where that is news."""
        self.inside_since = self.calm_since = None
        if self.level is level and self.rule is rule:
            return False
        self.level, self.rule = level, rule
        return True

    def closes(self, t: Decimal, reading: Reading, at_once: bool) -> bool:
        """Take the same value for the end of the prompt; True where it closes."""
        if self.level is None:
            return False
        if not all(track.condition.clear(reading) for track in self.tracks):
            self.inside_since = None
            return False
        if self.inside_since is None:
            self.inside_since = t
        if not at_once and t - self.inside_since < self.closes_after:
            return False
        self.level = self.inside_since = self.calm_since = None
        return True

    def _raise(self, met: list[Condition]) -> Condition | None:
        worst = max(met, key=lambda condition: condition.level.weight)
        if self.level is not None and self.level.weight >= worst.level.weight:
            return None
        self.level, self.rule, self.calm_since = worst.level, worst.rule, None
        return worst

    def _fall(self, t: Decimal, reading: Reading, at_once: bool) -> None:
        """A red that has eased stays open as amber, so that a second rise is heard again."""
        reds = (track.condition for track in self.tracks if track.condition.level is Sign.RED)
        if not all(red.clear(reading) for red in reds):
            self.calm_since = None
            return
        if self.calm_since is None:
            self.calm_since = t
        if at_once or t - self.calm_since >= self.closes_after:
            self.level = Sign.AMBER
